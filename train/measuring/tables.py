"""What `evaluate` measured, as tables: the same on the terminal and in the model card."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from train.measuring.benchmark import MODES, SIZES

HEADLINE = ("wanted mAP", "wanted P@10", "mixed mAP", "mixed P@10")


@dataclass(frozen=True)
class Table:
    """A title, names of columns, and rows of cells: text, counts or figures from 0 to 1."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]

    @property
    def cells(self) -> list[list[str]]:
        """The rows as text."""
        return [[_text(cell) for cell in row] for row in self.rows]

    def plain(self) -> str:
        """In columns, for a terminal."""
        lines = [list(self.columns), *self.cells]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        return "\n".join(
            [
                self.title,
                *(
                    "  ".join(
                        cell.rjust(width) if i else cell.ljust(width)
                        for i, (cell, width) in enumerate(zip(line, widths, strict=True))
                    )
                    for line in lines
                ),
            ]
        )

    def markdown(self) -> str:
        """As Markdown."""
        lines = [self.columns, ["---"] + ["---:"] * (len(self.columns) - 1), *self.cells]
        return "\n".join([self.title, "", *(f"| {' | '.join(line)} |" for line in lines)])


def tables(results: Mapping[str, Any]) -> Iterator[Table]:
    """Every table that the results of `evaluate` have figures for; the headline first."""
    methods: Mapping[str, Mapping[str, float]] = results.get("methods", {})
    if methods:
        yield Table(
            "Queries of one to five attributes, mean over the sizes:",
            ["method", *HEADLINE],
            [[name, *(scores[key] for key in HEADLINE)] for name, scores in methods.items()],
        )
        name, scores = list(methods.items())[-1]
        yield Table(
            f"By number of attributes asked, {name}:",
            ["attributes", *HEADLINE],
            [
                [size, *(scores[f"{column} k={size}"] for column in HEADLINE)]
                for size in SIZES
                if all(f"{mode} mAP k={size}" in scores for mode in MODES)
            ],
        )
    if singles := results.get("alone"):
        columns = list(next(iter(singles.values())))
        yield Table(
            "One attribute alone, wanted or unwanted, mean over the attributes:",
            ["method", *columns],
            [[name, *scores.values()] for name, scores in singles.items()],
        )
    if attributes := results.get("attributes"):
        columns = list(dict.fromkeys(key for scores in attributes.values() for key in scores))
        yield Table(
            "Each attribute alone (relevant: how many images it fits):",
            ["attribute", *columns],
            [
                [name, *(scores.get(column, "") for column in columns)]
                for name, scores in attributes.items()
            ],
        )
    if calibration := results.get("calibration"):
        yield Table(
            "Calibration: of the attributes given a probability, how many are there; mean "
            f"difference {calibration['error']:.3f}:",
            ["probability", "predictions", "mean predicted", "present"],
            [
                [f"{b['from']:.1f} to {b['to']:.1f}", b["count"], b["predicted"], b["present"]]
                for b in calibration["bins"]
            ],
        )
    if counts := results.get("counts"):
        columns = list(next(iter(counts.values())))
        yield Table(
            "Counts without labels, as shares of the true count, over the benchmark's queries "
            "(close: from 0.8 to 1.25 of it):",
            ["counts", *columns],
            [[name, *spread.values()] for name, spread in counts.items()],
        )
    if any_of := results.get("any_of"):
        yield Table(
            f"Any-of: {any_of['queries']:,} queries with two attributes that exclude each other, "
            "of which either will do, and one or two more, asked in four ways:",
            ["asked", *next(iter(any_of["rows"].values()))],
            [[way, *scores.values()] for way, scores in any_of["rows"].items()],
        )
    if alike := results.get("alike"):
        yield Table(
            f"More like this: the share of labels in which the 24 nearest agree with a face, of "
            f"{alike['faces']:,} faces; near-copies are folded ({alike['folded']:,} of them):",
            ["nearest by", "labels agree"],
            [[way, share] for way, share in alike["rows"].items()],
        )
    if taught := results.get("taught"):
        yield Table(
            "An attribute taught by example, mean average precision over "
            f"{taught['attributes']} attributes and {taught['draws']} draws of examples; its own "
            "two columns are taken away (an upper bound: the backbone has learned it):",
            ["examples", *next(iter(taught["rows"].values()))],
            [[examples, *scores.values()] for examples, scores in taught["rows"].items()],
        )
    if damaged := results.get("damaged"):
        columns = list(next(iter(damaged["rows"].values())))
        yield Table(
            f"{damaged['images']:,} of the images, damaged as cameras, files and alignment do it; "
            "one attribute alone, mean over the attributes:",
            ["damage", *columns],
            [[name, *scores.values()] for name, scores in damaged["rows"].items()],
        )
    if groups := results.get("groups"):
        columns = list(next(iter(groups.values())))
        yield Table(
            "By gender and age as labelled (ROC AUC is over the attributes that every group has "
            "both with and without; shares are of the images that fit an attribute, and of the "
            "first 24 found; the interval is over images drawn again, 95 % of the draws):",
            ["group", *columns],
            [
                [name, *(scores.get(column, "") for column in columns)]
                for name, scores in groups.items()
            ],
        )
    if residual := results.get("residual"):
        columns = list(next(iter(residual["rows"].values())))
        yield Table(
            f"The numbers beyond the log-probabilities, {residual['split']} split: an attribute "
            "taught from ten faces with and ten without (an upper bound: the backbone has learned "
            "it), labels in which the 24 nearest agree, altered copies found, by "
            f"`{residual['command']}`:",
            ["variant", *columns],
            [[name, *scores.values()] for name, scores in residual["rows"].items()],
        )
    if ablation := results.get("ablation"):
        yield Table(
            f"What each part is worth: trained on the same features, {ablation['split']} split, "
            f"mean of {ablation['seeds']} seeds and the standard deviation between them, by "
            f"`{ablation['command']}`:",
            ["variant", *HEADLINE],
            [
                [name, *(f"{mean:.3f} ± {spread:.3f}" for mean, spread in scores.values())]
                for name, scores in ablation["variants"].items()
            ],
        )


def _text(cell: str | int | float) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
