"""Train a model, and write its bundle with the gallery of one split."""

import argparse
import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np
import torch
from timm.layers import convert_sync_batchnorm
from tqdm import tqdm

from facesearch.bundle import BundleConfig, check_target
from facesearch.errors import InputError
from facesearch.vision.backbones import Pretrained, check_size
from facesearch.vision.encoder import choose_device, keep_freed_memory
from facesearch.vision.model import FaceModel, ModelConfig
from train import distributed
from train.data.celeba import open_dataset
from train.data.dataset import Dataset
from train.data.unreadable import find_unreadable, print_unreadable
from train.learning.ensemble import MEMBERS, train_ensemble
from train.learning.loop import embed, probabilities, query_scorer, train
from train.learning.options import OVERRIDES, add_arguments, choose_backbone, choose_recipe
from train.learning.publish import (
    calibrate,
    check_may_ship,
    fit_readout,
    publish,
    round_matrices,
    travels,
    unlabelled,
)
from train.learning.recipes import FINETUNE, RECIPES, Recipe
from train.learning.residual import spread_rows, with_residual
from train.learning.sources import CachedFeatures, Photographs, Source, open_features, small_size
from train.learning.start import blend, open_start, predictions
from train.measuring.benchmark import draw_query_sets, draw_validation_sets, score_sets
from train.measuring.breakdown import prevalence_thresholds
from train.measuring.curves import write_curves
from train.measuring.tables import HEADLINE

__all__ = ["add_arguments", "run"]


def run(args: argparse.Namespace) -> None:
    """Train, and write the bundle; its training curves and the checkpoint lie beside it."""
    recipe = choose_recipe(args)
    several = args.finetune and distributed.size() > 1
    if several and choose_device().type == "cpu":
        raise InputError(
            "--finetune in several processes needs GPUs: on CPUs each would normalise its own part "
            "of a batch, and train another model. Run it in one process, which uses all cores."
        )
    if args.start and not args.finetune:
        raise InputError("--start goes on training a backbone: give --finetune with it.")
    if not args.start and (recipe.distil or recipe.blend < 1):
        raise InputError("--distil and --blend need a bundle of --start: give one, or neither.")
    if args.ship:
        check_may_ship(args.name)
    keep_freed_memory()
    check_target(args.out)
    dataset = open_dataset(args.data)
    parts = {split: dataset.subset(split) for split in ("train", "valid")}
    gallery = dataset if args.gallery == "all" else dataset.subset(args.gallery)
    start = open_start(args.start) if args.start else None
    name, backbone = (
        (start.model.config.backbone, start.backbone) if start else choose_backbone(args)
    )
    if several:  # batch statistics over the whole batch, as in one process
        backbone = replace(backbone, network=convert_sync_batchnorm(backbone.network))
    usual = (192, 160) if args.finetune else (224, 192)
    if start is not None:
        usual = (start.model.config.height, start.model.config.width)
    height, width = args.size or usual
    check_size(name, backbone.network, height, width)
    if args.finetune and recipe.small:
        check_size(name, backbone.network, *small_size(height, width))
    config = recipe.model_config(
        ModelConfig(
            name,
            backbone.features,
            height,
            width,
            backbone.mean,
            backbone.std,
            attributes=len(dataset.vocabulary),
        )
    )
    if start is not None:
        config = replace(start.model.config, height=height, width=width, mirrored=args.mirrored)
        kept = ("head", "dim", "hidden", "query_hidden", "signed_queries")
        recipe = replace(recipe, **{name: getattr(config, name) for name in kept})
    if not args.finetune and (args.weights is not None or travels(backbone.network)):
        round_matrices(backbone.network)
    sources: dict[str, Source] = {}
    for split, part in parts.items():
        sources[split], parts[split] = (
            open_photographs(part, backbone, config, split, recipe)
            if args.finetune
            else open_features(part, backbone.network, config, args.cache, split)
        )
    targets = None
    if start is not None and recipe.distil:
        labels = torch.from_numpy(parts["train"].labels).float()
        guessed = predictions(start, parts["train"], args.cache)
        known = torch.where(labels < 0, guessed, labels)
        targets = (1 - recipe.distil) * known + recipe.distil * guessed
    facts = {
        "data": args.name,
        "recipe": args.recipe,
        "seed": args.seed,
        "finetuned": args.finetune,
        "backbone_weights": backbone.source,
        "weights_file": args.weights is not None,
        "start": start.facts if start else None,
        "unlabelled": unlabelled(parts["train"]),
        "images": {split: len(part) for split, part in parts.items()},
        **asdict(recipe),
    }

    torch.manual_seed(args.seed)
    sets = draw_validation_sets(parts["valid"].labels)
    if start is not None:
        model = start.model
        model.config, model.backbone = config, backbone.network
    else:
        model = FaceModel(config, backbone.network if args.finetune else None)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}  # to blend with
    folder = args.out.with_name(f"{args.out.name}-training")
    history = train(
        model,
        recipe,
        sources["train"],
        sources["valid"],
        sets,
        seed=args.seed,
        targets=targets,
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
    if recipe.blend < 1:
        blend(model, before, recipe.blend)
    exact = recipe.head == "evidence" and not recipe.query_lr  # the query encoder adds evidence up
    averaged = args.finetune and exact and start is None  # a head that goes on is such a mean
    if args.finetune:
        round_matrices(backbone.network)
        learned = parts["train"]
        if exact and not averaged:
            learned = learned.select(spread_rows(len(learned)))
        for split, part in (("train", learned), ("valid", parts["valid"])):
            sources[split], _ = open_features(part, backbone.network, config, args.cache, split)
    if averaged:
        frozen = {name: getattr(RECIPES[args.recipe], name) for name in (*FINETUNE, "lr")}
        heads = replace(recipe, **frozen)  # learn as on a frozen backbone
        model = train_ensemble(config, heads, sources["train"], sources["valid"], sets, args.seed)
    if exact and recipe.residual:
        features = sources["train"]
        assert isinstance(features, CachedFeatures)
        model = with_residual(model, features.values, recipe.residual)
    round_matrices(model.image_head)
    fit_readout(model, sources["train"])
    embedded = embed(model, sources["valid"])
    if exact:
        calibrate(model, embedded, parts["valid"].labels)
    scorer = query_scorer(model, embedded)
    thresholds = prevalence_thresholds(probabilities(model, embedded), parts["valid"].labels)
    command = command_line(args, name, config, recipe.epochs)
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
            {
                **facts,
                "averaged_heads": len(MEMBERS) if averaged else 0,
                "thresholds": dict(zip(dataset.vocabulary.names, thresholds.tolist(), strict=True)),
                "command": command,
            },
            results,
            dataset.vocabulary,
        ),
        ship=args.ship,
    )
    print_unreadable(bad)
    if distributed.rank() == 0:
        write_curves(folder, history)
        command = shlex.join(["python", "app.py", "--bundle", str(args.out)])
        print(f"Wrote {args.out}. Search it with: {command}")


def open_photographs(
    part: Dataset, backbone: Pretrained, config: ModelConfig, split: str, recipe: Recipe
) -> tuple[Photographs, Dataset]:
    """The images that can be read, for a backbone that is trained, as a source and as data."""
    bad = find_unreadable(part)
    if len(bad) == len(part):
        raise InputError(f"{part.image_dir}: not one image of the {split} split is readable.")
    print_unreadable(bad)
    readable = part.select(np.array([i for i, n in enumerate(part.names) if n not in bad]))
    size = (config.height, config.width)
    source = Photographs(
        backbone.network,
        readable.paths,
        readable.labels,
        size,
        small_epochs=int(recipe.small * recipe.epochs),
        damaged=recipe.damaged,
        epochs=recipe.epochs,
    )
    return source, readable


def command_line(args: argparse.Namespace, name: str, config: ModelConfig, epochs: int) -> str:
    """The command that trains this bundle, whatever was left to its defaults."""
    named = {
        "data": args.data,
        "name": args.name if args.name != "CelebA" else None,
        "recipe": args.recipe,
        "backbone": None if args.start else name,
        "start": args.start,
        "weights": args.weights,
        "size": f"{config.height}x{config.width}",
        "seed": args.seed,
        "gallery": args.gallery if args.gallery != "valid" else None,
        **{option: getattr(args, option) for option in OVERRIDES},
        "epochs": epochs,
    }
    switches = [switch for switch in ("finetune", "mirrored", "ship") if getattr(args, switch)]
    return " ".join(
        [
            "python -m train fit",
            *(f"--{switch}" for switch in switches),
            *(
                f"--{option.replace('_', '-')} {shlex.quote(str(value))}"
                for option, value in named.items()
                if value is not None
            ),
        ]
    )


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
