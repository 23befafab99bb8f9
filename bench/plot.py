"""The summary of a run as a picture."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as pyplot  # noqa: E402

# The same file for the same numbers.
matplotlib.rcParams["svg.hashsalt"] = "sylvite"
WIDTH = 0.8  # of all bars of a shape together


def draw(comparisons, file):
    """Writes an SVG file: for each precision and number of threads the time of
    every system relative to ours, by shape. Below 1 is faster than we are."""
    panels = list(dict.fromkeys((its.precision, its.threads) for its in comparisons))
    if not panels:
        return
    figure, axes = pyplot.subplots(
        len(panels), 1, figsize=(9, 2.6 * len(panels)), squeeze=False
    )
    for (precision, threads), axis in zip(panels, axes[:, 0]):
        rows = [its for its in comparisons
                if (its.precision, its.threads) == (precision, threads)]
        names = list(rows[0].times)
        for number, name in enumerate(names):
            axis.bar(
                [place + WIDTH * number / len(names) for place in range(len(rows))],
                [row.times[name] / row.ours for row in rows],
                WIDTH / len(names), align="edge", label=name,
            )
        axis.axhline(1, color="black", linewidth=0.5)
        axis.set_xticks(
            [place + WIDTH / 2 for place in range(len(rows))],
            [f"{row.shape[0]} x {row.shape[1]}" for row in rows],
        )
        axis.set_ylabel("time / Sylvite's")
        axis.set_title(f"{precision}, {threads} thread{'s' * (threads > 1)}", size=10)
        axis.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
