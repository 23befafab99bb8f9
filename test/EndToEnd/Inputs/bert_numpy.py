"""BERT sentence embeddings in float64, from the formulas alone.

Independent of Sylvite: reads the folder by itself and computes with numpy. A
query that sees no key has the attention output zero, and a row without tokens
the embedding zero: Sylvite's rule, where the formulas give NaN.
"""

import json
import math
import pathlib

import numpy as np

import safetensors_file

erf = np.vectorize(math.erf, otypes=[np.float64])


class Bert:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.config = json.loads((folder / "config.json").read_text())
        tensors = safetensors_file.read(folder / "model.safetensors")
        self.tensors = {name: array.astype(np.float64) for name, array in tensors.items()
                        if array.dtype == np.float32}  # fmt: skip

    def __getitem__(self, name):
        return self.tensors[name]

    def _norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        x = (x - mean) / np.sqrt(variance + self.config["layer_norm_eps"])
        return x * self[name + ".weight"] + self[name + ".bias"]

    def _dense(self, x, name):
        return x @ self[name + ".weight"].T + self[name + ".bias"]

    def _attention(self, x, mask, name):
        heads = self.config["num_attention_heads"]
        q, k, v = (
            self._dense(x, f"{name}.self.{part}").reshape(len(x), heads, -1)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("ihd,jhd->hij", q, k) / math.sqrt(q.shape[-1])
        scores = np.where(mask, scores, -np.inf)
        if not mask.any():
            return self._dense(np.zeros_like(x), name + ".output.dense")
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        y = np.einsum("hij,jhd->ihd", weights, v).reshape(x.shape)
        return self._dense(y, name + ".output.dense")

    def states(self, ids, mask):
        """The states of one row of tokens after the embedding and each layer."""
        x = self["embeddings.word_embeddings.weight"][ids]
        x = x + self["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + self["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        yield x
        for layer in range(self.config["num_hidden_layers"]):
            name = f"encoder.layer.{layer}"
            y = self._attention(x, mask != 0, name + ".attention")
            x = self._norm(x + y, name + ".attention.output.LayerNorm")
            y = self._dense(x, name + ".intermediate.dense")
            y = y / 2 * (1 + erf(y / math.sqrt(2)))
            y = self._dense(y, name + ".output.dense")
            x = self._norm(x + y, name + ".output.LayerNorm")
            yield x

    def embed(self, ids, mask):
        """The normalised mean of the last states of one row of tokens."""
        *_, x = self.states(ids, mask)
        mean = (x * mask[:, None]).sum(0) / max(mask.sum(), 1e-9)
        return mean / max(np.linalg.norm(mean), 1e-12)
