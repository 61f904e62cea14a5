"""The certificates that are published with the results: what the tables say is what they prove."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mtp_theory import datasets
from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.errors import InputError

FOLDER = Path(__file__).parents[2] / "experiments" / "results" / "bounds"
ROWS = sorted(p.with_suffix("").with_suffix(".json") for p in FOLDER.glob("*.lower.json"))


def certificates(row: Path) -> list[Path]:
    return [p for p in (row.with_suffix(".lower.json"), row.with_suffix(".upper.json")) if p.exists()]


@pytest.mark.parametrize("row", ROWS, ids=lambda p: p.stem)
def test_rows_say_what_their_certificates_claim(row: Path) -> None:
    told = json.loads(row.read_text())
    lower, upper = row.with_suffix(".lower.json"), row.with_suffix(".upper.json")
    k = checker.parse(lower.read_bytes())
    assert (k.kind, k.value, k.data, k.loss) == ("lower_bound", told["lower_bound"], told["identity"], told["loss"])
    assert float(k.c) == told["c_r"]
    assert float(k.radius) == told["radius"]
    assert told["lower_bound"] >= told["lower_value"] > told["lower_bound"] - 1
    if told["constructed"] is not None:
        best = checker.parse(upper.read_bytes())
        assert (best.kind, best.value, best.domain) == ("upper_bound", told["constructed"], "data")
        assert (best.target, best.data) == (k.target, k.data)
        assert best.radius <= k.radius
        assert told["lower_bound"] <= told["constructed"]
    assert (told["status"] == "optimal") == (told["constructed"] == told["lower_bound"])
    assert told["versions"]


def test_the_summary_repeats_the_rows() -> None:
    summary = {r["name"]: r for r in json.loads((FOLDER / "summary.json").read_text())}
    assert len(ROWS) >= 20
    assert summary == {p.stem: json.loads(p.read_text()) for p in ROWS}


@pytest.mark.parametrize("row", [p for p in ROWS if p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_certificates_on_the_embedded_data(row: Path, tmp_path: Path) -> None:
    checked(row, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("row", [p for p in ROWS if not p.stem.startswith("digits")], ids=lambda p: p.stem)
def test_certificates_on_data_that_are_not_embedded(row: Path, tmp_path: Path) -> None:
    checked(row, tmp_path)


def checked(row: Path, tmp_path: Path) -> None:
    try:
        data = datasets.load(json.loads(row.read_text())["data"], data_dir=os.environ.get("MTP_DATA_DIR"))
    except InputError as error:
        pytest.skip(f"data not here: {str(error)[:80]}")
    path = tmp_path / "data.npz"
    datasets.save(data, path)
    assert certificates(row)
    for certificate in certificates(row):
        for module in (checker, flint_checker):
            assert module.verify(str(certificate), str(path))["valid"], certificate.name
