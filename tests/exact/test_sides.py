"""The finders' reckoning against the second checker's, which shares no code with it; and against plain fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from reference.certificate_instances import small_data

from mtp_theory.bounds.subject import sides_of
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as second
from mtp_theory.datasets import Dataset
from mtp_theory.errors import UndecidedError
from mtp_theory.exact.hull import Hull
from mtp_theory.exact.numbers import Whole, fraction, precise, rational, root, root_above
from mtp_theory.exact.rows import DataRows, ListedRows
from mtp_theory.exact.sides import Part, Sides


def subject_for(data: Dataset, loss: str, bias: bool, radius: Fraction) -> write.Subject:
    rng = np.random.default_rng(data.n)
    target = tuple(Fraction(int(v), 16) for v in rng.integers(-40, 40, size=data.d + int(bias)))
    return write.Subject(data.identity, loss, Fraction(9, 100), bias, target, "radius", radius)


def checked(subject: write.Subject, data: Dataset, kind: str, value: Any, witness: dict[str, Any]) -> second.Check:
    top = write.certificate(subject, kind, value, witness)
    return second.Check(checker.parse(write.text(top).encode()), data, None)


@pytest.mark.parametrize("radius", [Fraction(0), Fraction(1, 10**6)])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("marks", ["box", "integer", "groups"])
@pytest.mark.parametrize("seed", range(2))
def test_both_sides_are_those_of_the_second_checker(seed: int, marks: str, bias: bool, radius: Fraction) -> None:
    data = small_data(seed, marks=marks)
    rng = np.random.default_rng(seed)
    numbers = [Fraction(int(v), 8) for v in rng.integers(-30, 30, size=data.d + int(bias))]
    mu = {1: Fraction(1, 3), -1: Fraction(3, 4)}
    subject = subject_for(data, "hinge", bias, radius)
    with precise():
        check = checked(subject, data, "lower_bound", 0, write.hinge_bound_witness(numbers, mu))
        assert sides_of(data, subject).hinge(numbers, mu) == tuple(map(fraction, check.sides()[:2]))
        for loss in ("logistic", "squared_hinge"):
            smooth = subject_for(data, loss, bias, radius)
            q, reach = {1: Fraction(1, 2), -1: Fraction(2)}, Fraction(1000)
            check = checked(smooth, data, "lower_bound", 0, write.smooth_bound_witness(numbers, q, reach))
            found = sides_of(data, smooth).smooth(numbers, q, reach)
            assert [float(v) for v in found] == pytest.approx([float(v) for v in check.sides()[:2]], rel=1e-15)
            with pytest.raises(UndecidedError, match="not confirmed"):
                sides_of(data, smooth).smooth(numbers, q, Fraction(1, 10**9))


@pytest.mark.parametrize("loss", ["hinge", "logistic", "squared_hinge"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_distance_of_a_trained_model_is_that_of_the_second_checker(loss: str, bias: bool) -> None:
    data = small_data(0)
    subject = subject_for(data, loss, bias, Fraction(0))
    points = [
        write.Point(1, (Fraction(1, 3), Fraction(1, 2), Fraction(1)), Fraction(1, 2), 3),
        write.Point(-1, (Fraction(0), Fraction(1, 7), Fraction(1, 5)), Fraction(1), 1),
    ]
    slopes = {2: Fraction(1, 4), 5: Fraction(1, 9)} if loss == "hinge" else {}
    check = checked(subject, data, "upper_bound", 4, write.upper_bound_witness(subject.target, points, slopes))
    listed = ListedRows([p.label for p in points], [p.x for p in points], bias)
    added = Part(listed, {i: p.slope for i, p in enumerate(points)}, [p.count for p in points])
    away = sides_of(data, subject).away(subject.target, slopes, added)
    assert float(away) == pytest.approx(float(fraction(check.proved_radius())), rel=1e-15)
    assert away > 0


def test_rows_in_plain_fractions() -> None:
    rng = np.random.default_rng(1)
    pixels, y = rng.integers(0, 256, size=(7, 3), dtype=np.uint8), np.array([1.0, -1, 1, 1, -1, -1, 1])
    for X, scale in ((pixels, 255.0), (pixels, 0.5), (pixels / 7.0, 1.0), (pixels.astype(np.float32), 1.0)):
        for bias in (True, False):
            rows = DataRows(X, y, scale, bias)
            exact = [
                [int(s) * v for v in [*(Fraction(e) / Fraction(scale) for e in x), *[Fraction(1)] * bias]]
                for x, s in zip(X.tolist(), y, strict=True)
            ]
            v = [Fraction(2, 3), Fraction(-5), Fraction(1, 8), Fraction(7, 2)][: 3 + int(bias)]
            (products,) = rows.products([Whole.of(v)])
            assert [fraction(p) for p in products] == [sum(a * b for a, b in zip(v, z, strict=True)) for z in exact]
            weights = [Fraction(i, 5) for i in range(7)]
            total = [sum(w * z[j] for w, z in zip(weights, exact, strict=True)) for j in range(len(v))]
            assert [fraction(t) for t in rows.combination([rational(w) for w in weights])] == total
            assert [fraction(s) for s in rows.squares()] == [sum(a * a for a in z) for z in exact]


def test_roots_lie_above_and_closely() -> None:
    """To 50 bits of themselves where they are small: features of 1e-6 make steps of 1e-18."""
    for square in (Fraction(2), Fraction(1, 3), Fraction(10**40 + 1), Fraction(1, 10**20), Fraction(7, 10**90 + 3)):
        for found in (root_above(square), checker.root_above(square), fraction(root(rational(square)))):
            assert found**2 >= square
            assert (found * (1 - Fraction(1, 2**50))) ** 2 < square
    assert root_above(Fraction(9, 4)) == checker.root_above(Fraction(9, 4)) == Fraction(3, 2)
    assert root_above(Fraction(0)) == checker.root_above(Fraction(0)) == fraction(root(rational(Fraction(0)))) == 0


def test_a_planted_slip_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A support that forgets the groups differs from the checker's."""
    data = small_data(0, marks="groups")
    subject = subject_for(data, "hinge", True, Fraction(0))
    model, mu = [Fraction(-3), Fraction(-2), Fraction(1), Fraction(0)], {1: Fraction(0), -1: Fraction(0)}
    check = checked(subject, data, "lower_bound", 0, write.hinge_bound_witness(model, mu))
    right = tuple(map(fraction, check.sides()[:2]))
    assert sides_of(data, subject).hinge(model, mu) == right
    init = Hull.__init__
    monkeypatch.setattr(Hull, "__init__", lambda self, a, b, groups, one: init(self, a, b, 0 * groups - 1, one))
    assert sides_of(data, subject).hinge(model, mu) != right


def test_what_stands_twice_agrees() -> None:
    """The form and the first checker name formats, claims and seals each on its own."""
    assert (write.FORMAT, write.CLAIMS) == (checker.FORMAT, checker.CLAIMS)
    assert write.seal({"a": [1, "2"], "seal": "x"}) == checker.seal({"a": [1, "2"]})
    assert isinstance(sides_of(small_data(0), subject_for(small_data(0), "hinge", True, Fraction(0))), Sides)
