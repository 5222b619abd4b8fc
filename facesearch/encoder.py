"""Running a network over images: device, number format, batches, and a bundle's image encoder."""

import contextlib
import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from facesearch.backbones import build_backbone, pretrained_backbone
from facesearch.bundle import MODEL, check_tensors, read_tensors
from facesearch.errors import InputError
from facesearch.images import ImageSource
from facesearch.loading import load_batches
from facesearch.model import FaceModel, ModelConfig


def choose_device() -> torch.device:
    """The GPU that CUDA gives first, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def mixed_precision(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Autocast to bfloat16 where the processor computes it; elsewhere plain float32."""
    fast = (
        torch.cuda.is_bf16_supported(including_emulation=False)
        if device.type == "cuda"
        else torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    return torch.autocast(device.type, torch.bfloat16) if fast else contextlib.nullcontext()


def normalise(pixels: Tensor, mean: Sequence[float], std: Sequence[float]) -> Tensor:
    """(B, H, W, 3) uint8 to (B, 3, H, W) float32, channels last in memory."""
    spread = torch.tensor(std, device=pixels.device)
    scale, shift = 1 / (255 * spread), torch.tensor(mean, device=pixels.device) / spread
    return pixels.float().mul_(scale).sub_(shift).permute(0, 3, 1, 2)


def keep_freed_memory() -> None:
    """Have glibc keep freed memory: pages returned and faulted in again for every layer's output
    otherwise take most of the time that a network takes on a CPU. Nothing on other systems."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD: no block under 1 GiB is mapped on its own
        libc.mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD: never give the top of the heap back


class Encoder:
    """A bundle's image encoder, ready to embed images."""

    def __init__(self, model: FaceModel) -> None:
        keep_freed_memory()
        self.device = choose_device()
        self.model = model.eval().to(self.device, memory_format=torch.channels_last)

    @classmethod
    def from_bundle(cls, path: Path, model: Mapping[str, Any]) -> "Encoder":
        """Rebuild the model of a bundle; fetches the backbone's weights if they did not travel."""
        try:
            config = ModelConfig(**model)
        except TypeError as error:
            raise InputError(
                f"{path}: config.json's model is not of this facesearch ({error})."
            ) from None
        tensors = read_tensors(path / MODEL)
        bundled = any(name.startswith("backbone.") for name in tensors)
        network = (
            build_backbone(config.backbone)[0]
            if bundled
            else pretrained_backbone(config.backbone).network
        )
        face_model = FaceModel(config, network if bundled else None)
        check_tensors(
            path / MODEL, tensors, {n: tuple(t.shape) for n, t in face_model.state_dict().items()}
        )
        face_model.load_state_dict({name: torch.from_numpy(t) for name, t in tensors.items()})
        face_model.backbone = network
        return cls(face_model)

    @torch.inference_mode()
    def embed(self, pixels: np.ndarray) -> np.ndarray:
        """(B, H, W, 3) uint8 to (B, D) float32 unit rows."""
        config = self.model.config
        batch = torch.from_numpy(pixels).to(self.device, non_blocking=True)
        with mixed_precision(self.device):
            features = self.model.backbone(normalise(batch, config.mean, config.std))
        return self.model.image_head(features.float()).cpu().numpy()

    def encode(self, sources: Sequence[ImageSource]) -> np.ndarray:
        """(N, D) float32 unit rows; `InputError` for the first image that can't be read."""
        config = self.model.config
        rows = np.empty((len(sources), config.dim), np.float32)
        for batch in load_batches(sources, config.height, config.width):
            for reason in batch.unreadable.values():
                raise InputError(reason)
            rows[batch.rows] = self.embed(batch.pixels)
        return rows
