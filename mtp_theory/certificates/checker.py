"""Check a certificate of mtp-theory with nothing but the standard library.

    python checker.py CERTIFICATE.json DATA.npz [--points POINTS.npz]

Exit status 0: the claim is proved. 1: it is not. 2: a file is malformed. One JSON object is printed. This file imports
nothing of the package and can be read, copied and run alone (Python 3.10 or later). All numbers are integers and
fractions; exp and log, which only the logistic loss needs, are taken in decimal arithmetic and moved outward.

What is proved. N clean rows z = y (x, 1) of DATA (without the 1 where bias is false), a loss phi of the margin
<theta, z>, F(theta) = sum of losses + (number of points) c/2 |theta|^2. "Trained model" means the minimiser of F.
Added points lie in the domain of DATA: its box, integer features and one-hot groups, either label.

lower_bound     Fewer than ``value`` added points never make a model within ``radius`` of ``target`` the trained one.
unattainable    No number of added points does.
upper_bound     Adding the ``value`` listed points makes a model within ``radius`` of ``target`` the trained one.
distance        ``value`` = [a, b] encloses D(model, target) = max over the domain of loss(model) - loss(target).
gamma           1 - c / lambda* of the target is at least ``value``.
run             Distances of a run's best and last model, each with its primal-dual gap on DATA and the POINTS up to it.
epsilon_lower_bound
                Fewer than ``points`` added points never train a model t with D(t, target) <= ``epsilon``.
goal_lower_bound
                Fewer than ``points`` added points never train a model with a margin of at most -``tau`` at ``at_least``
                of the ``rows`` (y <theta, (x, 1)> <= -tau), or with a mean hinge loss of at least 1 + ``tau`` there.

The inequalities behind each are written where they are evaluated; book/certificates.md derives them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from fractions import Fraction
from math import ceil, floor, inf, isqrt, lcm, prod
from operator import mul
from typing import IO, Any, NamedTuple

FORMAT = "mtp-theory-certificate-1"
LOSSES = ("hinge", "squared_hinge", "logistic")
#: Bounds on what is read: they keep time and memory finite whatever the files hold. Certificates that this package
#: writes have numbers of up to 140 digits (600 where a float target is taken literally), nested 6 deep.
MAX_CERTIFICATE_BYTES = 2**26
MAX_DIGITS = 2000
MAX_DEPTH = 16
#: Numbers, strings, lists and objects of a certificate: Python needs some 100 bytes for each.
MAX_TOKENS = 3 * 2**20
#: Bits of the common denominator of numbers that are summed: 60 in practice, out of bounds for coprime denominators.
MAX_COMMON_BITS = 4096
MAX_DIMENSION = 100_000
MAX_POINTS = 100_000
MAX_FILE_BYTES = 2**29
#: Numbers in X (MNIST 1-7 has 10^7). Any other array has at most one for each row, each column or each letter.
MAX_VALUES = 2**25
MAX_TEXT = 64
MAX_TREE_NODES = 2**18
#: Nodes of a goal's trees times rows times coordinates.
MAX_TREE_WORK = 4 * 10**9
MAX_MEMBERS = 64
MAX_DIRECTORY = 2**16
#: Polishing moves the given model by at most this share of 1 + its norm.
MAX_MOVED = Fraction(1, 1000)
#: Slopes of smooth losses are enclosed by integers over this unit.
UNIT = 10**30
#: exp is taken of numbers up to this size; beyond it the slope is 0 or 1 to more digits than UNIT has.
MAX_EXPONENT = 200
#: Decimal arithmetic rounded up and rounded down (exp and ln round to nearest, whatever the context says).
UP, DOWN = (Context(prec=60, rounding=r, Emax=10**6, Emin=-(10**6)) for r in (ROUND_CEILING, ROUND_FLOOR))
#: Square roots are rounded up to this many bits after the point, and to this many of their own where they are small.
ROOT_BITS = 60


class Malformed(Exception):  # noqa: N818 (not an error of this program)
    """A file is not what it should be: exit status 2."""


class Refused(Exception):  # noqa: N818
    """The certificate does not prove its claim: exit status 1."""


def need(holds: object, message: str, *shown: object) -> None:
    """Malformed unless it holds; ``shown`` is what was found instead."""
    if not holds:
        raise Malformed(" ".join([message, *(ascii(v)[:80] for v in shown)]))


def prove(holds: object, message: str) -> None:
    """Refused unless it holds."""
    if not holds:
        raise Refused(message)


# ---- the certificate: a table of fields, and a reader for each kind of field -----------------------------------------

Read = Callable[[Any], Any]


class Vector(NamedTuple):
    """Integers over one positive denominator."""

    n: list[int]
    d: int


class Certificate(NamedTuple):
    """A parsed certificate: ``witness`` holds parsed numbers as well."""

    kind: str
    data: str
    loss: str
    c: Fraction
    bias: bool
    domain: str
    mode: str
    radius: Fraction
    target: Vector
    given: Vector | None
    moved: Fraction
    value: Any
    witness: dict[str, Any]


def record(**fields: Read) -> Read:
    """An object with exactly these keys."""

    def read(value: Any) -> dict[str, Any]:
        right = isinstance(value, dict) and value.keys() == fields.keys()
        need(right, f"give an object with the keys {', '.join(fields)}; found", value)
        out = {}
        for key, inner in fields.items():
            try:
                out[key] = inner(value[key])
            except Malformed as error:
                raise Malformed(f"{key}: {error}") from None
        return out

    return read


def many(inner: Read, most: int, least: int = 0) -> Read:
    """A list."""

    def read(value: Any) -> list[Any]:
        need(isinstance(value, list) and least <= len(value) <= most, f"give a list of {least} to {most}")
        return [inner(v) for v in value]

    return read


def one_of(*known: Any) -> Read:
    """One of these, of the same type."""

    def read(value: Any) -> Any:
        need(any(type(value) is type(k) and value == k for k in known), f"known are {known}; found", value)
        return value

    return read


def count(low: int, high: int) -> Read:
    """A JSON integer."""

    def read(value: Any) -> Any:
        need(type(value) is int and low <= value <= high, f"give an integer from {low} to {high}; found", value)
        return value

    return read


def integer(text: Any) -> int:
    """An integer of any size, as a string."""
    right = isinstance(text, str) and len(text) <= MAX_DIGITS and re.fullmatch("0|-?[1-9][0-9]*", text)
    need(right, f"give an integer of at most {MAX_DIGITS} digits as a string; found", text)
    return int(text)


def rational(low: float = -inf, high: float = inf) -> Read:
    """A fraction in lowest terms, as a string."""

    def read(text: Any) -> Fraction:
        top, _, bottom = text.partition("/") if isinstance(text, str) else ("", "", "")
        value = Fraction(integer(top), max(1, integer(bottom or "1")))
        right = str(value) == text and low <= value <= high
        need(right, f"give a fraction in lowest terms, such as 9/100, from {low} to {high}; found", text)
        return value

    return read


def digest(text: Any) -> str:
    """A SHA-256."""
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text), "give 64 hexadecimal digits; found", text)
    return str(text)


def positive(text: Any) -> int:
    """A denominator."""
    need((value := integer(text)) > 0, "must be positive; found", text)
    return value


def as_it_is(value: Any) -> Any:
    """Read later."""
    return value


INTEGERS = many(integer, MAX_DIMENSION, 1)


def vector(value: Any) -> Vector:
    """Integers over one denominator."""
    read = record(denominator=positive, numerators=INTEGERS)(value)
    return Vector(read["numerators"], read["denominator"])


LABEL, INTERVAL, SHARE, SIZE = one_of(-1, 1), many(rational(), 2, 2), rational(0, 1), count(0, MAX_POINTS)
#: A model with the two sides of its distance: a point for the lower, multipliers for the upper.
PAIR = {"model": vector, "label": LABEL, "x": vector, "mu_plus": SHARE, "mu_minus": SHARE}
#: Points and slopes are integers over the denominator of the witness; slopes are pairs of a row and its slope.
POINT = {"label": LABEL, "slope": integer, "x": INTEGERS}
SLOPES = {"denominator": positive, "slopes": many(many(as_it_is, 2, 2), MAX_POINTS)}
HINGE_BOUND = record(theta=vector, mu_plus=SHARE, mu_minus=SHARE)
SMOOTH_BOUND = record(direction=vector, q_plus=rational(0), q_minus=rational(0), reach=rational(0))
UPPER = record(model=vector, points=many(record(**POINT, count=count(1, MAX_POINTS)), MAX_POINTS), **SLOPES)
MIXTURE = many(record(**POINT, mass=integer), MAX_POINTS)


def tilt(value: Any) -> tuple[int, Fraction]:
    """A row and a number for it."""
    row, number = many(as_it_is, 2, 2)(value)
    return count(0, 10**9)(row), rational()(number)


LIMITS = many(rational(0), 3, 3)
CUTS = many(record(label=LABEL, weight=rational(0), x=vector), MAX_POINTS)
#: Multipliers and places of splits are JSON integers over the witness's unit.
SMALL = count(-(10**18), 10**18)
MULTIPLIERS: dict[str, Read] = {
    "kappa": count(0, 10**18), "mu": count(0, 10**18), "alpha": lambda v: None if v is None else SMALL(v),
    "direction": many(SMALL, MAX_DIMENSION, 1), "tilts": many(many(SMALL, 2, 2), MAX_POINTS),
}  # fmt: skip
LEAF, LIGHT_LEAF = record(**MULTIPLIERS), record(light=many(many(SMALL, 2, 2), MAX_DIMENSION), **MULTIPLIERS)


def node(value: Any) -> Any:
    """A leaf, or a split: its kind, what it splits (a coordinate, a row; else 0), and where."""
    if isinstance(value, dict):
        return LIGHT_LEAF(value) if "light" in value else {"light": [], **LEAF(value)}
    kind, index, at = many(as_it_is, 3, 3)(value)
    return [one_of("theta", "row", "share", "points")(kind), count(0, 10**9)(index), SMALL(at)]


GOAL = record(
    goal=one_of("flip", "wrong", "loss"), rows=many(record(label=LABEL, x=vector), MAX_POINTS, 1),
    at_least=count(1, MAX_POINTS), tau=rational(), points=count(0, 10**15),
)  # fmt: skip
TREES = many(record(row=count(0, MAX_POINTS), nodes=many(node, MAX_TREE_NODES, 1)), MAX_POINTS)
#: By kind: the claim that it speaks about, the value, the witness (of the hinge loss).
KINDS: dict[str, tuple[str, Read, Read]] = {
    "lower_bound": ("tight-lower-bound", count(0, 10**15), HINGE_BOUND),
    "unattainable": ("tight-lower-bound", one_of(None), HINGE_BOUND),
    "upper_bound": ("minimum-poisoning", count(0, 10**15), UPPER),
    "distance": ("definition-1", INTERVAL, record(**PAIR)),
    "gamma": ("exact-gamma", rational(), record(denominator=positive, points=MIXTURE, **{"lambda": rational()})),
    "run": (
        "theorem-1",
        record(points=SIZE, last=INTERVAL, gap=rational(), best_points=SIZE, best=INTERVAL, best_gap=rational()),
        record(points_data=digest, best=record(**PAIR, **SLOPES), last=record(**PAIR, **SLOPES)),
    ),
    "epsilon_lower_bound": (
        "reach-frontier",
        record(epsilon=rational(0), points=count(0, 10**15)),
        record(
            kappa=rational(0),
            direction=vector,
            limits=record(plus=LIMITS, minus=LIMITS),
            tilts=many(tilt, MAX_POINTS),
            first=CUTS,
            last=CUTS,
        ),
    ),
    "goal_lower_bound": (
        "minimum-poisoning",
        GOAL,
        record(clean=vector, unit=count(1, 10**18), trees=TREES, **SLOPES),
    ),
}
CLAIMS = {kind: claim for kind, (claim, _, _) in KINDS.items()}
CERTIFICATE = record(
    format=one_of(FORMAT), kind=one_of(*KINDS), claim=as_it_is, data=digest, loss=one_of(*LOSSES), c_r=rational(0),
    bias=one_of(False, True), domain=one_of("data", "hull"), arithmetic=as_it_is, radius=rational(0), target=as_it_is,
    mode=one_of("radius", "polished", "literal"), given=as_it_is, value=as_it_is, witness=as_it_is, seal=as_it_is,
)  # fmt: skip


def seal(top: Mapping[str, Any]) -> str:
    """SHA-256 of the certificate without its seal, keys sorted and no spaces: shows accidental changes."""
    rest = {k: v for k, v in top.items() if k != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def parse(raw: bytes) -> Certificate:
    """The certificate in ``raw``. Raises Malformed; Refused where its fields do not belong together."""
    need(len(raw) <= MAX_CERTIFICATE_BYTES, f"certificate: at most {MAX_CERTIFICATE_BYTES} bytes are read")
    hooks: dict[str, Any] = {"parse_int": _small, "parse_float": _no_float, "parse_constant": _no_float}
    tokens = sum(raw.count(mark) for mark in b",[{")
    need(tokens <= MAX_TOKENS, f"certificate: more than {MAX_TOKENS} values")
    try:
        top = json.loads(raw, object_pairs_hook=_once, **hooks)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"certificate: not JSON, or nested too deeply ({str(error)[:100]})") from None
    need(_depth(top) <= MAX_DEPTH, f"certificate: nested more than {MAX_DEPTH} deep")
    t = CERTIFICATE(top)
    kind, loss, mode, exact = t["kind"], t["loss"], t["mode"], t["loss"] == "hinge"
    claim, value, witness = KINDS[kind]
    need(t["c_r"] > 0, "c_r: must be positive")
    # a goal has no target: null
    t["target"] = Vector([], 1) if kind == "goal_lower_bound" and t["target"] is None else vector(t["target"])
    prove(t["seal"] == seal(top), "the seal does not fit: a field was changed after the certificate was written")
    prove(t["claim"] == claim, f"claim: a certificate of kind {kind} speaks about {claim}")
    prove(t["arithmetic"] == ("rational" if exact else "interval"), f"arithmetic: not that of the {loss} loss")
    prove(mode != "literal" or t["radius"] == 0, "mode literal: the radius must be 0")
    given, moved = None, Fraction(0)
    if mode == "polished":
        before = record(denominator=positive, numerators=INTEGERS, moved=rational(0))(t["given"])
        given, moved = Vector(before["numerators"], before["denominator"]), before["moved"]
        away = mix(1, t["target"], -1, given)
        prove(inner(away, away) <= moved**2, "the target lies further from the given model than `moved`")
        prove(moved <= MAX_MOVED * (1 + root_above(inner(given, given))), "polishing moved the given model too far")
    else:
        need(t["given"] is None, "given: only the mode polished has a given model; write null")
    bound = witness is HINGE_BOUND
    prove(t["domain"] == "data" or not bound, "a lower bound holds for the data's domain: write domain data")
    prove(exact or bound or kind == "upper_bound", f"{kind}: certified for the hinge loss only")
    w = (SMOOTH_BOUND if bound and not exact else witness)(t["witness"])
    unit = w.get("denominator", 1)
    for p in w.get("points", ()):
        p["x"] = Vector(p["x"], unit)
        p |= {key: _share(p[key], unit) for key in ("slope", "mass") if key in p}
    for part in (w, w.get("best", {}), w.get("last", {})) if kind != "epsilon_lower_bound" else ():
        if "slopes" in part:
            slopes = {count(0, 10**9)(row): _share(integer(s), part["denominator"]) for row, s in part["slopes"]}
            need(len(slopes) == len(part["slopes"]), "slopes: a row stands twice")
            prove(exact or not slopes, "slopes are for the hinge loss; give none")
            part["slopes"] = slopes
    if kind == "epsilon_lower_bound":
        _common("tilts", (number.denominator for _, number in w["tilts"]))
        _common("cuts", (cut["weight"].denominator * cut["x"].d for side in ("first", "last") for cut in w[side]))
    subject = (kind, t["data"], loss, t["c_r"], t["bias"], t["domain"], mode, t["radius"], t["target"])
    return Certificate(*subject, given, moved, value(t["value"]), w)


def _share(n: int, unit: int) -> Fraction:
    need(0 <= n <= unit, "slope, mass: must lie between 0 and the denominator; found", n)
    return Fraction(n, unit)


def _depth(top: Any) -> int:
    """Levels of lists and objects in each other, counted without recursion."""
    depth, level = 0, [top]
    while level:
        inside = [v for v in level if isinstance(v, (list, dict))]
        level = [u for v in inside for u in (v.values() if isinstance(v, dict) else v) if isinstance(u, (list, dict))]
        depth += bool(inside)
    return depth


def _common(name: str, denominators: Iterable[int]) -> None:
    """Malformed where their least common multiple, which sums of such fractions have, is out of bounds."""
    common = 1
    for d in denominators:
        common = lcm(common, d)
        need(common.bit_length() <= MAX_COMMON_BITS, f"{name}: denominators without a small common multiple")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "certificate: a key stands twice in one object")
    return dict(pairs)


def _small(text: str) -> int:
    need(len(text) <= 18, "certificate: a JSON integer of more than 18 characters; write it as a string")
    return int(text)


def _no_float(text: str) -> Any:
    raise Malformed(f"certificate: the number {text[:40]}; only integers and exact rationals in strings are read")


# ---- the data --------------------------------------------------------------------------------------------------------

#: numpy's kinds and sizes that are read, as codes of the struct module.
CODES = {"b1": "?", "u1": "B", "u2": "H", "u4": "I", "u8": "Q", "i1": "b", "i2": "h", "i4": "i", "i8": "q",
         "f2": "e", "f4": "f", "f8": "d"}  # fmt: skip
#: The header of an array, as numpy writes it.
HEADER = re.compile(r"\{'descr': '([<>|])(\w\d+)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \}\s*")
#: Longest header that is looked at.
MAX_HEADER = 1024


class Member(NamedTuple):
    """One array of an npz file: kind (f8, u1, ...), shape, and the values in C order."""

    kind: str
    shape: tuple[int, ...]
    values: Any

    def numbers(self, shape: tuple[int, ...], name: str) -> Any:
        """The values, if they are finite numbers in that shape and float64 holds them exactly."""
        need(self.kind in CODES and self.shape == shape, f"{name}: give numbers of shape {shape}; found", *self[:2])
        limit = 2**53 if self.kind[0] in "iu" else inf
        within = self.kind == "u1" or all(-limit < v < limit for v in self.values)
        need(within, f"{name}: NaN or infinite values, or integers beyond 2^53")
        return self.values


def opened(path: str) -> IO[bytes]:
    """The file, if it is a regular one: opening a pipe would wait for its writer."""
    need(not os.path.exists(path) or os.path.isfile(path), f"{path}: is not a regular file")
    return open(path, "rb")


def read_npz(path: str, names: Sequence[str], others: Sequence[str] | None = None) -> dict[str, Member]:
    """The arrays of those names, X first. No pickles; sizes are compared with limits before anything is unpacked.

    ``others``: names that may be there too and are not read; None: any.
    """
    try:
        with opened(path) as handle:
            entries = _check_archive(handle)
            with zipfile.ZipFile(handle) as archive:
                infos = archive.infolist()
                distinct = len({i.filename for i in infos}) == len(infos) == entries <= MAX_MEMBERS
                need(distinct, f"{path}: too many arrays, or one that stands twice")
                wanted = {i.filename[:-4]: i for i in infos if i.filename.endswith(".npy")}
                strange = [] if others is None else [name for name in wanted if name not in {*names, *others}]
                need(not strange, "an array of another name:", *strange[:1])
                need({"X", "y"} <= wanted.keys(), "arrays X and y are needed")
                need(("X_test" in wanted) == ("y_test" in wanted), "X_test or y_test is missing; both or neither")
                out: dict[str, Member] = {}
                for name in names:
                    if name in wanted:
                        most = max((MAX_TEXT, *out["X"].shape)) if "X" in out else MAX_VALUES
                        out[name] = _member(archive, wanted[name], name, most)
                return out
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, RuntimeError, OverflowError,
            Malformed) as error:  # fmt: skip
        raise Malformed(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from None


def _check_archive(handle: IO[bytes]) -> int:
    """The zip's directory stands at the end and is parsed in one piece: it must be small. Its number of entries."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - 42))
    locator, end = (tail := handle.read(42))[:-22], tail[-22:]
    whole = len(end) == 22 and end[:4] == b"PK\5\6" and end[20:] == b"\0\0"
    # a zip64 record would name another directory, of any size; files of this size need none
    need(locator[:4] != b"PK\6\7", "zip64 records")
    need(size <= MAX_FILE_BYTES and whole, "not an npz file, truncated, or too large")
    need(int.from_bytes(end[12:16], "little") <= MAX_DIRECTORY, "its directory is too large")
    handle.seek(0)
    return int.from_bytes(end[10:12], "little")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> Member:
    need(not info.flag_bits & 1, f"{name}: encrypted")
    with archive.open(info) as stream:
        need(stream.read(8) == b"\x93NUMPY\1\0", f"{name}: not an array of npy version 1")
        header = stream.read(int.from_bytes(stream.read(2), "little")).decode("latin-1")
        match = HEADER.fullmatch(header[:MAX_HEADER])
        order, kind, fortran, lengths = match.groups() if match else ("", "", "", "")
        need(kind in CODES or kind[:1] in ("S", "U"), f"{name}: only numbers and text are read; found", header)
        shape = tuple(int(v) for v in lengths.split(",") if v.strip())
        length = int(kind[1:]) if kind[0] in "SU" else 1
        expected = prod(shape) * (length * (4 if kind[0] == "U" else 1) if kind[0] in "SU" else int(kind[1:]))
        need(prod(shape) * length <= most and len(shape) <= 2, f"{name}: too large, shape", shape)
        raw = stream.read(expected + 1)
    need(len(raw) == expected, f"{name}: declares {expected} bytes and holds another number")
    values: Any = bytearray(raw)
    if kind[0] in "SU":
        return Member(kind, shape, raw.decode("ascii" if kind[0] == "S" else "utf-32-le").rstrip("\0"))
    if kind != "u1":
        values = array("d", (v for (v,) in struct.iter_unpack(order.replace("|", "<") + CODES[kind], raw)))
    if fortran == "True" and len(shape) == 2:
        columns, values = values, values[:0]
        for i in range(shape[0]):
            values += columns[i :: shape[0]]
    return Member(kind, shape, values)


class Rows:
    """Rows X / scale (n, d) and labels y (n,) of an npz file, exactly."""

    def __init__(self, path: str, names: Sequence[str] = (), others: Sequence[str] | None = None) -> None:
        self.members = read_npz(path, ("X", "y", "scale", *names), others)
        X = self.members["X"]
        need(len(X.shape) == 2 and X.shape[1] <= MAX_DIMENSION, f"{path}: X has the shape", X.shape)
        self.n, self.d = X.shape
        self.values, self.kind = X.numbers(X.shape, "X"), X.kind
        self.y = self.members["y"].numbers((self.n,), "y")
        need(all(v in (1, -1) for v in self.y), f"{path}: labels must be -1 and +1")
        self.scale = float(self.members["scale"].numbers((), "scale")[0]) if "scale" in self.members else 1.0
        right = self.scale > 0 and (self.scale == 1 or self.kind == "u1")
        need(right, f"{path}: scale must be > 0, and 1 unless X is uint8")
        # X / scale is a multiple of times / unit: bytes over the scale, floats over a power of two
        if self.kind == "u1":
            self.unit, self.times = self.scale.as_integer_ratio()
        else:
            self.unit, self.times = max((v.as_integer_ratio()[1] for v in self.values), default=1), 1

    def signed(self, bias: bool, most: int | None = None) -> Iterator[list[int]]:
        """y (x, 1) of each row, or of the first ``most``, as integers over ``unit``."""
        for i in range(self.n if most is None else most):
            y, part = int(self.y[i]), self.values[i * self.d : (i + 1) * self.d]
            if self.kind == "u1":
                z = [y * self.times * v for v in part]
            else:
                z = [p * (y * self.unit // q) for p, q in map(float.as_integer_ratio, part)]
            yield [*z, y * self.unit] if bias else z

    def identity(self) -> str:
        """SHA-256 that names a set of points (rows of a scale of 1, as runs have)."""
        digest = hashlib.sha256(f"{self.n},{self.d}\0".encode("ascii"))
        digest.update(_bytes("d", self.values))
        digest.update(_bytes("d", self.y))
        return digest.hexdigest()


class Data(Rows):
    """Clean rows with the domain of added points, as the data file's rules define them."""

    def __init__(self, path: str) -> None:
        super().__init__(path, ("lower", "upper", "integer", "groups", "group_rule"), ("X_test", "y_test"))
        m, d = self.members, self.d
        need(self.n and d, f"{path}: X is empty")
        # bounds that are not given: 0 and 1 where the scaled X lies between them, else its column range
        within = min(self.values) >= 0 and max(self.values) / self.scale <= 1
        low, high = [0.0] * d, [1.0] * d
        if not within and not {"lower", "upper"} <= m.keys():
            ends = [(min(column), max(column)) for column in (self.values[j::d] for j in range(d))]
            low, high = [a / self.scale for a, _ in ends], [b / self.scale for _, b in ends]
        self.lower = m["lower"].numbers((d,), "lower") if "lower" in m else low
        self.upper = m["upper"].numbers((d,), "upper") if "upper" in m else high
        groups = m.get("groups", Member("i8", (d,), [-1] * d))
        self.groups = [int(v) for v in groups.numbers((d,), "groups")]
        need(groups.kind[0] in "iu" and min(self.groups) >= -1, f"{path}: groups must be integers from -1 on")
        marks = m.get("integer", Member("b1", (d,), [False] * d))
        need(marks.kind == "b1", f"{path}: integer must be bool")
        self.integer = [bool(a) or g >= 0 for a, g in zip(marks.numbers((d,), "integer"), self.groups, strict=True)]
        word = m.get("group_rule", Member("U11", (), "at_most_one"))
        self.rule = word.values
        need(word.shape == () and self.rule in ("at_most_one", "exactly_one"), f"{path}: group_rule", self.rule)
        by_group: dict[int, list[int]] = {}
        for j, g in enumerate(self.groups):
            by_group.setdefault(g, []).append(j)
        self.group_members = [members for g, members in by_group.items() if g >= 0]
        #: Bounds of the domain's hull, exactly: whole numbers where the feature is an integer.
        self.low = [Fraction(ceil(a) if k else a) for a, k in zip(self.lower, self.integer, strict=True)]
        self.high = [Fraction(floor(b) if k else b) for b, k in zip(self.upper, self.integer, strict=True)]
        need(all(a <= b for a, b in zip(self.low, self.high, strict=True)), f"{path}: the domain is empty")
        grouped = [(self.lower[j], self.upper[j]) == (0, 1) for members in self.group_members for j in members]
        need(all(grouped), f"{path}: members of groups need the bounds 0 and 1")

    def identity(self) -> str:
        """The SHA-256 that names data and domain: one record for each array, as the data file's rules define it."""
        x = {"u1": ("|u1", "B"), "f4": ("<f4", "f")}.get(self.kind, ("<f8", "d"))
        records = [
            ("X", *x, f"{self.n},{self.d}", self.values),
            ("y", "<f8", "d", f"{self.n}", self.y),
            ("scale", "<f8", "d", "", [self.scale]),
            ("lower", "<f8", "d", f"{self.d}", self.lower),
            ("upper", "<f8", "d", f"{self.d}", self.upper),
            ("integer", "|b1", "B", f"{self.d}", self.integer),
            ("groups", "<i8", "q", f"{self.d}", self.groups),
        ]
        if self.rule != "at_most_one":
            records.append(("group_rule", "|u1", "B", str(len(self.rule)), self.rule.encode("ascii")))
        digest = hashlib.sha256()
        for name, dtype, code, shape, values in records:
            digest.update(f"{name}\0{dtype}\0{shape}\0".encode("ascii"))
            digest.update(_bytes(code, values))
        return digest.hexdigest()

    def contains(self, x: Vector, hull: bool) -> bool:
        """Is x a point of the domain, or of its hull?"""
        if len(x.n) != self.d:
            return False
        inside = all(a * x.d <= v <= b * x.d for a, v, b in zip(self.low, x.n, self.high, strict=True))
        whole = hull or not any(v % x.d for v, k in zip(x.n, self.integer, strict=True) if k)
        sums = [sum(x.n[j] for j in members) for members in self.group_members]
        return inside and whole and all(s == x.d if self.rule == "exactly_one" else s <= x.d for s in sums)

    def top(self, k: Certificate, form: Vector, y: int) -> Fraction:
        """Maximum of y <form, (x, 1)> over the domain's hull."""
        w = [y * v for v in form.n]
        total = Fraction(w.pop() if k.bias else 0)
        for v, a, b, group in zip(w, self.low, self.high, self.groups, strict=True):
            if v and group < 0:
                total += v * (b if v > 0 else a)
        for members in self.group_members:
            best = max(w[j] for j in members)
            total += best if self.rule == "exactly_one" else max(0, best)
        return total / form.d

    def far(self, k: Certificate) -> Fraction:
        """At least radius |(x, 1)| for every x of the domain: how far a margin moves within the radius."""
        corner = sum((max(a * a, b * b) for a, b in zip(self.low, self.high, strict=True)), Fraction(int(k.bias)))
        return k.radius * root_above(corner)


def _bytes(code: str, values: Any) -> Any:
    """The values as little-endian numbers, not copied where they are."""
    if code == "B" and isinstance(values, bytearray):
        return values
    if isinstance(values, array) and values.typecode == code and sys.byteorder == "little":
        return values
    out = array(code, values)
    if sys.byteorder == "big":
        out.byteswap()
    return out.tobytes()


# ---- arithmetic ------------------------------------------------------------------------------------------------------


def dot(a: Sequence[int], b: Sequence[int]) -> int:
    """Inner product of integers."""
    return sum(map(mul, a, b))


def inner(v: Vector, w: Vector) -> Fraction:
    """Inner product."""
    return Fraction(dot(v.n, w.n), v.d * w.d)


def mix(a: Fraction | int, v: Vector, b: Fraction | int, w: Vector) -> Vector:
    """a v + b w."""
    prove(len(v.n) == len(w.n), f"vectors of lengths {len(v.n)} and {len(w.n)}")
    d = lcm(v.d * a.denominator, w.d * b.denominator)
    s, t = a.numerator * (d // (v.d * a.denominator)), b.numerator * (d // (w.d * b.denominator))
    return Vector([s * x + t * y for x, y in zip(v.n, w.n, strict=True)], d)


def root_above(square: Fraction | int) -> Fraction:
    """A rational at least sqrt(square), within 2^-ROOT_BITS min(1, sqrt(square)) of it; exact for squares."""
    bits = ROOT_BITS + (max(0, square.denominator.bit_length() - square.numerator.bit_length()) + 1) // 2 + 1
    scaled = -((-square.numerator << 2 * bits) // square.denominator)
    below = isqrt(scaled)
    return Fraction(below + (below * below < scaled), 1 << bits)


def slope_bounds(loss: str, n: int, d: int) -> tuple[int, int]:
    """Integers a <= b with a / UNIT <= psi(n / d) <= b / UNIT; psi = -phi'. Smooth losses only."""
    if loss == "squared_hinge":
        top = 2 * max(0, d - n) * UNIT
        return top // d, -(-top // d)
    # logistic: 1 / (1 + e^m) falls in m, so low takes everything from above and high from below
    low, high, ends = 0, UNIT, MAX_EXPONENT * d
    if n < ends:
        above = UP.next_plus(UP.divide(max(n, -ends), d).exp(UP))
        low = int(DOWN.divide(UNIT, UP.add(above, 1)))
    if n > -ends:
        below = DOWN.next_minus(DOWN.divide(min(n, ends), d).exp(DOWN))
        high = int(UP.divide(UNIT, DOWN.add(below, 1))) + 1
    return low, min(high, UNIT)


def log_above(value: Fraction) -> Fraction:
    """A rational at least ln(value)."""
    return Fraction(UP.next_plus(UP.divide(value.numerator, value.denominator).ln(UP)))


def about(value: Fraction) -> str:
    """A few digits, for messages."""
    return f"{float(value):.9g}" if abs(value) < 10**15 else "a number beyond 10^15"


# ---- the claims ------------------------------------------------------------------------------------------------------


def fitting(k: Certificate, data: Data, v: Vector) -> Vector:
    """A model of the witness, if it is as long as the data's models."""
    prove(len(v.n) == data.d + int(k.bias), f"a model of length {len(v.n)}; the data need {data.d + int(k.bias)}")
    return v


def hinge_reach(k: Certificate, data: Data, theta: Vector, w: Mapping[str, Any], far: Fraction) -> Fraction:
    """U >= loss(t - target + theta) - loss(t) on the domain for every t with |<t - target, z>| <= far there.

    From (1-u)_+ - (1-v)_+ <= max(0, 1 - mu - u + mu v); t moves u and v by the same amount, so mu v - u by at most
    (1 - mu) far.
    """
    mu: dict[int, Fraction] = {1: w["mu_plus"], -1: w["mu_minus"]}
    return max(Fraction(0), *((1 - m) * (1 + far) + data.top(k, mix(m, k.target, -1, theta), y) for y, m in mu.items()))


def check_bound(k: Certificate, data: Data, points: Rows | None) -> str:
    """lower_bound, unattainable: NUM <= n DEN where n points make a model near the target the trained one."""
    gain, DEN = (hinge_bound if k.loss == "hinge" else smooth_bound)(k, data)
    NUM = gain(data)
    if k.value == 0:
        return "0 points: nothing is claimed"
    prove(NUM > 0, "the witness proves nothing: its numerator is not positive")
    fewer = DEN <= 0 or (k.value is not None and (k.value - 1) * DEN < NUM)
    prove(fewer, f"the witness proves fewer points: {about(NUM / DEN) if DEN else 0}, rounded up")
    if points is not None and (k.value is None or points.n < k.value):
        excluded = NUM + gain(points) > 0
        prove(excluded, f"the {points.n} points of the points file are not excluded by the witness")
    what = "no number of" if k.value is None else f"fewer than {k.value}"
    return f"{what} points from the domain do not make a model within {k.radius} of the target the trained one"


Bound = tuple[Callable[[Rows], Fraction], Fraction]


def hinge_bound(k: Certificate, data: Data) -> Bound:
    """Theorem 2 without division, for the trained model t, |t - target| <= rho, tested at t - step.

    F(t) - F(t - step) <= 0 over clean and added rows; step = target - theta. With a, b the margins of a row at target
    and theta, t moves both by one e, |e| <= rho |z|, and (1 - a - e)_+ - (1 - b - e)_+ is monotone in e, so its least
    value is at one end. And R(t) - R(t - step) >= fall := <target, step> - rho |step| - |step|^2 / 2. ``gain`` is the
    sum of these least values + (number of rows) c fall; an added point's is at least -DEN, DEN = U - c fall.
    """
    p, theta = k.target, fitting(k, data, k.witness["theta"])
    step = mix(1, p, -1, theta)
    fall = inner(p, step) - k.radius * root_above(inner(step, step)) - inner(step, step) / 2
    q = lcm(p.d, theta.d) << ROOT_BITS  # fine enough for e to be rounded up to a multiple of 1 / (q unit)
    pn, tn = [v * (q // p.d) for v in p.n], [v * (q // theta.d) for v in theta.n]

    def gain(rows: Rows) -> Fraction:
        total, one = 0, q * rows.unit
        for z in rows.signed(k.bias):
            a, b = dot(pn, z), dot(tn, z)
            e = ceil(k.radius * q * root_above(dot(z, z))) * (1 if a >= b else -1)
            total += max(0, one - a + e) - max(0, one - b + e)
        return Fraction(total, one) + rows.n * k.c * fall

    return gain, hinge_reach(k, data, theta, k.witness, data.far(k)) - k.c * fall


def smooth_bound(k: Certificate, data: Data) -> Bound:
    """The limit of Theorem 2 at the target along a direction lam: the gradient of F at the trained model t is 0.

    <lam, gradient> = sum over rows of c <lam, t> - <lam, z> psi(<t, z>), |t - target| <= rho. With beta >= phi'',
    ``gain`` is at most that: (number of rows) c (<lam, target> - rho |lam|) - sum <lam, z> psi(<target, z>)
    - rho |lam| beta sum |z|^2. An added point's is at least -DEN, DEN = U - c <lam, target> + c rho |lam|,
    U >= <lam, z> psi(<t, z>) for all z of the domain.
    Logistic: psi(v - h) <= e^h psi(v), and <lam, z> psi(v) <= M follows from p + q ln(q / M) - q <= M with
    p = max <lam - q target, z>, because M e^v >= q v + q - q ln(q / M). Squared hinge: psi = 2 (1 - v)_+, it follows
    from (p + q)_+^2 <= 2 M q; there psi(v - h) <= psi(v) + 2 h.
    """
    p, lam, M = k.target, fitting(k, data, k.witness["direction"]), k.witness["reach"]
    logistic = k.loss == "logistic"
    beta = Fraction(1, 4) if logistic else Fraction(2)
    length = root_above(inner(lam, lam))
    fall = k.c * (inner(lam, p) - k.radius * length)

    def gain(rows: Rows) -> Fraction:
        pull = squares = 0
        for z in rows.signed(k.bias):
            w = dot(lam.n, z)
            pull += w * slope_bounds(k.loss, dot(p.n, z), p.d * rows.unit)[w > 0]
            squares += dot(z, z)
        blur = k.radius * length * beta * squares / rows.unit**2
        return rows.n * fall - Fraction(pull, lam.d * rows.unit * UNIT) - blur

    for y, q in ((1, k.witness["q_plus"]), (-1, k.witness["q_minus"])):
        top = data.top(k, mix(1, lam, -q, p), y)
        if q == 0:
            holds = top <= (M if logistic else 0)
        elif logistic:
            holds = M > 0 and top + q * log_above(q / M) - q <= M
        else:
            holds = top + q <= 0 or (top + q) ** 2 <= 2 * M * q
        prove(holds, f"`reach` is not shown to bound the points of label {y:+d}")
    far = data.far(k)
    if logistic:
        prove(far <= 1, "the radius times the largest |z| must be at most 1 for the logistic loss")
        return gain, M * (1 + far + far * far) - fall  # e^h <= 1 + h + h^2 for h <= 1
    return gain, M + 2 * far * max(Fraction(0), data.top(k, lam, 1), data.top(k, lam, -1)) - fall


Part = tuple[Iterable[tuple[list[int], int]], int, Mapping[int, Fraction]]


def optimality(k: Certificate, model: Vector, n: int, *parts: Part) -> Fraction:
    """Upper bound of 2 (F(model) - min F) n c. A part: pairs of z over a unit and copies, the unit, slopes by row.

    Hinge: slopes s in [0, 1] give the Fenchel dual point v = sum s z, and
    F(model) - min F <= sum [(1 - m)_+ - s (1 - m)] + |n c model - v|^2 / (2 n c).
    Smooth: F(model) - min F <= |gradient|^2 / (2 n c), the slopes enclosed.
    By strong convexity the trained model is then within sqrt(2 (F(model) - min F) / (n c)) of ``model``.
    """
    spent, pull, smooth = Fraction(0), Vector([0] * len(model.n), 1), k.loss != "hinge"
    for rows, unit, slopes in parts:
        fine = UNIT if smooth else lcm(*(s.denominator for s in slopes.values()))
        cost, total, one = 0, [0] * len(model.n), model.d * unit
        for i, (z, copies) in enumerate(rows):
            m = dot(model.n, z)
            if smooth:
                s, high = slope_bounds(k.loss, m, one)
                cost += copies * (high - s) * (isqrt(dot(z, z)) + 1)
            else:
                s = int(slopes.get(i, int(m < one)) * fine)
                cost += copies * (max(0, one - m) * fine - s * (one - m))
            if s:
                total = [a + copies * s * b for a, b in zip(total, z, strict=True)]
        spent += Fraction(cost, fine * (unit if smooth else one))
        pull = mix(1, pull, 1, Vector(total, fine * unit))
    off = mix(n * k.c, model, -1, pull)
    if smooth:
        return (root_above(inner(off, off)) + spent) ** 2
    return 2 * n * k.c * spent + inner(off, off)


def _part(k: Certificate, rows: Rows, w: Mapping[str, Any], start: int = 0, most: int | None = None) -> Part:
    """The first ``most`` rows, with the slopes of the witness ``w``, whose row numbers begin at ``start``."""
    size = rows.n if most is None else most
    slopes = {row - start: s for row, s in w["slopes"].items() if start <= row < start + size}
    return ((z, 1) for z in rows.signed(k.bias, size)), rows.unit, slopes


def lifted(k: Certificate, data: Data, label: int, x: Vector) -> list[int]:
    """label (x, 1), as integers over x.d; refused outside the domain."""
    prove(data.contains(x, k.domain == "hull"), "a point lies outside the domain")
    return [label * v for v in ([*x.n, x.d] if k.bias else x.n)]


def check_upper(k: Certificate, data: Data, points: Rows | None) -> str:
    """upper_bound: the trained model is within radius of the target."""
    model, added = fitting(k, data, k.witness["model"]), k.witness["points"]
    size = sum(p["count"] for p in added)
    need(size <= MAX_POINTS, f"points: together at most {MAX_POINTS}")
    prove(size <= k.value, f"{size} points are listed, {k.value} are claimed")
    prove(all(row < data.n for row in k.witness["slopes"]), "a slope names a row that the data do not have")
    signed = [(lifted(k, data, p["label"], p["x"]), p["count"]) for p in added]
    if points is not None:
        # the file has the points rounded to float64; a quotient of integers is rounded correctly
        listed = [(p["label"], [v / p["x"].d for v in p["x"].n]) for p in added for _ in range(p["count"])]
        files = [v / points.scale for v in points.values]
        rows = [(int(y), files[i * data.d : (i + 1) * data.d]) for i, y in enumerate(points.y)]
        prove(sorted(listed) == sorted(rows), "the points file holds other points than the certificate")
    n = data.n + size
    own: Part = (signed, k.witness["denominator"], {i: p["slope"] for i, p in enumerate(added)})
    off = mix(1, model, -1, k.target)
    away = root_above(optimality(k, model, n, _part(k, data, k.witness), own)) / (n * k.c) + root_above(inner(off, off))
    prove(away <= k.radius, f"the trained model is only shown to be within {about(away)} of the target")
    return f"{size} points make a model within {k.radius} of the target the trained one"


def check_pair(k: Certificate, data: Data, w: Mapping[str, Any], claimed: Sequence[Fraction]) -> None:
    """Both sides of D(model, target): the loss difference at a point of the domain, and U."""
    model, x = fitting(k, data, w["model"]), w["x"]
    z = Vector(lifted(k, data, w["label"], x), x.d)
    low = max(Fraction(0), 1 - inner(model, z)) - max(Fraction(0), 1 - inner(k.target, z))
    high = hinge_reach(k, data, model, w, Fraction(0))
    prove(claimed[0] <= low and high <= claimed[1], f"the witness proves [{about(low)}, {about(high)}] only")


def check_distance(k: Certificate, data: Data, points: Rows | None) -> str:
    """distance: the enclosure holds."""
    check_pair(k, data, k.witness, k.value)
    return f"the distance lies between {k.value[0]} and {k.value[1]}"


def check_gamma(k: Certificate, data: Data, points: Rows | None) -> str:
    """gamma: -lambda target is a mixture of subgradients of the loss at the target, so lambda* >= lambda >= c."""
    lam, reached = k.witness["lambda"], Vector([0] * len(k.target.n), 1)
    prove(sum(p["mass"] for p in k.witness["points"]) == 1, "the masses do not sum to 1")
    for p in k.witness["points"]:
        z = Vector(lifted(k, data, p["label"], p["x"]), p["x"].d)
        m = inner(k.target, z)
        prove(not (m < 1 and p["slope"] != 1) and not (m > 1 and p["slope"] != 0), "a slope is none of the loss")
        reached = mix(1, reached, p["mass"] * p["slope"], z)
    prove(not any(mix(1, reached, -lam, k.target).n), "the mixture does not balance lambda times the target")
    prove(lam >= k.c and 1 - k.c / lam >= k.value, "lambda does not give that gamma")
    return f"gamma of the target is at least {k.value}"


def check_run(k: Certificate, data: Data, points: Rows | None) -> str:
    """run: distances of two models, and the gap of each on the data and the run's points up to it."""
    prove(points is not None, "a run's certificate is checked with its points: give --points")
    assert points is not None
    v = k.value
    same = points.n == v["points"] and points.scale == 1 and points.identity() == k.witness["points_data"]
    prove(same, "the points file holds other points than the run's")
    prove(v["best_points"] <= points.n, "the best model is of more points than the run has")
    for y, z in zip(points.y, points.signed(False), strict=True):
        prove(data.contains(Vector([int(y) * u for u in z], points.unit), False), "a point lies outside the domain")
    for which, size, claimed in (("last", points.n, v["gap"]), ("best", v["best_points"], v["best_gap"])):
        w, n = k.witness[which], data.n + size
        check_pair(k, data, w, v[which])
        prove(all(row < n for row in w["slopes"]), "a slope names a row that is not there")
        parts = _part(k, data, w), _part(k, points, w, data.n, size)
        gap = optimality(k, w["model"], n, *parts) / (2 * n * n * k.c)
        prove(gap <= claimed, f"the gap of the {which} model is only shown to be at most {about(gap)}")
    return f"after {points.n} points the gap is at most {v['gap']}"


def check_closeness(k: Certificate, data: Data, points: Rows | None) -> str:
    """epsilon_lower_bound: GAP(n) > 0 for every n below the claim, so no t within epsilon is trained on n added points.

    t is within epsilon iff m := <t, z> >= min(1, v) - epsilon, v := <target, z>, for all z of the domain, convex here.
    So (label flip) m <= max(-1, v) + epsilon, and (mixing with a point of the same label whose margin at the target is
    v0 in [-1, 1), to margin 1) m >= v - epsilon (2 v - v0 - 1) / (1 - v0) where v > 1.
    t is trained: (N + n) c t = sum s z over rows and added points, s in [0, 1] the slopes at t. Times kappa t - eta:
    (N + n) c (kappa |t|^2 - <eta, t>) = sum s (kappa m - <eta, z>). Rows: at most r + b m, r by the ends of m's range.
    Points: at most U, as s > 0 needs m <= 1. With 0 <= weight (<t, z> - min(1, v) + epsilon) for the cuts and the
    minimum over t: GAP(n) = sum weight (min(1, v) - epsilon) - |G|^2 / (4 kappa c (N + n)) - sum r - n U > 0 refutes n,
    G = (N + n) c eta + sum b z + sum weight z. The best cuts make GAP concave in n: its two ends suffice.
    """
    w, p, eps, kappa = k.witness, k.target, k.value["epsilon"], k.witness["kappa"]
    eta, tilts, last = fitting(k, data, w["direction"]), dict(w["tilts"]), max(0, k.value["points"] - 1)
    prove(k.radius == 0, "closeness is to the target itself: the radius must be 0")
    prove(k.domain == "hull" or not any(data.integer), "with integer features the claim is about the domain's hull")
    prove(eps < 1 and kappa > 0, "epsilon must be below 1 and kappa positive")
    prove(len(tilts) == len(w["tilts"]) and all(i < data.n for i in tilts), "tilts: rows that repeat, or are not there")
    v0 = {y: max(Fraction(-1), -data.top(k, mix(-1, p, 0, p), y)) for y in (1, -1)}

    def ends(z: list[int], unit: int, y: int) -> tuple[Fraction, Fraction, Fraction]:
        """Least and greatest m, and <eta, z>."""
        v = Fraction(dot(p.n, z), p.d * unit)
        low = v - eps
        if v > 1:
            low = v - eps * (2 * v - v0[y] - 1) / (1 - v0[y]) if v0[y] < 1 else 1 - eps
        return low, max(Fraction(-1), v) + eps, Fraction(dot(eta.n, z), eta.d * unit)

    fine = lcm(kappa.denominator, *(b.denominator for b in tilts.values()))
    spent, total, one = Fraction(0), [0] * len(p.n), Fraction(1)
    for i, (y, z) in enumerate(zip(data.y, data.signed(k.bias), strict=True)):
        low, high, e = ends(z, data.unit, int(y))
        b = tilts.get(i, kappa if high < 1 else Fraction(0))
        capped = [(kappa - b) * m - e for m in (low, min(one, high)) if low <= 1]
        spent += max(capped + [-b * m for m in (max(one, low), high) if high >= 1])
        if b:
            total = [a + int(b * fine) * v for a, v in zip(total, z, strict=True)]
    rows, U = Vector(total, fine * data.unit), Fraction(0)
    for y, (a, tau, behind) in ((1, w["limits"]["plus"]), (-1, w["limits"]["minus"])):
        prove(a <= kappa, "limits: the first of a label must be at most kappa")
        # kappa min(1, v + eps) <= a (v + eps) + kappa - a, and tau (limit - v) >= 0 where low <= 1
        U = max(U, a * eps + kappa - a + data.top(k, mix(a - tau, p, -1, eta), y) + tau * limit(eps, v0[y], tau))
        if v0[y] == -1:
            # points with v <= -1: m <= eps - 1, and behind (-1 - v) >= 0
            U = max(U, kappa * (eps - 1) - behind + data.top(k, mix(-behind, p, -1, eta), y))

    def gap(n: int, cuts: list[dict[str, Any]]) -> Fraction:
        pull, gained = mix((data.n + n) * k.c, eta, 1, rows), -spent - n * U
        for cut in cuts:
            z = Vector(lifted(k, data, cut["label"], cut["x"]), cut["x"].d)
            gained += cut["weight"] * (min(one, inner(p, z)) - eps)
            pull = mix(1, pull, cut["weight"], z)
        return Fraction(gained - inner(pull, pull) / (4 * kappa * k.c * (data.n + n)))

    if k.value["points"] == 0:
        return "0 points: nothing is claimed"
    gaps = gap(0, w["first"]), gap(last, w["last"])
    prove(min(gaps) > 0, f"the witness does not refute {last} points: {about(gaps[0])} and {about(gaps[1])}")
    if points is not None and points.n <= last:
        allowed = Fraction(0)
        for y, z in zip(points.y, points.signed(k.bias), strict=True):
            low, high, e = ends(z, points.unit, int(y))
            allowed += max(Fraction(0), kappa * min(one, high) - e if low <= 1 else Fraction(0))
        share = Fraction(points.n, last) if last else Fraction(0)
        left = (1 - share) * gaps[0] + share * gaps[1] + points.n * U - allowed
        prove(left > 0, f"the {points.n} points of the points file are not excluded by the witness")
    return f"fewer than {k.value['points']} points do not make a model within {eps} of the target the trained one"


def limit(eps: Fraction, v0: Fraction, tau: Fraction) -> Fraction:
    """The greatest v of points that may have a slope: there the lower end of m is 1."""
    room = 1 - v0 - 2 * eps
    prove(room > 0 or tau == 0, "limits: every point may have a slope, so the second must be 0")
    return (1 - v0 - eps * (1 + v0)) / room if tau else Fraction(0)


# ---- goals that are no model -----------------------------------------------------------------------------------------


class Region(NamedTuple):
    """A part of what a goal's tree covers: theta within ``box``, slopes on ``edges`` of rows (all where not named), n
    added points within ``points`` with a difference of the labels' slopes from share[0] n to share[1] n. Numbers are
    integers over the witness's unit."""

    box: list[tuple[int, int]]
    edges: dict[int, str]
    share: tuple[int, int]
    points: tuple[int, int]


def halves(node: list[Any], r: Region) -> tuple[Region, Region]:
    """The two parts of a split; together they cover the region.

    A row's pair (margin, slope) lies on one of three edges: L: m <= 1, s = 1. V: m = 1. R: m >= 1, s = 0.
    """
    kind, index, at = node
    if kind == "theta":
        prove(0 <= index < len(r.box), "a split names a coordinate that is not there")
        low, high = r.box[index]
        parts = [(low, min(high, at)), (max(low, at), high)]
        first, second = ([*r.box[:index], part, *r.box[index + 1 :]] for part in parts)
        return r._replace(box=first), r._replace(box=second)
    if kind == "row":
        kept = r.edges.get(index, "LVR")
        parts_of_row = ("L", "VR") if at == 1 else ("R", "LV")
        one, two = ("".join(e for e in kept if e in part) for part in parts_of_row)
        return r._replace(edges={**r.edges, index: one}), r._replace(edges={**r.edges, index: two})
    low, high = r.share if kind == "share" else r.points
    below, above = (low, min(high, at)), (max(low, at), high)
    if kind == "share":
        return r._replace(share=below), r._replace(share=above)
    return r._replace(points=below), r._replace(points=above)


class Tree:
    """One row z0 of a goal: no model with <theta, z0> <= -tau is trained on ``last`` added points or fewer.

    Suppose one is. Let the added points count with a weight that grows from 0 to 1: the trained model moves
    continuously, from the clean one, whose margin at z0 exceeds -tau, to that one. On the way it has the margin -tau
    exactly. So it suffices to refute <theta, z0> = -tau for every real mass n <= last of added points.

    There, with lam = (N + n) c, slopes s and sigma, w = sum sigma p over the added signed points p:
    lam theta = sum s z + w. sigma > 0 needs <theta, p> <= 1, so <w, theta> <= g = g_+ + g_- <= n with the labels' sums
    of slopes g_+, g_-, and w_k lies between low_k g_+ - high_k g_- and high_k g_+ - low_k g_-, w_bias = g_+ - g_-.
    Times theta itself: lam |theta|^2 = sum s m + <w, theta> <= N + n, so |theta|^2 <= 1 / c: the root's box.

    A leaf has kappa, mu >= 0, a direction eta, a tilt b for each row and alpha. With nu = kappa + mu, the balance times
    nu theta - eta: lam (nu |theta|^2 - <eta, theta>) = sum s (nu m - e) + <w, nu theta - eta>, e = <eta, z>. A row's
    term is at most r + b m, r by the ends of its edges; mu <w, theta> stays, kappa <w, theta> <= kappa g. With
    G = lam eta + sum b z - alpha z0 and alpha (<theta, z0> + tau) = 0,

        lam nu |theta|^2 - <G + mu w, theta> + <eta, w> - kappa g + alpha tau - sum r <= 0.

    The minimum of the left side over theta in the box and w is a sum over coordinates. For fixed theta it is affine in
    (n, g_+, g_-, w), so the minimum is concave in (n, g_+, g_-): if it is positive at the corners of their polytope it
    is positive on all of it, which refutes the leaf. Where nu = 0 alpha may be left out: it is then chosen at each
    corner so that the coordinate of the largest |z0_j| drops out, which is the minimum over the plane exactly.
    """

    def __init__(self, k: Certificate, data: Data, z0: Vector, tau: Fraction, unit: int) -> None:
        self.k, self.data, self.z0, self.tau, self.unit = k, data, z0, tau, unit
        self.rows = list(data.signed(k.bias))
        self.pivot = p = max(range(len(z0.n)), key=lambda j: abs(z0.n[j]))
        prove(z0.n[p], "a row of the goal is zero: its margin is always 0")
        # on the plane theta_p = (-tau - rest) / z0_p: a row's margin in the other coordinates, over `scale`
        sign, large = (1 if z0.n[p] > 0 else -1), abs(z0.n[p])
        self.scale = data.unit * large * unit * tau.denominator
        self.reduced = [
            [tau.denominator * (v * large - sign * z[p] * z0.n[j]) if j != p else 0 for j, v in enumerate(z)]
            for z in self.rows
        ]
        self.constant = [-sign * z[p] * tau.numerator * z0.d * unit for z in self.rows]

    def refuted(self, leaf: dict[str, Any], r: Region) -> bool:
        """Is no model of the region trained?"""
        kappa, mu, tilts, eta = leaf["kappa"], leaf["mu"], dict(leaf["tilts"]), leaf["direction"]
        nu, eliminated = kappa + mu, leaf["alpha"] is None
        prove(len(eta) == len(r.box), "a direction of the wrong length")
        prove(len(tilts) == len(leaf["tilts"]) and all(0 <= i < len(self.rows) for i in tilts), "tilts: no such rows")
        prove(nu == 0 or not eliminated, "alpha may be left out only where kappa and mu are 0")
        prove(not leaf["light"] or not eliminated, "light coordinates need alpha")
        spent, total, one, fine = 0, [0] * len(eta), self.scale, self.scale // self.data.unit
        for i, (z, a, m) in enumerate(zip(self.rows, self.reduced, self.constant, strict=True)):
            low = m + sum(min(v * x, v * y) for v, (x, y) in zip(a, r.box, strict=True))
            high = m + sum(max(v * x, v * y) for v, (x, y) in zip(a, r.box, strict=True))
            b, e, edges = tilts.get(i, 0), dot(eta, z) * fine, r.edges.get(i, "LVR")
            ends = []
            if low <= one and "L" in edges:
                ends += [(nu - b) * low - e, (nu - b) * min(one, high) - e]
            if low <= one <= high and "V" in edges:
                ends += [(nu - b) * one - e, -b * one]
            if high >= one and "R" in edges:
                ends += [-b * max(one, low), -b * high]
            if not ends:
                return True  # no model of the region has such a margin
            spent += max(ends)
            if b:
                total = [t + b * v for t, v in zip(total, z, strict=True)]
        rest = Fraction(spent, self.scale * self.unit)
        corners = {
            (n, plus, minus)
            for n in (Fraction(v, self.unit) for v in r.points)
            for plus, minus in label_corners(n, *(Fraction(v, self.unit) for v in r.share))
        }
        light = self.light(leaf, r, corners)
        return all(self.least(leaf, r, total, light, *corner) > rest for corner in corners)

    def light(
        self, leaf: dict[str, Any], r: Region, corners: set[tuple[Fraction, Fraction, Fraction]]
    ) -> dict[int, tuple[Fraction, Fraction, Fraction, Fraction, Fraction]]:
        """rho, phi, chi, A and B of each light coordinate."""
        out = {}
        for k, at in leaf["light"]:
            prove(
                0 <= k < len(r.box) and k not in out and 0 <= at <= self.unit, "light: no such coordinates or weights"
            )
            ends = [0, 0]
            for i, z in enumerate(self.rows):
                if z[k]:
                    edges = r.edges.get(i, "LVR")
                    pull = {"L": (z[k], z[k]), "R": (0, 0)}.get(edges, (min(0, z[k]), max(0, z[k])))
                    ends = [a + b for a, b in zip(ends, pull, strict=True)]
            P, Q = (Fraction(v, self.data.unit) for v in ends)
            # for fixed g / n and h / n the quotient is monotone in n, for a fixed n it is linear in g and h
            A = min((P + min(self.pulls(k, g, h))) / ((self.data.n + n) * self.k.c) for n, g, h in corners)
            B = max((Q + max(self.pulls(k, g, h))) / ((self.data.n + n) * self.k.c) for n, g, h in corners)
            v = Fraction(at, self.unit)
            out[k] = (A + v * (B - A), P + v * (Q - P), A * P + v * (B * Q - A * P), A, B)
        return out

    def pulls(self, j: int, g: Fraction, h: Fraction) -> set[Fraction]:
        """The ends of the coordinate j of w."""
        if j == self.data.d:
            return {g - h}
        low, high = self.data.low[j], self.data.high[j]
        return {low * g - high * h, high * g - low * h}

    def least(
        self, leaf: dict[str, Any], r: Region, total: list[int],
        light: dict[int, tuple[Fraction, Fraction, Fraction, Fraction, Fraction]],
        n: Fraction, g: Fraction, h: Fraction,
    ) -> Fraction:  # fmt: skip
        """Minimum of the left side without sum r, for n points and sums of slopes g (label +1) and h (label -1)."""
        unit, lam, p = self.unit, (self.data.n + n) * self.k.c, self.pivot
        eta = [Fraction(v, unit) for v in leaf["direction"]]
        G = [lam * v + Fraction(t, unit * self.data.unit) for v, t in zip(eta, total, strict=True)]
        z0 = [Fraction(v, self.z0.d) for v in self.z0.n]
        alpha = G[p] / z0[p] if leaf["alpha"] is None else Fraction(leaf["alpha"], unit)
        mu, square = Fraction(leaf["mu"], unit), lam * Fraction(leaf["kappa"] + leaf["mu"], unit)
        value = alpha * self.tau - Fraction(leaf["kappa"], unit) * (g + h)
        for j, (low, high) in enumerate(r.box):
            f, ends = G[j] - alpha * z0[j], self.pulls(j, g, h)
            if j in light:
                rho, phi, chi, first, last = light[j]
                own = eta[j] - mu * rho
                f += lam * (own - eta[j]) - mu * phi
                value += min(own * w for w in ends) + bottom(square - lam * mu, f, first, last) - mu * chi
                continue
            value += min(
                eta[j] * w + bottom(square, f + mu * w, Fraction(low, unit), Fraction(high, unit)) for w in ends
            )
        return value


def bottom(square: Fraction, slope: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Minimum of square t^2 - slope t for t from low to high."""
    if square == 0:
        return min(-slope * low, -slope * high)
    t = min(high, max(low, slope / (2 * square)))
    return square * t * t - slope * t


def label_corners(n: Fraction, a: Fraction, b: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Corners of g, h >= 0, g + h <= n, a n <= g - h <= b n, for -1 <= a, b <= 1."""
    zero = Fraction(0)
    out = [(n * (1 + v) / 2, n * (1 - v) / 2) for v in (a, b)] + [(n * max(zero, v), n * max(zero, -v)) for v in (a, b)]
    return [*out, (zero, zero)] if a < 0 < b else out


def check_goal(k: Certificate, data: Data, points: Rows | None) -> str:
    """goal_lower_bound. At least k of m rows wrong: among any m - k + 1 of them one is, so their trees suffice.

    A mean loss of at least 1 + tau over the rows: some row's loss is at least that, so its margin at most -tau.
    """
    v, w = k.value, k.witness
    rows, tau, last, unit = v["rows"], v["tau"], v["points"] - 1, w["unit"]
    prove(k.radius == 0 and k.loss == "hinge", "a goal is certified for the hinge loss, and has no radius")
    prove(1 <= v["at_least"] <= len(rows), "at_least: from 1 to the number of rows")
    prove(v["goal"] != "flip" or len(rows) == 1, "a flip has one row")
    prove(v["goal"] != "loss" or v["at_least"] == 1, "a mean loss: at_least must be 1")
    prove(tau > -1 if v["goal"] == "loss" else tau >= 0, "tau: at least 0; above -1 for a mean loss")
    need(all(len(row["x"].n) == data.d for row in rows), "rows: of another length than the data's")
    if points is not None:
        inside = all(data.contains(Vector([int(y) * a for a in x], points.unit), True)
                     for y, x in zip(points.y, points.signed(False), strict=True))  # fmt: skip
        prove(inside, "a point of the points file lies outside the domain: the claim does not speak of it")
    if last < 0:
        return "0 points: nothing is claimed"
    trees = {t["row"]: t["nodes"] for t in w["trees"]}
    need(
        len(trees) == len(w["trees"]) and all(i < len(rows) for i in trees), "trees: rows that repeat or are not there"
    )
    prove(len(trees) > len(rows) - v["at_least"], "too few rows have a tree")
    size = sum(len(nodes) for nodes in trees.values())
    need(size * data.n * (data.d + 1) <= MAX_TREE_WORK, "trees: too large to be checked")
    clean = fitting(k, data, w["clean"])
    near = root_above(optimality(k, clean, data.n, _part(k, data, w))) / (data.n * k.c)
    reach = ceil(root_above(1 / k.c) * unit)
    for i, nodes in trees.items():
        x, y = rows[i]["x"], rows[i]["label"]
        z0 = Vector([y * a for a in ([*x.n, x.d] if k.bias else x.n)], x.d)
        prove(inner(clean, z0) - near * root_above(inner(z0, z0)) > -tau, "the clean model may reach the goal already")
        tree = Tree(k, data, z0, tau, unit)
        open_regions = [Region([(-reach, reach)] * len(z0.n), {}, (-unit, unit), (0, last * unit))]
        for node in nodes:
            prove(open_regions, "a tree has more nodes than its splits open")
            region = open_regions.pop()
            if isinstance(node, dict):
                prove(tree.refuted(node, region), "a leaf of a tree is not refuted")
            else:
                open_regions += reversed(halves(node, region))
        prove(not open_regions, "a tree lacks leaves")
    names = {"flip": "make the prediction wrong", "wrong": f"make {v['at_least']} of the {len(rows)} rows wrong",
             "loss": f"raise the mean loss to {1 + tau}"}  # fmt: skip
    return f"fewer than {v['points']} points from the domain do not {names[v['goal']]} (tau = {tau})"


CHECKS: dict[str, Callable[[Certificate, Data, Rows | None], str]] = {
    "lower_bound": check_bound, "unattainable": check_bound, "upper_bound": check_upper,
    "distance": check_distance, "gamma": check_gamma, "run": check_run,
    "epsilon_lower_bound": check_closeness, "goal_lower_bound": check_goal,
}  # fmt: skip


#: What stands where: the loss in words.
OBJECTIVE = "mean {loss} loss + ({c})/2 |theta|^2"


def vector_of(values: Iterable[float]) -> Vector:
    """Floats as an exact vector."""
    exact = [Fraction(v) for v in values]
    d = lcm(*(v.denominator for v in exact))
    return Vector([int(v * d) for v in exact], d)


def target_identity(v: Vector) -> str:
    """SHA-256 that names an exact model: its entries as fractions in lowest terms, joined by commas."""
    return hashlib.sha256(",".join(str(Fraction(n, v.d)) for n in v.n).encode("ascii")).hexdigest()


def describe(k: Certificate, rows: int, features: int, integer: bool) -> dict[str, Any]:
    """What the certificate speaks about: the reader compares it with what they have in mind.

    ``rows``, ``features``: of the data; ``integer``: has the domain integer features (its own points are then not all
    of its convex hull)?
    """
    hull = k.domain == "hull" and integer
    goal = k.kind == "goal_lower_bound"
    return {
        "loss": k.loss, "c_r": str(k.c), "bias": k.bias, "rows": rows, "features": features, "data": k.data,
        "target": None if goal else target_identity(k.target),
        "norm": None if goal else float(root_above(inner(k.target, k.target))),
        "goal": about_goal(k.value) if goal else None,
        "domain": "convex hull" if hull else "own points", "mode": k.mode, "radius": str(k.radius),
        "moved": float(k.moved) if k.mode == "polished" else None,
        "given": None if k.given is None else target_identity(k.given),
    }  # fmt: skip


def about_goal(v: Mapping[str, Any]) -> dict[str, Any]:
    """The goal of a certificate; its rows by the identity of their labels and features, each rounded to float64."""
    rows = "".join(f"{row['label']}:{[n / row['x'].d for n in row['x'].n]}\n" for row in v["rows"])
    return {"goal": v["goal"], "rows": len(v["rows"]), "at_least": v["at_least"], "tau": str(v["tau"]),
            "rows_identity": hashlib.sha256(rows.encode("ascii")).hexdigest()}  # fmt: skip


def sentence(k: Certificate, about: Mapping[str, Any]) -> str:
    """What is proved, in words that claim no more. Added points: any labels, from the data's domain or its hull."""
    hull, v = about["domain"] == "convex hull", k.value
    where = "the convex hull of the data's domain" if hull else "the data's domain"
    model = f"the minimiser of {OBJECTIVE.format(loss=k.loss, c=k.c)} on the {about['rows']} rows and the added points"
    side = ROUND_CEILING if k.kind == "upper_bound" else ROUND_FLOOR
    near = f"a model within {short(k.radius, side)} (Euclidean) of the target" if k.radius else "the target itself"
    if v == 0 or (k.kind == "epsilon_lower_bound" and v["points"] == 0):
        return "Nothing is claimed: every number of points is at least 0."
    if k.kind == "goal_lower_bound":
        if v["points"] == 0:
            return "Nothing is claimed: every number of points is at least 0."
        tau = short(v["tau"], ROUND_CEILING)
        what = f"with a margin of at most -{tau} at {v['at_least']} or more of the certificate's {len(v['rows'])} rows"
        if v["goal"] == "loss":
            level = short(1 + v["tau"], ROUND_CEILING)
            what = f"with a mean hinge loss of {level} or more on the certificate's {len(v['rows'])} rows"
        return f"Fewer than {v['points']} points added from {where} do not make a model {what} {model}."
    if k.kind == "unattainable":
        return f"No number of points added from {where} makes {near} {model}."
    if k.kind == "lower_bound":
        return f"Fewer than {v} points added from {where} do not make {near} {model}."
    if k.kind == "upper_bound":
        caution = " Integer features may be fractions there: of the domain's own points, more may be needed."
        return f"{v} points added from {where} make {near} {model}." + (caution if hull else "")
    if k.kind == "epsilon_lower_bound":
        close = f"a model t with D(t, target) <= {short(v['epsilon'], ROUND_FLOOR)}"
        caution = ", D taken over that hull: nothing follows for the smaller distance over the domain's own points"
        words = f"Fewer than {v['points']} points added from {where} do not make {close} {model}"
        return words + (caution if hull else "") + "."
    if k.kind == "distance":
        return f"The distance of the witness's model from the target over {where} lies in {_ends(v)}."
    if k.kind == "gamma":
        mixed = " The mixture that shows it may use points of the hull." if hull else ""
        return f"1 - C_R/lambda* of the target is at least {short(v, ROUND_FLOOR)}, over {where}.{mixed}"
    last, best = short(v["gap"], ROUND_CEILING), short(v["best_gap"], ROUND_CEILING)
    return (
        f"With the run's {v['points']} points the last model has a primal-dual gap of at most {last} and a distance in"
        f" {_ends(v['last'])} from the target; with the first {v['best_points']} the best model has a gap of at most"
        f" {best} and a distance in {_ends(v['best'])}."
    )


def short(value: Fraction, rounding: str) -> str:
    """At most ten digits, rounded to the side on which the sentence stays true."""
    digits = Context(prec=10, rounding=rounding, Emax=10**6, Emin=-(10**6)).divide(value.numerator, value.denominator)
    return f"{digits.normalize():g}"


def _ends(interval: Sequence[Fraction]) -> str:
    return f"[{short(interval[0], ROUND_FLOOR)}, {short(interval[1], ROUND_CEILING)}]"


def verify(certificate: str, data: str, points: str | None = None) -> dict[str, Any]:
    """Check one certificate: {valid, claim, kind, value, about, text, reason}. Raises Malformed."""
    out: dict[str, Any] = {"valid": False, "claim": None, "kind": None, "value": None, "about": None, "text": None}
    try:
        with opened(certificate) as handle:
            k = parse(handle.read(MAX_CERTIFICATE_BYTES + 1))
        out |= {"claim": CLAIMS[k.kind], "kind": k.kind, "value": _plain(k.value)}
        rows = Data(data)
        prove(rows.identity() == k.data, "the certificate speaks about other data")
        if k.kind != "goal_lower_bound":
            fitting(k, rows, k.target)
        out["about"] = describe(k, rows.n, rows.d, any(rows.integer))
        added = None if points is None else Rows(points)
        if added is not None:
            need(added.d == rows.d and added.n <= MAX_POINTS, f"{points}: X has the shape", (added.n, added.d))
        reason = CHECKS[k.kind](k, rows, added)
        return out | {"valid": True, "reason": reason, "text": sentence(k, out["about"])}
    except Refused as refusal:
        return out | {"reason": str(refusal)}
    except OSError as error:
        raise Malformed(f"{certificate}: cannot be read ({error.strerror})") from None
    except (ArithmeticError, MemoryError) as error:
        raise Malformed(f"{certificate}: numbers beyond what is computed with ({type(error).__name__})") from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Fraction) else value


def main(arguments: Sequence[str]) -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="checker.py", description="0: proved, 1: not proved, 2: malformed.")
    parser.add_argument("certificate")
    parser.add_argument("data")
    parser.add_argument("--points")
    try:
        result = verify(**vars(parser.parse_args(arguments)))
    except Malformed as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(json.dumps(result))  # noqa: T201
    return 0 if result["valid"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
