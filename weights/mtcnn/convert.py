"""Make weights.safetensors here out of the PyPI package mtcnn 1.0.0, for the networks of
facesearch/vision/mtcnn.py.

Needs `pip install --no-deps mtcnn==1.0.0 joblib cloudpickle lz4`; TensorFlow is not used.
"""

import hashlib
import importlib.util
from pathlib import Path

import joblib
import numpy as np
from safetensors.numpy import save_file

SHA256 = {  # joblib files are pickles: only those known are opened
    "pnet": "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5",
    "rnet": "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee",
    "onet": "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3",
}
LAYERS = {  # our network: its package file, and where its layers with weights stand in sequence
    "proposal": ("pnet", [0, 3, 5, 7]),
    "refinement": ("rnet", [0, 3, 6, 9, 11]),
    "output": ("onet", [0, 3, 6, 9, 12, 14]),
}


def main() -> None:
    """Read the three networks and write them beside this file."""
    spec = importlib.util.find_spec("mtcnn")
    if spec is None or spec.origin is None:
        raise SystemExit("error: the package is not here; " + str(__doc__).strip().splitlines()[-1])
    folder = Path(spec.origin).parent / "assets" / "weights"
    tensors: dict[str, np.ndarray] = {}
    for network, (name, places) in LAYERS.items():
        file = folder / f"{name}.lz4"
        if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256[name]:
            raise SystemExit(f"error: {file} is not that of mtcnn 1.0.0")
        tensors |= {f"{network}.{key}": array for key, array in convert(joblib.load(file), places)}
    halves = {name: np.ascontiguousarray(array, np.float16) for name, array in tensors.items()}
    save_file(halves, Path(__file__).with_name("weights.safetensors"))


def convert(arrays: list[np.ndarray], places: list[int]) -> list[tuple[str, np.ndarray]]:
    """Keras' arrays of one network as torch has them: weight, bias and slope of each layer.

    The heads become one: a logit (the difference of the two that softmax would compare), the box,
    then the points as x, y pairs.
    """
    *body, _ = places
    found = []
    for number, place in enumerate(body):
        weight, bias, slope = arrays[3 * number : 3 * number + 3]
        previous = arrays[3 * number - 2].size if number else 3
        found += [
            (f"{place}.weight", _to_torch(weight, previous)),
            (f"{place}.bias", bias),
            (f"{place + 1}.weight", slope.ravel()),
        ]
    heads = arrays[3 * len(body) :]
    weights, biases = [array.T for array in _flat(heads[0::2])], heads[1::2]  # (outputs, inputs)
    ours = [_merge_heads(weights), _merge_heads([bias[:, None] for bias in biases])[:, 0]]
    if heads[0].ndim == 4:
        ours[0] = ours[0][:, :, None, None]
    return [*found, (f"{places[-1]}.weight", ours[0]), (f"{places[-1]}.bias", ours[1])]


def _to_torch(weight: np.ndarray, channels: int) -> np.ndarray:
    if weight.ndim == 4:
        return weight.transpose(3, 2, 0, 1)  # (H, W, in, out) to (out, in, H, W)
    side = round((weight.shape[0] // channels) ** 0.5)
    cells = weight.reshape(side, side, channels, -1)  # columns before rows, channels last
    return cells.transpose(3, 2, 1, 0).reshape(weight.shape[1], -1)  # as torch flattens


def _flat(arrays: list[np.ndarray]) -> list[np.ndarray]:
    return [array.reshape(-1, array.shape[-1]) for array in arrays]


def _merge_heads(heads: list[np.ndarray]) -> np.ndarray:
    box, *points, faces = heads
    logit = faces[1:2] - faces[0:1]
    pairs = [array[[0, 5, 1, 6, 2, 7, 3, 8, 4, 9]] for array in points]
    return np.concatenate([logit, box, *pairs])


if __name__ == "__main__":
    main()
