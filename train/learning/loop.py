"""The training loop: one epoch after another over cached features or photographs."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from facesearch.errors import InputError
from facesearch.vision.encoder import choose_device
from facesearch.vision.model import FaceModel
from train import distributed
from train.learning.batch_all_triplet import batch_all_triplet
from train.learning.checkpoint import CHECKPOINT, Progress, restore, save
from train.learning.queries import draw_partial, fails, signs
from train.learning.recipes import Recipe
from train.learning.sources import Source
from train.measuring.benchmark import QuerySet, score_sets
from train.measuring.tables import HEADLINE

Tensors = tuple[Tensor, ...] | list[Tensor]
BATCH = 256  # of images that are only embedded


def train(
    model: FaceModel,
    recipe: Recipe,
    source: Source,
    valid: Source,
    valid_sets: list[QuerySet],
    *,
    seed: int,
    targets: Tensor | None = None,
    folder: Path | None = None,
    run: dict[str, object] | None = None,
    resume: bool = False,
    save_every: int = 100,
    report: Callable[[dict[str, float]], None] = lambda row: None,
) -> list[dict[str, float]]:
    """Train `model` in place, to the weights of its best epoch on `valid`; returns the history.

    Args:
        source, valid: the images to learn from, and those to choose the best epoch by.
        valid_sets: the benchmark's queries over `valid`.
        targets: (N, 40) in 0 to 1, for the cross-entropy in place of the labels of `source`.
        folder: for a checkpoint, every `save_every` steps and each epoch; None keeps none.
        run: what makes this run what it is; a checkpoint of another run is refused.
        resume: go on from the checkpoint in `folder`, if there is one, to the same result.
        report: called with each epoch's row.

    Under torchrun each process computes its share of every batch.
    """
    device = choose_device()
    model.to(device).to(memory_format=torch.channels_last)
    averaged = AveragedModel(model, multi_avg_fn=moving_average(recipe.ema), use_buffers=True)
    judged: FaceModel = averaged.module if recipe.ema else model  # type: ignore[assignment]
    optimiser = make_optimiser(model, recipe)
    parts = {"model": model, "averaged": averaged} if recipe.ema else {"model": model}
    progress = Progress()
    if folder is not None and resume and (folder / CHECKPOINT).exists():
        progress = restore(folder / CHECKPOINT, run or {}, parts, optimiser)
    n, world = len(source.labels), distributed.size()
    batch_size = max(min(recipe.batch_size, n) // world, 1) * world
    if n < batch_size:
        raise InputError(f"{n} training images are too few for {world} processes.")
    per_epoch = n // batch_size
    total = per_epoch * recipe.epochs
    while progress.step < total:
        epoch, start = divmod(progress.step, per_epoch)
        order = np.random.default_rng([seed, epoch]).permutation(n)[: per_epoch * batch_size]
        batches = order.reshape(per_epoch, batch_size)[start:]
        mine = [np.array_split(rows, world)[distributed.rank()] for rows in batches]
        model.train()
        bar = tqdm(
            zip(batches, source.stream(mine, (seed, epoch)), strict=True),
            desc=f"epoch {epoch + 1}/{recipe.epochs}",
            total=per_epoch,
            initial=start,
            unit="batch",
            leave=False,
            disable=distributed.rank() > 0,
        )
        for rows, inputs in bar:
            torch.manual_seed(seed * 1_000_003 + progress.step)  # of a backbone's own dropout
            generator = torch.Generator().manual_seed(torch.initial_seed())
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * one_cycle(progress.step / total)
            features = source.features(model, inputs.to(device))  # (b, F)
            keep = torch.rand(len(rows), features.shape[1], generator=generator) >= recipe.dropout
            features = features * distributed.share(keep).to(device) / (1 - recipe.dropout)
            embeddings = distributed.gather(model.image_head(features))  # (B, D)
            labels = source.labels[rows].to(device)
            soft = None if targets is None else targets[rows].to(device)
            loss, active = objective(model, embeddings, labels, recipe, generator, soft)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            distributed.average_gradients(model)
            optimiser.step()
            if recipe.ema:
                averaged.update_parameters(model)
            progress.add(loss.item(), active)
            bar.set_postfix(loss=f"{progress.mean_loss:.4f}", active=f"{progress.mean_active:.0%}")
            unfinished = progress.steps < per_epoch  # else it is validated first
            if folder is not None and unfinished and progress.step % save_every == 0:
                save(folder / CHECKPOINT, run or {}, progress, parts, optimiser)
        scores = score_sets(valid_sets, query_scorer(judged, embed(judged, valid)))
        row = {name: scores[name] for name in HEADLINE}
        quality = sum(row.values())
        progress.end_epoch(row, quality, judged.state_dict())
        report(progress.history[-1])
        if folder is not None:
            save(folder / CHECKPOINT, run or {}, progress, parts, optimiser)
    model.load_state_dict(progress.best_state)
    return progress.history


def objective(
    model: FaceModel,
    embeddings: Tensor,
    labels: Tensor,
    recipe: Recipe,
    generator: torch.Generator,
    targets: Tensor | None = None,
) -> tuple[Tensor, float]:
    """The loss of a batch, a scalar, and the share of its triplets that are active.

    Args:
        embeddings: (B, D) unit rows of images with labels (B, A).
        generator: on the CPU, for drawing queries.
        targets: (B, 40) in 0 to 1, for the cross-entropy in place of labels.
    """
    loss, active = embeddings.sum() * 0, 0.0
    if recipe.triplet_weight:
        drawn = (
            signs(labels)
            if recipe.queries == "whole"
            else draw_partial(labels.cpu(), generator).to(labels.device)
        )
        queries = model.attributes(drawn)  # (B, D)
        negatives = fails(labels, drawn) & drawn.any(dim=1)[:, None]  # (B, B)
        options = (recipe.margin, recipe.form, recipe.temperature)
        triplets, active = batch_all_triplet(embeddings, queries, negatives, *options)
        if recipe.both_ways:
            back, _ = batch_all_triplet(queries, embeddings, fails(labels, drawn).T, *options)
            triplets = (triplets + back) / 2
        loss = loss + recipe.triplet_weight * triplets
    if recipe.bce_weight:
        if targets is None:
            targets = labels.float().clamp(min=0)
        each = F.binary_cross_entropy_with_logits(
            model.readout(embeddings), targets, reduction="none"
        )
        known = labels >= 0
        loss = loss + recipe.bce_weight * (each * known).sum() / known.sum().clamp(min=1)
    return loss, active


def moving_average(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential moving average for `AveragedModel`, shorter at first: a long one would hold on
    to the untrained weights."""

    @torch.no_grad()
    def update(averages: Tensors, values: Tensors, steps: Tensor | int) -> None:
        new = 1 - min(decay, (1 + int(steps)) / (10 + int(steps)))
        for average, value in zip(averages, values, strict=True):
            if average.is_floating_point():
                average.lerp_(value, new)
            else:
                average.copy_(value)

    return update


def one_cycle(done: float, warm: float = 0.2) -> float:
    """Learning rate as a share of its peak at `done`, 0 to 1, of the run: up, then down to 0."""
    if done < warm:
        return 0.04 + 0.96 * (1 - math.cos(math.pi * done / warm)) / 2
    return (1 + math.cos(math.pi * (done - warm) / (1 - warm))) / 2


def make_optimiser(model: FaceModel, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW over what is trained; matrices decay, biases and norms do not."""
    groups = []
    peaks = {"backbone": recipe.backbone_lr, "attributes": recipe.query_lr}
    for part, module in model.named_children():
        peak = peaks.get(part, recipe.lr)
        named = [parameter for parameter in module.parameters() if parameter.requires_grad]
        for flat, decay in ((False, recipe.weight_decay), (True, 0.0)):
            chosen = [parameter for parameter in named if (parameter.ndim < 2) == flat]
            if chosen:
                groups.append({"params": chosen, "peak": peak, "weight_decay": decay})
    return torch.optim.AdamW(groups, lr=0.0)


@torch.inference_mode()
def embed(model: FaceModel, source: Source) -> np.ndarray:
    """(N, D) float32 unit rows of all images of a source, its parts shared out to the processes."""
    model.eval()
    n, world = len(source.labels), distributed.size()
    mine = np.array_split(np.arange(n), world)[distributed.rank()]
    # Batches of one size, as the last bits of a row may depend on it: a shard's rows are then those
    # of a run over all images.
    chunks = [mine[start : start + BATCH] for start in range(0, max(len(mine), 1), BATCH)]
    device = next(model.parameters()).device
    rows = []
    for chunk, inputs in zip(chunks, source.stream(chunks, None), strict=True):
        features = source.features(model, inputs.to(device))
        padded = F.pad(features, (0, 0, 0, BATCH - len(features)))
        rows.append(model.image_head(padded)[: len(chunk)].cpu())
    return distributed.collect(torch.cat(rows)).numpy()


@torch.inference_mode()
def probabilities(model: FaceModel, embeddings: np.ndarray) -> np.ndarray:
    """(N, 40) probabilities of the attributes, read from (N, D) embeddings."""
    rows = torch.from_numpy(embeddings).to(model.readout.weight.device)
    return model.readout(rows).sigmoid().cpu().numpy()


def query_scorer(model: FaceModel, embeddings: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Scores (Q, A) queries against (N, D) embeddings by cosine: (Q, N)."""

    @torch.inference_mode()
    def scores(queries: np.ndarray) -> np.ndarray:
        device = next(model.parameters()).device
        encoded = model.attributes(torch.from_numpy(queries).float().to(device)).cpu().numpy()
        return encoded @ embeddings.T

    return scores
