"""Calls a compiled library by its functions' names, with numpy arrays.

The interface is read from the library itself (PREFIX_describe), the calls go
through PREFIX_invoke: nothing here knows a model. Tests only.
"""

import ctypes
import json
import pathlib

import numpy as np

DTYPES = {"i64": np.int64, "i32": np.int32, "i8": np.int8, "bool": np.bool_,
          "f64": np.float64, "f32": np.float32, "f16": np.float16}


class Library:
    def __init__(self, path, target=None):
        """The code is that for `target`, or what the library chooses."""
        path = pathlib.Path(path).resolve()
        self.prefix = path.stem
        self.dll = ctypes.CDLL(str(path))
        self.interface = json.loads(self._function("describe", ctypes.c_char_p)())
        self.model, self.context = ctypes.c_void_p(), ctypes.c_void_p()
        name = target and target.encode()
        open_target = self._function("open_target")
        self._check(open_target(None, name, ctypes.byref(self.model)))
        used = self._function("target", ctypes.c_char_p)(self.model)
        assert target is None or used == name, used
        create = self._function("context_create")
        self._check(create(self.model, ctypes.byref(self.context)))

    def close(self):
        self._function("context_destroy", None)(self.context)
        self._function("close", None)(self.model)

    def set_threads(self, count):
        self._function("set_num_threads", None)(ctypes.c_int(count))

    def run(self, function="encode", **arrays):
        """Output arrays by name, from input arrays by name."""
        (info,) = (f for f in self.interface["functions"] if f["name"] == function)
        dims = self._bind(info, arrays)
        inputs, keep = [], []
        for parameter in info["inputs"]:
            array = arrays.get(parameter["name"])
            if array is not None:
                keep.append(np.ascontiguousarray(array, DTYPES[parameter["dtype"]]))
            inputs.append(None if array is None else keep[-1].ctypes.data)
        results = {}
        for parameter in info["outputs"]:
            shape = [dims.get(extent, extent) for extent in parameter["dims"]]
            results[parameter["name"]] = np.full(
                shape, np.nan, DTYPES[parameter["dtype"]]
            )
        pointers = lambda values: (ctypes.c_void_p * len(values))(*values)
        outputs = pointers([array.ctypes.data for array in results.values()])
        status = self._function("invoke")(
            self.context, function.encode(),
            (ctypes.c_int64 * len(dims))(*dims.values()), pointers(inputs), outputs,
        )
        self._check(status)
        return results

    def _bind(self, info, arrays):
        """The extents of the named dimensions, in their order."""
        dims = {dim["name"]: None for dim in info["dims"]}
        for parameter in info["inputs"]:
            array = arrays.get(parameter["name"])
            for extent, name in zip(np.shape(array), parameter["dims"]):
                if name in dims:
                    dims[name] = extent
        return dims

    def _function(self, name, result=ctypes.c_int):
        function = getattr(self.dll, f"{self.prefix}_{name}")
        function.restype = result
        return function

    def _check(self, status):
        if status:
            message = self._function("last_error", ctypes.c_char_p)(self.context)
            raise RuntimeError(message.decode())
