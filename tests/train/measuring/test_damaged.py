"""The benchmark of damages, with an encoder that sees nothing but brightness."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from facesearch.attributes import CELEBA
from train.data.damages import DAMAGES
from train.data.dataset import Dataset
from train.measuring.damaged import UNDAMAGED, measure_damages


class SeesBrightness:
    """An encoder whose embedding is the mean of all values, 0 to 1."""

    model = SimpleNamespace(config=SimpleNamespace(height=32, width=32))

    def embed(self, pixels):
        return pixels.reshape(len(pixels), -1).mean(axis=1, keepdims=True) / 255


@pytest.fixture
def faces(tmp_path):
    """Twenty plain pictures of values 100 to 195; in the brighter half, over 147, all have all."""
    names = tuple(f"{i:02}.png" for i in range(20))
    for i, name in enumerate(names):
        Image.new("RGB", (64, 64), (100 + 5 * i,) * 3).save(tmp_path / name)
    labels = np.repeat(np.arange(20) >= 10, 40).reshape(20, 40).astype(np.int8)
    return Dataset(tmp_path, tmp_path, names, labels, np.zeros(20, np.int8))


def predict(vectors):
    return np.repeat(vectors - 147 / 255 + 0.5, len(CELEBA), axis=1)


def test_pictures_as_they_are_each_damage_and_the_mean_are_measured(faces):
    found = measure_damages(SeesBrightness(), predict, faces, 20, seed=0)
    assert list(found) == [UNDAMAGED, *DAMAGES, f"mean of the {len(DAMAGES)}"]
    assert found[UNDAMAGED] == {"wanted AP": 1, "wanted AP, agreed": 1, "accuracy": 1}
    assert found["dark (gamma 2.2)"]["wanted AP"] == 1  # the order stays
    assert found["dark (gamma 2.2)"]["accuracy"] == 0.5  # 195 becomes 141: none is over 147
    mean = np.mean([found[name]["accuracy"] for name in DAMAGES])
    assert found[f"mean of the {len(DAMAGES)}"]["accuracy"] == pytest.approx(mean)


def test_as_many_images_are_drawn_as_asked_for(faces):
    seen = []

    def remember(vectors):
        seen.append(len(vectors))
        return predict(vectors)

    measure_damages(SeesBrightness(), remember, faces, 15, seed=0)
    assert seen == [15] * (1 + len(DAMAGES))
