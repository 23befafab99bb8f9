"""The interface of ONNX for backends: onnx.backend.base.Backend.

    from sylvite.onnx_backend import SylviteBackend

    rep = SylviteBackend.prepare(onnx.load("bert.onnx"))
    rep.run([ids, mask])

A model is compiled by sylvitec, found on PATH or named by the environment
variable SYLVITEC. Inputs that shapes depend on (a shape, axes, a number of
repeats) are no arguments of compiled code: where a model has such inputs, it is
compiled when the first arrays come, with their values in it, and again for other
values of theirs.
"""

import os
import pathlib
import re
import subprocess
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnx.backend.base import Backend, BackendRep

from .model import Model

# An input on which a shape depends, as messages name them.
_DECIDES = re.compile(r"known at run time alone, by the inputs? ((?:'[^']*'(?:, )?)+)")


class Unsupported(Exception):
    """The model has what the compiler does not support; the message says what."""


def _compile(path, folder, values):
    """Compiles a model, with the values of some inputs in it."""
    library = os.path.join(folder, "model")
    command = [os.environ.get("SYLVITEC", "sylvitec"), path, "-o", library,
               "--emit=so", "--quiet", "--prefix=model", "--threads=1"]
    for name, array in values.items():
        numbers = ",".join(repr(x) for x in np.asarray(array).ravel().tolist())
        numbers = numbers.replace("True", "1").replace("False", "0")
        command.append(f"--input-value={name}={numbers}")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        message = done.stderr.strip()
        if "supported: " in message:
            raise Unsupported(message)
        raise RuntimeError(message or f"sylvitec ended with {done.returncode}")
    return Model(library + ".so", threads=1)


class SylviteRep(BackendRep):
    """A model that is compiled, or will be."""

    def __init__(self, model):
        self._folder = tempfile.TemporaryDirectory(prefix="sylvite")
        self._path = os.path.join(self._folder.name, "model.onnx")
        pathlib.Path(self._path).write_bytes(model.SerializeToString())
        initializers = {tensor.name for tensor in model.graph.initializer}
        self._inputs = [i for i in model.graph.input if i.name not in initializers]
        self._outputs = list(model.graph.output)
        # Which inputs are compiled in, and what was compiled by their values.
        self._fixed, self._compiled = [], {}
        try:
            self._get({})
        except Unsupported as error:
            if not self._find_fixed(error):
                raise

    def _find_fixed(self, error):
        """Notes the inputs that decide shapes; false where there are none."""
        found = [name for names in _DECIDES.findall(str(error))
                 for name in re.findall("'([^']*)'", names)]
        new = [name for name in dict.fromkeys(found) if name not in self._fixed]
        self._fixed += new
        return bool(new)

    def _get(self, arrays):
        values = {name: arrays[name] for name in self._fixed}
        key = tuple((n, np.asarray(a).tobytes()) for n, a in values.items())
        if key not in self._compiled:
            folder = tempfile.mkdtemp(dir=self._folder.name)
            self._compiled[key] = _compile(self._path, folder, values)
        return self._compiled[key]

    def run(self, inputs, **kwargs):
        if isinstance(inputs, dict):
            arrays = dict(inputs)
        else:
            arrays = {i.name: a for i, a in zip(self._inputs, inputs)}
        while True:
            try:
                model = self._get(arrays)
                break
            except Unsupported as error:
                if not self._find_fixed(error):
                    raise
        given = {}
        for name, array in arrays.items():
            if name in self._fixed:
                continue
            array = np.asarray(array)
            # Types of less than a byte come with a byte for each element.
            if array.dtype.name in ("int4", "int2"):
                array = array.astype(np.int8)
            elif array.dtype.name in ("uint4", "uint2"):
                array = array.astype(np.uint8)
            given[name] = array
        results = model.run_arrays(given)
        return tuple(self._restore(output, results[output.name])
                     for output in self._outputs)

    @staticmethod
    def _restore(output, array):
        """An array of the element type that the model tells."""
        number = output.type.tensor_type.elem_type
        if number == TensorProto.UNDEFINED:
            return array
        dtype = helper.tensor_dtype_to_np_dtype(number)
        if array.dtype == np.uint16 and dtype.itemsize == 2 and dtype != array.dtype:
            return array.view(dtype)
        return array.astype(dtype)


class SylviteBackend(Backend):
    @classmethod
    def prepare(cls, model, device="CPU", **kwargs):
        super().prepare(model, device, **kwargs)
        return SylviteRep(model)

    @classmethod
    def run_model(cls, model, inputs, device="CPU", **kwargs):
        return cls.prepare(model, device).run(inputs)

    @classmethod
    def run_node(cls, node, inputs, device="CPU", outputs_info=None, **kwargs):
        raise NotImplementedError("a node has no types: make a model of it")

    @classmethod
    def supports_device(cls, device):
        return device == "CPU"


prepare = SylviteBackend.prepare
run_model = SylviteBackend.run_model
run_node = SylviteBackend.run_node
supports_device = SylviteBackend.supports_device
