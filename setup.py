"""Puts the detector's weights, which lie beside the package in a checkout, into the wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithWeights(build_py):
    """Builds the package, then adds the weights with their licence."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "facesearch" / "weights" / "mtcnn"
            target.mkdir(parents=True, exist_ok=True)
            for name in ("LICENSE", "README.md", "weights.safetensors"):
                shutil.copyfile(Path("weights", "mtcnn", name), target / name)


setup(cmdclass={"build_py": BuildWithWeights})
