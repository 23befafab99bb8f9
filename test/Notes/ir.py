"""Text of graph IR from shapes."""

import numpy as np


def tensor(*dims, element="f32"):
    """A tensor type; dims are extents, or names of dynamic dimensions."""
    extents = "".join(f"{'?' if isinstance(d, str) else d}x" for d in dims)
    if not any(isinstance(d, str) for d in dims):
        return f"tensor<{extents}{element}>"
    names = ", ".join(d if isinstance(d, str) else "_" for d in dims)
    return f"tensor<{extents}{element}, #graph.dims<{names}>>"


def function(name, inputs, outputs, body):
    """A function; inputs are types by name, outputs types by name. The body
    leaves each output in a value of its name."""
    parameters = ",\n    ".join(
        f'%{n}: {t} {{graph.name = "{n}"}}' for n, t in inputs.items()
    )
    results = ", ".join(f'{t} {{graph.name = "{n}"}}' for n, t in outputs.items())
    values = ", ".join(f"%{n}" for n in outputs)
    types = ", ".join(outputs.values())
    return (
        f"func.func @{name}(\n    {parameters})\n    -> ({results}) {{\n"
        f"{body.rstrip()}\n  return {values} : {types}\n}}\n"
    )


def number(value):
    """A float literal that parses: 1.0, never 1 or 1e5."""
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + (f"e{exponent}" if exponent else "")


def exact(value):
    """The number that was meant: 1e-5, where float32 holds 9.99999974e-6."""
    return float(str(np.float32(value)))


def weight(name, array):
    """The line of a weight of that name, in a value of it."""
    return f'  %{name} = graph.weight "{name}" : {tensor(*array.shape)}\n'
