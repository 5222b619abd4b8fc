"""The attribute branch in NumPy against torch's layers and against a hand calculation."""

import numpy as np
import pytest

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle.query_encoder import QueryEncoder


def random_tensors(hidden=12, dim=8, seed=0):
    rng = np.random.default_rng(seed)
    shapes = {"0.weight": (hidden, 40), "0.bias": hidden, "2.weight": (dim, hidden), "2.bias": dim}
    return {f"attributes.{k}": rng.normal(size=s).astype(np.float32) for k, s in shapes.items()}


def test_a_query_becomes_a_unit_vector():
    vector = QueryEncoder(random_tensors(), signed=True)(Query(["Smiling"], ["Male"]))
    assert vector.shape == (8,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_agrees_with_a_small_network_worked_by_hand():
    tensors = {
        "attributes.0.weight": np.zeros((2, 40), np.float32),
        "attributes.0.bias": np.array([0, 0.5], np.float32),
        "attributes.2.weight": np.array([[1, 0], [0, 2]], np.float32),
        "attributes.2.bias": np.array([1, 0], np.float32),
    }
    tensors["attributes.0.weight"][0, ATTRIBUTES.index("Male")] = -2
    # hidden = relu([-2 * -1, 0.5]) = [2, 0.5]; out = [2 + 1, 1]; length sqrt(10)
    vector = QueryEncoder(tensors, signed=True)(Query(unwanted=["Male"]))
    assert vector == pytest.approx(np.array([3, 1]) / np.sqrt(10), abs=1e-6)


def test_unsigned_reads_an_unwanted_attribute_as_one_that_is_not_ticked():
    encoder = QueryEncoder(random_tensors(), signed=False)
    with_both, wanted = Query(["Smiling"], ["Male"]), Query(["Smiling"])
    assert encoder(with_both).tolist() == encoder(wanted).tolist()
    signed = QueryEncoder(random_tensors(), signed=True)
    assert signed(with_both).tolist() != signed(wanted).tolist()


def test_signs_between_the_extremes_are_a_query_too():
    encoder, query = QueryEncoder(random_tensors(), signed=True), Query(["Smiling"], ["Male"])
    assert encoder.encode(query.vector).tolist() == encoder(query).tolist()
    half = encoder.encode(query.vector / 2)
    assert np.linalg.norm(half) == pytest.approx(1, abs=1e-6)
    assert encoder(Query()) @ encoder(query) < encoder(Query()) @ half < 1


def test_agrees_with_torchs_layers():
    torch = pytest.importorskip("torch")
    tensors = random_tensors()
    network = torch.nn.Sequential(torch.nn.Linear(40, 12), torch.nn.ReLU(), torch.nn.Linear(12, 8))
    network.load_state_dict(
        {name.removeprefix("attributes."): torch.tensor(t) for name, t in tensors.items()}
    )
    query = Query(["Bald", "Young"], ["Smiling"])
    with torch.no_grad():
        expected = torch.nn.functional.normalize(network(torch.tensor(query.vector)), dim=-1)
    assert QueryEncoder(tensors, signed=True)(query) == pytest.approx(expected.numpy(), abs=1e-6)
