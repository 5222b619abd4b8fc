"""Running a network over images: device, number format, batches, and a bundle's image encoder."""

import contextlib
import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from facesearch.errors import InputError
from facesearch.tensors import check_tensors, read_tensors
from facesearch.vision.backbones import build_backbone, fold_norms, pretrained_backbone
from facesearch.vision.images import ImageSource
from facesearch.vision.loading import load_batches
from facesearch.vision.model import FaceModel, ModelConfig


def choose_device() -> torch.device:
    """The GPU that CUDA gives first, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def mixed_precision(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Autocast to bfloat16 where the processor computes it; elsewhere plain float32."""
    fast = (
        torch.cuda.is_bf16_supported(including_emulation=False)
        if device.type == "cuda"
        else torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    )
    return torch.autocast(device.type, torch.bfloat16) if fast else contextlib.nullcontext()


def normalise(pixels: Tensor, mean: Sequence[float], std: Sequence[float]) -> Tensor:
    """(B, H, W, 3) uint8 to (B, 3, H, W) float32, channels last in memory."""
    b, h, w, _ = pixels.shape
    spread = torch.tensor(std, device=pixels.device)
    scale, shift = 1 / (255 * spread), -torch.tensor(mean, device=pixels.device) / spread
    rows = pixels.reshape(b, h, 3 * w).float()  # whole rows: a sixth of the time of three channels
    rows = torch.addcmul(shift.repeat(w), rows, scale.repeat(w))
    return rows.reshape(b, h, w, 3).permute(0, 3, 1, 2)


def image_features(
    network: nn.Module, pixels: Tensor, config: ModelConfig, *, mirrored: bool
) -> Tensor:
    """(B, H, W, 3) uint8 to (B, F) float32 features; `mirrored`, their mean with those of the
    mirror images."""
    images = normalise(pixels, config.mean, config.std)
    with mixed_precision(pixels.device):
        features: Tensor = network(images).float()
        if mirrored:
            features = (features + network(images.flip(3)).float()) / 2
    return features


def keep_freed_memory() -> None:
    """Have glibc keep freed memory: pages returned and faulted in again for every layer's output
    otherwise take most of the time that a network takes on a CPU. Nothing on other systems."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD: no block under 1 GiB is mapped on its own
        libc.mallopt(-1, (1 << 31) - 1)  # M_TRIM_THRESHOLD: never give the top of the heap back


class FeatureExtractor:
    """A copy of a backbone that no longer learns, ready to turn pixels into features.

    Args:
        network: the backbone that `config` names, with its weights.
    """

    def __init__(self, network: nn.Module, config: ModelConfig) -> None:
        keep_freed_memory()
        self.config = config
        self.device = choose_device()
        folded = fold_norms(network, config.height, config.width)
        self.network = folded.to(self.device).to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def __call__(self, pixels: np.ndarray) -> Tensor:
        """(B, H, W, 3) uint8 to (B, F) float32 on `device`."""
        images = torch.from_numpy(pixels).to(self.device)
        return image_features(self.network, images, self.config, mirrored=self.config.mirrored)


class Encoder:
    """A bundle's image encoder, ready to embed images."""

    def __init__(self, model: FaceModel) -> None:
        assert model.backbone is not None
        self.extract = FeatureExtractor(model.backbone, model.config)
        self.model = model.eval().to(self.extract.device)
        self.height, self.width = model.config.height, model.config.width

    @classmethod
    def from_file(cls, file: Path, model: Mapping[str, Any]) -> "Encoder":
        """Rebuild a model from its safetensors file and the fields of its config.

        Fetches the weights of a backbone that did not travel in the file.
        """
        try:
            config = ModelConfig(**model)
        except TypeError as error:
            raise InputError(
                f"{file}: the config beside it is not of this facesearch ({error})."
            ) from None
        tensors = read_tensors(file)
        bundled = any(name.startswith("backbone.") for name in tensors)
        network = (
            build_backbone(config.backbone)[0]
            if bundled
            else pretrained_backbone(config.backbone).network
        )
        face_model = FaceModel(config, network if bundled else None)
        check_tensors(
            file, tensors, {n: tuple(t.shape) for n, t in face_model.state_dict().items()}
        )
        face_model.load_state_dict({name: torch.from_numpy(t) for name, t in tensors.items()})
        face_model.backbone = network
        return cls(face_model)

    @torch.inference_mode()
    def embed(self, pixels: np.ndarray) -> np.ndarray:
        """(B, H, W, 3) uint8 to (B, D) float32 unit rows."""
        return self.model.image_head(self.extract(pixels)).cpu().numpy()

    def encode(self, sources: Sequence[ImageSource]) -> np.ndarray:
        """(N, D) float32 unit rows; `InputError` for the first image that can't be read."""
        config = self.model.config
        rows = np.empty((len(sources), config.dim), np.float32)
        for batch in load_batches(sources, config.height, config.width):
            for reason in batch.unreadable.values():
                raise InputError(reason)
            rows[batch.rows] = self.embed(batch.pixels)
        return rows
