"""Training curves, as JSON and as a picture."""

import json
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from train.loop import HEADLINE


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
