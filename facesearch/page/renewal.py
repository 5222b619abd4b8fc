"""A bundle that is written again while it is shown, as an index does that goes on."""

import os
import time

from facesearch.bundle import Bundle, open_bundle
from facesearch.bundle.contents import CONFIG
from facesearch.bundle.of_photos import DATASET
from facesearch.errors import InputError

PATIENCE = 2.0  # seconds between two looks at the disk, however many pages ask


class Renewal:
    """Tells when the bundle of own photographs has changed on the disk; of others, never.

    Args:
        bundle: as it is shown.

    Attributes:
        watched: whether it is one of own photographs.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.watched = bundle.config.dataset.get("name") == DATASET
        self._seen = self._stamp()
        self._looked = time.monotonic()

    def newer(self) -> Bundle | None:
        """The bundle as it is now, opened, where that is another one than before."""
        now = time.monotonic()
        if not self.watched or now - self._looked < PATIENCE:
            return None
        self._looked, stamp = now, self._stamp()
        if stamp is None or stamp == self._seen:
            return None
        try:
            bundle = open_bundle(self.bundle.path, self.bundle.image_dir)
        except InputError:
            return None  # it is being written, and looked at again
        self._seen, self.bundle = stamp, bundle
        return bundle

    def _stamp(self) -> tuple[int, int] | None:
        try:
            about = os.stat(self.bundle.path / CONFIG)
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns
