"""Malformed, huge, deeply nested and hostile files: a clear error in bounded time and memory."""

from __future__ import annotations

import io
import json
import struct
import time
import tracemalloc
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from reference.certificate_instances import make, written

from mtp_theory.certificates import checker
from mtp_theory.certificates.second import checker as flint_checker

#: Far above what a refusal takes, far below what a hang would.
SECONDS = 20.0
#: Largest memory that refusing a file of at most a few MB may take.
BYTES = 600_000_000


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return make("lower_bound", tmp_path_factory.mktemp("hostile"))


def refused(raw, case, tmp_path, *, malformed=True):
    """Both checkers refuse the certificate's bytes, in bounded time and memory, with one line."""
    path = tmp_path / "c.json"
    path.write_bytes(raw)
    for module in (checker, flint_checker):
        start = time.monotonic()
        tracemalloc.start()
        if malformed:
            with pytest.raises(checker.Malformed) as error:
                module.verify(str(path), str(case.data))
            assert 0 < len(str(error.value)) < 400
            assert "\n" not in str(error.value)
        else:
            assert not module.verify(str(path), str(case.data))["valid"]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert time.monotonic() - start < SECONDS
        assert peak < BYTES


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": NaN}',
        b'{"format": 1e400}',
        b'{"format": ' + b"9" * 100_000 + b"}",
        b'{"format": "x", "format": "x"}',
        b'{"format": "mtp-theory-certificate-2"}',
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_not_a_certificate(raw, case, tmp_path):
    refused(raw, case, tmp_path)


def test_hostile_fields(case, tmp_path):
    long = "1" * (checker.MAX_DIGITS + 1)
    for field, value in {
        "c_r": "1/0",
        "radius": "-1",
        "bias": 1,
        "data": "0" * 63,
        "kind": ["lower_bound"],
        "loss": "exponential",
        "value": 10**17,
        "given": {"denominator": "1"},
        "target": {"denominator": "0", "numerators": ["1"]},
        "witness": {"theta": long},
        "mode": {"a": {}},
    }.items():
        top = {**case.top, field: value}
        refused(written(top, tmp_path).read_bytes(), case, tmp_path)
    for text in (long, "01", "1/2/3", "2/4", "١", " 1", "1_0", "0x1", "-0", "1/-2", ""):
        refused(written({**case.top, "c_r": text}, tmp_path).read_bytes(), case, tmp_path)
    extra = {**case.top, "note": "x"}
    refused(written(extra, tmp_path).read_bytes(), case, tmp_path)
    del extra["note"], extra["domain"]
    refused(written(extra, tmp_path).read_bytes(), case, tmp_path)


def test_large_numbers_end_in_bounded_time(case, tmp_path):
    """Every number of the witness as long as allowed."""
    big = "9" * checker.MAX_DIGITS
    vector = {"denominator": "7" * checker.MAX_DIGITS, "numerators": [big] * 4}
    fraction = f"{10 ** (checker.MAX_DIGITS - 2)}/{10 ** (checker.MAX_DIGITS - 1) + 1}"
    for target in (case.top["target"], vector):
        witness = {"theta": vector, "mu_plus": fraction, "mu_minus": fraction}
        top = {**case.top, "target": target, "witness": witness, "radius": fraction}
        refused(written(top, tmp_path).read_bytes(), case, tmp_path, malformed=False)


def test_too_large_a_certificate(case, tmp_path, monkeypatch):
    monkeypatch.setattr(checker, "MAX_CERTIFICATE_BYTES", 1000)
    refused(b" " * 1001, case, tmp_path)


def member(name, header, body=b""):
    """An npy member with any header."""
    raw = header.encode("latin-1")
    return name, b"\x93NUMPY\1\0" + struct.pack("<H", len(raw)) + raw + body


def archive(*members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, raw in members:
            file.writestr(name, raw)
    return out.getvalue()


def npz(**arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


X, Y = np.array([[0.0, 1.0], [1.0, 0.5]]), np.array([1.0, -1.0])
GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK",
        b"\x80\x04K\x01.",
        npz(X=X, y=Y)[:200],
        npz(X=X),
        npz(X=np.array([[1 + 2j, 0]]), y=np.ones(1)),
        npz(X=X, y=np.array([1.0, 0.0])),
        npz(X=X * np.nan, y=Y),
        npz(X=X, y=Y[:1]),
        npz(X=X, y=Y, scale=np.float64(-1.0)),
        npz(X=X, y=Y, scale=np.float64(2.0)),
        npz(X=X, y=Y, lower=np.ones(2), upper=np.zeros(2)),
        npz(X=X, y=Y, lower=np.array([np.inf, 0]), upper=np.ones(2)),
        npz(X=X, y=Y, groups=np.zeros(2), group_rule="none"),
        npz(X=X, y=Y, groups=np.zeros(2, dtype=int), group_rule="none"),
        npz(X=X, y=Y, integer=np.zeros(2)),
        npz(X=np.zeros((0, 2)), y=np.zeros(0)),
        archive(member("X.npy", "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"\x80\x04K\x01.")),
        archive(member("X.npy", GOOD.replace("(2, 2)", "(2000000000, 2000000000)"))),
        archive(member("X.npy", GOOD.replace("(2, 2)", "(-2, -2)"), b"0" * 32)),
        archive(member("X.npy", GOOD.replace("(2, 2)", "2"))),
        archive(member("X.npy", "(" * 3000)),
        archive(member("X.npy", "__import__('os').abort()")),
        archive(member("X.npy", GOOD, b"0" * 31)),
        archive(member("X.npy", GOOD, b"0" * 33)),
        archive(("X.npy", b"no array")),
        archive(*(("X.npy", b"") for _ in range(1))),
        archive(*((f"{i}.npy", b"") for i in range(100))),
        archive(member("X.npy", GOOD.replace("(2, 2)", "(33554433, 1)"), bytes(2**26)), method=zipfile.ZIP_DEFLATED),
    ],
    ids=range(29),
)
def test_hostile_data_files(raw, case, tmp_path):
    path = tmp_path / "data.npz"
    path.write_bytes(raw)
    certificate = written(case.top, tmp_path)
    for module in (checker, flint_checker):
        start = time.monotonic()
        with pytest.raises(checker.Malformed) as error:
            module.verify(str(certificate), str(path))
        assert 0 < len(str(error.value)) < 500
        assert "\n" not in str(error.value)
        assert time.monotonic() - start < SECONDS


def test_many_groups_and_columns_end_in_bounded_time(case, tmp_path):
    """As many features as are read, each a group of its own: linear work, and other data than the certificate's."""
    path, d = tmp_path / "wide.npz", checker.MAX_DIMENSION
    np.savez_compressed(path, X=np.tile([0.0, 1.0], (2, d // 2)), y=Y, groups=np.arange(d))
    start = time.monotonic()
    assert "other data" in checker.verify(str(written(case.top, tmp_path)), str(path))["reason"]
    np.savez_compressed(path, X=np.zeros((2, d + 1)), y=Y)
    with pytest.raises(checker.Malformed, match="shape"):
        checker.verify(str(written(case.top, tmp_path)), str(path))
    assert time.monotonic() - start < SECONDS


def test_tiny_and_large_floats_are_exact(tmp_path):
    """Denormal, tiny and large features: rows as integers over one denominator, nothing lost."""
    X = np.array([[5e-324, 1.0], [1e300, -3.5]])
    np.savez(tmp_path / "floats.npz", X=X, y=Y)
    data = checker.Data(str(tmp_path / "floats.npz"))
    for row, y, z in zip(X, Y, data.signed(True), strict=True):
        assert [Fraction(v, data.unit) for v in z] == [int(y) * Fraction(float(v)) for v in (*row, 1.0)]


@pytest.mark.parametrize(
    "raw", [b"", npz(X=X), npz(X=X, y=Y), npz(X=np.zeros((2, 3)) * np.nan, y=Y), npz(X=np.zeros((2, 3)), y=np.zeros(2))]
)
def test_hostile_points_files(raw, case, tmp_path):
    path = tmp_path / "points.npz"
    path.write_bytes(raw)
    certificate = written(case.top, tmp_path)
    for module in (checker, flint_checker):
        with pytest.raises(checker.Malformed):
            module.verify(str(certificate), str(case.data), str(path))


def test_absent_files(case, tmp_path):
    for module in (checker, flint_checker):
        with pytest.raises(checker.Malformed):
            module.verify(str(tmp_path / "none.json"), str(case.data))
        with pytest.raises(checker.Malformed):
            module.verify(str(written(case.top, tmp_path)), str(tmp_path / "none.npz"))


def test_the_command_line_exits_with_2(case, tmp_path, capsys):
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"a": 1}))
    assert checker.main([str(bad), str(case.data)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
