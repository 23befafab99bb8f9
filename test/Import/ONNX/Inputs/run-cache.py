"""Checks the model `cache` of models.py as a library: run-cache.py LIBRARY.so"""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "tools/python"))
from sylvite import Model, ModelError  # noqa: E402

random = np.random.default_rng(0)
with Model(sys.argv[1]) as model:
    for past, new in [(1, 1), (5, 2), (3, 40)]:
        old = random.standard_normal((2, past, 2), np.float32)
        fresh = random.standard_normal((2, new, 2), np.float32)
        mask = random.standard_normal((2, past + new, 1), np.float32)
        results = model.run(past=old, new=fresh, mask=mask)
        assert np.array_equal(results["all"], np.concatenate([old, fresh], 1))
        assert np.array_equal(results["old"], old * mask[:, :past])
        assert np.array_equal(results["fresh"], fresh * mask[:, past:])
    try:
        model.run(past=old, new=fresh, mask=mask[:, 1:])
    except ModelError as error:
        assert str(error) == "(p+s) = 42 should be 43", error
    else:
        raise AssertionError("a mask of another length was accepted")
