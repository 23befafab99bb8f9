#!/usr/bin/env python3
"""Checks the report of costs of all-MiniLM-L6-v2: 6 layers, 384 features, 12
heads, 1536 hidden ones."""

import json
import sys

LAYERS, D, HIDDEN, BATCH, SEQ = 6, 384, 1536, 4, 96
LENGTHS = [96, 48, 1, 0]

(report,) = json.load(open(sys.argv[1]))["functions"]
rows, total = report["ops"], report["ops_total"]
N = BATCH * SEQ

# Q, K, V and the output; both layers of the feed-forward part; scores and
# weighted sums. Biases are no part of products.
linear = 2 * N * (4 * D * D + 2 * D * HIDDEN)
attention = 2 * 2 * N * SEQ * D
assert total["product_flops"] == LAYERS * (linear + attention)

# Every op works on padding alike, but pooling writes one row a sequence.
share = 1 - sum(LENGTHS) / N
for row in rows:
    if row["name"] in ("linear", "attention", "embeddings"):
        assert abs(row["padding_flops"] / row["flops"] - share) < 1e-12, row

# Queries see the keys of their sentence.
masked = sum(n * (SEQ - n) for n in LENGTHS) / (N * SEQ)
for row in rows:
    if row["name"] == "attention":
        assert abs(row["masked_flops"] / row["flops"] - masked) < 1e-12, row

# Weights: the matrices, biases and norms of all layers once, and of the tables
# at most a row for each token.
layer = 4 * D * D + 2 * D * HIDDEN + 4 * D + HIDDEN + D + 4 * D
linears = [row for row in rows if row["name"] == "linear"]
assert sum(row["bytes_of_weights"] for row in linears) == 4 * LAYERS * layer

# Kernels do what ops do.
for key in ("flops", "product_flops", "bytes_of_weights", "padding_flops"):
    assert abs(report["kernels_total"][key] - total[key]) <= 1e-9 * total[key]
