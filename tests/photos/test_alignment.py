import numpy as np
import pytest

from facesearch.photos.alignment import TEMPLATE, fit_similarity, frame_to_picture, move


@pytest.mark.parametrize("degrees", [0, 30, -45, 90, 180])
def test_a_known_similarity_is_found_again(degrees):
    a, b = 2.5 * np.exp(1j * np.radians(degrees)), 300 - 20j
    found = frame_to_picture(move(TEMPLATE, (a, b)))
    assert found[0] == pytest.approx(a, rel=1e-4)
    assert found[1] == pytest.approx(b, rel=1e-4)


def test_no_turn_of_a_mirror_image_fits_it_well():
    mirrored = TEMPLATE * (-1, 1)
    fitted = move(mirrored, fit_similarity(mirrored, TEMPLATE))
    assert np.abs(fitted - TEMPLATE).max() > 10


def test_the_fit_is_better_than_any_near_it():
    rng = np.random.default_rng(0)
    points = TEMPLATE * 3 + rng.normal(0, 5, TEMPLATE.shape)
    a, b = fit_similarity(points, TEMPLATE)

    def error(a: complex, b: complex) -> float:
        return float(((move(points, (a, b)) - TEMPLATE) ** 2).sum())

    for step in (0.01, -0.01, 0.01j, -0.01j):
        assert error(a, b) < error(a * (1 + step), b)
        assert error(a, b) < error(a, b + 100 * step)


def test_points_that_coincide_give_a_similarity_all_the_same():
    a, b = fit_similarity(np.full((5, 2), 7.0), TEMPLATE)
    assert np.isfinite([a, b]).all()
