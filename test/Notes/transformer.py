"""The Transformers of the paper: one artefact each, from its weights."""

import json

import numpy as np

from case import Case

FILES = "transformer_*.npz"


def read_metadata(path):
    with path.open("rb") as file:
        header = file.read(int.from_bytes(file.read(8), "little"))
    return json.loads(header)["__metadata__"]


def pick_greedy(begin, logits):
    """The tokens of largest logits behind the first ones, and by which margin
    they are the largest, in the sequence where it is smallest."""
    tokens = np.concatenate([begin[:, None], logits.argmax(-1)], axis=1)
    ranked = np.sort(logits, axis=-1)
    return {"tokens": tokens, "margins": (ranked[..., -1] - ranked[..., -2]).min(0)}


def cases(file):
    notes = np.load(file)
    model = file.with_suffix(".safetensors")
    # Errors of the layers add up.
    deep = int(read_metadata(model)["layers"]) >= 6
    common = {"model": model, "tolerance": 1e-4 if deep else 1e-5}
    lengths = notes["lengths"]
    yield Case(
        "encode",
        {"source_ids": notes["source"], "source_lengths": lengths},
        {"memory": "out_memory"},
        **common,
    )
    # The memory of the notes: errors of the encoder are its own.
    yield Case(
        "decode",
        {
            "target_ids": notes["target_in"],
            "memory": notes["out_memory"],
            "source_lengths": lengths,
        },
        {"logits": "out_logits", "probabilities": "out_probabilities"},
        **common,
    )
    greedy = notes["out_greedy"]
    # All sequences begin with the same token.
    first = greedy[:, :1]
    yield Case(
        "generate",
        {
            "source_ids": notes["source"],
            "source_lengths": lengths,
            "begin_token": first[0, 0],
        },
        {"tokens": "out_greedy"},
        dims={"capacity": greedy.shape[1] - 1},
        derive=lambda outputs: {"tokens": np.hstack([first, outputs["tokens"]])},
        **common,
    )
    # Each token is the one that follows from all before it.
    yield Case(
        "greedy_at_once",
        {
            "target_ids": greedy[:, :-1],
            "memory": notes["out_memory"],
            "source_lengths": lengths,
        },
        {"tokens": "out_greedy", "margins": "out_greedy_margins"},
        function="decode",
        derive=lambda outputs: pick_greedy(greedy[:, 0], outputs["logits"]),
        **common,
    )
