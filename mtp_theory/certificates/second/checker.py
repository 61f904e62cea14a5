"""The second checker: the same claims, evaluated by python-flint (integers, rationals, balls) on whole matrices.

It shares with :mod:`.checker` the reading of the JSON form and nothing else: data come through the package's loader,
sums through integer matrix products, the logistic loss and square roots through ball arithmetic. MNIST 1-7 takes
seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq, fmpz, fmpz_mat
from numpy.typing import NDArray

from ...datasets import Dataset, read_dataset
from ...datasets.npz import Declared, read_npz
from ...datasets.rows import dense
from ...errors import InputError
from ..checker import CLAIMS, MAX_CERTIFICATE_BYTES, MAX_POINTS, Certificate, Malformed, Refused, Vector, opened, parse
from .arithmetic import dot, rational, root, vector
from .closeness import prove_closeness
from .goal import prove_goal

#: Bits of the balls; the sums of 10^4 terms below lose some 20 of them.
PRECISION = 256
#: Rows turned into one integer matrix at a time.
CHUNK = 1024
#: Integer matrices are kept for the next sum where all have at most so many entries.
KEPT_ENTRIES = 16_000_000
#: Margins up to this size are put into exp.
EDGE = fmpq(200)


class ExactRows:
    """Rows with labels as integer matrices: exact inner products and exact weighted sums."""

    def __init__(self, X: NDArray[Any], y: Sequence[float] | NDArray[Any], scale: Fraction | float, bias: bool) -> None:
        self.X, self.y, self.bias = X, [int(v) for v in y], bias
        self.scale = Fraction(scale)
        self.n, self.d = X.shape
        self._store: list[tuple[slice, fmpz_mat, int]] | None = None

    def _chunks(self) -> Iterator[tuple[slice, NDArray[Any], int]]:
        for start in range(0, self.n, CHUNK):
            part = slice(start, min(self.n, start + CHUNK))
            rows = self.X[part]
            if rows.dtype == np.uint8:
                whole, unit = rows.astype(np.int64), 1
            else:
                values = rows.astype(np.float64)
                mantissas, exponents = np.frexp(values)
                finest = max(0, int(np.max(np.where(values != 0, 53 - exponents, 0), initial=0)))
                shift = np.where(values != 0, finest - (53 - exponents), 0).astype(object)
                whole, unit = (mantissas * 2.0**53).astype(np.int64).astype(object) << shift, 1 << finest
            if self.scale.denominator != 1:
                whole = whole.astype(object) * self.scale.denominator
            yield part, whole, unit * self.scale.numerator

    def _matrices(self) -> Iterator[tuple[slice, fmpz_mat, int]]:
        made = ((part, fmpz_mat(*whole.shape, whole.ravel().tolist()), unit) for part, whole, unit in self._chunks())
        if self._store is None and self.n * self.d <= KEPT_ENTRIES:
            self._store = list(made)
        return iter(made if self._store is None else self._store)

    def products(self, vectors: Sequence[Vector]) -> list[list[fmpq]]:
        """y_i <v, (x_i, 1)> for each vector v and row i."""
        columns = fmpz_mat([[v.n[j] for v in vectors] for j in range(self.d)])
        out: list[list[fmpq]] = [[] for _ in vectors]
        for part, matrix, unit in self._matrices():
            values = matrix * columns
            for k, v in enumerate(vectors):
                constant = v.n[-1] * unit if self.bias else 0
                low = part.start
                out[k] += [
                    fmpq(self.y[low + i] * (values[i, k] + constant), v.d * unit) for i in range(part.stop - low)
                ]
        return out

    def combination(self, weights: Sequence[fmpq]) -> list[fmpq]:
        """sum_i w_i y_i (x_i, 1)."""
        total = [fmpq(0)] * (self.d + int(self.bias))
        for part, matrix, unit in self._matrices():
            signed = [w * y for w, y in zip(weights[part], self.y[part], strict=True)]
            common = lcm(1, *(int(w.q) for w in signed))
            row = fmpz_mat(1, len(signed), [int(w * common) for w in signed]) * matrix
            total = [t + fmpq(row[0, j], common * unit) for j, t in enumerate(total[: self.d])] + total[self.d :]
            if self.bias:
                total[-1] += sum(signed, fmpq(0))
        return total

    def squares(self) -> list[fmpq]:
        """|(x_i, 1)|^2 for each row."""
        out: list[fmpq] = []
        for _, whole, unit in self._chunks():
            sums = (whole * whole).sum(axis=1).tolist()
            out += [fmpq(s, unit * unit) + int(self.bias) for s in sums]
        return out


class Domain:
    """The data's domain with exact bounds."""

    def __init__(self, data: Dataset) -> None:
        box = data.domain()
        self.low, self.high = [rational(v) for v in box.lower], [rational(v) for v in box.upper]
        self.integer, self.groups, self.rule = data.integer, data.groups, data.group_rule
        self.members = [np.flatnonzero(self.groups == g).tolist() for g in np.unique(self.groups[self.groups >= 0])]

    def support(self, form: Sequence[fmpq]) -> fmpq:
        """Maximum of a linear form over the hull."""
        total = fmpq(0)
        for w, a, b, g in zip(form, self.low, self.high, self.groups, strict=True):
            if g < 0:
                total += max(w * a, w * b)
        for m in self.members:
            best = max(form[j] for j in m)
            total += best if self.rule == "exactly_one" else max(fmpq(0), best)
        return total

    def contains(self, x: Sequence[fmpq], hull: bool) -> bool:
        """Membership in the domain, or in its hull."""
        if len(x) != len(self.low) or not all(a <= v <= b for a, v, b in zip(self.low, x, self.high, strict=True)):
            return False
        if not hull and any(v.q != 1 for v, whole in zip(x, self.integer, strict=True) if whole):
            return False
        sums = [sum((x[j] for j in m), fmpq(0)) for m in self.members]
        return all(s == 1 if self.rule == "exactly_one" else s <= 1 for s in sums)

    def largest_norm(self, bias: bool) -> fmpq:
        """At least |(x, 1)| on the domain."""
        return root(sum((max(a * a, b * b) for a, b in zip(self.low, self.high, strict=True)), fmpq(int(bias))))


def logistic_slope(m: fmpq) -> arb:
    """1 / (1 + e^m)."""
    return 1 / (1 + arb(m).exp())


def hinge(m: fmpq) -> fmpq:
    """(1 - m)_+."""
    return max(fmpq(0), 1 - m)


class Check:
    """One certificate with its data."""

    def __init__(self, k: Certificate, data: Dataset, points: ExactRows | None) -> None:
        self.k, self.points = k, points
        self.rows = ExactRows(dense(data.X), data.y, data.scale, k.bias)
        self.domain = Domain(data)
        self.p = vector(k.target)
        self.c, self.rho = rational(k.c), rational(k.radius)
        if k.kind != "goal_lower_bound":
            self._length(k.target)

    def _length(self, *vectors: Vector) -> None:
        for v in vectors:
            if len(v.n) != self.rows.d + int(self.k.bias):
                raise Refused("a model of the wrong length")

    def top(self, weights: Sequence[fmpq], y: int) -> fmpq:
        """Maximum of y <weights, (x, 1)>."""
        form = [y * w for w in weights]
        constant = form.pop() if self.k.bias else fmpq(0)
        return self.domain.support(form) + constant

    def reach(self, theta: Sequence[fmpq], w: dict[str, Any], far: fmpq) -> fmpq:
        """Upper bound of the hinge losses' difference when both margins move together by at most ``far``."""
        best = fmpq(0)
        for y, m in ((-1, rational(w["mu_minus"])), (1, rational(w["mu_plus"]))):
            height = self.top([m * a - b for a, b in zip(self.p, theta, strict=True)], y)
            best = max(best, (1 - m) * (1 + far) + height)
        return best

    def bound(self) -> str:
        """lower_bound and unattainable."""
        k = self.k
        numerator, denominator, allowed = self.sides()
        if k.value == 0:
            return "0 points: nothing is claimed"
        if numerator <= 0:
            raise Refused("the numerator is not positive")
        if denominator > 0 and (k.value is None or (k.value - 1) * denominator >= numerator):
            raise Refused("the witness proves fewer points")
        few = self.points is not None and (k.value is None or self.points.n < k.value)
        if few and allowed is not None and numerator <= allowed:
            raise Refused("the points of the points file are not excluded by the witness")
        return "proved"

    def sides(self) -> tuple[fmpq, fmpq, fmpq | None]:
        """NUM, DEN and, for the points given, what NUM would have to exceed."""
        gain, denominator = self._hinge_sides() if self.k.loss == "hinge" else self._smooth_sides()
        return gain(self.rows), denominator, None if self.points is None else -gain(self.points)

    def _hinge_sides(self) -> tuple[Callable[[ExactRows], fmpq], fmpq]:
        k = self.k
        self._length(k.witness["theta"])
        theta = vector(k.witness["theta"])
        step = [a - b for a, b in zip(self.p, theta, strict=True)]
        square = dot(step, step)
        fall = dot(self.p, step) - self.rho * root(square) - square / 2

        def gain(rows: ExactRows) -> fmpq:
            at_target, at_theta = rows.products([k.target, k.witness["theta"]])
            norms = map(root, rows.squares()) if self.rho else [fmpq(0)] * rows.n
            total = rows.n * self.c * fall
            for a, b, norm in zip(at_target, at_theta, norms, strict=True):
                # both margins move by e, |e| <= rho |z|; the difference of the losses is monotone in e
                e = self.rho * norm if a >= b else -self.rho * norm
                total += hinge(a - e) - hinge(b - e)
            return total

        far = self.rho * self.domain.largest_norm(k.bias)
        return gain, self.reach(theta, k.witness, far) - self.c * fall

    def _smooth_sides(self) -> tuple[Callable[[ExactRows], fmpq], fmpq]:
        k, logistic = self.k, self.k.loss == "logistic"
        self._length(k.witness["direction"])
        lam = vector(k.witness["direction"])
        length = root(dot(lam, lam))
        fall = self.c * (dot(lam, self.p) - self.rho * length)
        beta = fmpq(1, 4) if logistic else fmpq(2)

        def gain(rows: ExactRows) -> fmpq:
            w, m = rows.products([k.witness["direction"], k.target])
            pull = upper(sum((self.slope(v) * arb(u) for u, v in zip(w, m, strict=True)), arb(0)))
            return rows.n * fall - pull - self.rho * length * beta * sum(rows.squares(), fmpq(0))

        if not self.reach_holds():
            raise Refused("`reach` is not shown")
        reach = rational(k.witness["reach"])
        far = self.rho * self.domain.largest_norm(k.bias)
        if logistic and far > 1:
            raise Refused("the radius is too large")
        if logistic:
            return gain, reach * (1 + far + far * far) - fall
        return gain, reach + 2 * far * max(fmpq(0), self.top(lam, 1), self.top(lam, -1)) - fall

    def reach_holds(self) -> bool:
        """Does the witness's q show that its reach bounds <lam, z> psi(<target, z>)?"""
        k, logistic = self.k, self.k.loss == "logistic"
        lam, reach = vector(k.witness["direction"]), rational(k.witness["reach"])
        for y, q in ((-1, rational(k.witness["q_minus"])), (1, rational(k.witness["q_plus"]))):
            top = self.top([a - q * b for a, b in zip(lam, self.p, strict=True)], y)
            if q == 0:
                holds = top <= (reach if logistic else 0)
            elif logistic:
                holds = reach > 0 and bool(arb(top) + arb(q) * arb(q / reach).log() - arb(q) <= arb(reach))
            else:
                holds = top + q <= 0 or (top + q) ** 2 <= 2 * reach * q
            if not holds:
                return False
        return True

    def slope(self, m: fmpq) -> arb:
        """psi of a smooth loss, as a ball."""
        if self.k.loss == "logistic":
            # beyond the edge the slope is 0 or 1 to more digits than the balls have; exp of a huge number has no end
            if m > EDGE:
                return arb(0).union(logistic_slope(EDGE))
            if m < -EDGE:
                return logistic_slope(-EDGE).union(arb(1))
            return logistic_slope(m)
        return arb(2 * max(fmpq(0), 1 - m))

    def optimality(self, model: Vector, parts: Sequence[tuple[ExactRows, dict[int, fmpq], list[int]]]) -> fmpq:
        """2 n c times an upper bound of F(model) - min F; parts: rows, slopes by row, copies."""
        n = sum(sum(copies) for _, _, copies in parts)
        terms, pulls, blur = fmpq(0), [fmpq(0)] * len(model.n), fmpq(0)
        for rows, given, copies in parts:
            if rows.n == 0:
                continue
            (margins,) = rows.products([model])
            if self.k.loss == "hinge":
                slopes = [given.get(i, fmpq(int(m < 1))) for i, m in enumerate(margins)]
                terms += sum(
                    (k * (hinge(m) - s * (1 - m)) for k, m, s in zip(copies, margins, slopes, strict=True)), fmpq(0)
                )
            else:
                balls = [self.slope(m) for m in margins]
                slopes = [middle(b) for b in balls]
                blur += sum(
                    (
                        k * upper(abs(b - arb(s))) * root(q)
                        for k, b, s, q in zip(copies, balls, slopes, rows.squares(), strict=True)
                    ),
                    fmpq(0),
                )
            part = rows.combination([k * s for k, s in zip(copies, slopes, strict=True)])
            pulls = [a + b for a, b in zip(pulls, part, strict=True)]
        weight = n * self.c
        off = [weight * t - v for t, v in zip(vector(model), pulls, strict=True)]
        if self.k.loss == "hinge":
            return 2 * weight * terms + dot(off, off)
        return (root(dot(off, off)) + blur) ** 2

    def upper_bound(self) -> str:
        """upper_bound."""
        k = self.k
        model, listed = k.witness["model"], k.witness["points"]
        self._length(model)
        copies = [p["count"] for p in listed]
        if sum(copies) > k.value:
            raise Refused("more points than claimed")
        if not all(self.domain.contains(vector(p["x"]), k.domain == "hull") for p in listed):
            raise Refused("a point lies outside the domain")
        self._check_rows(k.witness, self.rows.n)
        if self.points is not None:
            mine = [(p["label"], [n / p["x"].d for n in p["x"].n]) for p in listed for _ in range(p["count"])]
            if sorted(mine) != sorted(
                zip(self.points.y, (self.points.X / float(self.points.scale)).tolist(), strict=True)
            ):
                raise Refused("the points file holds other points")
        if self.proved_radius() > self.rho:
            raise Refused("the trained model is not shown to be that close")
        return "proved"

    def proved_radius(self) -> fmpq:
        """Distance from the target within which the witness of an upper bound proves the trained model to lie."""
        model, listed = self.k.witness["model"], self.k.witness["points"]
        copies = [p["count"] for p in listed]
        added = _PointRows(listed, self.k.bias)
        slopes = {i: rational(s) for i, s in self.k.witness["slopes"].items()}
        own = {i: rational(p["slope"]) for i, p in enumerate(listed)}
        n = self.rows.n + sum(copies)
        square = self.optimality(model, [(self.rows, slopes, [1] * self.rows.n), (added, own, copies)])
        off = [a - b for a, b in zip(vector(model), self.p, strict=True)]
        return root(square) / (n * self.c) + root(dot(off, off))

    def _check_rows(self, w: dict[str, Any], n: int) -> None:
        if any(row >= n for row in w["slopes"]):
            raise Refused("slopes do not belong to the rows")

    def _distance(self, w: dict[str, Any], claimed: Sequence[Fraction]) -> None:
        self._length(w["model"])
        x, theta = vector(w["x"]), vector(w["model"])
        if not self.domain.contains(x, self.k.domain == "hull"):
            raise Refused("the point of the lower side lies outside the domain")
        if self.k.bias:
            x.append(fmpq(1))
        reached = hinge(w["label"] * dot(theta, x)) - hinge(w["label"] * dot(self.p, x))
        if rational(claimed[0]) > reached or rational(claimed[1]) < self.reach(theta, w, fmpq(0)):
            raise Refused("the witness proves a wider interval only")

    def distance(self) -> str:
        """distance."""
        self._distance(self.k.witness, self.k.value)
        return "proved"

    def gamma(self) -> str:
        """gamma."""
        k = self.k
        lam, total, mass = rational(k.witness["lambda"]), [fmpq(0)] * len(self.p), fmpq(0)
        for p in k.witness["points"]:
            x = vector(p["x"])
            if not self.domain.contains(x, k.domain == "hull"):
                raise Refused("a point lies outside the domain")
            if k.bias:
                x.append(fmpq(1))
            m, s = p["label"] * dot(self.p, x), rational(p["slope"])
            if (m < 1 and s != 1) or (m > 1 and s != 0):
                raise Refused("a slope is none of the loss")
            mass += rational(p["mass"])
            total = [t + rational(p["mass"]) * s * p["label"] * v for t, v in zip(total, x, strict=True)]
        if mass != 1 or total != [lam * t for t in self.p]:
            raise Refused("the mixture does not balance")
        if lam < self.c or 1 - self.c / lam < rational(k.value):
            raise Refused("lambda does not give that gamma")
        return "proved"

    def run(self) -> str:
        """run."""
        k = self.k
        if self.points is None:
            raise Refused("a run's certificate is checked with its points")
        if (
            self.points.n != k.value["points"]
            or self.points.scale != 1
            or points_identity(self.points.X, self.points.y) != k.witness["points_data"]
        ):
            raise Refused("the points file holds other points than the run's")
        if k.value["best_points"] > self.points.n:
            raise Refused("the best model is of more points than the run has")
        for x in self.points.X.tolist():
            if not self.domain.contains([rational(v) for v in x], False):
                raise Refused("a point lies outside the domain")
        sizes = {"last": (self.points.n, "gap"), "best": (k.value["best_points"], "best_gap")}
        for which, (size, claim) in sizes.items():
            w = k.witness[which]
            self._check_rows(w, self.rows.n + size)
            self._distance(w, k.value[which])
            if self.gap(w, size) > rational(k.value[claim]):
                raise Refused(f"the gap of the {which} model is not shown to be that small")
        return "proved"

    def gap(self, w: dict[str, Any], size: int) -> fmpq:
        """Upper bound of the gap of a run's model after ``size`` points, as a mean over clean rows and points."""
        assert self.points is not None
        n, total = self.rows.n, self.rows.n + size
        first = ExactRows(self.points.X[:size], self.points.y[:size], self.points.scale, self.k.bias)
        slopes = {i: rational(s) for i, s in w["slopes"].items()}
        parts = [
            (self.rows, {i: s for i, s in slopes.items() if i < n}, [1] * n),
            (first, {i - n: s for i, s in slopes.items() if i >= n}, [1] * size),
        ]
        return self.optimality(w["model"], parts) / (2 * total * total * self.c)


class _PointRows(ExactRows):
    """The points of a witness: rationals already."""

    def __init__(self, listed: Sequence[dict[str, Any]], bias: bool) -> None:
        self.points = [vector(p["x"]) + ([fmpq(1)] if bias else []) for p in listed]
        self.y, self.n = [p["label"] for p in listed], len(listed)

    def products(self, vectors: Sequence[Vector]) -> list[list[fmpq]]:
        return [[y * dot(vector(v), x) for y, x in zip(self.y, self.points, strict=True)] for v in vectors]

    def combination(self, weights: Sequence[fmpq]) -> list[fmpq]:
        columns = zip(*self.points, strict=True)
        return [dot([w * y for w, y in zip(weights, self.y, strict=True)], c) for c in columns]

    def squares(self) -> list[fmpq]:
        return [dot(x, x) for x in self.points]


def upper(value: Any) -> fmpq:
    """Upper end of a ball as a rational."""
    man, exp = arb(value).upper().man_exp()
    return fmpq(fmpz(man)) * fmpq(2) ** int(exp)


def middle(value: arb) -> fmpq:
    """Midpoint of a ball."""
    man, exp = value.mid().man_exp()
    return fmpq(fmpz(man)) * fmpq(2) ** int(exp)


def points_identity(X: NDArray[Any], y: Sequence[float]) -> str:
    """SHA-256 that names a set of points: shape, then X and y as little-endian float64."""
    import hashlib

    raw = np.ascontiguousarray(X, dtype="<f8").tobytes() + np.asarray(y, dtype="<f8").tobytes()
    return hashlib.sha256(f"{X.shape[0]},{X.shape[1]}\0".encode("ascii") + raw).hexdigest()


def read_points(path: str | Path, d: int, bias: bool) -> ExactRows:
    """The points file as exact rows; X / scale is meant, as in a data file."""

    def check(arrays: Mapping[str, Declared], names: list[str]) -> None:
        if not {"X", "y"} <= arrays.keys():
            raise Malformed(f"{path}: needs X (k, {d}) and y (k,)")
        if ("X_test" in names) != ("y_test" in names):
            raise Malformed(f"{path}: X_test or y_test is missing; both or neither")
        X, y = arrays["X"], arrays["y"]
        if len(X.shape) != 2 or X.shape[1] != d or X.shape[0] > MAX_POINTS:
            raise Malformed(f"{path}: X has the shape {X.shape}; give (k, {d}), k at most {MAX_POINTS}")
        if X.dtype.kind not in "buif" or X.dtype.itemsize > 8 or y.dtype.kind not in "buif" or y.shape != X.shape[:1]:
            raise Malformed(f"{path}: X and y must be numbers, one y for each row of X")
        if "scale" in arrays and (arrays["scale"].shape or arrays["scale"].dtype.kind not in "uif"):
            raise Malformed(f"{path}: scale must be one number")

    try:
        arrays = read_npz(path, "points", only=("X", "y", "scale"), check=check)
    except InputError as error:
        raise Malformed(str(error)) from None
    X, y, scale = arrays["X"], arrays["y"], float(arrays.get("scale", np.float64(1.0)))
    if not np.isfinite(X).all() or not np.isin(y, (-1, 1)).all():
        raise Malformed(f"{path}: X must be finite and y -1 or +1")
    if not (np.isfinite(scale) and scale > 0) or (scale != 1 and X.dtype != np.uint8):
        raise Malformed(f"{path}: scale must be > 0, and 1 unless X is uint8")
    return ExactRows(X if X.dtype == np.uint8 else X.astype(np.float64), y, scale, bias)


def verify(certificate: str | Path, data: str | Path, points: str | Path | None = None) -> dict[str, Any]:
    """As :func:`.checker.verify`, with flint. Raises Malformed."""
    try:
        with opened(str(certificate)) as handle:
            raw = handle.read(MAX_CERTIFICATE_BYTES + 1)
    except OSError as error:
        raise Malformed(f"{certificate}: cannot be read ({error.strerror})") from None
    out: dict[str, Any] = {"valid": False, "claim": None, "kind": None}
    try:
        k = parse(raw)
        out |= {"claim": CLAIMS[k.kind], "kind": k.kind}
        try:
            dataset = read_dataset(data)
        except InputError as error:
            raise Malformed(str(error)) from None
        if dataset.identity != k.data:
            raise Refused("the certificate speaks about other data")
        added = None if points is None else read_points(points, dataset.d, k.bias)
        return out | {"valid": True, "reason": check(k, dataset, added)}
    except Refused as refusal:
        return out | {"reason": str(refusal)}


def check(k: Certificate, data: Dataset, points: ExactRows | None) -> str:
    """Raises Refused unless the claim is proved. Restores flint's precision."""
    before = ctx.prec
    ctx.prec = PRECISION
    try:
        checks = Check(k, data, points)
        if k.kind == "epsilon_lower_bound":
            return prove_closeness(checks)
        if k.kind == "goal_lower_bound":
            return prove_goal(checks)
        kinds = {"lower_bound": checks.bound, "unattainable": checks.bound, "upper_bound": checks.upper_bound,
                 "distance": checks.distance, "gamma": checks.gamma, "run": checks.run}  # fmt: skip
        return kinds[k.kind]()
    finally:
        ctx.prec = before


__all__ = ["Check", "ExactRows", "check", "points_identity", "rational", "read_points", "verify"]
