"""From a trained model to a bundle: readout, gallery, weights that travel, model card."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from facesearch.bundle import BundleConfig, write_bundle
from facesearch.errors import InputError
from facesearch.gallery import Faces
from facesearch.vision.model import FaceModel
from train import distributed
from train.data.dataset import Dataset
from train.learning.features import cached_features
from train.learning.loop import embed
from train.learning.sources import CachedFeatures, Source
from train.measuring.card import model_card

DEFAULT_BUNDLE = Path("weights/trained")
MOST_SHIFT = 5.0  # of a logit, for calibration
TRAVELS = 20_000_000  # bytes of a frozen backbone in half precision that a bundle still carries


def fit_readout(model: FaceModel, source: Source) -> None:
    """Fit the linear readout of attributes to a source's embeddings, where it isn't part of the
    head: logistic regression with a little decay."""
    if not model.readout.weight.requires_grad:
        return
    rows = torch.from_numpy(embed(model, source))
    labels = source.labels
    known = labels >= 0
    readout = nn.Linear(model.config.dim, model.config.attributes)
    nn.init.zeros_(readout.weight)
    nn.init.zeros_(readout.bias)
    optimiser = torch.optim.LBFGS(readout.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        each = F.binary_cross_entropy_with_logits(
            readout(rows), labels.clamp(min=0).float(), reduction="none"
        )
        loss = (each * known).sum() / known.sum() + 1e-6 * readout.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    model.readout.load_state_dict(readout.state_dict())


@torch.no_grad()
def calibrate(model: FaceModel, embeddings: np.ndarray, labels: np.ndarray) -> None:
    """Shift the readout's logits so that as many faces are expected to have each attribute as have
    it, of images that were not learned from: (N, D) embeddings with labels (N, A). Ranking by
    cosine reads the embeddings alone, and stays as it was."""
    logits = model.readout(torch.from_numpy(embeddings)).numpy().astype(np.float64)  # (N, A)
    for column in range(labels.shape[1]):
        known = labels[:, column] >= 0
        present = (labels[known, column] == 1).mean() if known.any() else 0.0
        if 0 < present < 1:
            low, high = -MOST_SHIFT, MOST_SHIFT
            for _ in range(40):
                shift = (low + high) / 2
                expected = (1 / (1 + np.exp(-logits[known, column] - shift))).mean()
                low, high = (shift, high) if expected < present else (low, shift)
            model.readout.bias[column] += shift


def round_matrices(part: nn.Module) -> None:
    """Round a part's matrices to the half precision in which they travel, so that all is computed
    with the very weights that will embed new images. Vectors (norms, biases) stay as they are."""
    with torch.no_grad():
        for tensor in part.state_dict().values():
            if tensor.ndim > 1:
                tensor.copy_(tensor.half())


def publish(
    path: Path,
    model: FaceModel,
    network: nn.Module,
    gallery: Dataset,
    cache: Path,
    config: BundleConfig,
    *,
    ship: bool,
) -> dict[str, str]:
    """Embed a gallery and write the bundle; returns unreadable images, name to reason.

    Args:
        network: the backbone, with the weights that `model` was trained on.
        cache: folder of cached features.
        ship: whether images and labels go along.
    """
    features = cached_features(network, model.config, gallery.paths, cache, label="gallery")
    shown = gallery.select(features.rows)
    embeddings = embed(model, CachedFeatures(features.readable, shown.labels))
    if distributed.rank() == 0:
        own = any(config.training.get(key) for key in ("finetuned", "weights_file"))
        carried = travelling(model, network, own=own)
        tensors = {name: tensor.cpu().numpy() for name, tensor in carried.items()}
        write_bundle(
            path,
            config,
            tensors,
            Faces.named(shown.names, shown.labels if ship else None),
            embeddings,
            model_card(path.name, config, len(shown)),
            dict(zip(shown.names, shown.paths, strict=True)) if ship else None,
        )
    distributed.barrier()
    return {gallery.names[row]: reason for row, reason in features.unreadable.items()}


def check_may_ship(name: str) -> None:
    """`InputError` for the name of a data set that may not be passed on."""
    if name.lower() == "celeba":
        raise InputError(
            "--ship puts images into the bundle, and CelebA's may not be passed on. Leave --ship "
            "out, or say with --name which data set of your own this is."
        )


def travels(network: nn.Module) -> bool:
    """Whether a frozen backbone is small enough for a bundle to carry all the same."""
    return sum(2 * tensor.numel() for tensor in network.state_dict().values()) <= TRAVELS


def travelling(model: FaceModel, network: nn.Module, *, own: bool) -> dict[str, Tensor]:
    """The tensors that a bundle carries: heads, and the backbone if its weights are its own, which
    no download gives, or it is small; the image encoder's matrices in half precision."""
    tensors = {n: t for n, t in model.state_dict().items() if not n.startswith("backbone.")}
    if own or travels(network):
        tensors |= {f"backbone.{name}": tensor for name, tensor in network.state_dict().items()}
    image_side = ("backbone.", "image_head.")
    return {
        name: tensor.half() if name.startswith(image_side) and tensor.ndim > 1 else tensor
        for name, tensor in tensors.items()
    }


def unlabelled(dataset: Dataset) -> list[str]:
    """Attributes of which a data set's labels know nothing."""
    return [
        name for i, name in enumerate(dataset.vocabulary.names) if (dataset.labels[:, i] < 0).all()
    ]
