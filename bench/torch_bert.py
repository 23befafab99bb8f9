"""A BERT sentence encoder in plain PyTorch, as fast as its own functions make it.

The formulas are those of bert_onnx.py: embeddings, layers of attention and two
linear layers, the mean over the tokens, length 1.
"""

import pathlib

import torch
import torch.nn.functional as F

from bert_onnx import read_safetensors


class TorchBert:
    """Computes in the given type; the tensors of the model are converted once."""

    def __init__(self, folder, config, dtype):
        tensors = read_safetensors(pathlib.Path(folder) / "model.safetensors")
        self.weights = {
            name: torch.from_numpy(array.copy()).to(dtype)
            for name, array in tensors.items()
        }
        self.heads = config["num_attention_heads"]
        self.layers = config["num_hidden_layers"]
        self.eps = config["layer_norm_eps"]
        for layer in range(self.layers):
            self._join(f"encoder.layer.{layer}.attention.self")

    def _join(self, path):
        """One product for queries, keys and values."""
        for part in ("weight", "bias"):
            self.weights[f"{path}.qkv.{part}"] = torch.cat(
                [self.weights[f"{path}.{name}.{part}"]
                 for name in ("query", "key", "value")]
            )

    def _linear(self, x, path):
        return F.linear(x, self.weights[path + ".weight"], self.weights[path + ".bias"])

    def _norm(self, x, path):
        weight = self.weights[path + ".weight"]
        return F.layer_norm(
            x, weight.shape, weight, self.weights[path + ".bias"], self.eps
        )

    def _attend(self, x, path, mask):
        batch, length, width = x.shape
        qkv = self._linear(x, path + ".self.qkv")
        q, k, v = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        return self._norm(self._linear(mixed, path + ".output.dense") + x,
                          path + ".output.LayerNorm")

    @torch.inference_mode()
    def __call__(self, ids, mask):
        """[batch, seq] of token ids and ones and zeros -> [batch, hidden]."""
        ids, mask = torch.from_numpy(ids), torch.from_numpy(mask)
        # Without padding there is nothing to hide, and a faster kernel.
        hidden = None if bool(mask.all()) else mask[:, None, None, :].bool()
        w = self.weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(self.layers):
            path = f"encoder.layer.{layer}"
            x = self._attend(x, path + ".attention", hidden)
            inner = F.gelu(self._linear(x, path + ".intermediate.dense"))
            x = self._norm(self._linear(inner, path + ".output.dense") + x,
                           path + ".output.LayerNorm")
        x = x.float()
        kept = mask[:, :, None].float()
        mean = (x * kept).sum(1) / kept.sum(1)
        return F.normalize(mean, dim=1).numpy()
