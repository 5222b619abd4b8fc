"""The model card of a bundle, written from its config.json."""

from collections.abc import Mapping
from typing import Any

from facesearch.bundle import BundleConfig
from train.measuring.tables import tables

USE = """\
## Intended use

Finding pictures by what they look like in a collection that one may search: research on attribute
retrieval, teaching, sorting one's own photographs.

## What it must not be used for

- Identifying people, or telling whether two pictures show the same person.
- Any decision about a person: access, work, credit, insurance, policing, health.
- Inferring what a picture can't show: character, origin, beliefs, orientation, health.
"""


CELEBA = """\
## Limits

- Labels are annotators' impressions of single photographs, not facts about people; "Male", "Young"
  and "Attractive" most of all. They are noisy: two annotators agree to 95 % on only 12 of the 40
  (arXiv 2210.07356). Some carry prejudice, which the model repeats: its surest wrong "Big_Lips" are
  nearly all Black faces.
- It learned from celebrities; other people and other cameras are served less well.
- Images are expected as CelebA aligns them: one upright face in the middle.

## Data and terms

Trained on CelebA (Liu et al., ICCV 2015), which is for non-commercial research only and may not be
passed on: this bundle holds names of images, numbers computed from them and weights, no image and
no label. The same use is asked of whoever takes it.
"""

OTHERS = """\
## Limits

- It learned from the data set named above, with its labels, and knows nothing beyond it: a model of
  drawn portraits is of no use on photographs.
- An attribute of which that data set has no label can't be asked for.
"""


def model_card(name: str, config: BundleConfig, images: int) -> str:
    """Markdown: what the bundle is, its data, its results and their making, its limits."""
    model, data, training = config.model, config.dataset, config.training
    trained = "fine-tuned" if training.get("finetuned") else "frozen"
    celeba = training.get("data") == "CelebA"
    members = training.get("averaged_heads")
    head = f"{model['head']} head" + (f", the mean of {members}" if members else "")
    lines = [
        f"# {name}",
        "",
        "A bundle of facesearch: attribute-based face search by cosine in one embedding space.",
        "",
        "| | |",
        "| --- | --- |",
        f"| gallery | {images:,} images of {data['name']} ({data['split']} split) |",
        f"| image encoder | {model['backbone']}, {trained}; {model['height']} x {model['width']} "
        f"pixels; {head}; {model['dim']} numbers |",
        f"| backbone weights from | {training.get('backbone_weights', 'unknown')} |",
        f"| trained on | {training.get('data', data['name'])}: {_counts(training)} |",
        *_commands(training),
        f"| attributes without labels | {', '.join(training.get('unlabelled', [])) or 'none'} |",
        "",
        *_results(config.results),
        USE,
        CELEBA if celeba else OTHERS,
    ]
    return "\n".join(lines)


def _results(results: Mapping[str, Any]) -> list[str]:
    if not results.get("methods"):
        return []
    return [
        "## Results",
        "",
        f"The retrieval benchmark on the {results['split']} split ({results['images']:,} images), "
        f"made by `{results['command']}`.",
        "",
        *(f"{table.markdown()}\n" for table in tables(results)),
    ]


def _commands(training: Mapping[str, Any]) -> list[str]:
    """Rows for the commands that trained it, the first one first, and for what they leave out."""
    rows = [f"| trained by | `{training.get('command', 'unknown')}` |"]
    if start := training.get("start"):
        before = f"{start.get('command', 'unknown')} --out {start['bundle']}"
        rows = [*_commands({**start, "command": before}), *rows]
    if note := training.get("note"):
        rows.append(f"| note | {note} |")
    return rows


def _counts(training: Mapping[str, Any]) -> str:
    images = training.get("images", {})
    return (
        f"{images.get('train', 0):,} images; best epoch chosen on {images.get('valid', 0):,} others"
    )
