"""The text form for the extracted checker: what is no whole number is refused, never rounded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "proofs" / "extract" / "write_input.py"
DATA = {"X": np.array([[0, 16], [8, 4]], dtype=np.uint8), "y": np.array([1.0, -1.0]), "scale": 16.0}
CERTIFICATE = {
    "c": [1, 10],
    "den": 4,
    "target": [1, "2", 3],
    "other": [0, 2, 3],
    "mu": [4, 4],
    "rho": [0, 1],
    "bound": 2,
}


def written(folder, data, certificate):
    np.savez(folder / "d.npz", **data)
    (folder / "c.json").write_text(json.dumps(certificate))
    paths = [str(folder / name) for name in ("d.npz", "c.json", "out.txt")]
    done = subprocess.run([sys.executable, str(SCRIPT), *paths], capture_output=True, text=True)
    return done.returncode, done.stderr, folder / "out.txt"


def test_whole_numbers_are_written(tmp_path):
    code, error, out = written(tmp_path, DATA, CERTIFICATE)
    assert code == 0, error
    lines = out.read_text().splitlines()
    assert lines[2] == "scale 16"
    assert lines[-3:] == ["+1 0 16 16", "-1 8 4 16", "end"]


@pytest.mark.parametrize(
    ("data", "certificate", "named"),
    [
        ({"scale": 16.9}, {}, "scale"),
        ({"scale": np.array([16.0, 16.0])}, {}, "scale"),
        ({"scale": np.inf}, {}, "infinity"),
        ({"y": np.array([1.5, -1.0])}, {}, "label"),
        ({"y": np.array([2.0, -1.0])}, {}, "label"),
        ({"X": np.array([[0.5, 1.0], [0.03, 0.25]])}, {}, "X"),
        ({"upper": np.array([1e300, 1.0])}, {}, "upper"),
        ({}, {"c": [1.5, 10]}, "c = 1.5"),
        ({}, {"bound": 2.5}, "bound"),
        ({}, {"bound": "2.5"}, "2.5"),
        ({}, {"target": [1, 2.25, 3]}, "target"),
    ],
)
def test_nothing_is_truncated(tmp_path, data, certificate, named):
    code, error, _ = written(tmp_path, DATA | data, CERTIFICATE | certificate)
    assert code == 2, error
    assert named in error
    assert error.count("\n") == 1
