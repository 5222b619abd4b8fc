"""Build a bundle's gallery anew: from a folder of images, or from a split of CelebA."""

import argparse
import hashlib
import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from facesearch.bundle import MODEL, check_target, open_bundle
from facesearch.bundle.merging import SHARD
from facesearch.errors import InputError
from facesearch.vision.encoder import Encoder, keep_freed_memory
from facesearch.vision.images import find_images
from train import distributed
from train.data.celeba import add_data_argument, open_dataset
from train.data.dataset import SPLITS, Dataset
from train.data.unreadable import print_unreadable
from train.learning.features import CACHE
from train.learning.loop import BATCH
from train.learning.publish import DEFAULT_BUNDLE, check_may_ship, publish


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m train embed`."""
    parser.add_argument(
        "--bundle",
        default=str(DEFAULT_BUNDLE),
        help="the bundle whose model embeds, a folder or a Hub repository (%(default)s)",
    )
    parser.add_argument(
        "--images",
        type=Path,
        metavar="DIR",
        help="folder of images to search, of your own; without it, a split of CelebA",
    )
    add_data_argument(parser)
    parser.add_argument(
        "--gallery", choices=(*SPLITS, "all"), default="valid", help="CelebA's split (%(default)s)"
    )
    parser.add_argument("--name", help="what the gallery is called (the folder's name, or CelebA)")
    parser.add_argument(
        "--out", type=Path, help="folder of the new bundle; without it, the old one is replaced"
    )
    parser.add_argument(
        "--ship",
        action="store_true",
        help="copy the images into the bundle; only where they may be passed on",
    )
    parser.add_argument(
        "--shard",
        metavar="N/OF",
        help="embed one shard of the images only, as 3/16, so that several machines that see the "
        "same images share them out; facesearch merge puts all together",
    )
    parser.add_argument(
        "--cache", type=Path, default=CACHE, help="folder of cached features (%(default)s)"
    )


def run(args: argparse.Namespace) -> None:
    """Embed the images with the bundle's model and write the bundle with them as its gallery."""
    keep_freed_memory()
    bundle = open_bundle(args.bundle).untaught
    out = args.out or Path(args.bundle)
    if args.out is None and not out.is_dir():
        raise InputError(f"{args.bundle} is on the Hub: say with --out where the new bundle goes.")
    check_target(out)
    if args.images is not None:
        if not args.ship and args.images.resolve().is_relative_to(out.resolve()):
            raise InputError(
                f"{args.images} lies in {out}, which is replaced: the images would be lost. Move "
                "them elsewhere, or give --ship to keep them in the new bundle."
            )
        names = tuple(find_images(args.images))
        if not names:
            raise InputError(f"{args.images}: no images there or below.")
        labels = np.full((len(names), len(bundle.vocabulary)), -1, np.int8)
        splits = np.zeros(len(names), np.int8)
        gallery = Dataset(
            args.images, args.images, names, labels, splits, vocabulary=bundle.vocabulary
        )
        facts, kept = {"name": args.name or args.images.resolve().name, "split": "all"}, {}
    else:
        dataset = open_dataset(args.data).labelled_as(bundle.vocabulary)
        gallery = dataset if args.gallery == "all" else dataset.subset(args.gallery)
        facts = {"name": args.name or "CelebA", "split": args.gallery}
        kept = bundle.config.results
    if args.ship:
        check_may_ship(facts["name"])
    if args.shard is not None:
        gallery, facts[SHARD] = shard_of(gallery, args.shard)
    model = Encoder.from_file(bundle.path / MODEL, bundle.config.model).model
    network, model.backbone = model.backbone, None
    assert network is not None
    bad = publish(
        out,
        model,
        network,
        gallery,
        args.cache,
        # What was measured holds for the images that it was measured on.
        replace(bundle.config, dataset=facts, results=kept, taught=()),
        ship=args.ship,
    )
    print_unreadable(bad)
    if distributed.rank() == 0:
        where = ["--images", str(args.images)] if args.images is not None and not args.ship else []
        command = shlex.join(["python", "app.py", "--bundle", str(out), *where])
        then = (
            f"Search it with: {command}"
            if args.shard is None
            else "With all shards: python -m facesearch merge SHARD SHARD ... --out BUNDLE"
        )
        print(f"Wrote {out} with {len(gallery) - len(bad):,} images. {then}")


def shard_of(gallery: Dataset, asked: str) -> tuple[Dataset, dict[str, Any]]:
    """The part of a gallery that a shard "3/16" is, its images in their order, and what its bundle
    says of it: number, of how many, and a checksum of the names of all images.

    Shards are cut where batches of images end, where there are enough: then the same batches are
    computed as in one run, and their numbers are the same to the last bit. `InputError` for
    anything but a number and a greater one, and for more shards than images.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", asked)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise InputError(f"--shard {asked}: give a number and of how many, such as 3/16.")
    names = gallery.names
    if of > len(names):
        raise InputError(f"--shard {asked}: there are only {len(names):,} images to share out.")
    unit = BATCH if len(names) >= of * BATCH else 1
    first, last = (
        len(names) if at == of else len(names) * at // of // unit * unit
        for at in (number - 1, number)
    )
    listed = hashlib.sha256("\0".join(names).encode(errors="surrogatepass")).hexdigest()[:16]
    about = {"number": number, "of": of, "list": listed}
    return gallery.select(np.arange(first, last)), about
