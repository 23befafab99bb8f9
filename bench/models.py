"""The whole model against other systems, in one run."""

import statistics
import sys
import time

import numpy as np

import peers
from machine import BUSY, OtherWork

TOLERANCE = 2e-6  # between the embeddings of any two systems in f32
COSINE = 0.98  # of embeddings to those in f32, at least: else it is other work
SUMMARY = [
    "precision", "shape", "threads", "Sylvite ms", "best other ms", "ratio",
    "of peak", "the other",
]
HEAD = [
    "system", "median ms", "middle half", "wall ms", "Sylvite's time / its",
    "Gop/s", "of peak", "error",
]


class Times:
    """What is said of one system's calls.

    One thread is judged by the time that the process had a processor, of which
    other programs take little; several by the time that passed.
    """

    def __init__(self, pairs, threads):
        walls, processor = zip(*pairs)
        counted = processor if threads == 1 else walls
        self.calls = len(pairs)
        self.median = statistics.median(counted)
        self.low, _, self.high = statistics.quantiles(counted, n=4)
        self.wall = statistics.median(walls)


def count_flop(config, batch, length):
    """Multiplications and additions of the matrix products of one call."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    rows = batch * length
    linear = 2 * rows * hidden * (4 * hidden + 2 * inner)
    attention = 4 * rows * length * hidden
    return config["num_hidden_layers"] * (linear + attention)


def make_inputs(batch, length, vocabulary):
    """Full rows of made-up tokens, the same in every run."""
    ids = np.random.default_rng(7).integers(1000, vocabulary, (batch, length))
    return ids.astype(np.int64), np.ones((batch, length), np.int64)


def time_block(system, ids, mask, calls):
    """(wall, processor) seconds of CALLS calls, after two that do not count."""
    for _ in range(2):
        system(ids, mask)
    seconds = []
    for _ in range(calls):
        wall, processor = time.perf_counter(), time.process_time()
        system(ids, mask)
        seconds.append(
            (time.perf_counter() - wall, time.process_time() - processor)
        )
    # Threads that wait in a loop for more work get the time to go to sleep.
    time.sleep(0.02)
    return seconds


def measure_errors(systems, precision, expected, ids, mask):
    """Name -> the largest difference of an element to the embeddings in f32.

    Ends the program where systems do not do the same work. How much others lose
    to integers is theirs: the table says it.
    """
    errors = {}
    for system in systems:
        actual = system(ids, mask)
        errors[system.name] = np.abs(actual - expected).max()
        cosine = (actual * expected).sum(1).min()
        is_theirs = precision == "int8" and not system.name.startswith("Sylvite")
        if (not cosine >= COSINE and not is_theirs) or (
                precision == "f32" and not errors[system.name] <= TOLERANCE):
            sys.exit(
                f"bench: {system.name} differs by {errors[system.name]:.1e} "
                f"(cosine {cosine:.4f}) from f32: it does not do the same work"
            )
    return errors


def time_systems(files, limits, precision, threads, shape, rounds):
    """Name -> Times and name -> error, for one shape, and the peak beside them.

    The loop that measures the peak is one of those that take turns.
    """
    ids, mask = make_inputs(*shape, files.config["vocab_size"])
    reference = peers.SylviteF32(files, threads, shape)
    expected = reference(ids, mask)
    reference.close()
    systems = [system(files, threads, shape) for system in peers.SYSTEMS[precision]]
    errors = measure_errors(systems, precision, expected, ids, mask)
    # Blocks of about 0.1 s.
    once = min(time_block(systems[0], ids, mask, 3))[0]
    calls = max(2, min(50, int(0.1 / once)))
    times = {system.name: [] for system in systems}
    peaks = []
    for _ in range(rounds):
        for system in systems:
            times[system.name] += time_block(system, ids, mask, calls)
        peaks.append(limits.peak(precision, threads, 0.1))
    for system in systems:
        system.close()
    times = {name: Times(pairs, threads) for name, pairs in times.items()}
    return times, errors, statistics.median(peaks)


def format_rows(times, errors, flop, peak):
    ours = next(iter(times.values())).median
    return [
        [
            name,
            f"{its.median * 1e3:.2f}",
            f"{its.low * 1e3:.2f} to {its.high * 1e3:.2f}",
            f"{its.wall * 1e3:.2f}",
            f"{ours / its.median:.2f}",
            f"{flop / its.median / 1e9:.0f}",
            f"{100 * flop / its.median / peak:.0f} %",
            f"{errors[name]:.1e}",
        ]
        for name, its in times.items()
    ]


class Comparison:
    """Ours and the fastest of the others, for one shape."""

    def __init__(self, precision, threads, shape, times, flop, peak):
        (_, ours), *others = times.items()
        others = [(n, its) for n, its in others if not n.startswith("Sylvite")]
        self.precision, self.threads, self.shape = precision, threads, shape
        self.times = {name: its.median for name, its in times.items()}
        self.ours = ours.median
        self.name, other = min(others, key=lambda item: item[1].median)
        self.other = other.median
        self.of_peak = flop / self.ours / peak

    def format(self):
        return [
            self.precision, f"{self.shape[0]} x {self.shape[1]}", str(self.threads),
            f"{self.ours * 1e3:.2f}", f"{self.other * 1e3:.2f}",
            f"{self.ours / self.other:.2f}", f"{100 * self.of_peak:.0f} %", self.name,
        ]


def measure(files, limits, precision, threads, shapes, rounds, report):
    """Writes a table for each shape; returns a Comparison for each."""
    report.heading(
        f"The whole model in {precision}, {threads} thread{'s' * (threads > 1)}"
    )
    report.paragraph(
        f"From memory {limits.read(threads, 0.5) / 1e9:.0f} GB/s can be read."
    )
    summary = []
    for shape in shapes:
        others = OtherWork()
        times, errors, peak = time_systems(
            files, limits, precision, threads, shape, rounds
        )
        share = others.share()
        report.paragraph(
            f"{shape[0]} x {shape[1]}: {next(iter(times.values())).calls} calls each, "
            f"peak {peak / 1e9:.0f} Gop/s, other programs used "
            f"{100 * share:.0f} % of the processors"
        )
        # Who waits for a thread that has no processor says nothing of a system.
        if threads > 1 and share > BUSY:
            report.paragraph("No comparison: the machine was busy.")
            continue
        flop = count_flop(files.config, *shape)
        report.table(HEAD, format_rows(times, errors, flop, peak))
        summary.append(Comparison(precision, threads, shape, times, flop, peak))
    return summary
