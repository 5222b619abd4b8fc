"""What each part of the model is worth: variants trained on the same features over three seeds."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.bundle import MODEL, open_bundle, record_results
from facesearch.vision.encoder import Encoder
from train.data.celeba import add_data_argument, open_dataset
from train.learning.baselines import encoder_features, train_baseline
from train.learning.ensemble import MEMBERS, train_ensemble
from train.learning.features import CACHE
from train.learning.loop import embed, query_scorer
from train.learning.publish import DEFAULT_BUNDLE
from train.learning.recipes import RECIPES, Recipe
from train.measuring.benchmark import draw_query_sets, draw_validation_sets, score_sets
from train.measuring.card import model_card
from train.measuring.tables import HEADLINE, tables

SPLIT = "valid"
AVERAGED = f"mean of {len(MEMBERS)} evidence heads, softplus triplets (as shipped)"


def variants() -> dict[str, Recipe]:
    """The recipes to compare; those with an evidence head have the same one, a matrix alone."""
    reference, partial = RECIPES["reference"], replace(RECIPES["partial"], hidden=0)
    masked = replace(reference, signed_queries=True, queries="partial", both_ways=True)
    return {
        "reference recipe: whole queries, hinge triplets": reference,
        "masked queries, hinge triplets": masked,
        "masked queries, softmax triplets": replace(masked, form="softmax", temperature=0.1),
        "evidence head, no triplets": replace(partial, triplet_weight=0.0),
        "evidence head, hinge triplets": replace(partial, form="hinge", margin=0.02),
        "evidence head, softmax triplets": replace(partial, form="softmax"),
        "evidence head, softplus triplets": partial,
        AVERAGED: partial,
    }


def spread(figures: list[float]) -> float:
    """The standard deviation between runs, estimated from them; 0 for a single one."""
    return float(np.std(figures, ddof=1)) if len(figures) > 1 else 0.0


def main() -> None:
    """Train every variant with every seed, print the table, and record it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--bundle", default=str(DEFAULT_BUNDLE), help="whose backbone gives features (%(default)s)"
    )
    parser.add_argument("--epochs", type=int, default=15, help="of each run (%(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each variant (%(default)s)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="of features (%(default)s)")
    parser.add_argument("--record", action="store_true", help="put the table into the model card")
    options = parser.parse_args()

    bundle = open_bundle(options.bundle)
    encoder = Encoder.from_file(bundle.path / MODEL, bundle.config.model)
    dataset = open_dataset(options.data)
    learn, valid = (
        encoder_features(encoder, dataset.subset(split), options.cache, split)
        for split in ("train", SPLIT)
    )
    sizes, labels = encoder.model.config, valid.labels.numpy()
    sets, choose = draw_query_sets(labels), draw_validation_sets(labels)

    figures: dict[str, dict[str, tuple[float, float]]] = {}
    for name, recipe in variants().items():
        recipe = replace(recipe, epochs=options.epochs)
        runs = []
        for seed in range(options.seeds):
            if name == AVERAGED:
                model = train_ensemble(sizes, recipe, learn, valid, choose, seed)
            else:
                model = train_baseline(sizes, recipe, learn, valid, choose, seed)
            runs.append(score_sets(sets, query_scorer(model, embed(model, valid))))
        figures[name] = {
            key: (float(np.mean([run[key] for run in runs])), spread([r[key] for r in runs]))
            for key in HEADLINE
        }
        print(name, *(f"{mean:.3f}" for mean, _ in figures[name].values()), flush=True)
    ablation = {
        "split": SPLIT,
        "seeds": options.seeds,
        "command": f"python benchmarks/ablation.py --bundle {options.bundle}"
        f" --epochs {options.epochs} --seeds {options.seeds}",
        "variants": figures,
    }
    (table,) = tables({"ablation": ablation})
    print(f"\n{table.plain()}")
    if options.record:
        config = replace(bundle.config, results={**bundle.config.results, "ablation": ablation})
        card = model_card(Path(options.bundle).name, config, len(bundle))
        record_results(bundle.path, config, card)


if __name__ == "__main__":
    main()
