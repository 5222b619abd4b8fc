"""Reading a picture under `@spaces.GPU`, on a Space that shares GPUs between calls."""

import importlib.util
import os

from facesearch.bundle import Bundle


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
    bundle.find_faces = spaces.GPU(bundle.find_faces)  # type: ignore[method-assign]
