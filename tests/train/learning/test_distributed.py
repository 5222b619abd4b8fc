"""Two processes compute what one computes: gradients, which AdamW would hide a factor of."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import gradients as training
import numpy as np
import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def of_two(tmp_path_factory) -> dict[str, np.ndarray]:
    """What two processes compute together, as the first of them has it."""
    file = tmp_path_factory.mktemp("two") / "gradients.npz"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    group = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    processes = [
        subprocess.Popen(
            [sys.executable, str(Path(training.__file__)), str(file)],
            env={
                **os.environ,
                **group,
                "RANK": str(rank),
                "OMP_NUM_THREADS": "1",
                "PYTHONPATH": str(ROOT),
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    errors = [process.communicate(timeout=200)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], errors
    return dict(np.load(file))


@pytest.mark.parametrize("name", training.TRAINED)
def test_two_processes_follow_the_gradients_of_one(of_two, name):
    alone = training.gradients(name)
    assert len(alone) > 6 * 3
    assert {f"{name}: {key}" for key in alone} == {k for k in of_two if k.startswith(name)}
    for key, of_one in alone.items():
        together = of_two[f"{name}: {key}"]
        assert together.shape == of_one.shape
        away = np.linalg.norm(together - of_one)
        assert away <= 1e-3 * np.linalg.norm(of_one), (key, away, np.linalg.norm(of_one))
