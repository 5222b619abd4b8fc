"""Queries drawn from labels, and which images fail them, against plain loops."""

import pytest
import torch

from train.learning.queries import draw_partial, fails, signs


@pytest.fixture
def labels():
    return torch.randint(-1, 2, (30, 40), generator=torch.Generator().manual_seed(0))


def test_an_image_fails_a_query_when_it_is_known_to_lack_something_asked(labels):
    queries = draw_partial(labels, torch.Generator().manual_seed(1))
    slow = [
        [
            any(
                (ask > 0 and has == 0) or (ask < 0 and has == 1)
                for ask, has in zip(query.tolist(), image.tolist(), strict=True)
            )
            for query in queries
        ]
        for image in labels
    ]
    assert fails(labels, queries).tolist() == slow


def test_every_image_satisfies_its_own_query_of_one_to_five_known_attributes(labels):
    for seed in range(20):
        queries = draw_partial(labels, torch.Generator().manual_seed(seed))
        asked = queries != 0
        assert torch.equal(queries[asked], signs(labels)[asked])
        assert not (asked & (labels < 0)).any()
        assert asked.sum(dim=1).min() >= 1
        assert asked.sum(dim=1).max() <= 5


def test_half_of_the_queries_ask_for_what_is_there_and_half_for_absence_too():
    labels = torch.zeros(4000, 40, dtype=torch.int64)
    labels[:, :20] = 1
    queries = draw_partial(labels, torch.Generator().manual_seed(0))
    with_absence = (queries < 0).any(dim=1).float().mean().item()
    assert 0.33 < with_absence < 0.47  # half, less those that drew none of the absent half
    sizes = (queries != 0).sum(dim=1).bincount(minlength=6)[1:].float() / 4000
    assert ((sizes > 0.17) & (sizes < 0.23)).all()


def test_an_image_of_which_nothing_is_known_asks_for_nothing():
    labels = torch.full((3, 40), -1)
    assert not draw_partial(labels, torch.Generator().manual_seed(0)).any()
