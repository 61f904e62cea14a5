"""Losses and domains of one's own that break their promises far out, raise, or are no losses at all."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.claims.engine import model
from mtp_theory.domains import Domain
from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.losses import Hinge, MarginLoss
from mtp_theory.testing import check_domain, check_loss
from mtp_theory.testing.loss_checks import FAR
from mtp_theory.testing.report import ClaimUndecidedError, Report, Row

FEW = {"examples": 60, "instances_per_claim": 1}


class Clipped(MarginLoss):
    """A hinge that stops growing at a margin far out: not convex there."""

    key = "clipped"
    lipschitz = 1.0

    def __init__(self, at):
        self.at = at
        self.kinks = (float(at), 1.0)

    def value(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.clip(1.0 - m, 0.0, 1.0 - self.at)

    def slope(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return ((m <= 1.0) & (m > self.at)).astype(np.float64)


class SteepFarOut(Hinge):
    """Slope 3 beyond -100: the promised Lipschitz constant is that of the hinge."""

    key = "steep"
    kernel = None
    kinks = (1.0, -100.0)

    def value(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.maximum(np.maximum(0.0, 1.0 - m), -199.0 - 3.0 * m)

    def slope(self, margin):
        m = np.asarray(margin, dtype=np.float64)
        return np.where(m <= -100.0, 3.0, (m <= 1.0).astype(np.float64))


class Raising(Hinge):
    kernel = None

    def slope(self, margin):
        raise RuntimeError("no slope today")


class Scalar(Hinge):
    """Works on one number only."""

    kernel = None

    def value(self, margin):
        return max(0.0, 1.0 - float(margin))


class Simplex(Domain):
    """The probability simplex; its support function may forget the last vertex."""

    def __init__(self, dim, forgets):
        self.dim, self.forgets = dim, forgets

    def contains(self, x, tolerance=1e-9):
        v = np.asarray(x, dtype=np.float64)
        return (
            v.shape == (self.dim,) and bool(np.all(v >= -tolerance)) and abs(float(v.sum()) - 1.0) <= 1e-9 + tolerance
        )

    def support(self, direction):
        best = int(np.argmax(direction[: self.dim - int(self.forgets)]))
        x = np.zeros(self.dim)
        x[best] = 1.0
        return float(direction[best]), x


def failures(report):
    return {r.id.removeprefix("property:") for r in report.failures}


@pytest.mark.parametrize("at", [-9.0, -50.0, -240.0])
def test_kinks_are_visited_where_they_are_declared(at):
    assert "convex" in failures(check_loss(Clipped(at), **FEW))


def test_constants_are_tried_far_out():
    report = check_loss(SteepFarOut(), **FEW)
    assert "Lipschitz constant" in failures(report)
    honest = check_loss(Hinge(), examples=20, instances_per_claim=0)
    assert all(f"{FAR:g}" in r.example for r in honest if r.id.startswith("property"))


@pytest.mark.parametrize(("loss", "named"), [(Raising(), "no slope today"), (Scalar(), "raises")])
def test_errors_become_failing_lines(loss, named):
    report = check_loss(loss, **FEW)
    assert report.failures
    assert any(named in r.example for r in report.failures)


def test_what_is_no_loss_or_domain_is_refused():
    class Nameless(Hinge):
        key = None

    for subject, named in ((Hinge, r"Hinge\(\)"), (3, "MarginLoss"), (Nameless(), "no key")):
        with pytest.raises(InputError, match=named):
            check_loss(subject)
    for subject in (Simplex, "box"):
        with pytest.raises(InputError, match="instance of a subclass"):
            check_domain(subject)


def test_a_support_function_that_forgets_a_vertex():
    for dim in (2, 3, 4):
        assert check_domain(Simplex(dim, forgets=False), examples=12, instances_per_claim=0).ok
        report = check_domain(Simplex(dim, forgets=True), examples=12, instances_per_claim=0)
        assert "no point beyond the support" in failures(report)


def test_undecided_is_said_and_raised(monkeypatch):
    from mtp_theory.testing import loss_checks

    def never(*arguments, **options):
        raise UndecidedError("planted cause")

    monkeypatch.setattr(loss_checks, "facts_of", never)
    report = check_loss(Hinge(), examples=5, instances_per_claim=2)
    assert not report.ok
    assert "2 of 2 instances undecided; the first: planted cause" in str(report)
    with pytest.raises(ClaimUndecidedError, match="planted cause"):
        report.raise_for_violations()


def test_a_report_without_faults_raises_nothing():
    row = Row("theorem-1", "repaired", "holds", "holds", 3, 0.0, "")
    assert Report((row,)).raise_for_violations().ok


def test_sides_of_great_size_are_compared_by_their_size():
    """A slack of -4e88 between sides of 1e130 is rounding, one of -1e125 is not."""
    from types import SimpleNamespace

    import sympy

    from mtp_theory.claims.check import Tally

    a, b = sympy.symbols("a b")
    inequality = model.Inequality(a, b)

    def verdict(left, right, tolerance):
        case = SimpleNamespace(values={"a": left, "b": right}, description="")
        statement = SimpleNamespace(inequality=inequality, cases=lambda facts: [case])
        tally = Tally(statement)
        tally.add(SimpleNamespace(tolerance=tolerance, arithmetic=model.Arithmetic.FLOAT))
        return str(tally.verdict())

    assert verdict(1e130, 1e130 * (1 - 1e-15), 1e-7) == "holds"
    assert verdict(1e130, 1e130 - 1e125, 1e-7) == "violated"
    assert verdict(1.0, 1.0 - 1e-6, 1e-7) == "violated"
