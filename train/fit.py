"""Train a model, and write its bundle with the gallery of one split."""

import argparse
import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from timm.layers import convert_sync_batchnorm
from tqdm import tqdm

from facesearch.attributes import ATTRIBUTES
from facesearch.backbones import LITE0, Pretrained, check_size, pretrained_backbone
from facesearch.bundle import BundleConfig, check_target
from facesearch.encoder import choose_device, keep_freed_memory
from facesearch.errors import InputError
from facesearch.model import FaceModel, ModelConfig
from train import distributed
from train.benchmark import draw_query_sets, score_sets
from train.celeba import add_data_argument, open_dataset
from train.curves import write_curves
from train.dataset import SPLITS, Dataset
from train.ensemble import MEMBERS, train_ensemble
from train.features import CACHE, cached_features
from train.loop import embed, query_scorer, train
from train.prepare import LISTED, find_unreadable
from train.publish import (
    DEFAULT_BUNDLE,
    check_may_ship,
    fit_readout,
    publish,
    round_backbone,
    travels,
    unlabelled,
)
from train.recipes import FINETUNE, RECIPES, Recipe
from train.sources import CachedFeatures, Photographs, Source, small_size
from train.tables import HEADLINE

VALIDATION_QUERIES = 100  # of each mode and size, each epoch
OVERRIDES = {
    "epochs": "passes over the training images",
    "batch_size": "images a step; more means more negatives for each triplet",
    "lr": "peak learning rate of the heads",
    "backbone_lr": "peak learning rate of a backbone that is trained (--finetune)",
    "query_lr": "peak learning rate of the attribute encoder; 0 keeps it as it starts",
    "margin": "by how much, in cosine, a positive should beat each negative",
    "form": "hinge, softplus or softmax triplets",
    "temperature": "of softplus and softmax, in cosine: the smaller, the more like a hinge",
    "triplet_weight": "of the triplet loss; 0 leaves it out",
    "bce_weight": "of binary cross-entropy; 0 leaves it out",
    "smoothing": "of the labels in the cross-entropy, 0 to 0.5",
    "dropout": "of features, 0 to 1",
    "weight_decay": "of AdamW",
    "ema": "decay a step of averaged weights, which are then the ones kept; 0 for none",
    "small": "share of the epochs, the first ones, that see smaller images (--finetune)",
    "dim": "numbers in an embedding",
    "hidden": "hidden units of the image head, 0 for none",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m train fit`."""
    add_data_argument(parser)
    parser.add_argument(
        "--recipe",
        choices=RECIPES,
        default="partial",
        help="partial: queries of a few attributes, the rest unknown (default); reference: whole "
        "forty-attribute queries on ResNet50; classifiers: no triplets, as a baseline",
    )
    add_backbone_arguments(parser)
    parser.add_argument(
        "--finetune",
        action="store_true",
        help="train the backbone too: far better faces, and an hour or more on a CPU",
    )
    parser.add_argument(
        "--mirrored",
        action="store_true",
        help="average each image's features with its mirror image's: slightly better faces, at "
        "half the speed whenever images are read",
    )
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_BUNDLE, help="folder of the bundle (%(default)s)"
    )
    parser.add_argument(
        "--name", default="CelebA", help="what the data set is called (%(default)s)"
    )
    parser.add_argument(
        "--gallery",
        choices=(*SPLITS, "all"),
        default="valid",
        help="the split whose images are searched (%(default)s)",
    )
    parser.add_argument(
        "--ship",
        action="store_true",
        help="put the gallery's images and labels into the bundle; only for a data set that may be "
        "passed on, which CelebA may not",
    )
    parser.add_argument(
        "--seed", type=parse_seed, default=0, metavar="N", help="equal seeds train equal models"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint of a run that was stopped"
    )
    for name, text in OVERRIDES.items():
        kind = type(getattr(Recipe(), name))
        tuned = f", --finetune {FINETUNE[name]}" if name in FINETUNE else ""
        values = ", ".join(f"{r} {getattr(recipe, name)}" for r, recipe in RECIPES.items())
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=kind, metavar="X", help=f"{text} ({values}{tuned})"
        )


def add_backbone_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that choose a backbone and its input."""
    parser.add_argument(
        "--backbone",
        help=f"resnet50 (the default where its weights can be had), {LITE0} (the default "
        "elsewhere), or any classification network of torchvision or timm",
    )
    parser.add_argument(
        "--weights", type=Path, help="a file of the backbone's weights, instead of downloading them"
    )
    parser.add_argument(
        "--size",
        type=parse_size,
        metavar="HxW",
        help="pixels of the images as the backbone sees them (224x192; 192x160 with --finetune)",
    )
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="folder of cached features (%(default)s)"
    )


def parse_size(text: str) -> tuple[int, int]:
    """ "224x192" to (224, 192); argparse tells of anything else."""
    height, _, width = text.partition("x")
    if not (height.isdigit() and width.isdigit() and int(height) >= 32 and int(width) >= 32):
        raise argparse.ArgumentTypeError(f"{text!r}: give height x width of 32 or more, as 224x192")
    return int(height), int(width)


def parse_seed(text: str) -> int:
    """A whole number from 0 to 2^32 - 1; argparse tells of anything else."""
    if not text.isdigit() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r}: give a whole number from 0 to {2**32 - 1}")
    return int(text)


def choose_recipe(args: argparse.Namespace) -> Recipe:
    """The named recipe with what the options change; `InputError` for values out of range."""
    given = {name: getattr(args, name) for name in OVERRIDES if getattr(args, name) is not None}
    changes = {**(FINETUNE if args.finetune else {}), **given, "mirrored": args.mirrored}
    recipe = replace(RECIPES[args.recipe], **changes)
    for name, low, high in (
        ("epochs", 1, 10_000),
        ("batch_size", 2, 65_536),
        ("lr", 1e-8, 10),
        ("backbone_lr", 0, 10),
        ("query_lr", 0, 10),
        ("temperature", 1e-6, 100),
        ("margin", 0, 2),
        ("triplet_weight", 0, 1e6),
        ("bce_weight", 0, 1e6),
        ("smoothing", 0, 0.5),
        ("dropout", 0, 0.95),
        ("weight_decay", 0, 10),
        ("ema", 0, 0.99999),
        ("small", 0, 1),
        ("hidden", 0, 65_536),
        ("dim", 2 * len(ATTRIBUTES) + 2 if recipe.head == "evidence" else 2, 4096),
    ):
        if not low <= getattr(recipe, name) <= high:
            option = name.replace("_", "-")
            raise InputError(f"--{option} {getattr(recipe, name)}: give {low} to {high}.")
    if recipe.form not in ("hinge", "softplus", "softmax"):
        raise InputError(f"--form {recipe.form}: give hinge, softplus or softmax.")
    if not recipe.triplet_weight and not recipe.bce_weight:
        raise InputError("--triplet-weight 0 --bce-weight 0: there is nothing left to learn from.")
    return recipe


def choose_backbone(args: argparse.Namespace) -> tuple[str, Pretrained]:
    """The backbone that the options name; ResNet50 or, without its weights, EfficientNet-Lite0."""
    if args.backbone or args.weights or args.recipe == "reference":
        name = args.backbone or "resnet50"
        return name, pretrained_backbone(name, args.weights)
    try:
        return "resnet50", pretrained_backbone("resnet50")
    except InputError:
        if distributed.rank() == 0:
            print(f"The weights of resnet50 can't be had here: using {LITE0} instead.")
        return LITE0, pretrained_backbone(LITE0)


def run(args: argparse.Namespace) -> None:
    """Train, and write the bundle; its training curves and the checkpoint lie beside it."""
    recipe = choose_recipe(args)
    several = args.finetune and distributed.size() > 1
    if several and choose_device().type == "cpu":
        raise InputError(
            "--finetune in several processes needs GPUs: on CPUs each would normalise its own part "
            "of a batch, and train another model. Run it in one process, which uses all cores."
        )
    if args.ship:
        check_may_ship(args.name)
    keep_freed_memory()
    check_target(args.out)
    dataset = open_dataset(args.data)
    parts = {split: dataset.subset(split) for split in ("train", "valid")}
    gallery = dataset if args.gallery == "all" else dataset.subset(args.gallery)
    name, backbone = choose_backbone(args)
    if several:  # batch statistics over the whole batch, as in one process
        backbone = replace(backbone, network=convert_sync_batchnorm(backbone.network))
    height, width = args.size or ((192, 160) if args.finetune else (224, 192))
    check_size(name, backbone.network, height, width)
    if args.finetune and recipe.small:
        check_size(name, backbone.network, *small_size(height, width))
    config = recipe.model_config(
        ModelConfig(name, backbone.features, height, width, backbone.mean, backbone.std)
    )
    if not args.finetune and (args.weights is not None or travels(backbone.network)):
        round_backbone(backbone.network)
    sources: dict[str, Source] = {}
    for split, part in parts.items():
        if args.finetune:
            bad = find_unreadable(part)
            if len(bad) == len(part):
                raise InputError(
                    f"{part.image_dir}: not one image of the {split} split is readable."
                )
            part = part.select(np.array([i for i, n in enumerate(part.names) if n not in bad]))
            sources[split] = Photographs(
                backbone.network,
                part.paths,
                part.labels,
                (height, width),
                small_epochs=int(recipe.small * recipe.epochs),
            )
        else:
            features = cached_features(
                backbone.network, config, part.paths, args.cache, label=split
            )
            bad = {part.names[row]: reason for row, reason in features.unreadable.items()}
            part = part.select(features.rows)
            sources[split] = CachedFeatures(features.readable, part.labels)
        print_unreadable(bad)
        parts[split] = part
    facts = {
        "data": args.name,
        "recipe": args.recipe,
        "seed": args.seed,
        "finetuned": args.finetune,
        "backbone_weights": backbone.source,
        "weights_file": args.weights is not None,
        "unlabelled": unlabelled(parts["train"].labels),
        "images": {split: len(part) for split, part in parts.items()},
        **asdict(recipe),
    }

    torch.manual_seed(args.seed)
    sets = draw_query_sets(parts["valid"].labels, VALIDATION_QUERIES, seed=1)
    model = FaceModel(config, backbone.network if args.finetune else None)
    folder = args.out.with_name(f"{args.out.name}-training")
    history = train(
        model,
        recipe,
        sources["train"],
        sources["valid"],
        sets,
        seed=args.seed,
        folder=folder,
        run={
            **facts,
            "model": asdict(config),
            "weights": backbone.fingerprint,
            "names of images": names_digest(parts["train"], parts["valid"]),
        },
        resume=args.resume,
        report=print_row,
    )
    fit_readout(model, sources["train"])

    members = 0
    if args.finetune:
        round_backbone(backbone.network)
        if recipe.head == "evidence" and not recipe.query_lr:
            members = len(MEMBERS)
            for split, part in parts.items():
                found = cached_features(
                    backbone.network, config, part.paths, args.cache, label=split
                )
                sources[split] = CachedFeatures(found.values, part.labels)
            heads = replace(recipe, **{n: getattr(RECIPES[args.recipe], n) for n in FINETUNE})
            model = train_ensemble(
                config, heads, sources["train"], sources["valid"], sets, args.seed
            )
    scorer = query_scorer(model, embed(model, sources["valid"]))
    command = (
        "python -m train fit"
        + (f" --data {args.data}" if args.data else "")
        + (f" --name {shlex.quote(args.name)}" if args.name != "CelebA" else "")
        + f" --recipe {args.recipe} --backbone {name}"
        + " --finetune" * args.finetune
        + " --mirrored" * args.mirrored
        + f" --size {height}x{width} --epochs {recipe.epochs} --seed {args.seed}"
        + " --ship" * args.ship
    )
    results = {
        "split": "valid",
        "images": len(parts["valid"]),
        "command": command,
        "methods": {"this bundle": score_sets(draw_query_sets(parts["valid"].labels), scorer)},
    }
    bad = publish(
        args.out,
        model,
        backbone.network,
        gallery,
        args.cache,
        BundleConfig(
            asdict(model.config),
            {"name": args.name, "split": args.gallery},
            {**facts, "averaged_heads": members, "command": command},
            results,
        ),
        ship=args.ship,
    )
    print_unreadable(bad)
    if distributed.rank() == 0:
        write_curves(folder, history)
        print(f"Wrote {args.out}. Search it with: python app.py --bundle {args.out}")


def names_digest(*parts: Dataset) -> str:
    """SHA-256 of the names of images and their labels."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update("\n".join(part.names).encode() + part.labels.tobytes())
    return digest.hexdigest()


def print_row(row: Mapping[str, float]) -> None:
    """One line for an epoch."""
    if distributed.rank() == 0:
        scores = ", ".join(f"{name} {row[name]:.3f}" for name in HEADLINE)
        tqdm.write(
            f"epoch {row['epoch']}: loss {row['loss']:.4f}, active triplets {row['active']:.1%}, "
            f"valid {scores}"
        )


def print_unreadable(reasons: Mapping[str, str]) -> None:
    """How many images were skipped, and why the first of them."""
    if reasons and distributed.rank() == 0:
        print(f"Skipped {len(reasons):,} unreadable images:")
        for reason in list(reasons.values())[:LISTED]:
            print(f"  {reason}")
        if len(reasons) > LISTED:
            print(f"  and {len(reasons) - LISTED:,} more")
