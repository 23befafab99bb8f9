"""Compiled models in Python: arrays in, arrays out.

    from sylvite import Model

    model = Model("bert.so")
    result = model.run(input_ids=ids, attention_mask=mask)
    result["last_hidden_state"]

The interface is read from the library itself; numpy is all that this needs.
"""

from .model import Model, ModelError

__all__ = ["Model", "ModelError"]
