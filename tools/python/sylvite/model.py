"""Loads a library that sylvitec made and calls its functions."""

import ctypes
import json
import math
import pathlib
import re
import struct

import numpy as np

_DTYPES = {
    "f64": np.float64, "f32": np.float32, "f16": np.float16, "bf16": np.uint16,
    "i64": np.int64, "i32": np.int32, "i16": np.int16, "i8": np.int8,
    "u64": np.uint64, "u32": np.uint32, "u16": np.uint16, "u8": np.uint8,
    "bool": np.bool_,
}


class ModelError(Exception):
    """What the library reports, or why it cannot be used."""


def _dynamic_symbols(path):
    """The names that an ELF library of 64 bits exports or needs."""
    data = path.read_bytes()
    if data[:5] != b"\x7fELF\x02":
        raise ModelError(f"{path}: is no library of this system")
    (offset,) = struct.unpack_from("<Q", data, 0x28)
    size, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size)
                for i in range(count)]
    for section in sections:
        if section[1] != 11:  # SHT_DYNSYM
            continue
        names = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 24):
            (name,) = struct.unpack_from("<I", data, at)
            end = data.index(b"\0", names + name)
            yield data[names + name : end].decode()


def _find_prefix(path):
    symbols = set(_dynamic_symbols(path))
    prefixes = [name[: -len("_describe")] for name in symbols
                if name.endswith("_describe")
                and name[: -len("describe")] + "open" in symbols]
    if len(prefixes) != 1:
        raise ModelError(f"{path}: is no compiled model")
    return prefixes[0]


def _compose(name, dims):
    """The extent of a name that is made of others, as 2*batch*(past+seq) is; None
    where one of them is not known."""
    def multiply(text):
        factors = [int(f) if f.isdigit() else dims.get(f) for f in text.split("*")]
        return None if None in factors else math.prod(factors)

    product = 1
    for factor in re.findall(r"\([^)]*\)|[^*()]+", name):
        terms = [multiply(term) for term in factor.strip("()").split("+")]
        if None in terms:
            return None
        product *= sum(terms)
    return product


class Model:
    """A compiled model, opened. One thread at a time may call `run`."""

    def __init__(self, path, target=None, threads=None):
        """`target` picks one of several instruction sets that the library has;
        `threads` is how many calls use."""
        path = pathlib.Path(path).resolve()
        self._model, self._context = ctypes.c_void_p(), ctypes.c_void_p()
        self._prefix = _find_prefix(path)
        self._library = ctypes.CDLL(str(path))
        #: What the library tells of itself, as a dictionary.
        self.interface = json.loads(self._function("describe", ctypes.c_char_p)())
        self._functions = {f["name"]: f for f in self.interface["functions"]}
        name = target and target.encode()
        self._check(self._function("open_target")(
            None, name, ctypes.byref(self._model)))
        self._check(self._function("context_create")(
            self._model, ctypes.byref(self._context)))
        if threads is not None:
            self._function("context_set_num_threads")(
                self._context, ctypes.c_int(threads))

    def close(self):
        """Lets go of the weights and of the memory of calls."""
        if self._context:
            self._function("context_destroy", None)(self._context)
        if self._model:
            self._function("close", None)(self._model)
        self._model, self._context = ctypes.c_void_p(), ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def get_function(self, name=None):
        """The description of a function; of the only one without a name."""
        if name is None:
            if len(self._functions) != 1:
                raise ModelError("the model has several functions: "
                                 + ", ".join(self._functions))
            (name,) = self._functions
        if name not in self._functions:
            raise ModelError(f"the model has no function {name}; it has "
                             + ", ".join(self._functions))
        return self._functions[name]

    def run(self, function=None, /, **arrays):
        """Results by name. Inputs that have a default may be left out; elements
        must be of the input's type."""
        return self.run_arrays(arrays, function)

    def run_arrays(self, arrays, function=None):
        """The same with the inputs as a dictionary."""
        info = self.get_function(function)
        known = {parameter["name"] for parameter in info["inputs"]}
        for name in arrays:
            if name not in known:
                raise ModelError(f"{name} is no input of {info['name']}, which "
                                 "has " + ", ".join(sorted(known)))
        inputs = []
        dims = {dim["name"]: None for dim in info["dims"]}
        for parameter in info["inputs"]:
            array = arrays.get(parameter["name"])
            if array is not None:
                array = self._convert(parameter, array)
                self._bind(parameter, array, dims)
            inputs.append(array)
        for name, extent in dims.items():
            if extent is None and ("*" in name or "(" in name):
                dims[name] = _compose(name, dims)
        unbound = [name for name, extent in dims.items() if extent is None]
        if unbound:
            raise ModelError("no input tells the dimension " + unbound[0])
        results = {}
        for parameter in info["outputs"]:
            shape = [dims.get(extent, extent) for extent in parameter["dims"]]
            results[parameter["name"]] = np.empty(
                shape, _DTYPES[parameter["dtype"]])
        self._check(self._function("invoke")(
            self._context, info["name"].encode(),
            (ctypes.c_int64 * max(len(dims), 1))(*dims.values()),
            self._pointers(inputs), self._pointers(results.values())))
        return results

    @staticmethod
    def _pointers(arrays):
        addresses = [None if a is None else a.ctypes.data for a in arrays]
        return (ctypes.c_void_p * max(len(addresses), 1))(*addresses)

    @staticmethod
    def _convert(parameter, array):
        dtype = np.dtype(_DTYPES[parameter["dtype"]])
        array = np.asarray(array)
        # bfloat16 and the like travel as their bits.
        if array.dtype.kind == "V" or array.dtype.name == "bfloat16":
            array = array.view(np.uint16)
        if array.dtype != dtype:
            raise ModelError(f"{parameter['name']} has elements of type "
                             f"{array.dtype}, expected {parameter['dtype']}")
        return np.ascontiguousarray(array).reshape(array.shape)

    @staticmethod
    def _bind(parameter, array, dims):
        shape = parameter["dims"]
        if len(shape) != array.ndim:
            raise ModelError(f"{parameter['name']} has {array.ndim} dimensions, "
                             f"expected {shape}")
        for extent, expected in zip(array.shape, shape):
            if isinstance(expected, str) and dims[expected] is None:
                dims[expected] = extent
            if dims.get(expected, expected) != extent:
                raise ModelError(f"{parameter['name']} has the shape "
                                 f"{list(array.shape)}, expected {shape}"
                                 + (f" with {expected} = {dims[expected]}"
                                    if expected in dims else ""))

    def _function(self, name, result=ctypes.c_int):
        function = getattr(self._library, f"{self._prefix}_{name}")
        function.restype = result
        return function

    def _check(self, status):
        if status:
            message = self._function("last_error", ctypes.c_char_p)
            raise ModelError(message(self._context).decode())
