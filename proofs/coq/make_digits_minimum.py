"""Write digits_minimum.v: 18 points that reach the digits target, in exact rationals.

    python proofs/coq/make_digits_minimum.py [--out digits_minimum.v]

The companion of make_digits_certificate.py (same instance, same target): a set of points of the box
whose training result is, exactly, a rational model within the radius of the target.  Steps: move the
target so that the clean rows on the margin lie exactly on it (rationals); find by a linear program the slopes of those
rows and two feature vectors, one per label, with as much slack as possible; round them so that the
optimality condition holds exactly.  What is written is checked by the proved checker of
hinge_optimality.v; nothing here needs to be trusted.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from math import lcm
from pathlib import Path

import numpy as np
from flint import fmpq, fmpq_mat
from make_digits_certificate import (
    C_DEN,
    C_NUM,
    DEN,
    HERE,
    RHO_DEN,
    RHO_NUM,
    SCALE,
    canonical_target,
    digits,
    integers,
    train,
)
from scipy.optimize import linprog

POINTS = 18
GRID = 10**6


def fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def polish(p: list[int], Z: list[list[int]], kinks: list[int]) -> list[Fraction]:
    """The model nearest to the target p / DEN at which the rows `kinks` have margin 1."""
    rows = [[fmpq(v, SCALE) for v in Z[i]] for i in kinks]
    matrix = fmpq_mat(len(rows), len(p), [v for row in rows for v in row])
    start = fmpq_mat(len(p), 1, [fmpq(v, DEN) for v in p])
    gap = fmpq_mat(len(rows), 1, [fmpq(1)] * len(rows)) - matrix * start
    moved = start + matrix.transpose() * (matrix * matrix.transpose()).solve(gap)
    return [fraction(moved[j, 0]) for j in range(len(p))]


def clean_model(X: np.ndarray, y: np.ndarray) -> tuple[list[Fraction], list[Fraction]]:
    """The model of the clean rows and its slopes, exactly, from the active set of the float solution."""
    Z, c = y[:, None] * X, C_NUM / C_DEN
    margins = Z @ train(X / SCALE, y, c) / SCALE
    kinks = [int(i) for i in np.flatnonzero(np.abs(margins - 1) <= 1e-7)]
    capped = [int(i) for i in np.flatnonzero(margins < 1 - 1e-7)]
    unit = fmpq(SCALE)
    rows = fmpq_mat(len(kinks), X.shape[1], [int(v) / unit for i in kinks for v in Z[i]])
    pull = fmpq_mat(X.shape[1], 1, [int(v) / unit for v in Z[capped].sum(axis=0)])
    weight = fmpq(C_NUM * len(X), C_DEN)
    gap = fmpq_mat(len(kinks), 1, [weight] * len(kinks)) - rows * pull
    slopes = (rows * rows.transpose()).solve(gap)
    model = pull + rows.transpose() * slopes
    all_slopes = [Fraction(0)] * len(X)
    for i in capped:
        all_slopes[i] = Fraction(1)
    for j, i in enumerate(kinks):
        all_slopes[i] = fraction(slopes[j, 0])
    return [fraction(model[j, 0] / weight) for j in range(X.shape[1])], all_slopes


def slope_list(slopes: list[Fraction], den: int) -> str:
    return "[" + ";".join("one" if s == 1 else str(int(s * den)) for s in slopes) + "]"


def independent(Z: np.ndarray, kinks: list[int]) -> list[int]:
    chosen: list[int] = []
    for i in kinks:
        if np.linalg.matrix_rank(Z[[*chosen, i]]) == len(chosen) + 1:
            chosen.append(i)
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "digits_minimum.v")
    arguments = parser.parse_args()

    X, y = digits()
    Z = y[:, None] * X
    target = canonical_target()
    p = [round(DEN * v) for v in target]
    margins = Z @ target / SCALE
    kinks = [int(i) for i in np.flatnonzero(np.abs(margins - 1) <= 1e-7)]
    kinks = independent(Z, kinks)
    model = polish(p, Z.tolist(), kinks)
    exact = [sum((Fraction(int(v), SCALE) * t for v, t in zip(row, model, strict=True)), Fraction(0)) for row in Z]
    capped = [i for i, m in enumerate(exact) if m < 1]
    assert sorted(i for i, m in enumerate(exact) if m == 1) == kinks
    distance = sum((t - Fraction(v, DEN)) ** 2 for t, v in zip(model, p, strict=True))
    print(f"{len(kinks)} rows on the margin, {len(capped)} inside; distance {float(distance) ** 0.5:.1e}")
    assert distance <= Fraction(RHO_NUM, RHO_DEN) ** 2

    n, d = X.shape
    total, c = n + POINTS, Fraction(C_NUM, C_DEN)
    need = [total * c * t - Fraction(int(Z[capped, j].sum()), SCALE) for j, t in enumerate(model)]
    theta, needed, m = np.array([float(t) for t in model]), np.array([float(v) for v in need]), len(kinks)
    best = None
    for plus in range(POINTS + 1):
        minus = POINTS - plus
        # variables: slopes (m), w_plus (d - 1), w_minus (d - 1), slack
        size = m + 2 * (d - 1) + 1
        eq = np.zeros((d, size))
        eq[:, :m] = Z[kinks].T / SCALE
        eq[: d - 1, m : m + d - 1], eq[: d - 1, m + d - 1 : -1] = np.eye(d - 1), -np.eye(d - 1)
        rhs = needed.copy()
        rhs[-1] -= plus - minus
        ub, limit = [], []
        for offset, k, sign in ((m, plus, 1.0), (m + d - 1, minus, -1.0)):
            row = np.zeros(size)
            row[offset : offset + d - 1], row[-1] = sign * theta[:-1], 1
            ub.append(row)
            limit.append(k - sign * k * theta[-1])
        for j in range(m):
            for sign, bound in ((1.0, 1.0), (-1.0, 0.0)):
                row = np.zeros(size)
                row[j], row[-1] = sign, 1
                ub.append(row)
                limit.append(bound)
        bounds = (
            [(0, 1)] * m + [(0, max(plus - 1e-4, 0))] * (d - 1) + [(0, max(minus - 1e-4, 0))] * (d - 1) + [(None, None)]
        )
        cost = np.zeros(size)
        cost[-1] = -1
        solution = linprog(cost, np.array(ub), np.array(limit), eq, rhs, bounds, method="highs")
        if solution.status == 0 and (best is None or -solution.fun > best[0]):
            best = (-solution.fun, plus, minus, solution.x)
    assert best is not None, "no split is feasible"
    slack, plus, minus, values = best
    print(f"{plus} points of label +1, {minus} of label -1; slack {slack:.4f}")

    slopes = [Fraction(round(GRID * v), GRID) for v in values[:m]]
    # the equation of the constant feature, through one slope
    wanted = need[-1] - (plus - minus)
    rest = sum((int(Z[i, -1] // SCALE) * s for i, s in zip(kinks[1:], slopes[1:], strict=True)), Fraction(0))
    slopes[0] = (wanted - rest) / int(Z[kinks[0], -1] // SCALE)
    w_minus = [Fraction(round(GRID * v), GRID) for v in values[m + d - 1 : -1]]
    w_plus = []
    for j in range(d - 1):
        missing = need[j] - sum(
            (Fraction(int(Z[i, j]), SCALE) * s for i, s in zip(kinks, slopes, strict=True)), Fraction(0)
        )
        a = missing + w_minus[j]
        if a < 0:
            a, w_minus[j] = Fraction(0), w_minus[j] - a
        elif a > plus:
            a, w_minus[j] = Fraction(plus), w_minus[j] - (a - plus)
        w_plus.append(a)
    assert all(0 <= s <= 1 for s in slopes)
    assert all(0 <= v <= plus for v in w_plus)
    assert all(0 <= v <= minus for v in w_minus)
    model_den = lcm(*(t.denominator for t in model))
    slope_den = lcm(*(v.denominator for v in slopes))
    points = [[v / k for v in w] + [Fraction(1)] for w, k in ((w_plus, plus), (w_minus, minus))]
    scale = lcm(*(v.denominator for x in points for v in x))
    by_row: dict[int, str] = dict.fromkeys(capped, "one")
    by_row |= {i: str(int(v * slope_den)) for i, v in zip(kinks, slopes, strict=True)}
    clean, clean_slopes = clean_model(X, y)
    clean_den = lcm(*(t.denominator for t in clean))
    clean_slope_den = lcm(*(v.denominator for v in clean_slopes))
    text = (HERE / "digits_minimum.v.in").read_text()
    for name, content in {
        "POINTS": str(POINTS),
        "PLUS": str(plus),
        "MINUS": str(minus),
        "MODEL_DEN": str(model_den),
        "MODEL": integers(t * model_den for t in model),
        "SLOPE_DEN": str(slope_den),
        "SLOPES": "[" + ";".join(by_row.get(i, "0") for i in range(n)) + "]",
        "CLEAN_DEN": str(clean_den),
        "CLEAN": integers(t * clean_den for t in clean),
        "CLEAN_SLOPE_DEN": str(clean_slope_den),
        "CLEAN_SLOPES": slope_list(clean_slopes, clean_slope_den),
        "ADDED_SCALE": str(scale),
        "PLUS_POINT": integers(v * scale for v in points[0]),
        "MINUS_POINT": integers(v * scale for v in points[1]),
    }.items():
        text = text.replace(f"@{name}@", content)
    arguments.out.write_text(text)


if __name__ == "__main__":
    main()
