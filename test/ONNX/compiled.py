"""Compiles a model and tells how many attentions were fused."""

import pathlib
import re
import subprocess

from sylvite import ModelError


def compile_model(tools, model, folder, options=()):
    """The library and the number of fused dot-product attentions."""
    library = pathlib.Path(folder) / "model"
    done = subprocess.run(
        [str(tools / "sylvitec"), str(model), "-o", str(library), "--emit=so",
         "--prefix=model", "--explain-fusion", *options],
        capture_output=True, text=True)
    if done.returncode:
        raise ModelError(done.stderr.strip().splitlines()[0][:300]
                         if done.stderr.strip() else f"code {done.returncode}")
    # A candidate's line is followed by what it is; additive ones count apart.
    fused = re.findall(r"^fused  attention at .*\n\s+(.*)$", done.stdout, re.M)
    return f"{library}.so", sum("additive" not in what for what in fused)
