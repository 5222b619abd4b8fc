"""Reading a picture under `@spaces.GPU`, on a Space that shares GPUs between calls."""

import importlib.util
import os
from typing import TYPE_CHECKING

from facesearch.bundle import Bundle
from facesearch.errors import InputError

if TYPE_CHECKING:
    from facesearch.photos.found import Found
    from facesearch.vision.images import ImageSource

SECONDS = 15  # that a picture may take; whoever asks for less waits less, and has quota for more


def lend_gpu(bundle: Bundle) -> None:
    """On a Space, have a GPU lent to `bundle.find_faces`, which reads an uploaded picture.

    Such a Space refuses to start without one function of that kind. The package `spaces` is there
    on every Gradio Space and does nothing where GPUs are not shared; elsewhere, nothing is done.
    """
    if "SPACE_ID" not in os.environ or importlib.util.find_spec("spaces") is None:
        return
    import spaces

    if os.environ.get("SPACES_ZERO_GPU"):
        _ = bundle.encoder  # once, for all the processes that are forked for a call
    read = bundle.find_faces

    @spaces.GPU(duration=SECONDS)
    def read_on_gpu(image: "ImageSource") -> "list[Found] | InputError":
        try:
            return read(image)
        except InputError as error:
            return error  # raised there, it would come back without its sentence

    def find_faces(image: "ImageSource") -> "list[Found]":
        found = read_on_gpu(image)
        if isinstance(found, InputError):
            raise found
        return found

    bundle.find_faces = find_faces  # type: ignore[method-assign]
