"""The certificates published with the frontier's results: what the tables say is what they prove."""

import json
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mtp_theory import datasets
from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.errors import InputError

FOLDER = Path(__file__).parents[3] / "experiments" / "results" / "frontier"
ROWS = sorted(Path(str(p).removesuffix(".lower.json") + ".json") for p in FOLDER.glob("*.lower.json"))


def beside(row, kind):
    return Path(str(row).removesuffix(".json") + f".{kind}")


def entries(vector):
    return [Fraction(n, vector.d) for n in vector.n]


@pytest.mark.parametrize("row", ROWS, ids=lambda p: p.stem)
def test_rows_say_what_their_certificates_claim(row):
    told = json.loads(row.read_text())
    k = checker.parse(beside(row, "lower.json").read_bytes())
    assert (k.kind, k.data, float(k.c)) == ("epsilon_lower_bound", told["identity"], told["c_r"])
    assert k.value == {"epsilon": Fraction(str(told["epsilon"])), "points": told["lower_bound"]}
    assert k.domain == ("data" if told["kind"] == "exact" else "hull")
    assert told["lower_bound"] >= told["lower_value"] - 0.5
    if told["constructed"] is None:
        return
    assert told["lower_bound"] <= told["constructed"]
    assert told["distance"][0] <= told["distance"][1] <= told["epsilon"]
    upper = checker.parse(beside(row, "upper.json").read_bytes())
    away = checker.parse(beside(row, "distance.json").read_bytes())
    assert (upper.data, upper.value) == (k.data, told["constructed"])
    # the model that the points train is the one whose distance from the target is certified
    assert entries(away.witness["model"]) == entries(upper.target)
    assert away.target == k.target
    assert float(away.value[1]) <= told["proved_distance"] <= told["epsilon"]
    with np.load(beside(row, "points.npz")) as points:
        assert int(points["counts"].sum()) == told["constructed"]


def test_the_summary_repeats_the_rows():
    summary = json.loads((FOLDER / "summary.json").read_text())
    rows = [json.loads(p.read_text()) for p in FOLDER.glob("*.json") if p.stem != "summary"]
    key = lambda r: (r["name"], r["epsilon"])  # noqa: E731
    assert sorted(summary, key=key) == sorted((r for r in rows if "epsilon" in r and "name" in r), key=key)


@pytest.mark.parametrize("row", [p for p in ROWS if p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_certificates_on_the_embedded_data(row, tmp_path):
    checked(row, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("row", [p for p in ROWS if not p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_certificates_on_data_that_are_not_embedded(row, tmp_path):
    checked(row, tmp_path)


def checked(row, tmp_path):
    try:
        data = datasets.load(json.loads(row.read_text())["data"], data_dir=os.environ.get("MTP_DATA_DIR"))
    except InputError as error:
        pytest.skip(f"data not here: {str(error)[:80]}")
    path = tmp_path / "data.npz"
    datasets.save(data, path)
    for kind in ("lower.json", "upper.json", "distance.json"):
        if beside(row, kind).exists():
            for module in (checker, flint_checker):
                assert module.verify(str(beside(row, kind)), str(path))["valid"], kind
