"""A gallery that is open, whose bundle may be written again while it is shown."""

import os
import time

from facesearch.bundle import Bundle, open_bundle
from facesearch.bundle.contents import CONFIG, OWN_PHOTOGRAPHS
from facesearch.errors import InputError
from facesearch.page.answer import Answers
from facesearch.page.functions import Functions

PATIENCE = 2.0  # seconds between two looks at the disk, however many pages ask


class OpenGallery:
    """What is answered over a bundle, and over what it held before, for pages that still show that.

    Args:
        bundle: as it is now.
        originals: whether photographs are given out as they are.

    Attributes:
        now: what is answered over the bundle as it was last opened.
        grows: whether it is one of own photographs, which an index writes again.
    """

    def __init__(self, bundle: Bundle, *, originals: bool) -> None:
        self._originals = originals
        self.now = self._over(bundle)
        self.before: Functions | None = None
        self.grows = bundle.config.dataset.get("name") == OWN_PHOTOGRAPHS
        self._looked, self._seen = time.monotonic(), self._stamp()

    def of_version(self, version: object) -> Functions | None:
        """What is answered over the bundle as it is or was before, whichever has this version."""
        there = [each for each in (self.now, self.before) if each is not None]
        return next((each for each in there if each.answers.version == version), None)

    def renew(self) -> bool:
        """Open the bundle again, if it was written again; whether it was."""
        if not self.grows or time.monotonic() - self._looked < PATIENCE:
            return False
        self._looked, stamp = time.monotonic(), self._stamp()
        if stamp is None or stamp == self._seen:
            return False
        shown = self.now.answers.bundle
        try:
            bundle = open_bundle(shown.path, shown.image_dir)
        except InputError:
            return False  # it is being written, and looked at again
        self.before, self.now, self._seen = self.now, self._over(bundle), stamp
        return True

    def _over(self, bundle: Bundle) -> Functions:
        return Functions(Answers(bundle, originals=self._originals))

    def _stamp(self) -> tuple[int, int] | None:
        """Others for other files; None while there is none."""
        try:
            about = os.stat(self.now.answers.bundle.path / CONFIG)
        except OSError:
            return None
        return about.st_ino, about.st_mtime_ns
