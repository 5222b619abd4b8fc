"""The same faces as cameras, files and alignment leave them: what a model still sees of them."""

from collections.abc import Callable

import numpy as np
from PIL import Image
from tqdm import tqdm

from facesearch.vision.encoder import Encoder
from facesearch.vision.loading import fit_image, load_batches
from train import distributed
from train.data.damages import DAMAGES, Damage
from train.data.dataset import Dataset
from train.measuring.benchmark import AGREED_AP, ScoreFunction, mean_alone, score_alone
from train.measuring.breakdown import accuracy

UNDAMAGED = "as they are"


def measure_damages(
    encoder: Encoder,
    predict: Callable[[np.ndarray], np.ndarray],
    part: Dataset,
    count: int,
    seed: int,
) -> dict[str, dict[str, float]]:
    """Mean average precision of one attribute alone, and accuracy: for pictures as they are, for
    each of `DAMAGES`, and the mean over the damages.

    Args:
        predict: (N, D) embeddings to (N, A) probabilities.
        part: the images to draw from; unreadable ones are passed over.
        count: images to draw, fewer where there are not so many.
    """
    drawn = np.random.default_rng(seed).permutation(len(part))[:count]
    chosen = part.select(np.sort(drawn))
    found = {}
    ways: dict[str, Damage | None] = {UNDAMAGED: None, **DAMAGES}
    for name, damage in tqdm(ways.items(), desc="damages", disable=distributed.rank() > 0):
        rows, vectors = embed_damaged(encoder, chosen, damage)
        probabilities, labels = predict(vectors), chosen.labels[rows]
        means = mean_alone(score_alone(labels, part.vocabulary.names, scorer(probabilities)))
        found[name] = {key: means[key] for key in ("wanted AP", AGREED_AP) if key in means}
        found[name]["accuracy"] = accuracy(probabilities, labels)
    damaged = [scores for name, scores in found.items() if name != UNDAMAGED]
    mean = {key: float(np.mean([scores[key] for scores in damaged])) for key in damaged[0]}
    return {**found, f"mean of the {len(damaged)}": mean}


def scorer(probabilities: np.ndarray) -> ScoreFunction:
    """Scores of queries of one attribute, from (N, A) probabilities."""
    return lambda queries: queries @ probabilities.T


def embed_damaged(
    encoder: Encoder, part: Dataset, damage: Damage | None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the images that can be read, and (n, D) embeddings of them damaged; the noise of an
    image is drawn from its row."""
    height, width = encoder.model.config.height, encoder.model.config.width

    def fit(image: Image.Image, row: int) -> np.ndarray:
        if damage is not None:
            image = damage(image, np.random.default_rng(row))
        return fit_image(image, height, width)

    rows, vectors = [], []
    for batch in load_batches(part.paths, height, width, fit=fit):
        rows.append(batch.rows)
        vectors.append(encoder.embed(batch.pixels))
    return np.concatenate(rows), np.concatenate(vectors)
