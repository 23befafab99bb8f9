"""Runs a compiled encoder on the cases of a reference and compares the states.

usage: check-reference.py LIBRARY.so REFERENCE.npz TEMPORARY

The reference holds arrays input_ids_N, attention_mask_N, perhaps
token_type_ids_N, and what the model's own library computed in double precision,
out_last_hidden_state_N; or, of all-MiniLM-L6-v2, ids_N with hidden_N and
emb64_N, and a padded batch with batch_emb. An error is measured against the
largest magnitude; the states of padding do not count. The exit status is 1 where one is above 1e-5.
"""

import re
import subprocess
import sys

import numpy as np


def cases(reference):
    """Yields (inputs, expected outputs)."""
    names = reference.files
    for name in names:
        if match := re.fullmatch(r"input_ids_(\d+)", name):
            number = match.group(1)
            inputs = ("input_ids", "attention_mask", "token_type_ids")
            yield (
                {i: reference[f"{i}_{number}"] for i in inputs
                 if f"{i}_{number}" in names},
                {"last_hidden_state": reference[f"out_last_hidden_state_{number}"]},
            )  # fmt: skip
        elif match := re.fullmatch(r"ids_(\d+)", name):
            number = match.group(1)
            yield (
                {"input_ids": reference[name][None]},
                {"last_hidden_state": reference[f"hidden_{number}"][None],
                 "sentence_embedding": reference[f"emb64_{number}"][None]},
            )  # fmt: skip
    if "batch_ids" in names:
        yield (
            {"input_ids": reference["batch_ids"],
             "attention_mask": reference["batch_mask"]},
            {"sentence_embedding": reference["batch_emb"]},
        )  # fmt: skip


def main(library, reference, temporary):
    count = wrong = 0
    for inputs, expected in cases(np.load(reference)):
        np.savez(temporary + ".in.npz", **inputs)
        subprocess.run(
            ["sylvite-run", library, f"--inputs={temporary}.in.npz",
             f"--outputs={temporary}.out.npz"],
            check=True,
        )  # fmt: skip
        outputs = np.load(temporary + ".out.npz")
        for name, want in expected.items():
            error = np.abs(outputs[name] - want)
            if name == "last_hidden_state" and "attention_mask" in inputs:
                error[inputs["attention_mask"] == 0] = 0
            error = error.max() / np.abs(want).max()
            right = error <= 1e-5  # not so for NaN
            count += 1
            wrong += not right
            print(inputs["input_ids"].shape, name, f"{error:.1e}", right)
    assert count, "no case in the reference"
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
