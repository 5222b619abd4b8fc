"""What the numbers of an embedding beyond its log-probabilities are worth.

For likeness: the share of labels in which the 24 nearest agree with a face, and how often its copy,
damaged at random as in training, is among them, or nearest of all. For attributes taught from ten
faces with and ten without: mean average precision. Compared are none of these numbers; principal
components of the features, before and after what the logits explain is taken away; and a linear map
learned by the batch-all triplet loss: a face's damaged copy, and faces that have what it has of
a few attributes, against the others in a batch.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.attributes import CELEBA
from facesearch.bundle import MODEL, open_bundle, record_results
from facesearch.bundle.asking import BEYOND
from facesearch.vision.encoder import Encoder
from facesearch.vision.loading import fit_image, load_batches
from facesearch.vision.model import EvidenceHead
from train.data.celeba import add_data_argument, open_dataset
from train.data.damages import damage
from train.data.dataset import Dataset
from train.learning.batch_all_triplet import batch_all_triplet
from train.learning.features import CACHE
from train.learning.publish import DEFAULT_BUNDLE
from train.learning.queries import draw_partial, fails
from train.learning.residual import BOUND, SPREAD, principal_components, spread_rows
from train.learning.sources import open_features
from train.measuring.benchmark import AGREED
from train.measuring.card import model_card
from train.measuring.likeness import measure_likeness
from train.measuring.tables import tables
from train.measuring.taught import taught_precision

Project = Callable[[np.ndarray], np.ndarray]  # (N, F) to (N, R)

SPLIT = "valid"
ASKING = 500  # faces that ask for more like them
ALTERED = 2048  # training images that triplets see with an altered copy
EPOCHS, BATCH, MARGIN = 10, 256, 0.2


def main() -> None:
    """Measure every variant, print the table, and record it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--bundle", default=str(DEFAULT_BUNDLE), help="whose features (%(default)s)"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[16, 32, 47], help="numbers to add (%(default)s)"
    )
    parser.add_argument(
        "--weight", type=float, default=BEYOND, help="of them in likeness (%(default)s)"
    )
    parser.add_argument("--cache", type=Path, default=CACHE, help="of features (%(default)s)")
    parser.add_argument("--record", action="store_true", help="put the table into the model card")
    options = parser.parse_args()

    bundle = open_bundle(options.bundle)
    encoder = Encoder.from_file(bundle.path / MODEL, bundle.config.model)
    head, network = encoder.model.image_head, encoder.model.backbone
    assert isinstance(head, EvidenceHead)
    assert network is not None
    dataset = open_dataset(options.data)
    parts, features = {}, {}
    train = dataset.subset("train")
    for split, part in (
        ("train", train.select(spread_rows(len(train)))),
        (SPLIT, dataset.subset(SPLIT)),
    ):
        source, parts[split] = open_features(
            part, network, encoder.model.config, options.cache, split
        )
        features[split] = np.asarray(source.values, np.float32)
    labels = parts[SPLIT].labels
    rng = np.random.default_rng(0)
    rows = np.sort(rng.permutation(len(labels))[:ASKING])
    learned = np.sort(rng.permutation(len(parts["train"]))[:ALTERED])
    copies = np.zeros_like(features[SPLIT])
    copies[rows] = altered_features(encoder, parts[SPLIT].select(rows))
    altered = altered_features(encoder, parts["train"].select(learned))

    logits = {name: head_logits(head, values) for name, values in features.items()}
    evidence, copied = (
        log_probabilities(logits[SPLIT]),
        log_probabilities(head_logits(head, copies)),
    )
    signs = 2 / (1 + np.exp(-logits[SPLIT])) - 1  # (N, A)
    asked = np.concatenate([signs.clip(0), (-signs).clip(0)], axis=1)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)

    found = {}

    def measure(name: str, numbers: np.ndarray, theirs: np.ndarray) -> None:
        """Of a variant's numbers (N, R), and those of the altered copies."""
        rows_of = np.concatenate([evidence, numbers], axis=1)
        asking = np.concatenate([asked, options.weight * numbers], axis=1)
        like = measure_likeness(
            asking, rows_of, np.concatenate([copied, theirs], axis=1), labels, rows
        )
        own = {a: own_columns(a) for a in AGREED}
        found[name] = {
            "taught mAP": taught_precision(rows_of, labels, AGREED, own),
            "labels agree": like.agreement,
            "copy in 24": like.recall,
            "copy first": like.first,
        }
        print(name, *(f"{value:.4f}" for value in found[name].values()), flush=True)

    nothing = np.zeros((len(labels), 0), np.float32)
    measure("log-probabilities alone", nothing, nothing)
    explained = explain(logits["train"], features["train"])
    rest = {split: values - explained(logits[split]) for split, values in features.items()}
    rest_of_copies = copies - explained(head_logits(head, copies))
    learn = features["train"]
    for size in options.sizes:
        project = components_of(learn, size)
        measure(f"{size} components", project(features[SPLIT]), project(copies))
        project = components_of(rest["train"], size)
        name = f"{size} components of what logits leave"
        measure(name, project(rest[SPLIT]), project(rest_of_copies))
        project = learn_by_triplets(learn[learned], altered, parts["train"].labels[learned], size)
        measure(f"{size} by batch-all triplets", project(features[SPLIT]), project(copies))
    results = {
        "split": SPLIT,
        "command": f"python benchmarks/residual.py --bundle {options.bundle}",
        "rows": found,
    }
    (table,) = tables({"residual": results})
    print(f"\n{table.plain()}")
    if options.record:
        config = replace(bundle.config, results={**bundle.config.results, "residual": results})
        card = model_card(Path(options.bundle).name, config, len(bundle))
        record_results(bundle.path, config, card)


def own_columns(name: str) -> list[int]:
    """The two columns of an attribute among the log-probabilities."""
    return [CELEBA.index(name), len(CELEBA) + CELEBA.index(name)]


def altered_features(encoder: Encoder, part: Dataset) -> np.ndarray:
    """(N, F) features of readable images, each damaged at random by its row."""
    config = encoder.model.config

    def alter(image: Image.Image, row: int) -> np.ndarray:
        return fit_image(damage(image, np.random.default_rng(row)), config.height, config.width)

    batches = load_batches(part.paths, config.height, config.width, fit=alter)
    return np.concatenate([encoder.extract(batch.pixels).cpu().numpy() for batch in batches])


@torch.inference_mode()
def head_logits(head: EvidenceHead, features: np.ndarray) -> np.ndarray:
    """(N, A) logits of (N, F) features."""
    return head.logits(head.widen(torch.from_numpy(features))).numpy()


def log_probabilities(logits: np.ndarray) -> np.ndarray:
    """(N, A) logits to (N, 2 A) log p and log (1 - p), bounded as in an embedding."""
    both = np.concatenate([-np.logaddexp(0, -logits), -np.logaddexp(0, logits)], axis=1)
    return both.clip(EvidenceHead.FLOOR)


def explain(logits: np.ndarray, features: np.ndarray) -> Project:
    """The least-squares map from (N, A) logits to (N, F) features."""

    def design(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values, np.ones((len(values), 1), values.dtype)], axis=1)

    weights = np.linalg.lstsq(design(logits), features, rcond=None)[0]
    return lambda values: design(values) @ weights


def components_of(features: np.ndarray, size: int) -> Project:
    """The first principal components, spread and bounded as in an embedding."""
    mean, components = (part.numpy() for part in principal_components(features, size))
    return bounded(components, -components @ mean)


def bounded(weight: np.ndarray, bias: np.ndarray) -> Project:
    """A linear map to numbers of unit variance, (R, F) and (R,), as an embedding holds them."""

    def project(features: np.ndarray) -> np.ndarray:
        numbers = SPREAD * (features @ weight.T + bias)  # (N, R)
        return (BOUND * np.tanh(numbers / BOUND)).astype(np.float32)

    return project


def learn_by_triplets(
    features: np.ndarray, altered: np.ndarray, labels: np.ndarray, size: int
) -> Project:
    """A linear map learned by the batch-all triplet loss from (N, F) features, those of altered
    copies, and labels (N, A); started from principal components."""
    mean, components = principal_components(features, size)
    layer = nn.Linear(features.shape[1], size)
    with torch.no_grad():
        layer.weight.copy_(components)
        layer.bias.copy_(-components @ mean)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=1e-3, weight_decay=0.02)
    generator = torch.Generator().manual_seed(0)
    values, copies, known = map(torch.from_numpy, (features, altered, labels))
    steps = len(values) // BATCH
    for step in range(EPOCHS * steps):
        if step % steps == 0:
            order = torch.randperm(len(values), generator=generator)
        batch = order[step % steps * BATCH :][:BATCH]
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * (1 - step / (EPOCHS * steps))
        mine = F.normalize(layer(values[batch]), dim=1)
        theirs = F.normalize(layer(copies[batch]), dim=1)
        others = ~torch.eye(len(batch), dtype=torch.bool)
        loss = batch_all_triplet(mine, theirs, others, MARGIN).loss
        queries = draw_partial(known[batch], generator)
        failing = fails(known[batch], queries)  # (B, Q): image b fails query q
        partners = share(~failing, generator)  # (B,) an image that satisfies query q
        loss = loss + batch_all_triplet(mine, mine[partners], failing[partners].T, MARGIN).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    spread = (features @ weight.T + bias).std(axis=0)
    return bounded(weight / spread[:, None], bias / spread)


def share(satisfying: Tensor, generator: torch.Generator) -> Tensor:
    """(Q,) for each query an image of (B, Q) that satisfies it, another than q where there is."""
    chances = satisfying.float() + 1e-6
    chances.fill_diagonal_(1e-6)
    return torch.multinomial(chances.T, 1, generator=generator)[:, 0]


if __name__ == "__main__":
    main()
