"""Pictures of figures: training curves, and the benchmark's methods by query size."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from train.measuring.benchmark import MODES, SIZES
from train.measuring.tables import HEADLINE


def write_curves(folder: Path, history: Sequence[dict[str, float]]) -> None:
    """Write curves.json and curves.png, a row an epoch, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "curves.json").write_text(json.dumps(list(history), indent=2) + "\n", "utf-8")
    epochs = [row["epoch"] for row in history]
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    loss, active, quality = figure.subplots(1, 3)
    loss.plot(epochs, [row["loss"] for row in history], marker=".")
    loss.set(title="Training loss", xlabel="epoch", ylim=(0, None))
    active.plot(epochs, [100 * row["active"] for row in history], marker=".")
    active.set(title="Active triplets, %", xlabel="epoch", ylim=(0, None))
    for name in HEADLINE:
        quality.plot(epochs, [row[name] for row in history], marker=".", label=name)
    quality.set(title="Retrieval on the valid split", xlabel="epoch", ylim=(0, 1))
    quality.legend(fontsize="small")
    for axes in (loss, active, quality):
        axes.grid(alpha=0.3)
    figure.savefig(folder / "curves.png", dpi=120)


def plot_methods(file: Path, results: Mapping[str, Any]) -> None:
    """Draw every method's mAP and P@10 by the number of attributes asked, to a PNG."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    panels = figure.subplots(2, 2, sharex=True)
    for column, mode in enumerate(MODES):
        for line, metric in enumerate(("mAP", "P@10")):
            axes = panels[line][column]
            for name, scores in results["methods"].items():
                keys = [f"{mode} {metric} k={size}" for size in SIZES]
                axes.plot(SIZES, [scores.get(key) for key in keys], marker="o", label=name)
            axes.set(title=f"{mode} queries: {metric}", ylim=(0, 1), xticks=SIZES)
            axes.grid(alpha=0.3)
    for axes in panels[1]:
        axes.set_xlabel("attributes asked")
    panels[0][0].legend(fontsize="small")
    figure.suptitle(f"{results['images']:,} images of the {results['split']} split")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    figure.savefig(part, dpi=110, format=file.suffix[1:] or "png")
    part.replace(file)
