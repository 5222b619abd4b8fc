"""The options of `python -m train fit`, and what they choose: a recipe and a backbone."""

import argparse
from dataclasses import replace
from pathlib import Path

from facesearch.errors import InputError
from facesearch.vision.backbones import LITE0, Pretrained, pretrained_backbone
from train import distributed
from train.data.celeba import add_data_argument
from train.data.dataset import SPLITS
from train.learning.features import CACHE
from train.learning.publish import DEFAULT_BUNDLE
from train.learning.recipes import FINETUNE, RECIPES, Recipe

OVERRIDES = {
    "epochs": "passes over the training images",
    "batch_size": "images a step; more means more negatives for each triplet",
    "lr": "peak learning rate of the heads",
    "backbone_lr": "peak learning rate of a backbone that is trained (--finetune)",
    "margin": "by how much, in cosine, a positive should beat each negative",
    "triplet_weight": "of the triplet loss; 0 leaves it out",
    "bce_weight": "of binary cross-entropy; 0 leaves it out",
    "dropout": "of features, 0 to 1",
    "weight_decay": "of AdamW",
    "ema": "decay a step of averaged weights, which are then the ones kept; 0 for none",
    "small": "share of the epochs, the first ones, that see smaller images (--finetune)",
    "damaged": "share of the images seen blurred, noisy, turned, ... as cameras do (--finetune)",
    "blend": "share of the learned weights in those kept, the rest being those of --start",
    "residual": "numbers beyond those of the attributes in an embedding of an evidence head: "
    "principal components of features, for likeness and for attributes taught later",
    "distil": "share of the targets that are predictions of the bundle of --start",
    "dim": "numbers in an embedding of a projection head; an evidence head has two an attribute, "
    "and one",
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
        help="train the backbone too, then six heads on its features, and average them: far better "
        "faces, and an hour or more on a CPU",
    )
    parser.add_argument(
        "--start",
        metavar="BUNDLE",
        help="go on from this bundle's model, with its backbone, head and sizes (--finetune)",
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
        ("margin", 0, 2),
        ("triplet_weight", 0, 1e6),
        ("bce_weight", 0, 1e6),
        ("dropout", 0, 0.95),
        ("weight_decay", 0, 10),
        ("ema", 0, 0.99999),
        ("small", 0, 1),
        ("damaged", 0, 1),
        ("distil", 0, 1),
        ("blend", 0, 1),
        ("residual", 0, 1024),
        ("hidden", 0, 65_536),
        ("dim", 2, 4096),
    ):
        if not low <= getattr(recipe, name) <= high:
            option = name.replace("_", "-")
            raise InputError(f"--{option} {getattr(recipe, name)}: give {low} to {high}.")
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
