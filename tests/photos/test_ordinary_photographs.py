import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.skipif(
    not os.environ.get("FACESEARCH_PHOTOS") or not os.environ.get("FACESEARCH_CELEBA"),
    reason="FACESEARCH_PHOTOS and FACESEARCH_CELEBA don't name photographs",
)
def test_faces_are_found_and_read_as_well_as_celebas_own_frames(tmp_path):
    subprocess.run(
        [sys.executable, "benchmarks/photos.py", "--faces", "60", "--json", tmp_path / "figures"],
        cwd=ROOT,
        check=True,
    )
    figures = json.loads((tmp_path / "figures").read_text("utf-8"))
    assert figures["found"] >= 0.97
    assert figures["accuracy aligned"] >= figures["accuracy as they are"] - 0.01
    assert figures["mean AP aligned"] >= figures["mean AP as they are"] - 0.02
    assert figures["faces counted and shown"] >= figures["faces counted"] - 1
    assert figures["false faces shown"] == 0
