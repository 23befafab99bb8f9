#!/usr/bin/env python3
"""Compares a compiled BERT encoder with numpy at many shapes.

usage: check-shapes.py LIBRARY.so FOLDER

Batches of 1 to 33 rows and of 1 to as many tokens as the model knows, with
padding and with rows that are padding throughout, on one thread and on several:
the numbers are right and the bits do not depend on the number of threads.
"""

import sys

import numpy as np

from bert_numpy import Bert
from library import Library

TOLERANCE = 2e-6


def make_case(random, bert, batch, length):
    """Token ids and a mask; the last row of a batch is padding throughout."""
    ids = random.integers(0, bert.config["vocab_size"], (batch, length))
    lengths = random.integers(1, length + 1, batch)
    lengths[0] = length
    if batch > 1:
        lengths[-1] = 0
    return ids, (np.arange(length) < lengths[:, None]).astype(np.int64)


def main():
    library, bert = Library(sys.argv[1]), Bert(sys.argv[2])
    longest = bert.config["max_position_embeddings"]
    lengths = [n for n in (1, 2, 3, 15, 16, 17, 31, 33, 64, 65, 100, 127, 129)
               if n < longest] + [longest - 1, longest]
    shapes = [(1, n) for n in lengths] + [(33, 1), (33, lengths[5]), (7, 13)]
    shapes += [(2, lengths[-2]), (3, lengths[-3]), (33, longest)]
    random = np.random.default_rng(5)
    worst = 0
    for batch, length in shapes:
        ids, mask = make_case(random, bert, batch, length)
        results = []
        for threads in (1, 2, 5):
            library.set_threads(threads)
            results.append(library.run(input_ids=ids, attention_mask=mask))
        for other in results[1:]:
            for name, array in other.items():
                if array.tobytes() != results[0][name].tobytes():
                    sys.exit(f"{name} of {batch}x{length} depends on the threads")
        if not np.isfinite(results[0]["last_hidden_state"]).all():
            sys.exit(f"{batch}x{length}: not finite")
        # Rows do not depend on each other, so that some are enough.
        for row in {0, batch // 2, batch - 1}:
            value = results[0]["sentence_embedding"][row]
            difference = np.abs(value - bert.embed(ids[row], mask[row])).max()
            worst = max(worst, difference)
            if not difference <= TOLERANCE:
                sys.exit(f"row {row} of {batch}x{length} differs by {difference}")
    print(f"{len(shapes)} shapes: {worst:.1e}")
    library.close()


main()
