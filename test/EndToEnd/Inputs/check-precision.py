#!/usr/bin/env python3
"""Compares a MiniLM of lower precision with embeddings of f32.

usage: check-precision.py LIBRARY.so REFERENCES.npz COSINE [TARGET] [--sentences=N]

Each of the eight sentences must be as similar to the reference as COSINE says,
alone and in the padded batch; and less than one can be, for a precision that
changes nothing has not been lowered. Bits do not depend on the number of
threads. With N, fewer than the eight sentences: for devices that take long, and
have no threads of ours.
"""

import sys

import numpy as np

from library import Library


def cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def main():
    option = "--sentences="
    few = [a for a in sys.argv[4:] if a.startswith(option)]
    sentences = int(few[0][len(option) :]) if few else 8
    target = [a for a in sys.argv[4:] if a not in few]
    library, references = Library(sys.argv[1], *target), np.load(sys.argv[2])
    least = float(sys.argv[3])
    # No longer than the longest of them.
    mask = references["batch_mask"][:sentences]
    used = mask.any(axis=0)
    batch = {
        "input_ids": references["batch_ids"][:sentences][:, used],
        "attention_mask": mask[:, used],
    }
    embeddings = library.run(**batch)["sentence_embedding"]
    similar = []
    for i in range(sentences):
        expected = references[f"emb64_{i}"]
        out = library.run(input_ids=references[f"ids_{i}"][None])
        similar.append(cosine(out["sentence_embedding"][0], expected))
        similar.append(cosine(embeddings[i], expected))
    print(f"cosines from {min(similar):.7f} to {max(similar):.7f}")
    if not min(similar) >= least:
        sys.exit(f"a cosine is below {least}")
    if not min(similar) < 1 - 1e-9:
        sys.exit("nothing has been rounded")
    for threads in () if few else (1, 2, 5):
        library.set_threads(threads)
        again = library.run(**batch)["sentence_embedding"]
        if again.tobytes() != embeddings.tobytes():
            sys.exit(f"other bits on {threads} threads")
    library.close()


main()
