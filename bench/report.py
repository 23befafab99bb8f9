"""Text that goes to the terminal and, as Markdown, into a file."""

import sys
import textwrap


class Report:
    def __init__(self):
        self.text = ""

    def line(self, text=""):
        self.text += text + "\n"
        print(text, flush=True)

    def heading(self, text):
        self.line(f"## {text}\n")

    def paragraph(self, text):
        self.line(textwrap.fill(text, 80) + "\n")

    def table(self, head, rows):
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        for row in [head, ["-" * width for width in widths], *rows]:
            cells = [cell.ljust(width) for cell, width in zip(row, widths)]
            self.line("| " + " | ".join(cells) + " |")
        self.line()


def warn(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)
