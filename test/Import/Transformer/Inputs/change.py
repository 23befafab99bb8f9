#!/usr/bin/env python3
"""Copies a safetensors file with its metadata or its tensors changed.

usage: change.py IN OUT KEY=VALUE...   of the metadata; no value removes the key
       change.py IN OUT --rename OLD NEW
       change.py IN OUT --add NAME   a tensor without elements
"""

import json
import pathlib
import sys

import safetensors_file


def main(source, target, *changes):
    content = pathlib.Path(source).read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header, data = json.loads(content[8:end]), content[end:]
    metadata = header["__metadata__"]
    if changes[0] == "--rename":
        header[changes[2]] = header.pop(changes[1])
    elif changes[0] == "--add":
        offsets = [len(data), len(data)]
        header[changes[1]] = {"dtype": "F32", "shape": [0], "data_offsets": offsets}
    else:
        for change in changes:
            key, _, value = change.partition("=")
            metadata.pop(key, None)
            if value:
                metadata[key] = value
    safetensors_file.write(target, header, data)


main(*sys.argv[1:])
