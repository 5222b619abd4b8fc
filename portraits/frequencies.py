"""How often CelebA's attributes occur, alone and in pairs: the table portraits are sampled from.

`frequencies.csv` is statistics only. It was made, and can be made again, by

    python -m portraits.frequencies CELEBA/list_attr_celeba.txt

from the 202,599 label rows of CelebA (Liu et al., Deep Learning Face Attributes in the Wild, 2015).
"""

import sys
from functools import cache
from pathlib import Path
from statistics import NormalDist

import numpy as np

from facesearch.attributes import ATTRIBUTES

TABLE = Path(__file__).with_name("frequencies.csv")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)


def count_pairs(list_file: Path) -> np.ndarray:
    """(40, 40): the share of images with both attributes; the diagonal has each alone."""
    lines = list_file.read_text().splitlines()
    if tuple(lines[1].split()) != ATTRIBUTES:
        raise ValueError(f"{list_file}: its second line isn't CelebA's forty names.")
    labels = np.array([line.split()[1:] for line in lines[2:]], np.float32) > 0  # (N, 40)
    present = labels.astype(np.float32)
    return (present.T @ present) / len(labels)


def read_table() -> np.ndarray:
    """(40, 40) shares as `count_pairs` gives them, from the file beside this module."""
    return np.loadtxt(TABLE, delimiter=",", skiprows=1, usecols=range(1, 41))


@cache
def latent_model() -> tuple[np.ndarray, np.ndarray]:
    """Marginals (40,) and a square root (40, 40) of the latent normals' correlations.

    An attribute is on where its latent normal is below its marginal's quantile; the correlations
    are tetrachoric, so that a pair of attributes occurs together as often as in the table.
    """
    shares = read_table()
    marginals = shares.diagonal()
    cut = normal_quantile(marginals)
    low, high = np.full_like(shares, -0.995), np.full_like(shares, 0.995)
    for _ in range(30):  # bisection, all pairs at once: the joint share grows with the correlation
        middle = (low + high) / 2
        below = joint_share(cut[:, None], cut[None, :], middle, marginals) < shares
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    correlation = (low + high) / 2
    np.fill_diagonal(correlation, 1)
    values, vectors = np.linalg.eigh(correlation)  # pairwise estimates need not be consistent
    root = vectors * np.sqrt(np.clip(values, 1e-4, None))
    return marginals, root / np.linalg.norm(root, axis=1, keepdims=True)


def joint_share(a: np.ndarray, b: np.ndarray, rho: np.ndarray, marginals: np.ndarray) -> np.ndarray:
    """P(x < a, y < b) of standard normals with correlation rho (Plackett's integral over rho)."""
    total = marginals[:, None] * marginals[None, :]
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        r = rho * (node + 1) / 2
        s = 1 - r * r
        density = np.exp(-(a * a - 2 * r * a * b + b * b) / (2 * s)) / (2 * np.pi * np.sqrt(s))
        total = total + weight * rho / 2 * density
    return total


def normal_quantile(share: np.ndarray) -> np.ndarray:
    """Where a standard normal's distribution function reaches each of (A,) `share`."""
    return np.array([NormalDist().inv_cdf(each) for each in share.tolist()])


if __name__ == "__main__":
    rows = [
        ",".join([name, *(f"{share:.5f}" for share in row)])
        for name, row in zip(ATTRIBUTES, count_pairs(Path(sys.argv[1])), strict=True)
    ]
    TABLE.write_text("\n".join([",".join(["both", *ATTRIBUTES]), *rows]) + "\n")
