"""Check a certificate of mtp-theory with nothing but the standard library.

    python checker.py CERTIFICATE.json DATA.npz [--points POINTS.npz]

Exit status 0: the claim is proved. 1: it is not. 2: a file is malformed. One JSON object is printed. This file imports
nothing of the package and can be read, copied and run alone. All numbers are integers and fractions; exp and log,
which only the logistic loss needs, are taken in decimal arithmetic and moved outward before use.

What is proved. N clean rows z = y (x, 1) of DATA (without the 1 where bias is false), a loss phi of the margin
<theta, z>, F(theta) = sum of losses + (number of points) c/2 |theta|^2. "Trained model" means the minimiser of F.
Added points lie in the domain of DATA: its box, integer features and one-hot groups, either label.

lower_bound     Fewer than ``value`` added points never make a model within ``radius`` of ``target`` the trained one.
unattainable    No number of added points does.
upper_bound     Adding the ``value`` listed points makes a model within ``radius`` of ``target`` the trained one.
distance        ``value`` = [a, b] encloses D(model, target) = max over the domain of loss(model) - loss(target).
gamma           1 - c / lambda* of the target is at least ``value``.
run             Distances of a run's best and last model, and the primal-dual gap of the last on DATA and POINTS.

The inequalities behind each are written where they are evaluated; book/certificates.md derives them.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, DecimalException
from fractions import Fraction
from math import ceil, floor, isfinite, isqrt, lcm, prod
from operator import mul
from typing import IO, Any, NamedTuple

FORMAT = "mtp-theory-certificate-1"
#: Kind of certificate and the claim that it speaks about.
CLAIMS = {
    "lower_bound": "tight-lower-bound",
    "unattainable": "tight-lower-bound",
    "upper_bound": "minimum-poisoning",
    "distance": "definition-1",
    "gamma": "exact-gamma",
    "run": "theorem-1",
}
LOSSES = ("hinge", "squared_hinge", "logistic")
#: Bounds on what is read: they keep time and memory finite whatever the files hold.
MAX_CERTIFICATE_BYTES = 2**26
MAX_DIGITS = 4000
MAX_DIMENSION = 100_000
MAX_POINTS = 100_000
MAX_FILE_BYTES = 2**29
MAX_ARRAY_BYTES = 2**28
MAX_MEMBERS = 64
MAX_DIRECTORY = 2**16
#: Slopes of the logistic loss are enclosed by integers over this unit.
UNIT = 10**30
#: exp is taken of numbers up to this size; beyond it the slope is known to fewer digits than UNIT has.
MAX_EXPONENT = 200
DECIMAL = Context(prec=60, Emax=10**6, Emin=-(10**6))
#: Square roots are rounded up to multiples of 2^-ROOT_BITS.
ROOT_BITS = 60


class Malformed(Exception):  # noqa: N818 (not an error of this program)
    """A file is not what it should be: exit status 2."""


class Refused(Exception):  # noqa: N818
    """The certificate does not prove its claim: exit status 1."""


# ---- the certificate -------------------------------------------------------------------------------------------------


class Vector(NamedTuple):
    """Integers over one positive denominator."""

    n: list[int]
    d: int


class Certificate(NamedTuple):
    """A parsed certificate; ``witness`` holds parsed numbers as well."""

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


def parse(raw: bytes) -> Certificate:
    """The certificate in ``raw``. Raises Malformed, or Refused where its seal does not fit."""
    if len(raw) > MAX_CERTIFICATE_BYTES:
        raise Malformed(f"certificate: {len(raw)} bytes; at most {MAX_CERTIFICATE_BYTES} are read")
    try:
        top = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_small,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Malformed(f"certificate: not JSON ({error})") from None
    except RecursionError:
        raise Malformed("certificate: nested too deeply") from None
    _keys(
        top,
        "format kind claim data loss c_r bias domain arithmetic mode radius target given value witness seal",
        "certificate",
    )
    if top["format"] != FORMAT:
        raise Malformed(f"format {_show(top['format'])}: this checker reads {FORMAT}")
    kind, loss = _choice(top, "kind", CLAIMS), _choice(top, "loss", LOSSES)
    mode, domain = _choice(top, "mode", ("radius", "polished", "literal")), _choice(top, "domain", ("data", "hull"))
    if not isinstance(top["seal"], str) or top["seal"] != seal(top):
        raise Refused("the seal does not fit: a field was changed after the certificate was written")
    if top["claim"] != CLAIMS[kind]:
        raise Refused(f"claim {_show(top['claim'])}: a certificate of kind {kind} speaks about {CLAIMS[kind]}")
    if top["arithmetic"] != ("rational" if loss == "hinge" else "interval"):
        raise Refused(f"arithmetic {_show(top['arithmetic'])}: not what the checker does for the {loss} loss")
    if not isinstance(top["data"], str) or not re.fullmatch("[0-9a-f]{64}", top["data"]):
        raise Malformed("data: give the SHA-256 of the data, 64 hexadecimal digits")
    if not isinstance(top["bias"], bool):
        raise Malformed("bias: give true or false")
    c, radius = _rational(top["c_r"], "c_r"), _rational(top["radius"], "radius")
    if c <= 0 or radius < 0:
        raise Malformed("c_r must be positive and radius not negative")
    target = _vector(top["target"], "target")
    given, moved = None, Fraction(0)
    if mode == "polished":
        _keys(top["given"], "denominator numerators moved", "given")
        moved = _rational(top["given"]["moved"], "moved")
        given = _vector({k: top["given"][k] for k in ("denominator", "numerators")}, "given")
        if _square(_minus(target, given)) > moved * moved or moved < 0:
            raise Refused("the target lies further from the given model than `moved` says")
    elif top["given"] is not None:
        raise Malformed("given: only the mode polished has a given model; write null")
    if mode == "literal" and radius != 0:
        raise Refused("mode literal: the radius must be 0")
    witness = _witness(kind, loss, top["witness"])
    return Certificate(
        kind, top["data"], loss, c, top["bias"], domain, mode, radius, target, given, moved,
        _value(kind, top["value"]), witness,
    )  # fmt: skip


def seal(top: dict[str, Any]) -> str:
    """SHA-256 of the certificate without its seal, keys sorted and no spaces: shows accidental changes."""
    rest = {k: v for k, v in top.items() if k != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _witness(kind: str, loss: str, w: Any) -> dict[str, Any]:
    if kind in ("lower_bound", "unattainable") and loss == "hinge":
        _keys(w, "theta mu_plus mu_minus", "witness")
        return {"theta": _vector(w["theta"], "theta"), "mu": _multipliers(w)}
    if kind in ("lower_bound", "unattainable"):
        _keys(w, "direction q_plus q_minus reach", "witness")
        q = {1: _rational(w["q_plus"], "q_plus"), -1: _rational(w["q_minus"], "q_minus")}
        reach = _rational(w["reach"], "reach")
        if min(q.values()) < 0 or reach < 0:
            raise Malformed("witness: q and reach must not be negative")
        return {"direction": _vector(w["direction"], "direction"), "q": q, "reach": reach}
    if kind == "upper_bound":
        _keys(w, "model denominator points slopes", "witness")
        unit = _unit(w)
        points = _points(w["points"], "label count slope x", unit)
        if sum(p["count"] for p in points) > MAX_POINTS:
            raise Malformed(f"points: together at most {MAX_POINTS}")
        return {"model": _vector(w["model"], "model"), "points": points, "slopes": _slopes(w["slopes"], unit)}
    if kind == "gamma":
        _keys(w, "lambda denominator points", "witness")
        points = _points(w["points"], "label mass slope x", _unit(w))
        return {"lambda": _rational(w["lambda"], "lambda"), "points": points}
    if kind == "distance":
        return _pair(w, "witness")
    _keys(w, "points_data best last denominator slopes", "witness")
    if not isinstance(w["points_data"], str):
        raise Malformed("points_data: give the SHA-256 of the points")
    return {
        "points_data": w["points_data"],
        "best": _pair(w["best"], "best"),
        "last": _pair(w["last"], "last"),
        "slopes": _slopes(w["slopes"], _unit(w)),
    }


def _pair(w: Any, name: str) -> dict[str, Any]:
    """A model with the two sides of its distance: a point for the lower, multipliers for the upper."""
    _keys(w, "model label x mu_plus mu_minus", name)
    return {"model": _vector(w["model"], "model"), "label": _label(w["label"]), "x": _vector(w["x"], "x"),
            "mu": _multipliers(w)}  # fmt: skip


def _multipliers(w: dict[str, Any]) -> dict[int, Fraction]:
    mu = {1: _rational(w["mu_plus"], "mu_plus"), -1: _rational(w["mu_minus"], "mu_minus")}
    if not all(0 <= m <= 1 for m in mu.values()):
        raise Malformed("witness: mu_plus and mu_minus must lie in [0, 1]")
    return mu


def _value(kind: str, value: Any) -> Any:
    if kind in ("lower_bound", "upper_bound"):
        return _int(value, "value", 0, 10**15)
    if kind == "unattainable":
        if value is not None:
            raise Malformed("value: null, there is no number of points")
        return None
    if kind == "gamma":
        return _rational(value, "value")
    if kind == "distance":
        return _interval(value, "value")
    _keys(value, "points best last gap", "value")
    return {
        "points": _int(value["points"], "points", 0, MAX_POINTS),
        "best": _interval(value["best"], "best"),
        "last": _interval(value["last"], "last"),
        "gap": _rational(value["gap"], "gap"),
    }


def _unit(w: dict[str, Any]) -> int:
    """The one denominator of a witness's points and slopes; a common one keeps sums small."""
    unit = _integer(w["denominator"], "denominator")
    if unit < 1:
        raise Malformed("witness: the denominator must be positive")
    return unit


def _part(text: Any, name: str, unit: int) -> Fraction:
    """A number of [0, 1], given by its numerator over the unit."""
    n = _integer(text, name)
    if not 0 <= n <= unit:
        raise Malformed(f"{name} {_show(text)}: must lie between 0 and the denominator")
    return Fraction(n, unit)


def _points(value: Any, keys: str, unit: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > MAX_POINTS:
        raise Malformed("points: give a list")
    out = []
    for p in value:
        _keys(p, keys, "point")
        q: dict[str, Any] = {"label": _label(p["label"]), "slope": _part(p["slope"], "slope", unit)}
        q["x"] = Vector(_integers(p["x"], "x"), unit)
        if "count" in p:
            q["count"] = _int(p["count"], "count", 1, MAX_POINTS)
        else:
            q["mass"] = _part(p["mass"], "mass", unit)
        out.append(q)
    return out


def _slopes(value: Any, unit: int) -> dict[int, Fraction]:
    """Slopes of clean rows (and, for a run, of its points after them) that are not the loss's own."""
    if not isinstance(value, list) or len(value) > MAX_POINTS:
        raise Malformed("slopes: give a list of pairs")
    out: dict[int, Fraction] = {}
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise Malformed("slopes: give pairs [row, numerator]")
        row = _int(pair[0], "row", 0, 10**9)
        if row in out:
            raise Malformed(f"slopes: row {row} stands twice")
        out[row] = _part(pair[1], "slope", unit)
    return out


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise Malformed("certificate: a key stands twice in one object")
    return out


def _small(text: str) -> int:
    if len(text) > 18:
        raise Malformed("certificate: a JSON integer of more than 18 characters; write it as a string")
    return int(text)


def _no_float(text: str) -> Any:
    raise Malformed(f"certificate: the number {text[:40]}; only integers and exact rationals in strings are read")


def _keys(value: Any, keys: str, name: str) -> None:
    if not isinstance(value, dict):
        raise Malformed(f"{name}: give an object with the keys {keys}")
    for key in keys.split():
        if key not in value:
            raise Malformed(f"{name}: key {key} is missing")
    for key in value:
        if key not in keys.split():
            raise Malformed(f"{name}: unknown key {_show(key)}")


def _choice(top: dict[str, Any], key: str, known: Any) -> str:
    if not isinstance(top[key], str) or top[key] not in known:
        raise Malformed(f"{key} {_show(top[key])}: known are {', '.join(known)}")
    return str(top[key])


def _show(value: Any) -> str:
    return ascii(value)[:80]


def _int(value: Any, name: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Malformed(f"{name} {_show(value)}: give an integer from {low} to {high}")
    return value


def _label(value: Any) -> int:
    if isinstance(value, bool) or value not in (1, -1):
        raise Malformed(f"label {_show(value)}: labels are -1 and 1")
    return int(value)


def _integer(text: Any, name: str) -> int:
    if not isinstance(text, str) or len(text) > MAX_DIGITS or not re.fullmatch("0|-?[1-9][0-9]*", text):
        raise Malformed(f"{name} {_show(text)}: give an integer of at most {MAX_DIGITS} digits as a string")
    return int(text)


def _rational(text: Any, name: str) -> Fraction:
    if not isinstance(text, str) or text.count("/") > 1:
        raise Malformed(f"{name} {_show(text)}: give a string such as 9/100")
    top, _, bottom = text.partition("/")
    n, d = _integer(top, name), _integer(bottom, name) if bottom else 1
    value = Fraction(n, d) if d > 0 else None
    if value is None or str(value) != text:
        raise Malformed(f"{name} {_show(text)}: give a fraction in lowest terms, such as 9/100")
    return value


def _interval(value: Any, name: str) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list) or len(value) != 2:
        raise Malformed(f"{name}: give two rationals [lower, upper]")
    return _rational(value[0], name), _rational(value[1], name)


def _vector(value: Any, name: str) -> Vector:
    _keys(value, "denominator numerators", name)
    d = _integer(value["denominator"], name)
    if d < 1:
        raise Malformed(f"{name}: the denominator must be positive")
    return Vector(_integers(value["numerators"], name), d)


def _integers(value: Any, name: str) -> list[int]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_DIMENSION:
        raise Malformed(f"{name}: give a list of integers as strings")
    return [_integer(v, name) for v in value]


# ---- the data --------------------------------------------------------------------------------------------------------

#: numpy's kinds and sizes that are read, as codes of the array module; f2 goes through struct.
CODES = {"b1": "B", "u1": "B", "u2": "H", "u4": "I", "u8": "Q", "i1": "b", "i2": "h", "i4": "i", "i8": "q",
         "f4": "f", "f8": "d"}  # fmt: skip


class Member(NamedTuple):
    """One array of an npz file: kind (f8, u1, ...), shape, and the values in C order."""

    kind: str
    shape: tuple[int, ...]
    values: Sequence[Any]


def read_npz(path: str, names: Sequence[str]) -> dict[str, Member]:
    """The arrays of those names. No pickles; declared sizes are compared with limits before anything is unpacked."""
    try:
        with open(path, "rb") as handle:
            _check_archive(handle)
            with zipfile.ZipFile(handle) as archive:
                infos = archive.infolist()
                if len(infos) > MAX_MEMBERS or len({i.filename for i in infos}) != len(infos):
                    raise Malformed(f"{path}: too many arrays, or one that stands twice")
                return {
                    i.filename[:-4]: _member(archive, i, f"{path}: {_show(i.filename)}")
                    for i in infos
                    if i.filename[:-4] in names and i.filename.endswith(".npy")
                }
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError,
            RuntimeError, OverflowError) as error:  # fmt: skip
        raise Malformed(f"{path}: cannot be read ({' '.join(str(error).split())[:200]})") from None


def _check_archive(handle: IO[bytes]) -> None:
    """The zip's directory stands at the end and is parsed in one piece: it must be small."""
    size = handle.seek(0, 2)
    handle.seek(max(0, size - 22))
    end = handle.read(22)
    if size > MAX_FILE_BYTES or len(end) < 22 or end[:4] != b"PK\5\6" or end[20:] != b"\0\0":
        raise ValueError("not an npz file, truncated, or too large")
    if int.from_bytes(end[12:16], "little") > MAX_DIRECTORY:
        raise ValueError("its directory is too large")
    handle.seek(0)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Member:
    if info.flag_bits & 1 or info.file_size > MAX_ARRAY_BYTES:
        raise Malformed(f"{name}: encrypted, or larger than {MAX_ARRAY_BYTES} bytes")
    with archive.open(info) as stream:
        if stream.read(6) != b"\x93NUMPY":
            raise Malformed(f"{name}: not an array")
        version = stream.read(2)
        if version not in (b"\1\0", b"\2\0"):
            raise Malformed(f"{name}: npy version {_show(version)} is not read")
        length = int.from_bytes(stream.read(2 if version == b"\1\0" else 4), "little")
        if length > 4096:
            raise Malformed(f"{name}: header of {length} bytes")
        try:
            header = ast.literal_eval(stream.read(length).decode("latin-1").strip())
            descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
        except (ValueError, SyntaxError, MemoryError, RecursionError, KeyError, TypeError):
            raise Malformed(f"{name}: damaged header") from None
        kind = re.fullmatch(r"([<>|=])([buif][1248]|[SU]\d{1,3})", descr) if isinstance(descr, str) else None
        if kind is None or not isinstance(shape, tuple) or len(shape) > 2 or not isinstance(fortran, bool):
            raise Malformed(f"{name}: type {_show(descr)} or shape {_show(shape)} is not read; store plain numbers")
        if not all(type(k) is int and 0 <= k <= MAX_ARRAY_BYTES for k in shape):
            raise Malformed(f"{name}: shape {_show(shape)}")
        order, code = kind.groups()
        width = int(code[1:]) * (4 if code[0] == "U" else 1)
        expected = prod(shape) * width
        raw = stream.read(expected + 1) if expected <= MAX_ARRAY_BYTES else b""
    if len(raw) != expected:
        raise Malformed(f"{name}: declares {expected} bytes and holds another number")
    values = _decode(raw, order, code, name)
    if fortran and len(shape) == 2:
        rows = [values[i :: shape[0]] for i in range(shape[0])]
        values = b"".join(map(bytes, rows)) if code == "u1" else [v for row in rows for v in row]
    return Member(code, shape, values)


def _decode(raw: bytes, order: str, code: str, name: str) -> Sequence[Any]:
    swapped = order == ">" if sys.byteorder == "little" else order == "<"
    if code[0] in "SU":
        text = raw.decode("ascii" if code[0] == "S" else ("utf-32-be" if order == ">" else "utf-32-le"))
        return [text.rstrip("\0")]
    if code == "f2":
        return struct.unpack(f"{'>' if order == '>' else '<'}{len(raw) // 2}e", raw)
    if code not in CODES:
        raise Malformed(f"{name}: type {code} is not read")
    if code == "u1":
        return raw
    values = array(CODES[code])
    if values.itemsize != int(code[1:]):
        raise Malformed(f"{name}: this Python has no {code}")
    values.frombytes(raw)
    if swapped:
        values.byteswap()
    return values


class Data:
    """Clean rows with the domain of added points, as the data file's rules define them."""

    def __init__(self, path: str) -> None:
        names = ("X", "y", "scale", "lower", "upper", "integer", "groups", "group_rule")
        members = read_npz(path, names)
        if "X" not in members or "y" not in members:
            raise Malformed(f"{path}: arrays X and y are needed")
        X = members["X"]
        if X.kind[0] not in "buif" or len(X.shape) != 2 or 0 in X.shape or X.shape[1] > MAX_DIMENSION:
            raise Malformed(f"{path}: X has type {X.kind}, shape {X.shape}")
        self.n, self.d = X.shape
        self.kind = X.kind if X.kind in ("u1", "f4") else "f8"
        self.values = X.values if self.kind != "f8" or X.kind == "f8" else array("d", _floats(X, "X"))
        if self.kind != "u1" and not all(map(isfinite, self.values)):
            raise Malformed(f"{path}: X has NaN or infinite values")
        self.y = _of_shape(members["y"], (self.n,), "y")
        if not all(v in (1.0, -1.0) for v in self.y):
            raise Malformed(f"{path}: labels must be -1 and +1")
        scale = members.get("scale", Member("f8", (), array("d", [1.0])))
        self.scale = (_of_shape(scale, scale.shape, "scale") or [0.0])[0]
        if scale.shape not in ((), (1,)) or not self.scale > 0 or (self.scale != 1 and self.kind != "u1"):
            raise Malformed(f"{path}: scale must be one number > 0, and 1 unless X is uint8")
        low, high = self._default_box() if not {"lower", "upper"} <= members.keys() else ([], [])
        self.lower = _of_shape(members["lower"], (self.d,), "lower") if "lower" in members else low
        self.upper = _of_shape(members["upper"], (self.d,), "upper") if "upper" in members else high
        self.groups = [-1] * self.d
        if "groups" in members:
            if members["groups"].kind[0] not in "iu" or members["groups"].shape != (self.d,):
                raise Malformed(f"{path}: groups must be integers of shape ({self.d},)")
            self.groups = [int(v) for v in members["groups"].values]
            if not all(-1 <= g <= 2**53 for g in self.groups):
                raise Malformed(f"{path}: group numbers must be -1 or small and not negative")
        self.integer = [g >= 0 for g in self.groups]
        if "integer" in members:
            if members["integer"].kind != "b1" or members["integer"].shape != (self.d,):
                raise Malformed(f"{path}: integer must be bool of shape ({self.d},)")
            self.integer = [bool(a) or b for a, b in zip(members["integer"].values, self.integer, strict=True)]
        rule = members.get("group_rule")
        self.rule = "at_most_one" if rule is None or not rule.values else str(rule.values[0])
        if self.rule not in ("at_most_one", "exactly_one"):
            raise Malformed(f"{path}: group_rule {_show(self.rule)}")
        self._check_domain(path)
        self.identity = self._identity()

    def _default_box(self) -> tuple[list[float], list[float]]:
        """0 and 1 where the scaled X lies between them, else its column range."""
        if min(self.values) >= 0 and max(self.values) / self.scale <= 1:
            return [0.0] * self.d, [1.0] * self.d
        columns = [self.values[j :: self.d] for j in range(self.d)]
        return [float(min(c)) / self.scale for c in columns], [float(max(c)) / self.scale for c in columns]

    def _check_domain(self, path: str) -> None:
        low, high = [Fraction(v) for v in self.lower], [Fraction(v) for v in self.upper]
        #: Bounds of the domain's hull, exactly: whole numbers where the feature is an integer.
        self.low = [Fraction(ceil(v)) if k else v for v, k in zip(low, self.integer, strict=True)]
        self.high = [Fraction(floor(v)) if k else v for v, k in zip(high, self.integer, strict=True)]
        if any(a > b for a, b in zip(self.low, self.high, strict=True)):
            raise Malformed(f"{path}: the domain is empty, lower > upper")
        self.members: dict[int, list[int]] = {}
        for j, g in enumerate(self.groups):
            if g >= 0:
                self.members.setdefault(g, []).append(j)
                if low[j] != 0 or high[j] != 1:
                    raise Malformed(f"{path}: members of groups need the bounds 0 and 1")

    def _identity(self) -> str:
        """The SHA-256 that names data and domain: one record for each array, as the data file's rules define it."""
        digest = hashlib.sha256()

        def record(name: str, dtype: str, shape: str, raw: Any) -> None:
            digest.update(f"{name}\0{dtype}\0{shape}\0".encode("ascii"))
            digest.update(raw)

        x = self.values if self.kind == "u1" else _little(array("f" if self.kind == "f4" else "d", self.values))
        record("X", {"u1": "|u1", "f4": "<f4", "f8": "<f8"}[self.kind], f"{self.n},{self.d}", x)
        record("y", "<f8", str(self.n), _little(array("d", self.y)))
        record("scale", "<f8", "", _little(array("d", [self.scale])))
        record("lower", "<f8", str(self.d), _little(array("d", self.lower)))
        record("upper", "<f8", str(self.d), _little(array("d", self.upper)))
        record("integer", "|b1", str(self.d), bytes(self.integer))
        record("groups", "<i8", str(self.d), _little(array("q", self.groups)))
        if self.rule != "at_most_one":
            record("group_rule", "|u1", str(len(self.rule)), self.rule.encode("ascii"))
        return digest.hexdigest()

    def rows(self, bias: bool) -> Iterator[tuple[int, list[int], int]]:
        """(label, x, denominator) of each clean row, x with the constant feature last; exactly, one row at a time."""
        unit = Fraction(self.scale)
        for i in range(self.n):
            part = self.values[i * self.d : (i + 1) * self.d]
            yield (int(self.y[i]), *_whole(part, self.kind == "u1", unit, bias))

    def contains(self, x: Vector, hull: bool) -> bool:
        """Is x a point of the domain, or of its hull?"""
        if len(x.n) != self.d:
            return False
        if not all(a * x.d <= v <= b * x.d for a, v, b in zip(self.low, x.n, self.high, strict=True)):
            return False
        if not hull and any(v % x.d for v, whole in zip(x.n, self.integer, strict=True) if whole):
            return False
        sums = [sum(x.n[j] for j in m) for m in self.members.values()]
        return all(s == x.d if self.rule == "exactly_one" else s <= x.d for s in sums)

    def support(self, form: Sequence[int]) -> Fraction:
        """Maximum of an integer linear form over the domain's hull."""
        total = Fraction(0)
        for w, a, b, group in zip(form, self.low, self.high, self.groups, strict=True):
            if w and group < 0:
                total += w * (b if w > 0 else a)
        for m in self.members.values():
            best = max(form[j] for j in m)
            total += best if self.rule == "exactly_one" else max(0, best)
        return total

    def largest_norm(self, bias: bool) -> Fraction:
        """At least |(x, 1)| for every x of the domain."""
        corner = sum((max(a * a, b * b) for a, b in zip(self.low, self.high, strict=True)), Fraction(int(bias)))
        return root_above(corner)


def _floats(member: Member, name: str) -> list[float]:
    if member.kind[0] in "iu" and any(abs(v) > 2**53 for v in member.values):
        raise Malformed(f"{name}: integers beyond 2^53")
    return [float(v) for v in member.values]


def _of_shape(member: Member, shape: tuple[int, ...], name: str) -> list[float]:
    if member.kind[0] not in "buif" or member.shape != shape:
        raise Malformed(f"{name}: type {member.kind}, shape {member.shape}; give numbers of shape {shape}")
    values = _floats(member, name)
    if not all(map(isfinite, values)):
        raise Malformed(f"{name}: NaN or infinite values")
    return values


def _little(values: array[Any]) -> array[Any]:
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _whole(part: Sequence[Any], small: bool, unit: Fraction, bias: bool) -> tuple[list[int], int]:
    """Numbers / unit as integers over one denominator, the constant feature appended."""
    if small:
        x, d = list(part), 1
    else:
        pairs = [v.as_integer_ratio() for v in part]
        d = max(q for _, q in pairs)
        x = [p * (d // q) for p, q in pairs]
    if unit.denominator != 1:
        x = [v * unit.denominator for v in x]
    d *= unit.numerator
    if bias:
        x.append(d)
    return x, d


class Points:
    """The points file: X (k, d) and y (k,), copies as rows."""

    def __init__(self, path: str, d: int) -> None:
        members = read_npz(path, ("X", "y"))
        if "X" not in members or "y" not in members:
            raise Malformed(f"{path}: arrays X and y are needed")
        X = members["X"]
        if len(X.shape) != 2 or X.shape[1] != d or X.shape[0] > MAX_POINTS:
            raise Malformed(f"{path}: X has shape {X.shape}; the data have {d} features")
        self.n = X.shape[0]
        self.values, self.d = _of_shape(X, X.shape, "X"), d
        self.y = _of_shape(members["y"], (self.n,), "y")
        if not all(v in (1.0, -1.0) for v in self.y):
            raise Malformed(f"{path}: labels must be -1 and +1")
        raw = _little(array("d", self.values)).tobytes() + _little(array("d", self.y)).tobytes()
        self.identity = hashlib.sha256(f"{self.n},{d}\0".encode("ascii") + raw).hexdigest()

    def rows(self, bias: bool) -> Iterator[tuple[int, list[int], int]]:
        """As :meth:`Data.rows`."""
        for i in range(self.n):
            yield (int(self.y[i]), *_whole(self.values[i * self.d : (i + 1) * self.d], False, Fraction(1), bias))


# ---- arithmetic ------------------------------------------------------------------------------------------------------


def dot(a: Sequence[int], b: Sequence[int]) -> int:
    """Inner product of integers."""
    return sum(map(mul, a, b))


def root_above(square: Fraction) -> Fraction:
    """A rational at least sqrt(square), within 2^-ROOT_BITS of it; 0 for 0."""
    if square == 0:
        return Fraction(0)
    scaled = -((-square.numerator << 2 * ROOT_BITS) // square.denominator)
    return Fraction(isqrt(scaled) + 1, 1 << ROOT_BITS)


def _square(v: Vector) -> Fraction:
    return Fraction(dot(v.n, v.n), v.d * v.d)


def _minus(a: Vector, b: Vector) -> Vector:
    if len(a.n) != len(b.n):
        raise Malformed("two models of different lengths")
    d = lcm(a.d, b.d)
    return Vector([x * (d // a.d) - y * (d // b.d) for x, y in zip(a.n, b.n, strict=True)], d)


class Sum:
    """A sum of weighted integer vectors (or single integers) over the least common denominator so far."""

    def __init__(self, dim: int = 1) -> None:
        self.n, self.d = [0] * dim, 1

    def add(self, weight: int, d: int, x: Sequence[int] = (1,)) -> None:
        if self.d % d:
            grown = lcm(self.d, d)
            self.n = [v * (grown // self.d) for v in self.n]
            self.d = grown
        weight *= self.d // d
        self.n = [a + weight * b for a, b in zip(self.n, x, strict=True)]

    def total(self) -> Fraction:
        return Fraction(self.n[0], self.d)


def slope_bounds(loss: str, n: int, d: int) -> tuple[int, int]:
    """Integers a <= b with a / UNIT <= psi(n / d) <= b / UNIT; psi = -phi'. Smooth losses only."""
    if loss == "squared_hinge":
        top = 2 * max(0, d - n) * UNIT
        return top // d, -(-top // d)
    # logistic: 1 / (1 + e^m); decreasing, so a clipped margin bounds from the side that it is clipped to
    if n >= MAX_EXPONENT * d:
        return 0, _logistic(Decimal(MAX_EXPONENT))[1]
    if n <= -MAX_EXPONENT * d:
        return _logistic(Decimal(-MAX_EXPONENT))[0], UNIT
    m = DECIMAL.divide(Decimal(n), Decimal(d))
    return _logistic(m.next_plus(DECIMAL))[0], _logistic(m.next_minus(DECIMAL))[1]


def _logistic(m: Decimal) -> tuple[int, int]:
    """Bounds of UNIT / (1 + e^m); exp is correct to half a unit in the last place."""
    e = m.exp(DECIMAL)
    above, below = DECIMAL.add(e.next_plus(DECIMAL), 1), DECIMAL.add(e.next_minus(DECIMAL), 1)
    low, high = DECIMAL.divide(UNIT, above.next_plus(DECIMAL)), DECIMAL.divide(UNIT, below.next_minus(DECIMAL))
    return int(low.next_minus(DECIMAL).to_integral_value(ROUND_FLOOR)), min(
        UNIT, int(high.next_plus(DECIMAL).to_integral_value(ROUND_CEILING))
    )


def log_above(value: Fraction) -> Fraction:
    """A rational at least ln(value)."""
    ratio = DECIMAL.divide(Decimal(value.numerator), Decimal(value.denominator)).next_plus(DECIMAL)
    return Fraction(ratio.ln(DECIMAL).next_plus(DECIMAL))


# ---- the claims ------------------------------------------------------------------------------------------------------


def forms(k: Certificate, data: Data, weights: Sequence[int], y: int) -> Fraction:
    """Maximum of y <weights, (x, 1)> over the domain's hull."""
    form = [y * w for w in weights]
    constant = form.pop() if k.bias else 0
    return data.support(form) + constant


def hinge_reach(k: Certificate, data: Data, theta: Vector, mu: dict[int, Fraction], far: Fraction) -> Fraction:
    """U >= loss(t - target + theta) - loss(t) on the domain for every t with |<t - target, z>| <= far there.

    From (1-u)_+ - (1-v)_+ <= max(0, 1 - mu - u + mu v); t moves u and v by the same amount, so mu v - u by at most
    (1 - mu) far.
    """
    best = Fraction(0)
    for y in (1, -1):
        m, p = mu[y], k.target
        q = lcm(theta.d, p.d * m.denominator)
        tilt = [
            m.numerator * a * (q // (p.d * m.denominator)) - b * (q // theta.d)
            for a, b in zip(p.n, theta.n, strict=True)
        ]
        best = max(best, (1 - m) * (1 + far) + forms(k, data, tilt, y) / q)
    return best


def check_bound(k: Certificate, data: Data, points: Points | None) -> str:
    """lower_bound, unattainable: NUM <= n DEN where n points make a model near the target the trained one."""
    if k.domain != "data":
        raise Refused("a lower bound holds for the data's domain: write domain data")
    numerator, denominator, allowed = (hinge_bound if k.loss == "hinge" else smooth_bound)(k, data, points)
    if numerator <= 0:
        if k.kind == "lower_bound" and k.value == 0:
            return "0 points: nothing is claimed"
        raise Refused("the witness proves nothing: its numerator is not positive")
    if k.kind == "unattainable":
        if denominator > 0:
            raise Refused(f"the witness proves only {_ceiling(numerator / denominator)} points")
        proved = "no number of points"
    elif denominator > 0 and (k.value - 1) * denominator >= numerator:
        raise Refused(f"the witness proves {_ceiling(numerator / denominator)} points, not {k.value}")
    else:
        proved = f"fewer than {k.value} points"
    if allowed is not None and points is not None and (k.value is None or points.n < k.value) and numerator <= allowed:
        raise Refused(f"the {points.n} points of the points file are not excluded by the witness")
    return f"{proved} from the domain do not make a model within {k.radius} of the target the trained one"


def _ceiling(value: Fraction) -> int:
    return ceil(value)


def hinge_bound(k: Certificate, data: Data, points: Points | None) -> tuple[Fraction, Fraction, Fraction | None]:
    """Theorem 2 without division, for the trained model t, |t - target| <= rho, tested at t - step.

    F0(t) - F0(t - step) <= n (U + c (R(t - step) - R(t))) if n points make t the trained model; step = target - theta.
    With a, b the margins of a row at target and theta, t moves both by one e, |e| <= rho |z|, and
    (1 - a - e)_+ - (1 - b - e)_+ is monotone in e, so its least value is at one end. And
    R(t) - R(t - step) >= fall := <target, step> - rho |step| - |step|^2 / 2. So NUM = sum of these least values
    + N c fall and DEN = U - c fall, U as in hinge_reach with far = rho max |z|.
    Third: the right-hand side summed over the given points themselves.
    """
    p, theta = k.target, k.witness["theta"]
    _same_length(data, k, p, theta)
    q, c, rho = lcm(p.d, theta.d), k.c, k.radius
    pn, tn = [v * (q // p.d) for v in p.n], [v * (q // theta.d) for v in theta.n]

    def least(rows: Iterator[tuple[int, list[int], int]]) -> Fraction:
        total = Sum()
        for y, x, d in rows:
            a, b, unit = y * dot(pn, x), y * dot(tn, x), q * d
            if rho:
                # rho |z| in the unit of the margins, rounded up
                e = -(-rho.numerator * q * (isqrt(dot(x, x) << 2 * ROOT_BITS) + 1) // (rho.denominator << ROOT_BITS))
                if b > a:
                    e = -e
                a, b = a - e, b - e
            total.add((unit - a if a < unit else 0) - (unit - b if b < unit else 0), d)
        return total.total() / q

    step = _minus(p, theta)
    fall = Fraction(dot(p.n, step.n), p.d * step.d) - rho * root_above(_square(step)) - _square(step) / 2
    numerator = least(data.rows(k.bias)) + data.n * c * fall
    denominator = hinge_reach(k, data, theta, k.witness["mu"], rho * data.largest_norm(k.bias)) - c * fall
    if points is None:
        return numerator, denominator, None
    return numerator, denominator, -least(points.rows(k.bias)) - points.n * c * fall


def smooth_bound(k: Certificate, data: Data, points: Points | None) -> tuple[Fraction, Fraction, Fraction | None]:
    """The limit of Theorem 2 at the target along a direction lam, with g the gradient of F0 at the target:

    NUM = <lam, g> - rho |lam| (beta sum |z_i|^2 + N c)
    DEN = U - c <lam, target> + c rho |lam|,  U >= <lam, z> psi(<t, z>) for all z of the domain and |t - target| <= rho.
    beta bounds phi''. For the logistic loss psi(v - h) <= e^h psi(v), and <lam, z> psi(v) <= M follows from
    p + q ln(q / M) - q <= M with p = max <lam - q target, z>, because M e^v >= q v + q - q ln(q / M). For the squared
    hinge psi = 2 (1 - v)_+, and it follows from (p + q)_+^2 <= 2 M q; there psi(v - h) <= psi(v) + 2 h.
    """
    p, lam = k.target, k.witness["direction"]
    _same_length(data, k, p, lam)
    logistic = k.loss == "logistic"
    c, rho, n = k.c, k.radius, data.n
    drift = Fraction(dot(lam.n, p.n), lam.d * p.d)
    length = root_above(_square(lam))
    pull, squares = Sum(), Sum()
    for y, x, d in data.rows(k.bias):
        w = y * dot(lam.n, x)
        low, high = slope_bounds(k.loss, y * dot(p.n, x), p.d * d)
        pull.add(w * (high if w > 0 else low), d)
        squares.add(dot(x, x), d * d)
    beta = Fraction(1, 4) if logistic else Fraction(2)
    numerator = n * c * drift - pull.total() / (UNIT * lam.d) - rho * length * (beta * squares.total() + n * c)
    reach = k.witness["reach"]
    for y in (1, -1):
        q = k.witness["q"][y]
        unit = lcm(lam.d, p.d * q.denominator)
        tilt = [a * (unit // lam.d) - q.numerator * b * (unit // (p.d * q.denominator))
                for a, b in zip(lam.n, p.n, strict=True)]  # fmt: skip
        top = forms(k, data, tilt, y) / unit
        if q == 0:
            holds = top <= (reach if logistic else 0)
        elif logistic:
            holds = reach > 0 and top + q * log_above(q / reach) - q <= reach
        else:
            holds = top + q <= 0 or (top + q) ** 2 <= 2 * reach * q
        if not holds:
            raise Refused(f"`reach` is not shown to bound the points of label {y:+d}")
    far = rho * data.largest_norm(k.bias)
    if logistic:
        if far > 1:
            raise Refused("the radius is too large for the logistic loss: radius times the largest |z| must be below 1")
        wide = reach * (1 + far + far * far)  # e^h <= 1 + h + h^2 for h <= 1
    else:
        wide = reach + 2 * far * max(Fraction(0), *(forms(k, data, lam.n, y) / lam.d for y in (1, -1)))
    per_point = c * rho * length - c * drift
    if points is None:
        return numerator, wide + per_point, None
    allowed = points.n * per_point
    for y, x, d in points.rows(k.bias):
        weight = Fraction(y * dot(lam.n, x), lam.d * d)
        least, most = (Fraction(v, UNIT) for v in slope_bounds(k.loss, y * dot(p.n, x), p.d * d))
        near = rho * root_above(Fraction(dot(x, x), d * d))
        if near > 1:
            raise Refused("a point of the points file is too far away for this radius")
        most = most * (1 + near + near * near) if logistic else most + 2 * near
        least = least * (1 - near) if logistic else max(Fraction(0), least - 2 * near)
        allowed += (most if weight > 0 else least) * weight
    return numerator, wide + per_point, allowed


def _same_length(data: Data, k: Certificate, *vectors: Vector) -> None:
    for v in vectors:
        if len(v.n) != data.d + int(k.bias):
            raise Refused(f"a model of length {len(v.n)}; the data need {data.d + int(k.bias)}")


def optimality(
    k: Certificate, model: Vector, rows: Iterator[tuple[int, list[int], int, int, Fraction | None]], n: int
) -> Fraction:
    """Upper bound of 2 (F(model) - min F) times n c, over rows (label, x, denominator, copies, slope or None).

    Hinge: slopes s in [0, 1] give the Fenchel dual point v = sum s z, and
    F(model) - min F <= sum [(1 - m)_+ - s (1 - m)] + |n c model - v|^2 / (2 n c).
    Smooth: F(model) - min F <= |gradient|^2 / (2 n c), the slopes enclosed.
    By strong convexity the trained model is then within sqrt(2 (F(model) - min F) / (n c)) of ``model``.
    """
    terms, pull, blur = Sum(), Sum(len(model.n)), Sum()
    for y, x, d, copies, given in rows:
        m, unit = y * dot(model.n, x), model.d * d
        if k.loss == "hinge":
            s = given if given is not None else Fraction(int(m < unit))
            if s:
                pull.add(copies * y * s.numerator, d * s.denominator, x)
            slack = (s.denominator - s.numerator) * (unit - m) if m < unit else s.numerator * (m - unit)
            if slack:
                terms.add(copies * slack, unit * s.denominator)
        else:
            low, high = slope_bounds(k.loss, m, unit)
            pull.add(copies * y * low, d * UNIT, x)
            blur.add(copies * (high - low) * (isqrt(dot(x, x)) + 1), d)
    weight = n * k.c
    scaled = Vector([v * weight.numerator for v in model.n], model.d * weight.denominator)
    residual = _square(_minus(scaled, Vector(pull.n, pull.d)))
    if k.loss != "hinge":
        error = blur.total() / UNIT
        return (root_above(residual) + error) ** 2
    return 2 * weight * terms.total() + residual


def check_upper(k: Certificate, data: Data, points: Points | None) -> str:
    """upper_bound: the trained model is within radius of the target."""
    model, added = k.witness["model"], k.witness["points"]
    _same_length(data, k, k.target, model)
    count = sum(p["count"] for p in added)
    if count > k.value:
        raise Refused(f"{count} points are listed, {k.value} are claimed")
    for p in added:
        if not data.contains(p["x"], k.domain == "hull"):
            raise Refused("a point lies outside the domain")
    _check_rows(k, data.n)
    if points is not None:
        # the file has the points rounded to float64; a quotient of integers is rounded correctly
        listed = [(p["label"], [v / p["x"].d for v in p["x"].n]) for p in added for _ in range(p["count"])]
        given = [(int(y), list(points.values[i * data.d : (i + 1) * data.d])) for i, y in enumerate(points.y)]
        if sorted(listed) != sorted(given):
            raise Refused("the points file holds other points than the certificate")

    def rows() -> Iterator[tuple[int, list[int], int, int, Fraction | None]]:
        for i, (y, x, d) in enumerate(data.rows(k.bias)):
            yield y, x, d, 1, k.witness["slopes"].get(i)
        for p in added:
            x = p["x"]
            yield p["label"], [*x.n, x.d] if k.bias else x.n, x.d, p["count"], p["slope"]

    n = data.n + count
    error = root_above(optimality(k, model, rows(), n)) / (n * k.c)
    away = error + root_above(_square(_minus(model, k.target)))
    if away > k.radius:
        raise Refused(f"the trained model is only shown to be within {float(away):.3g} of the target")
    return f"{count} points make a model within {k.radius} of the target the trained one"


def _check_rows(k: Certificate, n: int) -> None:
    if k.loss != "hinge" and k.witness["slopes"]:
        raise Refused("slopes are for the hinge loss; give none")
    if any(row >= n for row in k.witness["slopes"]):
        raise Refused("a slope names a row that the data do not have")


def distance_sides(k: Certificate, data: Data, w: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """Both sides of D(model, target): the loss difference at a point, and U."""
    _same_length(data, k, w["model"], k.target)
    if not data.contains(w["x"], k.domain == "hull"):
        raise Refused("the point of the lower side lies outside the domain")
    x = [*w["x"].n, w["x"].d] if k.bias else w["x"].n

    def loss(theta: Vector) -> Fraction:
        return max(Fraction(0), 1 - Fraction(w["label"] * dot(theta.n, x), theta.d * w["x"].d))

    return loss(w["model"]) - loss(k.target), hinge_reach(k, data, w["model"], w["mu"], Fraction(0))


def _check_distance(k: Certificate, data: Data, w: dict[str, Any], claimed: tuple[Fraction, Fraction]) -> None:
    if k.loss != "hinge":
        raise Refused("distances are certified for the hinge loss only")
    low, high = distance_sides(k, data, w)
    if claimed[0] > low or claimed[1] < high:
        raise Refused(f"the witness proves [{float(low):.9g}, {float(high):.9g}] only")


def check_distance(k: Certificate, data: Data, points: Points | None) -> str:
    """distance: the enclosure holds."""
    _check_distance(k, data, k.witness, k.value)
    return f"the distance lies between {k.value[0]} and {k.value[1]}"


def check_gamma(k: Certificate, data: Data, points: Points | None) -> str:
    """gamma: -lambda target is a mixture of subgradients of the loss at the target, so lambda* >= lambda >= c."""
    if k.loss != "hinge":
        raise Refused("gamma is certified for the hinge loss only")
    lam, total = k.witness["lambda"], Sum(len(k.target.n))
    _same_length(data, k, k.target)
    if sum(p["mass"] for p in k.witness["points"]) != 1:
        raise Refused("the masses do not sum to 1")
    for p in k.witness["points"]:
        if not data.contains(p["x"], k.domain == "hull"):
            raise Refused("a point lies outside the domain")
        x = [*p["x"].n, p["x"].d] if k.bias else p["x"].n
        slack = k.target.d * p["x"].d - p["label"] * dot(k.target.n, x)
        if (slack > 0 and p["slope"] != 1) or (slack < 0 and p["slope"] != 0):
            raise Refused("a slope is none of the loss at its point")
        weight = p["mass"] * p["slope"] * p["label"]
        if weight:
            total.add(weight.numerator, p["x"].d * weight.denominator, x)
    reached = Vector(total.n, total.d)
    wanted = Vector([v * lam.numerator for v in k.target.n], k.target.d * lam.denominator)
    if any(_minus(reached, wanted).n):
        raise Refused("the mixture does not balance lambda times the target")
    if lam < k.c or 1 - k.c / lam < k.value:
        raise Refused("lambda does not give that gamma")
    return f"gamma of the target is at least {k.value}"


def check_run(k: Certificate, data: Data, points: Points | None) -> str:
    """run: distances of two models, and the gap of the last one on the data and the run's points."""
    if points is None:
        raise Refused("a run's certificate is checked with its points: give --points")
    if points.n != k.value["points"] or points.identity != k.witness["points_data"]:
        raise Refused("the points file holds other points than the run's")
    if k.loss != "hinge":
        raise Refused("runs are certified for the hinge loss only")
    _check_rows(k, data.n + points.n)
    for which in ("best", "last"):
        _check_distance(k, data, k.witness[which], k.value[which])

    def rows() -> Iterator[tuple[int, list[int], int, int, Fraction | None]]:
        for i, (y, x, d) in enumerate(data.rows(k.bias)):
            yield y, x, d, 1, k.witness["slopes"].get(i)
        for i, (y, x, d) in enumerate(points.rows(k.bias)):
            yield y, x, d, 1, k.witness["slopes"].get(data.n + i)

    n = data.n + points.n
    gap = optimality(k, k.witness["last"]["model"], rows(), n) / (2 * n * n * k.c)
    if gap > k.value["gap"]:
        raise Refused(f"the gap of the last model is only shown to be at most {float(gap):.3g}")
    return f"after {points.n} points the gap is at most {k.value['gap']}"


CHECKS: dict[str, Callable[[Certificate, Data, Points | None], str]] = {
    "lower_bound": check_bound,
    "unattainable": check_bound,
    "upper_bound": check_upper,
    "distance": check_distance,
    "gamma": check_gamma,
    "run": check_run,
}


def verify(certificate: str, data: str, points: str | None = None) -> dict[str, Any]:
    """Check one certificate: {valid, claim, kind, value, reason}. Raises Malformed."""
    try:
        with open(certificate, "rb") as handle:
            raw = handle.read(MAX_CERTIFICATE_BYTES + 1)
    except OSError as error:
        raise Malformed(f"{certificate}: cannot be read ({error.strerror})") from None
    out: dict[str, Any] = {"valid": False, "claim": None, "kind": None, "value": None}
    try:
        k = parse(raw)
        out |= {"claim": CLAIMS[k.kind], "kind": k.kind, "value": _plain(k.value)}
        rows = Data(data)
        if rows.identity != k.data:
            raise Refused("the certificate speaks about other data")
        added = Points(points, rows.d) if points is not None else None
        return out | {"valid": True, "reason": CHECKS[k.kind](k, rows, added)}
    except Refused as refusal:
        return out | {"reason": str(refusal)}
    except (DecimalException, MemoryError, RecursionError) as error:
        raise Malformed(f"{certificate}: numbers beyond what is computed with ({type(error).__name__})") from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Fraction) else value


def main(arguments: Sequence[str]) -> int:
    """Command line; returns the exit status."""
    given = list(arguments)
    points = None
    if "--points" in given[:-1]:
        at = given.index("--points")
        points = given[at + 1]
        del given[at : at + 2]
    if len(given) != 2 or given[0].startswith("-"):
        print("usage: checker.py CERTIFICATE.json DATA.npz [--points POINTS.npz]", file=sys.stderr)  # noqa: T201
        return 2
    try:
        result = verify(given[0], given[1], points)
    except Malformed as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 2
    print(json.dumps(result))  # noqa: T201
    return 0 if result["valid"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
