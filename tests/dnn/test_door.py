"""Without PyTorch: the package imports, and what needs the extra says so."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from mtp_theory import dnn
from mtp_theory.errors import InputError
from mtp_theory.experiments import load_grid, run

#: PyTorch cannot be found: a finder before all others says so.
HIDDEN = """
import sys
class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "torch":
            raise ModuleNotFoundError("hidden")
sys.meta_path.insert(0, Hidden)
import mtp_theory, mtp_theory.dnn as dnn, mtp_theory.experiments
assert "Perceptron" in dir(dnn)
try:
    dnn.Perceptron
except mtp_theory.InputError as error:
    print(error)
"""


def test_import_without_torch_says_what_the_extra_adds():
    out = subprocess.run([sys.executable, "-c", HIDDEN], capture_output=True, text=True, check=True, timeout=120)
    assert "PyTorch is not installed; `pip install mtp-theory[dnn]` adds it" in out.stdout


def test_import_loads_no_torch():
    code = "import sys, mtp_theory, mtp_theory.dnn, mtp_theory.experiments; print('torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert out.stdout.strip() == "False"


def test_names():
    assert dnn.__all__ == sorted(set(dnn.__all__))
    with pytest.raises(AttributeError, match="no attribute 'Perceptrom'"):
        dnn.Perceptrom  # noqa: B018


def test_a_grid_without_torch_is_reported(monkeypatch, tmp_path):
    def hidden(name: str, *rest: str) -> object:
        if name == "torch":
            raise ModuleNotFoundError(name)
        return import_module(name, *rest)

    monkeypatch.setattr(dnn, "import_module", hidden)
    outcome = run(load_grid("networks-small"), folder=tmp_path)
    assert not outcome.done
    assert "pip install mtp-theory[dnn]" in outcome.failed["lookup"]
    assert outcome.blocked == ["victims"]
    with pytest.raises(InputError, match="PyTorch is not installed"):
        dnn.require_torch()
