"""The retrieval benchmark: every method over the same queries, side by side."""

import argparse
import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

from facesearch.bundle import MODEL, Bundle, open_bundle, record_results
from facesearch.errors import InputError
from facesearch.vision.encoder import Encoder, keep_freed_memory
from train import distributed
from train.data.celeba import add_data_argument, open_dataset
from train.data.dataset import Dataset, write_text
from train.learning.baselines import (
    BASELINES,
    encoder_features,
    log_probability_scorer,
    random_order,
    train_baseline,
)
from train.learning.features import CACHE
from train.learning.loop import embed, query_scorer
from train.learning.options import parse_seed
from train.learning.publish import DEFAULT_BUNDLE
from train.learning.recipes import RECIPES
from train.learning.sources import CachedFeatures, open_features
from train.measuring.asking import PARTS, measure_asking
from train.measuring.benchmark import (
    PER_SIZE,
    ScoreFunction,
    draw_query_sets,
    draw_validation_sets,
    mean_alone,
    score_alone,
    score_sets,
)
from train.measuring.breakdown import calibration, compare_groups, each_attribute
from train.measuring.card import model_card
from train.measuring.counted import measure_counts
from train.measuring.curves import plot_methods
from train.measuring.damaged import measure_damages
from train.measuring.tables import tables

KEPT = ("ablation", "residual")  # results that other commands record
DAMAGED = 500  # images


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m train evaluate`."""
    add_data_argument(parser)
    parser.add_argument(
        "--bundle",
        nargs="+",
        default=[str(DEFAULT_BUNDLE)],
        help="bundles to measure (%(default)s); the baselines learn from the first one's features",
    )
    parser.add_argument(
        "--split",
        choices=("test", "valid"),
        help="whose images are searched; test where there are any, else valid",
    )
    parser.add_argument(
        "--queries",
        type=int,
        default=PER_SIZE,
        help="of each mode and size, fewer where there are not so many (%(default)s)",
    )
    parser.add_argument(
        "--no-baselines",
        action="store_true",
        help="leave the baselines out, which need the features of all training images",
    )
    parser.add_argument(
        "--damaged",
        type=int,
        default=DAMAGED,
        metavar="N",
        help="images to see again blurred, noisy, turned, ...; 0 for none (%(default)s)",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        metavar="PART",
        help="measure these alone, in minutes, for the first bundle; with --record the other "
        f"tables stay as they are ({', '.join(PARTS)})",
    )
    parser.add_argument(
        "--seed", type=parse_seed, default=0, metavar="N", help="of the queries and the baselines"
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="put the table into the first bundle's config.json and model card",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument(
        "--png",
        type=Path,
        metavar="FILE",
        default=Path("data/benchmark.png"),
        help="draw the figures by query size into FILE (%(default)s)",
    )
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="folder of cached features (%(default)s)"
    )


def run(args: argparse.Namespace) -> None:
    """Measure random order, the baselines and the bundles, and print the table."""
    if args.queries < 1:
        raise InputError(f"--queries {args.queries}: give 1 or more.")
    if args.damaged < 0:
        raise InputError(f"--damaged {args.damaged}: give 0 or more.")
    keep_freed_memory()
    bundles = {name: open_bundle(name).untaught for name in args.bundle}
    vocabulary = next(iter(bundles.values())).vocabulary
    for name, other in bundles.items():
        if other.vocabulary.names != vocabulary.names:
            raise InputError(
                f"{name} knows other attributes than the first bundle: measure it alone."
            )
    dataset = open_dataset(args.data).labelled_as(vocabulary)
    split = args.split or ("test" if dataset.counts["test"] else "valid")
    searched = dataset.subset(split)
    encoders = {n: Encoder.from_file(b.path / MODEL, b.config.model) for n, b in bundles.items()}

    def features(encoder: Encoder, part: Dataset, label: str) -> CachedFeatures:
        return encoder_features(encoder, part, args.cache, label)

    name, bundle = next(iter(bundles.items()))
    first = encoders[name]
    assert first.model.backbone is not None
    gallery, images = open_features(
        searched, first.model.backbone, first.model.config, args.cache, split
    )
    further = measure_asking(
        bundle,
        embed(first.model, gallery),
        gallery.values,
        images,
        args.queries,
        args.seed,
        args.only or PARTS,
    )
    if args.only:
        finish_part(args, name, bundle, split, further)
        return
    sets = draw_query_sets(gallery.labels.numpy(), args.queries, args.seed)
    methods: dict[str, ScoreFunction] = {
        "random order": random_order(len(gallery.labels), args.seed)
    }
    baselines = {} if args.no_baselines else BASELINES
    if baselines:
        learn = features(first, dataset.subset("train"), "train")
        choose = features(first, dataset.subset("valid"), "valid")
        choose_sets = draw_validation_sets(choose.labels.numpy())
    for baseline, recipe in baselines.items():
        model = train_baseline(
            first.model.config, RECIPES[recipe], learn, choose, choose_sets, args.seed
        )
        rows = embed(model, gallery)
        methods[baseline] = (
            query_scorer(model, rows)
            if recipe == "reference"
            else log_probability_scorer(model, rows)
        )
    embedded = {n: embed(e.model, features(e, searched, split)) for n, e in encoders.items()}
    for each in reversed(encoders):  # the first one, whose figures are looked into, comes last
        methods[each] = query_scorer(encoders[each].model, embedded[each])

    labels = gallery.labels.numpy()
    probabilities = bundle.predict_attributes(embedded[name])
    every = each_attribute(probabilities, labels, vocabulary.names)
    alone = {
        method: score_alone(labels, vocabulary.names, scorer) for method, scorer in methods.items()
    }
    results = {
        "split": split,
        "images": len(gallery.labels),
        "queries": sum(len(s.queries) for s in sets),
        "seed": args.seed,
        "command": command_line(args, split),
        "methods": {method: score_sets(sets, scorer) for method, scorer in methods.items()},
        "alone": {method: mean_alone(scores) for method, scores in alone.items()},
        "attributes": {a: {**alone[name].get(a, {}), **found} for a, found in every.items()},
        "calibration": calibration(probabilities, labels),
        "counts": measure_counts(probabilities, sets, vocabulary),
        "groups": compare_groups(probabilities, labels, vocabulary.names, methods[name]),
        **further,
    }
    if args.damaged:
        results["damaged"] = {
            "images": min(args.damaged, len(searched)),
            "rows": measure_damages(
                first, bundle.predict_attributes, searched, args.damaged, args.seed
            ),
        }
    if distributed.rank() == 0:
        print(f"{results['queries']} queries over {len(labels):,} images of the {split} split")
        print(*(f"\n{table.plain()}" for table in tables(results)), sep="\n")
        plot_methods(args.png, results)
        if args.record:
            kept = {key: bundle.config.results[key] for key in KEPT if key in bundle.config.results}
            config = replace(bundle.config, results={**results, **kept})
            record_results(bundle.path, config, model_card(Path(name).name, config, len(bundle)))
        if args.json is not None:
            args.json.parent.mkdir(parents=True, exist_ok=True)
            write_text(args.json, json.dumps(results, indent=2) + "\n")


def finish_part(
    args: argparse.Namespace, name: str, bundle: Bundle, split: str, found: dict[str, Any]
) -> None:
    """Print the tables of a part, and record it beside what is recorded of the same split.

    The same seed draws the same in a whole run, whose command the card names.
    """
    if distributed.rank() != 0:
        return
    print(*(f"{table.plain()}\n" for table in tables(found)), sep="\n")
    if args.record:
        recorded = bundle.config.results
        if recorded.get("split") != split:
            raise InputError(
                f"{name} has results of the {recorded.get('split')} split: name it with --split, "
                "or measure everything."
            )
        config = replace(bundle.config, results={**recorded, **found})
        record_results(bundle.path, config, model_card(Path(name).name, config, len(bundle)))
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_text(args.json, json.dumps(found, indent=2) + "\n")


def command_line(args: argparse.Namespace, split: str) -> str:
    """The command that measures the same again."""
    named = {
        "data": args.data,
        "split": split,
        "queries": args.queries if args.queries != PER_SIZE else None,
        "damaged": args.damaged if args.damaged != DAMAGED else None,
        "seed": args.seed or None,
    }
    options = [
        word
        for option, value in named.items()
        if value is not None
        for word in (f"--{option}", str(value))
    ]
    if args.no_baselines:
        options.append("--no-baselines")
    return shlex.join(["python", "-m", "train", "evaluate", "--bundle", *args.bundle, *options])
