"""Write digits_certificate.v: a lower-bound certificate for the digits 1 and 7, as integers.

    python proofs/coq/make_digits_certificate.py [--out digits_certificate.v] [--input FILE]

The instance: scikit-learn's 8 x 8 digits, classes 1 (label +1) and 7 (label -1), pixels / 16, a
constant feature 1 appended and regularised, hinge loss, C_R = 0.09, all 361 rows.  Target: the
model trained after adding, twice each and with flipped label, the 18 rows of highest clean loss.

This script only searches.  What it writes is checked by the proved checker of
hinge_certificate.v, so nothing here needs to be trusted.  Steps: train (dual active set found by a
conic solver, then polished), the linear program of the fractional minimum, its dual direction, one
model on that direction, and the bound in exact integers (`certified_bound`, which mirrors the
definitions `numerator` and `denominator` of the checker).  --input writes the same certificate in
the text form of the extracted checker.
"""

from __future__ import annotations

import argparse
import sys
from math import isqrt
from pathlib import Path

import cvxpy as cp
import numpy as np
from scipy.optimize import linprog
from sklearn.datasets import load_digits

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "extract"))
from write_input import write_input  # noqa: E402

from mtp_theory.datasets import load  # noqa: E402

SCALE = 16
C_NUM, C_DEN = 9, 100
RHO_NUM, RHO_DEN = 1, 10**8
DEN = 10**12
STEPS = (3e-1, 1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4)


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Integer rows (constant feature last) and labels."""
    data = load_digits()
    keep = np.isin(data.target, (1, 7))
    X = data.data[keep].astype(int)
    y = np.where(data.target[keep] == 1, 1, -1)
    return np.hstack([X, np.full((len(X), 1), SCALE)]), y


def train(X: np.ndarray, y: np.ndarray, c: float) -> np.ndarray:
    """Minimiser of mean hinge + c/2 |theta|^2: conic solver for the active set, then exact in floats."""
    n, d = X.shape
    Z = y[:, None] * X
    theta, slack = cp.Variable(d), cp.Variable(n)
    problem = cp.Problem(
        cp.Minimize(cp.sum(slack) / n + c / 2 * cp.sum_squares(theta)), [slack >= 0, Z @ theta + slack >= 1]
    )
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
    margins = Z @ theta.value
    kink, capped = np.abs(margins - 1) <= 1e-6, margins < 1 - 1e-6
    # theta = (sum of capped rows + Z_kink^T alpha) / (n c), with margin 1 on the kinks
    v, Zk = Z[capped].sum(axis=0), Z[kink]
    alpha = np.linalg.lstsq(Zk @ Zk.T, n * c - Zk @ v, rcond=None)[0]
    polished = (v + Zk.T @ alpha) / (n * c)
    for _ in range(2):  # remove the last rounding errors of the margins
        alpha = np.linalg.lstsq(Zk @ Zk.T, 1 - Zk @ polished, rcond=None)[0]
        polished = polished + Zk.T @ alpha
    margins = Z @ polished
    assert np.abs(polished - theta.value).max() < 1e-4
    assert (margins[capped] < 1).all()
    assert (margins[~kink & ~capped] > 1).all()
    return polished


def canonical_target() -> np.ndarray:
    """The model after adding, twice each and with flipped label, the 5 % of rows of highest clean loss."""
    rows, y = digits()
    features, c = rows / SCALE, C_NUM / C_DEN
    clean = train(features, y, c)
    losses = np.maximum(0, 1 - y * (features @ clean))
    added = np.repeat(np.argsort(-losses, kind="stable")[: int(0.05 * len(y))], 2)
    return train(np.vstack([features, features[added]]), np.concatenate([y, -y[added]]), c)


def dual_direction(X: np.ndarray, y: np.ndarray, target: np.ndarray, c: float) -> tuple[float, np.ndarray]:
    """Fractional minimum number of points and the dual vector of its linear program.

    Variables: w_plus, w_minus (sums of added features with margin <= 1, per label), their numbers
    k_plus, k_minus, the number k0 of points without loss, and the slopes of the clean rows on the margin.
    """
    n, d = X.shape
    Z = y[:, None] * X
    margins = Z @ target
    kink = np.abs(margins - 1) <= 1e-7
    g = n * c * target - Z[(margins < 1) & ~kink].sum(axis=0)
    m = int(kink.sum())
    size = 2 * d + 3 + m
    kp, km, k0 = 2 * d, 2 * d + 1, 2 * d + 2
    eq = np.zeros((d, size))
    eq[:, :d], eq[:, d : 2 * d] = np.eye(d), -np.eye(d)
    eq[:, [kp, km, k0]] = -c * target[:, None]
    eq[:, 2 * d + 3 :] = Z[kink].T
    rows: list[np.ndarray] = []
    for offset, k, sign in ((0, kp, 1.0), (d, km, -1.0)):
        margin = np.zeros(size)
        margin[offset : offset + d], margin[k] = sign * target, -1
        rows.append(margin)
        for j in range(d):
            below = np.zeros(size)
            below[offset + j], below[k] = 1, -1
            rows.append(below)
        full = np.zeros(size)  # the constant feature
        full[offset + d - 1], full[k] = -1, 1
        rows.append(full)
    cost = np.zeros(size)
    cost[[kp, km, k0]] = 1
    solution = linprog(
        cost,
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=eq,
        b_eq=g,
        bounds=[(0, None)] * (2 * d + 3) + [(0, 1)] * m,
        method="highs",
    )
    assert solution.status == 0, solution.message
    return float(solution.fun), np.asarray(solution.eqlin.marginals)


def root(z: int) -> int:
    return isqrt(z) + 1


def dot(a: list[int], b: list[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def label_maximum(y: int, mu: int, p: list[int], t: list[int], lower: list[int], upper: list[int]) -> int:
    tilt = (y * (mu * a - DEN * b) for a, b in zip(p, t, strict=True))
    return (DEN - mu) * DEN * SCALE + sum(max(w * a, w * b) for w, a, b in zip(tilt, lower, upper, strict=True))


def best_multiplier(y: int, p: list[int], t: list[int], lower: list[int], upper: list[int]) -> int:
    """Minimise the convex function mu -> label_maximum by ternary search over the integers."""
    lo, hi = 0, DEN
    while hi - lo > 2:
        a, b = lo + (hi - lo) // 3, hi - (hi - lo) // 3
        if label_maximum(y, a, p, t, lower, upper) <= label_maximum(y, b, p, t, lower, upper):
            hi = b
        else:
            lo = a
    return min(range(lo, hi + 1), key=lambda mu: label_maximum(y, mu, p, t, lower, upper))


def certified_bound(X, y, lower, upper, p, t, mu_plus, mu_minus) -> tuple[int, int, int]:
    """The checker's numerator and denominator, and the largest bound that they prove."""
    unit = DEN * SCALE
    gain = norms = 0
    for x, label in zip(X, y, strict=True):
        gain += max(0, unit - label * dot(p, x)) - max(0, unit - label * dot(t, x))
        norms += root(dot(x, x))
    pp, tt, count = dot(p, p), dot(t, t), len(X)
    u = max(0, label_maximum(1, mu_plus, p, t, lower, upper), label_maximum(-1, mu_minus, p, t, lower, upper))
    box = root(sum(max(a * a, b * b) for a, b in zip(lower, upper, strict=True)))
    numerator = (
        2 * DEN * C_DEN * RHO_DEN * gain
        + count * C_NUM * RHO_DEN * SCALE * (pp - tt)
        - 2 * DEN * DEN * C_DEN * RHO_NUM * norms
        - 2 * count * DEN * SCALE * C_NUM * RHO_NUM * root(pp)
    )
    denominator = (
        2 * C_DEN * RHO_DEN * u
        + 2 * DEN * DEN * C_DEN * RHO_NUM * box
        + C_NUM * RHO_DEN * SCALE * (tt - pp)
        + 2 * DEN * SCALE * C_NUM * RHO_NUM * root(pp)
    )
    assert denominator > 0
    return numerator, denominator, max(0, -(-numerator // denominator))


def integers(values) -> str:
    return "[" + ";".join(str(int(v)) for v in values) + "]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "digits_certificate.v")
    parser.add_argument("--input", type=Path, help="also write the text form of the extracted checker")
    arguments = parser.parse_args()

    rows, y = digits()
    features, c = rows / SCALE, C_NUM / C_DEN
    target = canonical_target()
    minimum, direction = dual_direction(features, y, target, c)
    print(f"fractional minimum {minimum:.6f}")

    X, labels = [[int(v) for v in r] for r in rows], [int(v) for v in y]
    lower, upper = [0] * 64 + [SCALE], [SCALE] * 65
    p = [round(DEN * v) for v in target]
    best = None
    for step in STEPS:
        for sign in (1, -1):
            t = [round(DEN * (a + sign * step * b)) for a, b in zip(target, direction, strict=True)]
            mu_plus = best_multiplier(1, p, t, lower, upper)
            mu_minus = best_multiplier(-1, p, t, lower, upper)
            numerator, denominator, bound = certified_bound(X, labels, lower, upper, p, t, mu_plus, mu_minus)
            value = numerator / denominator
            print(f"step {sign * step:g}: {value:.6f}")
            if best is None or value > best[0]:
                best = (value, bound, t, mu_plus, mu_minus)
    value, bound, t, mu_plus, mu_minus = best
    print(f"certified: {value:.6f}, at least {bound} points")

    words = {1: "true", -1: "false"}
    data = ";\n  ".join(f"({words[label]}, {integers(x)})" for x, label in zip(X, labels, strict=True))
    text = (HERE / "digits_certificate.v.in").read_text()
    for name, content in {
        "ROWS": data,
        "LOWER": integers(lower),
        "UPPER": integers(upper),
        "TARGET": integers(p),
        "OTHER": integers(t),
        "MU_PLUS": str(mu_plus),
        "MU_MINUS": str(mu_minus),
        "BOUND": str(bound),
        "IDENTITY": load("digits-1-7").identity,
    }.items():
        text = text.replace(f"@{name}@", content)
    arguments.out.write_text(text)

    if arguments.input:
        certificate = {
            "c": (C_NUM, C_DEN),
            "den": DEN,
            "target": p,
            "other": t,
            "mu": (mu_plus, mu_minus),
            "rho": (RHO_NUM, RHO_DEN),
            "bound": bound,
        }
        with arguments.input.open("w") as out:
            write_input(out, X, labels, lower, upper, SCALE, certificate)


if __name__ == "__main__":
    main()
