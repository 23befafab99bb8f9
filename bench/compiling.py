"""What compiling costs, and what comes out: time, memory, sizes, loading."""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUFFIXES = (".so", ".a", ".h", ".safetensors")


def run_script(name, *arguments):
    """The JSON that a script beside this one prints."""
    command = [sys.executable, HERE / name, *arguments]
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"bench: {arguments[0]} failed; its message is above")
    return json.loads(done.stdout)


def median_of(key, runs):
    return statistics.median(run[key] for run in runs)


def format_size(file):
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def compile_cold(sylvitec, folder, prefix, cache):
    shutil.rmtree(cache, ignore_errors=True)
    return compile_cached(sylvitec, folder, prefix, cache)


def compile_cached(sylvitec, folder, prefix, cache):
    return run_script(
        "measured.py", sylvitec, folder, "-o", prefix, f"--cache={cache}", "--quiet"
    )


def compile_variant(build, folder, prefix, option):
    """The library of the model with another precision or target; sylvitec's own
    messages tell of failures."""
    command = [build / "bin" / "sylvitec", folder, "-o", prefix, option, "--quiet"]
    subprocess.run(list(map(str, command)), check=True)
    return prefix.with_suffix(".so")


def measure(build, folder, prefix, width, report, runs=3):
    """Compiles the model to PREFIX and writes what that costs."""
    sylvitec = build / "bin" / "sylvitec"
    cache = prefix.parent / "compile-cache"
    start = [run_script("measured.py", sylvitec, "--help") for _ in range(runs)]
    arguments = (sylvitec, folder, prefix, cache)
    cold = [compile_cold(*arguments) for _ in range(runs)]
    cached = [compile_cached(*arguments) for _ in range(runs)]
    library = prefix.with_suffix(".so")
    loads = [
        run_script("first_call.py", library.resolve(), width, 1, 16)
        for _ in range(2 * runs + 1)
    ]
    idle = median_of("peak_bytes", start)
    above = max(run["peak_bytes"] for run in cold + cached) - idle
    opened, first, second = (
        median_of(key, loads) for key in ("open", "first", "second")
    )

    preset = build / "preset"
    kind = f" (preset {preset.read_text().strip()})" if preset.exists() else ""
    report.heading("Compiling and loading")
    report.paragraph(
        f"sylvitec as it was built here{kind}. Medians of {runs} compilations and "
        f"of {len(loads)} processes that load; files may be in the system's cache. "
        "The compiler's memory is counted above what it has when it prints --help."
    )
    report.table(
        ["what", "measured"],
        [
            ["compiling, nothing cached", f"{median_of('seconds', cold):.2f} s"],
            ["compiling, kernels cached", f"{median_of('seconds', cached):.2f} s"],
            ["compiler's peak memory", f"{idle / 1e6:.0f} MB + {above / 1e6:.0f} MB"],
            ["open and map", f"{opened * 1e3:.2f} ms"],
            ["first call, 1 x 16", f"{first * 1e3:.2f} ms"],
            ["both", f"{(opened + first) * 1e3:.2f} ms"],
            ["second call, 1 x 16", f"{second * 1e3:.2f} ms"],
        ]
        + [
            [prefix.name + suffix, format_size(prefix.with_suffix(suffix))]
            for suffix in SUFFIXES
        ],
    )
    return library

