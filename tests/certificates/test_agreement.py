"""Both checkers say the same about many random certificates, valid and spoilt; a third one, proved in Coq, agrees."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from reference.certificate_instances import both, changes, flipped_target, leaves, make, replaced, small_data, written

from mtp_theory import datasets
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.coq import write_coq_input
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.certificates.second.arithmetic import fraction
from mtp_theory.datasets import Dataset

MARKS = ("box", "integer", "groups")
EXTRACTED = Path(__file__).parents[2] / "proofs" / "extract" / "build" / "hinge_checker"


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bias", [True, False])
def test_random_certificates_and_spoilt_ones(marks, seed, bias, tmp_path):
    rng = np.random.default_rng(seed)
    # on groups the exact set may not exist: their relaxed sums have no room to be made exact in
    kinds = ("lower_bound", "lower_logistic") if marks == "groups" else ("lower_bound", "upper_bound", "lower_logistic")
    for kind in kinds:
        case = make(kind, tmp_path, seed, marks=marks, bias=bias)
        assert both(written(case.top, tmp_path), case) == "valid"
        fields = leaves(case.top)
        for index in rng.integers(len(fields), size=12):
            path, value = fields[index]
            for other in changes(value)[:4]:
                both(written(replaced(case.top, path, other), tmp_path), case)


@pytest.mark.parametrize("dtype", ["u1", "<f4", ">f8", "<i8", "<f2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_identity_for_every_way_of_storing(dtype, order, tmp_path):
    """The checker's own reader names the data as the package does."""
    rng = np.random.default_rng(0)
    X = np.asarray(rng.integers(0, 5, size=(7, 4)), dtype=dtype, order=order)
    y = np.array([1, -1, 1, -1, 1, -1, 1], dtype="i1")
    for extra in (
        {},
        {"lower": np.zeros(4), "upper": np.full(4, 9, dtype="f4")},
        {"scale": np.float64(255.0)} if dtype == "u1" else {},
        {"integer": np.array([True, False, False, True])},
    ):
        path = tmp_path / "stored.npz"
        np.savez_compressed(path, X=X, y=y, **extra)
        assert checker.Data(str(path)).identity() == datasets.read_dataset(path).identity


@pytest.mark.parametrize("rule", ["at_most_one", "exactly_one"])
def test_identity_with_groups(rule, tmp_path):
    X = np.array([[1, 0, 0.5], [0, 1, 0.25], [1, 0, 1.0]])
    path = tmp_path / "groups.npz"
    np.savez(path, X=X, y=np.array([1.0, -1.0, 1.0]), groups=np.array([0, 0, -1]), group_rule=rule)
    assert checker.Data(str(path)).identity() == datasets.read_dataset(path).identity


def stored(kind, rng):
    """Rows of both labels as bytes with a scale, float32, floats of any size, whole numbers."""
    m, d = int(rng.integers(2, 7)), int(rng.integers(1, 5))
    y = rng.choice([-1.0, 1.0], m)
    y[:2] = 1, -1
    if kind == "bytes":
        X, scale = rng.integers(0, 256, (m, d)).astype(np.uint8), float(rng.choice([255.0, 256.0, 0.1, 1.5]))
        return Dataset(X, y, scale=scale, name="stored")
    X = rng.integers(-5, 5, (m, d)).astype(float) if kind == "whole" else rng.normal(size=(m, d))
    X = X * 10.0 ** rng.integers(-200, 200) if kind == "any size" else X
    return Dataset(X.astype(np.float32) if kind == "float32" else X, y, name="stored")


@pytest.mark.parametrize("kind", ["bytes", "float32", "any size", "whole"])
@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
def test_one_sum_in_both_for_every_way_of_storing(kind, loss, tmp_path):
    """NUM, DEN and what given points allow, at random witnesses with small denominators and a large radius."""
    rng = np.random.default_rng(0)

    def some(low=-50):
        return Fraction(int(rng.integers(low, 50)), int(rng.integers(1, 30)))

    for _ in range(12):
        data, bias = stored(kind, rng), bool(rng.integers(2))
        path, points = tmp_path / "data.npz", tmp_path / "points.npz"
        datasets.save(data, path)
        np.savez(points, X=rng.normal(size=(3, data.d)), y=np.array([1.0, -1.0, 1.0]))
        target, other = ([some() for _ in range(data.d + bias)] for _ in range(2))
        radius = Fraction(int(rng.integers(0, 5)), 10 ** int(rng.integers(1, 9)))
        subject = write.Subject(data.identity, loss, Fraction(9, 100), bias, tuple(target), "radius", radius)
        quarter = {y: Fraction(int(rng.integers(5)), 4) for y in (1, -1)}
        make_witness = write.hinge_bound_witness if loss == "hinge" else write.smooth_bound_witness
        witness = make_witness(other, quarter, *([] if loss == "hinge" else [some(0)]))
        k = checker.parse(write.text(write.certificate(subject, "lower_bound", 1, witness)).encode())
        first = sides_of_the_first(k, checker.Data(str(path)), checker.Rows(str(points)))
        rows = flint_checker.read_points(points, data.d, bias)
        try:
            found = flint_checker.Check(k, datasets.read_dataset(path), rows).sides()
            second = [float(fraction(v)) for v in found]
        except checker.Refused:
            second = None
        assert first == (second if second is None else pytest.approx(second, rel=1e-9, abs=1e-12))


def sides_of_the_first(k, data, points):
    try:
        gain, denominator = (checker.hinge_bound if k.loss == "hinge" else checker.smooth_bound)(k, data)
    except checker.Refused:
        return None
    return [float(gain(data)), float(denominator), float(-gain(points))]


def test_runs_alone_with_nothing_but_the_standard_library(tmp_path):
    case = make("lower_bound", tmp_path)
    copy = tmp_path / "alone" / "checker.py"
    copy.parent.mkdir()
    copy.write_text(Path(checker.__file__).read_text())
    file = written(case.top, tmp_path)
    for certificate, code in ((file, 0), (tmp_path / "absent.json", 2)):
        command = [sys.executable, "-I", "-S", str(copy), str(certificate), str(case.data)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
    spoilt = written({**case.top, "value": case.top["value"] + 1}, tmp_path)
    assert checker.main([str(spoilt), str(case.data)]) == 1
    with pytest.raises(SystemExit) as usage:
        checker.main([str(spoilt)])
    assert usage.value.code == 2


@pytest.mark.skipif(not EXTRACTED.exists(), reason="the extracted checker is not built: make -C proofs/extract")
def test_the_extracted_checker_agrees(tmp_path):
    """The bound that the program proved in Coq accepts, and the next one that it refuses."""
    compared = 0
    for seed in range(6):
        data = small_data(seed)
        pixels = Dataset(
            (8 * data.X).astype(np.uint8), data.y, scale=8.0, lower=data.lower, upper=data.upper, name="bytes"
        )
        problem = pixels.problem("hinge", 0.09)
        result = bound(problem, flipped_target(data.problem("hinge", 0.09), seed), data=pixels, search=False)
        assert result.certificate is not None
        if not result.lower_bound:
            continue
        compared += 1
        path = tmp_path / "input.txt"
        with path.open("w") as out:
            proved = write_coq_input(out, result.certificate, pixels)
        assert 0 < proved <= result.lower_bound
        done = subprocess.run([EXTRACTED, path], capture_output=True, text=True, check=False)
        assert done.stdout.strip() == f"valid {proved}"
        path.write_text(path.read_text().replace(f"bound {proved}\n", f"bound {proved + 1}\n"))
        assert subprocess.run([EXTRACTED, path], capture_output=True, text=True, check=False).returncode == 1
    assert compared >= 3


def test_precision_is_left_as_it_was(tmp_path):
    from flint import ctx

    before = ctx.prec
    case = make("lower_logistic", tmp_path)
    flint_checker.verify(written(case.top, tmp_path), case.data)
    assert ctx.prec == before
