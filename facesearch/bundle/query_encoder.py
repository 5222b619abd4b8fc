"""The attribute branch at search time: the MLP of `model.AttributeEncoder`, in NumPy alone."""

from collections.abc import Mapping

import numpy as np

from facesearch.attributes import Query


class QueryEncoder:
    """Embeds queries with the weights that `model.AttributeEncoder` was trained to.

    Args:
        tensors: `attributes.{0,2}.{weight,bias}`: (H, 40), (H,), (D, H), (D,) float32.
        signed: whether the network knows +1, -1 and 0; else only wanted (1) and absent (0).
    """

    def __init__(self, tensors: Mapping[str, np.ndarray], *, signed: bool) -> None:
        self.layers = [
            (tensors[f"attributes.{layer}.weight"], tensors[f"attributes.{layer}.bias"])
            for layer in (0, 2)
        ]
        self.signed = signed

    def __call__(self, query: Query) -> np.ndarray:
        """(D,) float32 of unit length."""
        return self.encode(query.vector)

    def encode(self, signs: np.ndarray) -> np.ndarray:
        """(D,) float32 of unit length, of (40,) signs; those between -1 and +1 ask for less."""
        (w0, b0), (w1, b1) = self.layers
        hidden = np.maximum(w0 @ (signs if self.signed else np.maximum(signs, 0)) + b0, 0)
        vector = w1 @ hidden + b1
        return vector / np.linalg.norm(vector)
