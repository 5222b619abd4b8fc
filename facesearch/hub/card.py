"""The card of a bundle on the Hub: its front matter, out of config.json, before its own text."""

import re
from typing import Any

from facesearch.bundle import Bundle
from facesearch.bundle.contents import CARD

CELEBA = "CelebA"
CELEBA_ON_THE_HUB = "flwrlabs/celeba"
CELEBA_LICENCE: dict[str, Any] = {
    "license": "other",
    "license_name": "celeba-non-commercial-research",
    "license_link": "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
}
TASK = "image-feature-extraction"
TAGS = ("facesearch", "face-search", "attribute-based-retrieval", "image-retrieval")
FIGURES = {"wanted mAP", "wanted P@10", "mixed mAP", "mixed P@10"}
TYPES = {"mAP": "mean_average_precision", "P@10": "precision_at_10"}


def card(bundle: Bundle, repo: str) -> str:
    """The README.md of a bundle's repository: front matter, then the card that the bundle has."""
    text = (bundle.path / CARD).read_text("utf-8")
    own = re.sub(r"\A---\n.*?\n---\n+", "", text, flags=re.DOTALL)  # if it came from the Hub
    return f"---\n{front_matter(bundle, repo)}\n---\n\n{own}"


def front_matter(bundle: Bundle, repo: str) -> str:
    """What the Hub reads of a bundle's card, as YAML."""
    from huggingface_hub import ModelCardData

    celeba = of_celeba(bundle)
    base = re.match(r"[\w.-]+/[\w.-]+", str(bundle.config.training.get("backbone_weights", "")))
    data = ModelCardData(
        **licence(bundle),
        library_name="facesearch",
        pipeline_tag=TASK,
        tags=list(TAGS),
        datasets=[CELEBA_ON_THE_HUB] if celeba else None,
        base_model=base[0] if base else None,
        model_name=repo.split("/")[1],
        eval_results=_figures(bundle),
    )
    return data.to_yaml()


def licence(bundle: Bundle) -> dict[str, Any]:
    """The fields of the licence: CelebA's terms for what learned from it, and none where people
    are shown who have not been asked."""
    if of_celeba(bundle):
        return CELEBA_LICENCE
    return {} if bundle.gallery.faces.detections is not None else {"license": "apache-2.0"}


def of_celeba(bundle: Bundle) -> bool:
    """Whether the model learned from CelebA, or the gallery is of it."""
    names = (bundle.config.training.get("data", ""), bundle.config.dataset.get("name", ""))
    return any(str(name).lower() == CELEBA.lower() for name in names)


def _figures(bundle: Bundle) -> list[Any] | None:
    """The bundle's own line of the benchmark's table, which comes last there."""
    from huggingface_hub import EvalResult

    results, data = bundle.config.results, bundle.config.training.get("data")
    if not results.get("methods") or not data:
        return None
    figures = list(results["methods"].values())[-1]
    kind = CELEBA_ON_THE_HUB if data == CELEBA else re.sub(r"\W+", "-", data.lower())
    return [
        EvalResult(
            task_type=TASK,
            task_name="Attribute-based face retrieval",
            dataset_type=kind,
            dataset_name=data,
            dataset_split=results["split"],
            metric_type=TYPES[name.split()[1]],
            metric_name=name,
            metric_value=round(figures[name], 4),
        )
        for name in sorted(FIGURES & set(figures), reverse=True)
    ] or None
