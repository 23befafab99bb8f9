#!/usr/bin/env python3
"""Compares an encoder that takes lengths with the same one that takes a mask.

usage: check-lengths.py LENGTHS.so MASK.so

The numbers agree to rounding: kernels have tiles of their own for few rows. What
stands in the padding, and the number of threads, do not change a bit.
"""

import sys

import numpy as np

from library import Library

TOLERANCE = 2e-6


def is_close(ours, theirs):
    return np.abs(ours - theirs).max(initial=0) <= TOLERANCE


def compare(packed, masked, ids, lengths, threads):
    positions = np.arange(ids.shape[1])
    kept = positions < np.asarray(lengths)[:, None]
    packed.set_threads(threads)
    ours = packed.run(input_ids=ids, lengths=lengths)
    theirs = masked.run(input_ids=ids, attention_mask=kept)
    case = f"{ids.shape} {lengths} on {threads} threads"
    states, expected = ours["last_hidden_state"], theirs["last_hidden_state"]
    assert is_close(states[kept], expected[kept]), case
    assert not states[~kept].any(), f"{case}: padding is not zero"
    for i, length in enumerate(lengths):
        sentence = ours["sentence_embedding"][i]
        if length <= 0:
            assert not sentence.any(), case
        else:
            assert is_close(sentence, theirs["sentence_embedding"][i]), case
    # What stands in the padding is seen by nobody.
    other = np.where(kept, ids, 1)
    packed.set_threads(4 - threads)
    again = packed.run(input_ids=other, lengths=lengths)
    for name, array in again.items():
        assert array.tobytes() == ours[name].tobytes(), f"{case}: {name}"


def main():
    packed, masked = Library(sys.argv[1]), Library(sys.argv[2])
    random = np.random.default_rng(3)
    cases = [[5], [0], [1, 1], [4, 0, 7], [0, 0, 0], [16, 3], [-2, 9],
             [1, 2, 3, 4, 5, 6, 7, 8, 9], list(random.integers(0, 17, 33))]
    for lengths in cases:
        longest = max(1, *lengths) if len(lengths) > 1 else max(1, lengths[0])
        for extra in (0, 3):
            seq = min(longest + extra, 16)
            ids = random.integers(2, 20, (len(lengths), seq))
            for threads in (1, 3):
                compare(packed, masked, ids, lengths, threads)
    # Lengths that are too long end with the sequence.
    ids = random.integers(2, 20, (2, 6))
    whole = packed.run(input_ids=ids, lengths=[6, 6])
    longer = packed.run(input_ids=ids, lengths=[6, 1 << 40])
    for name, array in whole.items():
        assert array.tobytes() == longer[name].tobytes(), name
    packed.close()
    masked.close()


main()
