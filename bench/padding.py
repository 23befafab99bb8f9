"""What packing the rows of a batch gains where sequences are shorter than it."""

import pathlib
import statistics
import subprocess
import sys

import numpy as np

from models import time_block

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
from compiled_model import CompiledModel  # noqa: E402

HEAD = ["batch", "mean length", "all rows ms", "packed ms", "packed / all"]
SHARES = [1, 0.75, 0.5, 0.25]
TOLERANCE = 2e-6


def make_lengths(batch, tokens, share):
    """Lengths of that mean, spread evenly around it; one fills the sequence."""
    mean = tokens * share
    spread = min(mean - 1, tokens - mean)
    lengths = np.round(mean + spread * np.linspace(-1, 1, batch)).astype(np.int64)
    return np.clip(lengths, 1, tokens)


def compile_packed(build, folder, prefix):
    """The library of the model that takes lengths."""
    graph = prefix.with_suffix(".mlir")
    tools = build / "bin"
    for command in (
        [tools / "sylvite-translate", "--import-huggingface", "--lengths", folder,
         "-o", graph],
        [tools / "sylvitec", graph, "-o", prefix, "--quiet"],
    ):
        subprocess.run([str(word) for word in command], check=True)
    return prefix.with_suffix(".so")


class Encoder:
    """One of the two libraries, called with ids and lengths."""

    def __init__(self, library, width, takes_lengths, threads):
        self.model, self.width = CompiledModel(str(library)), width
        self.takes_lengths = takes_lengths
        self.model.set_threads(threads)

    def __call__(self, ids, lengths):
        batch, tokens = ids.shape
        if self.takes_lengths:
            mask = lengths
        else:
            mask = (np.arange(tokens) < lengths[:, None]).astype(np.int64)
        return self.model.embed(ids, mask, self.width)


def measure(all_rows, packed, width, threads, shape, vocabulary, rounds, report):
    """Writes a table: the same batch with fewer and fewer tokens in it."""
    batch, tokens = shape
    report.heading("Batches with padding")
    report.paragraph(
        "The library that takes an attention mask computes all rows of a batch; the "
        "one that takes lengths packs those that are no padding (`--lengths`). Both "
        f"take turns, on {threads} thread{'s' * (threads > 1)}, and give the same "
        "embeddings."
    )
    systems = [Encoder(all_rows, width, False, threads),
               Encoder(packed, width, True, threads)]
    ids = np.random.default_rng(11).integers(1000, vocabulary, shape)
    rows = []
    for share in SHARES:
        lengths = make_lengths(batch, tokens, share)
        difference = np.abs(systems[0](ids, lengths) - systems[1](ids, lengths)).max()
        if not difference <= TOLERANCE:
            sys.exit(f"bench: with and without padding differ by {difference:.1e}")
        times = [[], []]
        for _ in range(rounds):
            for system, its in zip(systems, times):
                its += time_block(system, ids, lengths, 3)
        # One thread is judged by processor time, several by the time that passed.
        whole, ours = (
            statistics.median(pair[threads == 1] for pair in its) for its in times
        )
        rows.append([
            f"{batch} x {tokens}", f"{lengths.mean():.0f}", f"{whole * 1e3:.1f}",
            f"{ours * 1e3:.1f}", f"{ours / whole:.2f}",
        ])
    report.table(HEAD, rows)
    for system in systems:
        system.model.close()
