"""One comparison of a compiled function with the notes."""

from __future__ import annotations

import dataclasses
import pathlib
from typing import Callable

import numpy as np


@dataclasses.dataclass
class Case:
    """A function, its arguments, and what the notes expect of it.

    The function comes as text of graph IR, or from a graph that the tool
    sylvite-notes-graphs builds of the notes' file, or both ways: then both are
    checked. A text may hold several functions, and several cases may give the
    same text. Cases of one `unit` are compiled as one module. In place of text
    and graph there may be a `model` that both tools know: sylvite-translate
    prints it as text, and sylvitec builds it by itself.
    """

    name: str
    # By the inputs' names; float64 is narrowed to float32.
    inputs: dict[str, np.ndarray]
    # From the outputs' names to the notes' keys, whose arrays they must equal.
    expected: dict[str, str]
    text: str | None = None
    graph: str | None = None
    # The safetensors file of a Transformer.
    model: pathlib.Path | None = None
    # The function to call where that is not the name.
    function: str | None = None
    unit: str = "all"
    # Arrays by their names, or safetensors files.
    weights: dict[str, np.ndarray] | list[pathlib.Path] = dataclasses.field(
        default_factory=dict
    )
    # Extents of dimensions that no input has.
    dims: dict[str, int] = dataclasses.field(default_factory=dict)
    # From all outputs by their names to those that are compared.
    derive: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]] | None = None
    # What must be fused in the module, as sylvitec's --expect-fused has it.
    fused: list[str] = dataclasses.field(default_factory=list)
    # How far an output may be off, by the largest magnitude that is expected.
    tolerance: float = 1e-5

    def get_function(self):
        return self.function or self.name


def compare(actual, expected, tolerance):
    """(what is wrong or None, the relative error).

    Rows that are zero throughout (queries that see nothing, padding) must be
    exactly zero, and integers exactly equal.
    """
    if actual.shape != expected.shape:
        return f"has the shape {actual.shape} instead of {expected.shape}", np.nan
    if expected.dtype.kind != "f":
        different = int((actual != expected).sum())
        return f"differs in {different} elements" if different else None, different
    if not expected.size:
        return None, 0.0
    actual = actual.astype(np.float64)
    if expected.ndim:
        dead = ~expected.any(axis=-1)
        if actual[dead].any():
            return "is not zero in rows that see nothing", np.nan
    largest = np.abs(expected).max()
    error = np.abs(actual - expected).max() / (largest or 1)
    # Not so for NaN, which is wrong too.
    if not error <= tolerance:
        return f"differs by {error:.1e} of its largest number", error
    return None, error
