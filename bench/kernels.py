"""The kernels of the compiled model, each by itself: bench-kernels as a table."""

import json
import subprocess
import sys

# Products with this many rows are large, and should reach this part of the peak.
LARGE_ROWS, WANTED_PERCENT = 128, 85
PRODUCTS = ("linear", "linear_norm", "matmul")


def run(build, folder, work, shapes):
    """The medians that Google Benchmark prints, in the order of the program."""
    ir = work / "kernels.mlir"
    subprocess.run(
        [build / "bin" / "sylvitec", folder, "--stop-after=schedule", "-o", ir,
         "--quiet"],
        check=True,
    )
    done = subprocess.run(
        [build / "bin" / "bench-kernels", ir, f"--cache={work / 'kernel-cache'}",
         "--shapes=" + ",".join(f"{batch}x{tokens}" for batch, tokens in shapes),
         "--benchmark_format=json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    if done.returncode != 0:
        sys.exit(f"bench: bench-kernels failed\n{done.stderr}")
    medians = [
        entry for entry in json.loads(done.stdout)["benchmarks"]
        if entry.get("aggregate_name") == "median"
    ]
    return sorted(medians, key=lambda entry: entry["family_index"])


def format_row(entry, total):
    time = entry["cpu_time"]
    share = 100 * time * entry["calls"] / total
    product = ["", ""]
    if "flops" in entry:
        product = [f"{entry['flops'] / 1e9:.0f}", f"{entry['percent']:.0f} %"]
    return [
        entry["run_name"].split("/")[0], f"{entry['calls']:.0f}", f"{time:.1f}",
        *product, f"{share:.0f} %",
    ]


def is_large(entry, shape):
    return entry.get("label") in PRODUCTS and shape[0] * shape[1] >= LARGE_ROWS


def measure(build, folder, work, shapes, report):
    entries = run(build, folder, work, shapes)
    report.heading("Kernels, 1 thread")
    report.paragraph(
        "The compiled model's kernels with the shapes that they are called with, by "
        "themselves: their weights stay in the cache as far as they fit. Medians of "
        "7 repetitions of at least 50 ms each, in time that the thread had the "
        "processor; the peak is measured after each repetition for as long. Only "
        "matrix products count as operations. The last column is the part of all "
        "calls of one run."
    )
    large, slow = 0, []
    for shape in shapes:
        here = [
            entry for entry in entries
            if entry["run_name"].endswith(f"/{shape[0]}x{shape[1]}")
        ]
        total = sum(entry["cpu_time"] * entry["calls"] for entry in here)
        peaks = [
            entry["flops"] / entry["percent"] / 1e7 for entry in here if "flops" in entry
        ]
        report.paragraph(
            f"{shape[0]} x {shape[1]}: {total / 1e3:.2f} ms together, peak "
            f"{min(peaks):.0f} to {max(peaks):.0f} GFLOP/s"
        )
        report.table(
            ["kernel", "calls", "us", "GFLOP/s", "of peak", "of time"],
            [format_row(entry, total) for entry in here],
        )
        for entry in here:
            if is_large(entry, shape):
                large += 1
                if entry["percent"] < WANTED_PERCENT:
                    slow.append(f"{entry['run_name']} ({entry['percent']:.1f} %)")
    kind = f"{large} products of at least {LARGE_ROWS} rows"
    if slow:
        report.paragraph(
            f"Of {kind} these do not reach {WANTED_PERCENT} % of the peak: "
            + ", ".join(slow) + "."
        )
    elif large:
        report.paragraph(f"All {kind} reach {WANTED_PERCENT} % of the peak.")
