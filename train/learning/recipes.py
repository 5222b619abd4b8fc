"""What `fit` can train: each recipe's model and options, in one place."""

from dataclasses import dataclass, replace
from typing import Literal

from facesearch.vision.model import ModelConfig
from train.learning.batch_all_triplet import Form


@dataclass(frozen=True)
class Recipe:
    """Options of a training run.

    Attributes:
        head, hidden, signed_queries, mirrored: as in `model.ModelConfig`.
        dim, query_hidden: likewise, of a projection head; an evidence head's follow from the
            attributes.
        queries: "whole", each image's forty labels, or "partial", a few of them.
        both_ways: triplets also with the query as anchor and the images that fail it as negatives.
        form, margin, temperature: of `batch_all_triplet`, in cosines.
        triplet_weight, bce_weight: of the triplet loss and of binary cross-entropy on the readout.
        epochs, batch_size, lr, weight_decay, dropout: of AdamW with one cycle of learning rate.
        backbone_lr, query_lr: the peaks for a fine-tuned backbone and the attribute encoder.
        ema: decay a step of the averaged weights that are validated and kept; 0 for none.
        small: share of the epochs, the first ones, in which a backbone that is trained sees images
            of two thirds the side, at half the cost (https://arxiv.org/abs/2104.00298, section 4).
        damaged: share of the images that a backbone that is trained sees damaged.
        blend: how far training goes from the bundle that it starts from: the weights kept are this
            share of those learned and the rest of those before (https://arxiv.org/abs/2109.01903).
        residual: numbers of an evidence head's embeddings beyond those of its attributes.
        distil: share of the cross-entropy's targets that is what the bundle that training starts
            from predicts of the undamaged image; labels are the rest
            (https://arxiv.org/abs/1503.02531).
    """

    head: Literal["projection", "evidence"] = "evidence"
    dim: int = 128
    hidden: int = 512
    query_hidden: int = 128
    signed_queries: bool = True
    mirrored: bool = False
    queries: Literal["whole", "partial"] = "partial"
    both_ways: bool = True
    form: Form = "softplus"
    margin: float = 0.0
    temperature: float = 0.02
    triplet_weight: float = 1.0
    bce_weight: float = 1.0
    epochs: int = 15
    batch_size: int = 256
    lr: float = 2e-3
    backbone_lr: float = 6e-4
    query_lr: float = 0.0
    weight_decay: float = 0.02
    dropout: float = 0.3
    ema: float = 0.0
    small: float = 0.0
    damaged: float = 0.0
    distil: float = 0.0
    blend: float = 1.0
    residual: int = 32

    def model_config(self, sizes: ModelConfig) -> ModelConfig:
        """The model of this recipe on the backbone, images and attributes of another.

        An evidence head has two numbers an attribute and one that completes them to unit length;
        its query encoder, a hidden unit for each of the two.
        """
        names = ("head", "dim", "hidden", "query_hidden", "signed_queries", "mirrored")
        config = replace(sizes, **{name: getattr(self, name) for name in names})
        if self.head == "evidence":
            both = 2 * sizes.attributes
            config = replace(config, dim=both + 1, query_hidden=both)
        return config


# What --finetune changes in any recipe: a backbone that learns wants no further hidden layer.
FINETUNE = {
    "hidden": 0,
    "epochs": 6,
    "batch_size": 64,
    "ema": 0.998,
    "small": 0.5,
    "damaged": 0.5,
    "lr": 2e-3,
}

RECIPES = {
    "reference": Recipe(
        head="projection",
        query_hidden=256,
        signed_queries=False,
        queries="whole",
        both_ways=False,
        form="hinge",
        margin=0.2,
        bce_weight=0.0,
        lr=1e-3,
        query_lr=1e-3,
        dropout=0.0,
    ),
    "partial": Recipe(),
    "classifiers": Recipe(triplet_weight=0.0),
    "linear": Recipe(triplet_weight=0.0, hidden=0),
}
