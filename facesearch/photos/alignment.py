"""Where a face's frame lies in its picture: five points to a similarity, with no mirror image.

A similarity is a pair of complex numbers (a, b) that takes a point z = x + iy to a z + b, so |a| is
its scale and arg(a) its turn. The frame is CelebA's, 178 x 218 pixels.
"""

import numpy as np

FRAME = (178, 218)  # width, height
TEMPLATE = (
    np.array(  # eyes, nose, mouth; left is the picture's left. Mean of two detectors on CelebA
        [[69.6, 111.9], [108.6, 111.8], [88.7, 135.4], [72.3, 152.5], [106.3, 152.3]], np.float32
    )
)

Similarity = tuple[complex, complex]


def fit_similarity(source: np.ndarray, target: np.ndarray) -> Similarity:
    """The similarity that takes (N, 2) points nearest to (N, 2) others, by least squares."""
    z, w = as_complex(source), as_complex(target)
    from_centre, to_centre = z - z.mean(), w - w.mean()
    spread = np.vdot(from_centre, from_centre).real
    a = complex(np.vdot(from_centre, to_centre) / max(spread, 1e-12))
    return a, complex(w.mean() - a * z.mean())


def frame_to_picture(points: np.ndarray) -> Similarity:
    """The similarity from the frame to a picture whose face has these (5, 2) points.

    Fitted from picture to frame and inverted: so errors count in frame pixels, as the encoder sees.
    """
    a, b = fit_similarity(points, TEMPLATE)
    return 1 / a, -b / a


def move(points: np.ndarray, similarity: Similarity) -> np.ndarray:
    """(..., 2) points to (..., 2) float32, where a similarity takes them."""
    a, b = similarity
    moved = a * as_complex(points) + b
    return np.stack([moved.real, moved.imag], axis=-1).astype(np.float32)


def as_complex(points: np.ndarray) -> np.ndarray:
    """(..., 2) to (...) complex128."""
    points = np.asarray(points, np.float64)
    return points[..., 0] + 1j * points[..., 1]
