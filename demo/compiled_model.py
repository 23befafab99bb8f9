"""Calls a sentence encoder that sylvitec compiled, through its C functions.

Nothing here knows the model: a library PREFIX.so exports functions whose names
begin with PREFIX, and PREFIX.h declares them. This file is what a person would
write by hand from the header.
"""

import ctypes
import os

import numpy as np

INT64 = ctypes.POINTER(ctypes.c_int64)
FLOAT = ctypes.POINTER(ctypes.c_float)


class CompiledModel:
    """One loaded library, its weights and one context to call it with."""

    def __init__(self, library):
        """Loads LIBRARY (PREFIX.so); the weights lie beside it."""
        self.prefix = os.path.basename(library).removesuffix(".so")
        self.library = ctypes.CDLL(os.path.abspath(library))
        self.model = ctypes.c_void_p()
        self.context = ctypes.c_void_p()
        self._check(self._function("open")(None, ctypes.byref(self.model)))
        self._check(
            self._function("context_create")(self.model, ctypes.byref(self.context))
        )
        self._encode = self._function("encode")
        self._encode.argtypes = [
            ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64,  # context, batch, seq
            INT64, INT64, INT64,  # input_ids, attention_mask, token_type_ids
            FLOAT, FLOAT,  # last_hidden_state, sentence_embedding
        ]

    def close(self):
        self._function("context_destroy", None)(self.context)
        self._function("close", None)(self.model)

    def set_threads(self, count):
        self._function("set_num_threads", None)(ctypes.c_int(count))

    def embed(self, ids, mask, width):
        """One embedding of WIDTH floats for each row of tokens.

        IDS and MASK are int64 arrays [batch, seq]; MASK is 1 for a token and 0
        for padding. Raises RuntimeError with the library's message.
        """
        ids = np.ascontiguousarray(ids, np.int64)
        mask = np.ascontiguousarray(mask, np.int64)
        out = np.empty((ids.shape[0], width), np.float32)
        status = self._encode(
            self.context, ids.shape[0], ids.shape[1],
            ids.ctypes.data_as(INT64), mask.ctypes.data_as(INT64),
            None,  # token types: left out, all 0
            None,  # the state of every token: not wanted
            out.ctypes.data_as(FLOAT),
        )
        self._check(status)
        return out

    def _function(self, name, result=ctypes.c_int):
        function = getattr(self.library, f"{self.prefix}_{name}")
        function.restype = result
        return function

    def _check(self, status):
        if status != 0:
            # Of the context, or of open while there is no context.
            message = self._function("last_error", ctypes.c_char_p)(self.context)
            raise RuntimeError(f"{self.prefix}: {message.decode()}")
