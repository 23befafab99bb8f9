#!/usr/bin/env python3
"""Writes small Hugging Face model folders for tests, good ones and bad ones.

usage: model-folder.py make FAMILY OUT [edits]     a model with random weights
       model-folder.py convert SOURCE OUT [edits]  a copy of a folder

FAMILY is bert, roberta or distilbert. The edits, applied in this order:

  --layers N              number of layers of a made model (1)
  --config KEY=JSON       set a key of config.json; KEY= removes it
  --rename OLD=NEW        rename a tensor; OLD may be a part of the name
  --drop NAME             leave a tensor out
  --add NAME=EXTENTS      add a tensor, for example head.weight=4x8
  --shape NAME=EXTENTS    give a tensor another shape (and other values)
  --prefix TEXT           put a prefix before all names
  --dtype DTYPE           store F64, F32 (default), F16 or BF16
  --shards N              spread the tensors over N files with an index
  --sentence MODE         add modules.json and a pooling, for example mean
  --normalize             add a normalisation to modules.json

Each may be given more than once. Files are written without any safetensors
library, so that the importer is not tested against itself.
"""

import argparse
import json
import pathlib
import re

import numpy as np

import safetensors_file

VOCABULARY, POSITIONS, HIDDEN, HEADS, INTERMEDIATE = 23, 16, 8, 2, 12



def make_config(family, layers):
    """What config.json says, with the family's own keys."""
    config = {"model_type": family, "vocab_size": VOCABULARY}
    config["max_position_embeddings"] = POSITIONS
    if family == "distilbert":
        config |= {"dim": HIDDEN, "hidden_dim": INTERMEDIATE, "n_heads": HEADS}
        config |= {"n_layers": layers, "activation": "gelu", "pad_token_id": 0}
        return config
    config |= {"hidden_size": HIDDEN, "intermediate_size": INTERMEDIATE}
    config |= {"num_hidden_layers": layers, "num_attention_heads": HEADS}
    config |= {"hidden_act": "gelu", "layer_norm_eps": 1e-12}
    config["type_vocab_size"] = 2 if family == "bert" else 1
    config["pad_token_id"] = 0 if family == "bert" else 1
    return config


def make_shapes(family, layers):
    """Maps the names of all tensors to their shapes."""
    shapes = {}

    def table(name, rows):
        shapes[name + ".weight"] = (rows, HIDDEN)

    def norm(name):
        shapes[name + ".weight"] = shapes[name + ".bias"] = (HIDDEN,)

    def linear(name, rows, columns):
        shapes[name + ".weight"] = (rows, columns)
        shapes[name + ".bias"] = (rows,)

    table("embeddings.word_embeddings", VOCABULARY)
    table("embeddings.position_embeddings", POSITIONS)
    if family != "distilbert":
        table("embeddings.token_type_embeddings", 2 if family == "bert" else 1)
    norm("embeddings.LayerNorm")
    for number in range(layers):
        if family == "distilbert":
            layer = f"transformer.layer.{number}."
            names = "q_lin k_lin v_lin out_lin".split()
            projections = [layer + "attention." + name for name in names]
            norms = [layer + "sa_layer_norm", layer + "output_layer_norm"]
            up, down = layer + "ffn.lin1", layer + "ffn.lin2"
        else:
            layer = f"encoder.layer.{number}."
            names = "self.query self.key self.value output.dense".split()
            projections = [layer + "attention." + name for name in names]
            norms = [layer + "attention.output.LayerNorm", layer + "output.LayerNorm"]
            up, down = layer + "intermediate.dense", layer + "output.dense"
        for name in projections:
            linear(name, HIDDEN, HIDDEN)
        for name in norms:
            norm(name)
        linear(up, INTERMEDIATE, HIDDEN)
        linear(down, HIDDEN, INTERMEDIATE)
    return shapes


def read_folder(folder):
    """The config and the float32 tensors of a folder with one weight file."""
    config = json.loads((folder / "config.json").read_text())
    return config, safetensors_file.read(folder / "model.safetensors")


def encode(values, dtype):
    """The bytes of a float tensor in DTYPE; integers stay as they are."""
    if values.dtype.kind == "i":
        return "I64", values.astype("<i8").tobytes()
    if dtype == "BF16":
        bits = values.astype("<f4").view("<u4").astype(np.uint64)
        # Round to nearest, ties to even.
        bits = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
        return dtype, bits.astype("<u2").tobytes()
    return dtype, values.astype(safetensors_file.DTYPES[dtype]).tobytes()


def write_weights(path, tensors, dtype):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, values in tensors.items():
        stored, encoded = encode(values, dtype)
        header[name] = {
            "dtype": stored,
            "shape": list(values.shape),
            "data_offsets": [len(data), len(data) + len(encoded)],
        }
        data += encoded
    safetensors_file.write(path, header, data)


def write_shards(out, tensors, dtype, count):
    """Deals the tensors out to COUNT files, with the index that lists them."""
    weight_map = {}
    for number in range(count):
        name = f"model-{number + 1:05}-of-{count:05}.safetensors"
        shard = dict(list(tensors.items())[number::count])
        weight_map |= {tensor: name for tensor in shard}
        write_weights(out / name, shard, dtype)
    index = {"metadata": {"total_size": 0}, "weight_map": weight_map}
    (out / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))


def write_modules(out, mode, normalize, width):
    """The files that make a sentence-transformers folder of it."""
    names = ["Transformer", "Pooling"] + ["Normalize"] * normalize
    modules = [
        {
            "idx": i,
            "name": str(i),
            "path": "" if i == 0 else f"{i}_{name}",
            "type": "sentence_transformers.models." + name,
        }
        for i, name in enumerate(names)
    ]
    (out / "modules.json").write_text(json.dumps(modules, indent=2))
    pooling = {"word_embedding_dimension": width}
    for key in ("cls_token", "mean_tokens", "max_tokens", "lasttoken"):
        pooling["pooling_mode_" + key] = mode == key.split("_")[0]
    (out / "1_Pooling").mkdir(exist_ok=True)
    (out / "1_Pooling" / "config.json").write_text(json.dumps(pooling, indent=2))


def random_tensor(shape, seed):
    return np.random.default_rng(seed).standard_normal(shape).astype("<f4")


def parse_extents(text):
    return tuple(int(extent) for extent in re.split("x", text) if extent)


def edit(config, tensors, arguments):
    """Applies the edits to the config in place; gives the new tensors."""
    for key, _, value in (text.partition("=") for text in arguments.config):
        if value:
            config[key] = json.loads(value)
        else:
            del config[key]
    for old, _, new in (text.partition("=") for text in arguments.rename):
        tensors = {name.replace(old, new): t for name, t in tensors.items()}
    for name in arguments.drop:
        del tensors[name]
    for name, _, extents in (text.partition("=") for text in arguments.add):
        tensors[name] = random_tensor(parse_extents(extents), 1)
    for name, _, extents in (text.partition("=") for text in arguments.shape):
        assert name in tensors, name
        tensors[name] = random_tensor(parse_extents(extents), 2)
    return {arguments.prefix + name: t for name, t in tensors.items()}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("command", choices=["make", "convert"])
    parser.add_argument("source")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--layers", type=int, default=1)
    for name in ("config", "rename", "drop", "add", "shape"):
        parser.add_argument("--" + name, action="append", default=[])
    parser.add_argument("--prefix", default="")
    parser.add_argument("--dtype", default="F32")
    parser.add_argument("--shards", type=int)
    parser.add_argument("--sentence")
    parser.add_argument("--normalize", action="store_true")
    arguments = parser.parse_args()

    if arguments.command == "make":
        config = make_config(arguments.source, arguments.layers)
        shapes = make_shapes(arguments.source, arguments.layers)
        tensors = {
            name: random_tensor(shape, seed)
            for seed, (name, shape) in enumerate(shapes.items())
        }
    else:
        config, tensors = read_folder(pathlib.Path(arguments.source))
    tensors = edit(config, tensors, arguments)

    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    if arguments.shards:
        write_shards(out, tensors, arguments.dtype, arguments.shards)
    else:
        write_weights(out / "model.safetensors", tensors, arguments.dtype)
    if arguments.sentence:
        width = config.get("hidden_size", config.get("dim"))
        write_modules(out, arguments.sentence, arguments.normalize, width)


if __name__ == "__main__":
    main()
