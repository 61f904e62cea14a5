"""The wheel is of this platform where it brings machine code (release/wheel.py), and of every platform else."""

from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel

PREBUILT = any((Path(__file__).parent / "mtp_theory" / "prebuilt").glob("*.nbi"))


class Wheel(bdist_wheel):
    """Names the platform, and no Python version: code for another one is compiled there."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = not PREBUILT

    def get_tag(self) -> tuple[str, str, str]:
        python, abi, platform = super().get_tag()
        return ("py3", "none", platform) if PREBUILT else (python, abi, platform)


setup(cmdclass={"bdist_wheel": Wheel})
