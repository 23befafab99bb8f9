#!/usr/bin/env python3
"""Compares the share of masked scores with a count of all pairs.

Masks are made at random of causal, window, prefix and padding by `and` and
`or`, for queries and keys of several lengths.
"""

import json
import random
import subprocess

import numpy as np


def make_mask(rng, depth, queries, keys, length):
    """A mask as text, and which pairs it shows."""
    i = np.arange(queries)[:, None]
    j = np.arange(keys)[None, :]
    ends = i + keys - queries
    if depth == 0 or rng.random() < 0.3:
        number = rng.randint(1, queries + keys)
        return rng.choice([
            ("causal", j <= i + 0 * j),
            ("causal_to_end", j <= ends),
            (f"window({number})", (j <= ends) & (j > ends - number)),
            (f"prefix({number})", (j < number) & (i >= 0)),
            ("padding(%lengths)", (j < length) & (i >= 0)),
        ])
    left, shown_left = make_mask(rng, depth - 1, queries, keys, length)
    right, shown_right = make_mask(rng, depth - 1, queries, keys, length)
    if rng.random() < 0.5:
        return f"({left}) and ({right})", shown_left & shown_right
    return f"({left}) or ({right})", shown_left | shown_right


def run(seed):
    rng = random.Random(seed)
    queries, keys = rng.randint(1, 9), rng.randint(1, 12)
    length = rng.randint(0, keys)
    mask, shown = make_mask(rng, 3, queries, keys, length)
    uses = "padding" in mask
    # Each use of an operand is an operand.
    operands = ", tensor<1xi64>" * mask.count("%lengths")
    query, key = f"tensor<1x1x{queries}x4xf32>", "tensor<1x1x?x4xf32, #k>"
    source = f"""
#k = #graph.dims<_, _, keys, _>
func.func @f(%q: {query}, %k: {key}, %lengths: tensor<1xi64>) -> {query} {{
  %o = graph.attention %q, %k, %k mask({mask})
      : ({query}, {key}, {key}{operands}) -> {query}
  return %o : {query}
}}"""
    lengths = f":{length}" if uses else ""
    report = subprocess.run(
        ["sylvite-opt", f"--sylvite-report-cost=dim=keys={keys}{lengths} json",
         "-o", "/dev/null"],
        input=source, text=True, check=True, capture_output=True).stdout
    op = json.loads(report)["functions"][0]["ops"][0]
    share = op["masked_flops"] / op["flops"]
    expected = 1 - shown.sum() / shown.size
    assert abs(share - expected) < 1e-9, (seed, mask, share, expected)


for seed in range(60):
    run(seed)
