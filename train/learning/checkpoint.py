"""Checkpoints of a training run: safetensors with the run's progress beside the tensors."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from facesearch.errors import InputError
from train import distributed

CHECKPOINT = "checkpoint.safetensors"


@dataclass
class Progress:
    """Where a run stands.

    Attributes:
        step: optimiser steps made; `steps`, `loss`, `active` are sums over the present epoch.
        history: a row an epoch: loss, active share of triplets, and the benchmark on valid.
        best: the best epoch's quality; `best_state` its weights.
    """

    step: int = 0
    steps: int = 0
    loss: float = 0.0
    active: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    best: float = -math.inf
    best_state: dict[str, Tensor] = field(default_factory=dict)

    @property
    def mean_loss(self) -> float:
        return self.loss / self.steps

    @property
    def mean_active(self) -> float:
        return self.active / self.steps

    def add(self, loss: float, active: float) -> None:
        """Count one step."""
        self.step += 1
        self.steps += 1
        self.loss += loss
        self.active += active

    def end_epoch(self, row: dict[str, float], quality: float, state: Mapping[str, Tensor]) -> None:
        """Enter the epoch into the history, and keep its weights if it is the best so far."""
        summary = {"epoch": len(self.history) + 1, "loss": self.mean_loss}
        self.history.append({**summary, "active": self.mean_active, **row})
        self.steps, self.loss, self.active = 0, 0.0, 0.0
        if quality > self.best:
            self.best = quality
            self.best_state = {name: tensor.clone() for name, tensor in state.items()}


def save(
    file: Path,
    run: Mapping[str, object],
    progress: Progress,
    parts: Mapping[str, nn.Module],
    optimiser: Optimizer,
) -> None:
    """Write everything that the run needs to go on, to a temporary name and then renamed."""
    if distributed.rank() > 0:
        return
    tensors = {f"best.{name}": tensor for name, tensor in progress.best_state.items()}
    for part, module in parts.items():
        tensors |= {f"{part}.{name}": tensor for name, tensor in module.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": tensor for name, tensor in state.items()}
    facts = asdict(Progress(**{**vars(progress), "best_state": {}}))
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".part")
    metadata = {"run": json.dumps(run), "progress": json.dumps(facts)}
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    try:
        save_file(whole, fresh, metadata)
        with fresh.open("r+b") as stream:
            os.fsync(stream.fileno())
        fresh.replace(file)
    except (OSError, SafetensorError) as error:
        fresh.unlink(missing_ok=True)
        raise InputError(
            f"{file}: can't be written ({error}). Make room, and go on with --resume from the "
            "checkpoint before."
        ) from None


def restore(
    file: Path, run: Mapping[str, object], parts: Mapping[str, nn.Module], optimiser: Optimizer
) -> Progress:
    """Put a checkpoint of this very run back into place.

    Raises `InputError` if it is damaged, or of a run with other options.
    """
    try:
        with safe_open(file, framework="pt") as stored:
            metadata = stored.metadata() or {}
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise InputError(
            f"{file}: damaged ({error}). Remove it, or train without --resume."
        ) from None
    if not {"run", "progress"} <= set(metadata):
        raise InputError(f"{file}: not a checkpoint. Remove it, or train without --resume.")
    before, now = json.loads(metadata["run"]), json.loads(json.dumps(run))
    differing = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
    if differing:
        key = differing[0]
        raise InputError(
            f"{file}: of a run with {key} = {before.get(key)}, and this one has {now.get(key)}. "
            "Give the same options to resume it, or train without --resume."
        )

    def part(prefix: str) -> dict[str, Tensor]:
        return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}

    for name, module in parts.items():
        module.load_state_dict(part(f"{name}."))
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in part("optimiser.").items():
        index, _, key = name.partition(".")
        state.setdefault(int(index), {})[key] = tensor
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})
    facts = json.loads(metadata["progress"])
    return Progress(**{**facts, "best_state": part("best.")})
