"""Both encoders: unit vectors, evidence that adds up, and the same query in NumPy."""

import numpy as np
import pytest
import torch

from facesearch import ATTRIBUTES, Query
from facesearch.bundle.query_encoder import QueryEncoder
from facesearch.vision.model import FaceModel, ModelConfig

HEADS = [
    ModelConfig("any", 24, head="evidence", hidden=16),
    ModelConfig("any", 24, head="evidence", hidden=0, dim=81, query_hidden=80),
    ModelConfig("any", 24, head="projection", hidden=16, dim=32, signed_queries=False),
]


@pytest.mark.parametrize("config", HEADS)
def test_images_and_queries_become_unit_vectors_of_one_width(config):
    torch.manual_seed(0)
    model = FaceModel(config)
    rows = model.image_head(20 * torch.randn(50, 24))
    queries = model.attributes(torch.eye(40))
    assert rows.shape == (50, config.dim)
    assert queries.shape == (40, config.dim)
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(50))
    torch.testing.assert_close(queries.norm(dim=1), torch.ones(40))


def test_cosine_with_evidence_ranks_as_the_sum_of_log_probabilities():
    torch.manual_seed(1)
    model = FaceModel(HEADS[0])
    features = 5 * torch.randn(80, 24)
    with torch.no_grad():
        logits = model.image_head.logits(model.image_head.widen(features)).double()
        rows = model.image_head(features)
        queries = torch.randint(-1, 2, (10, 40)).float()
        cosines = model.attributes(queries) @ rows.T
    yes, no = -torch.log1p(torch.exp(-logits)), -torch.log1p(torch.exp(logits))
    sums = (queries > 0).double() @ yes.T + (queries < 0).double() @ no.T  # (10, 80)
    asked = queries.abs().sum(dim=1, keepdim=True).double()
    expected = sums * model.image_head.scale / asked.sqrt()
    torch.testing.assert_close(cosines.double(), expected, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize("size", [1.0, 1000.0])
def test_the_readout_gives_the_probabilities_back_and_floors_the_extreme_ones(size):
    torch.manual_seed(2)
    model = FaceModel(HEADS[1])
    features = size * torch.randn(30, 24)
    with torch.no_grad():
        logits = model.image_head.logits(features)
        found = model.readout(model.image_head(features))
    torch.testing.assert_close(found, logits.clamp(-12, 12), atol=2e-2, rtol=1e-3)


@pytest.mark.parametrize("config", HEADS)
def test_the_query_encoder_in_numpy_is_the_trained_one(config):
    torch.manual_seed(3)
    model = FaceModel(config)
    for parameter in model.attributes.parameters():
        torch.nn.init.normal_(parameter)
    tensors = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    encode = QueryEncoder(tensors, signed=config.signed_queries)
    query = Query(["Eyeglasses", "Smiling"], ["Male"])
    vector = torch.zeros(1, 40)
    for sign, names in ((1, query.wanted), (-1, query.unwanted)):
        for name in names:
            vector[0, ATTRIBUTES.index(name)] = sign
    with torch.no_grad():
        expected = model.attributes(vector)[0].numpy()
    np.testing.assert_allclose(encode(query), expected, atol=1e-6)


def test_the_reference_reads_an_unticked_box_as_absent():
    torch.manual_seed(4)
    model = FaceModel(HEADS[2])
    wanted = torch.zeros(1, 40)
    wanted[0, 15] = 1
    excluded = wanted.clone()
    excluded[0, 20] = -1
    assert torch.equal(model.attributes(wanted), model.attributes(excluded))
