"""Hostile inputs from seeds: certificates (JSON), npz archives, npy headers, grids and command lines."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtp_theory.certificates import checker

#: Members that a data, points or model file may have.
NAMES = ("X", "y", "X_test", "y_test", "scale", "lower", "upper", "integer", "groups", "group_rule", "theta", "junk")
#: Bytes of an archive's members that are made: what it declares may be more.
ROOM = 2**26
#: Numbers whose least common multiple has no end.
PRIMES = [p for p in range(2, 20_000) if all(p % q for q in range(2, int(p**0.5) + 1))]


@dataclass(frozen=True)
class Hostile:
    """One input: the kind of reader that it is for, its bytes, and how it was made."""

    kind: str
    raw: bytes
    recipe: str


def hostile(seed: int, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """The input of a seed. ``certificates``: valid ones by kind, to start from."""
    rng = random.Random(seed)
    make = rng.choice((_certificate, _certificate, _json, _archive, _archive, _bytes_of_archive, _grid, _arguments))
    return make(rng, certificates)


# ---- certificates ----------------------------------------------------------------------------------------------------


def _certificate(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """A valid certificate with some parts replaced, resealed as often as not."""
    kind = rng.choice(sorted(certificates))
    top = json.loads(json.dumps(certificates[kind]))
    done = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        path = _path(rng, top)
        name, value = _value(rng, _at(top, path))
        _put(top, path, value)
        done.append(f"{'.'.join(map(str, path))}={name}")
    if rng.random() < 0.8:
        try:
            top["seal"] = checker.seal(top)
        except RecursionError:
            done.append("unsealed")
    try:
        raw = json.dumps(top).encode()
    except RecursionError:
        raw = b'{"a":' * 2000
    return Hostile("certificate", raw, f"{kind}: {', '.join(done)}")


def _path(rng: random.Random, top: Any) -> tuple[Any, ...]:
    path: list[Any] = []
    value = top
    while isinstance(value, dict | list) and value and (not path or rng.random() < 0.85):
        path.append(rng.choice(sorted(value)) if isinstance(value, dict) else rng.randrange(len(value)))
        value = value[path[-1]]
    return tuple(path)


def _at(top: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        top = top[key]
    return top


def _put(top: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        top = top[key]
    top[path[-1]] = value


def _value(rng: random.Random, old: Any) -> tuple[str, Any]:
    """A hostile value for a field, with its name."""
    digits = rng.choice((30, 300, checker.MAX_DIGITS, checker.MAX_DIGITS + 1, 100_000))
    many = rng.choice((10, 1000, 50_000))
    primes = rng.sample(PRIMES, min(many, len(PRIMES)))
    exponent = rng.choice((10, 300, 1900))
    choices: list[tuple[str, Callable[[], Any]]] = [
        ("digits", lambda: str(rng.randrange(10 ** (digits - 1), 10**digits)) if digits <= 4000 else "9" * digits),
        ("huge", lambda: str(10**exponent)),
        ("tiny", lambda: f"1/{10**exponent}"),
        ("negative", lambda: f"-{10**exponent}"),
        ("fraction", lambda: f"{rng.randrange(1, 10**9)}/{rng.choice(PRIMES)}"),
        ("zero", lambda: rng.choice(("0", 0, "0/1", "-0"))),
        ("odd text", lambda: rng.choice(("NaN", "inf", "1e9", "٣", "1_0", " 1", "0x10", "1/0", "\x00", "a" * 10**5))),
        ("integer", lambda: rng.choice((0, 1, -1, 2**53, 10**17, True, None, []))),
        ("long list", lambda: [old] * many),
        ("empty lists", lambda: [[]] * many),
        ("coprime pairs", lambda: [[i % 10, f"1/{p}"] for i, p in enumerate(primes)]),
        ("nested", lambda: _nested(rng.choice((5, 20, 300, 900)))),
        ("vector", lambda: {"denominator": "7" * min(digits, 4000), "numerators": ["1" * min(digits, 4000)] * 4}),
        ("object", lambda: {str(i): i for i in range(many)}),
        ("near", lambda: str(int(old) + rng.choice((-1, 1))) if isinstance(old, str) and old.isdigit() else old),
    ]
    if isinstance(old, list) and old and isinstance(old[0], dict):
        choices.append(("coprime parts", lambda: [_coprime(rng, old[0], p) for p in primes[:500]]))
    name, make = rng.choice(choices)
    return name, make()


def _nested(depth: int) -> Any:
    value: Any = "1"
    for i in range(depth):
        value = [value] if i % 2 else {"a": value}
    return value


def _coprime(rng: random.Random, part: dict[str, Any], prime: int) -> dict[str, Any]:
    """A part of a witness with one number over a prime of its own."""
    out = dict(part)
    for key, value in part.items():
        if isinstance(value, str):
            out[key] = f"1/{prime}"
        elif isinstance(value, dict) and "denominator" in value and rng.random() < 0.5:
            out[key] = {**value, "denominator": str(prime)}
    return out


def _json(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """JSON text that is no certificate, or one with its bytes changed."""
    depth = rng.choice((10, 500, 984, 995, 100_000))
    kinds: list[tuple[str, Callable[[], bytes]]] = [
        ("brackets", lambda: b"[" * depth + b"]" * rng.choice((0, depth))),
        ("objects", lambda: b'{"a":' * depth + b"1" + b"}" * depth),
        ("empty lists", lambda: b"[" + b"[]," * rng.choice((10**3, 10**6)) + b"[]]"),
        ("digits", lambda: b'{"a":' + b"9" * rng.choice((19, 5000, 10**6)) + b"}"),
        ("spaces", lambda: b" " * 10**6),
        ("changed bytes", lambda: _changed(rng, json.dumps(certificates[rng.choice(sorted(certificates))]).encode())),
        ("no text", lambda: bytes(rng.randrange(256) for _ in range(200))),
    ]
    name, make = rng.choice(kinds)
    return Hostile("certificate", make(), f"json: {name}, {depth}")


def _changed(rng: random.Random, raw: bytes) -> bytes:
    out = bytearray(raw)
    for _ in range(rng.choice((1, 1, 3, 20))):
        i = rng.randrange(len(out))
        match rng.randrange(4):
            case 0:
                out[i] ^= 1 << rng.randrange(8)
            case 1:
                del out[i : i + rng.choice((1, 7, 100))]
            case 2:
                out[i:i] = out[i : i + rng.choice((1, 50))]
            case _:
                out[i : i + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\1\0\0\0"))
        if not out:
            return bytes(out)
    return bytes(out)


# ---- archives --------------------------------------------------------------------------------------------------------


def _archive(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """An archive of members with grammatical, odd or lying headers; small on disk, of any declared size."""
    out = io.BytesIO()
    done = []
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    names = ["X", "y"] if rng.random() < 0.8 else []
    names += rng.sample(NAMES, rng.randrange(4))
    if rng.random() < 0.05:
        names += [f"m{i}" for i in range(rng.choice((70, 2000)))]
    n, d = rng.choice(((10, 3), (2, 2), (1, 1), (1, 200_000), (200_000, 1), (0, 3), (3000, 3000)))
    room = ROOM
    with zipfile.ZipFile(out, "w", method) as file:
        for name in names:
            header, body, told = _member(rng, name, n, d, room)
            room -= len(body)
            try:
                file.writestr(zipfile.ZipInfo(f"{name}.npy"), header + body, method)
            except (UserWarning, ValueError):
                continue
            done.append(f"{name}: {told}")
    raw = out.getvalue()
    if rng.random() < 0.1:
        raw = _zip64(raw)
        done.append("zip64")
    return Hostile("archive", raw, "; ".join(done)[:300])


def _member(rng: random.Random, name: str, n: int, d: int, room: int) -> tuple[bytes, bytes, str]:
    right = {"X": (n, d), "y": (n,), "X_test": (n, d), "y_test": (n,), "theta": (d + 1,), "scale": (), "group_rule": ()}
    shape = right.get(name, (d,))
    if rng.random() < 0.3:
        shape = rng.choice(
            ((), (1,), (n, d), (d, n), (10**9,), (2**62, 4), (8_000_000,), (0,), (n, d, 1), (5000, 5000))
        )
    kind = rng.choice(
        ("<f8", "<f8", "<f4", "|u1", "|i1", "<i8", "|b1", "<f2", ">f8", "<U12", "|S9", "<c16", "|O", "<f16")
    )
    kind = {"group_rule": "<U12", "integer": "|b1", "groups": "<i8"}.get(name, kind) if rng.random() < 0.7 else kind
    text = f"{{'descr': '{kind}', 'fortran_order': {rng.choice(('False', 'False', 'True'))}, 'shape': {shape!r}, }}"
    if rng.random() < 0.15:
        text = rng.choice(
            (
                text.replace("False", "-" * 9000 + "1"),
                text.replace(repr(shape), "(True,)"),
                text.replace(repr(shape), f"({'9' * 900},)"),
                "(" * 3000,
                "__import__('os').abort()",
                text.replace("'descr'", "'descr': '<f8', 'descr'"),
                text.replace(f"'{kind}'", "[('a', '<f8'), ('b', '<f8')]"),
                text + " " * 60_000,
            )
        )
    head = b"\x93NUMPY" + rng.choice((b"\1\0", b"\1\0", b"\1\0", b"\2\0", b"\3\0"))
    head += struct.pack("<H" if head[6] == 1 else "<I", min(len(text), 65_535)) + text.encode("latin-1")[:65_535]
    size = 1
    for length in shape:
        size *= length
    item = int("".join(c for c in kind if c.isdigit()) or 8) * (4 if kind[1] == "U" else 1)
    declared = size * item
    nbytes = declared if declared <= room else rng.choice((0, 100, 2**16))
    if rng.random() < 0.1:
        nbytes = max(0, nbytes + rng.choice((-1, 1, 1000)))
    return head, _body(rng, name, kind, nbytes), f"{kind} {shape}"


def _body(rng: random.Random, name: str, kind: str, nbytes: int) -> bytes:
    """Plausible values as often as not: labels for y, numbers in [0, 1], else zeros or noise."""
    if name == "y" and kind == "<f8":
        return np.resize([1.0, -1.0], nbytes // 8 + 1).tobytes()[:nbytes]
    if kind == "<f8" and rng.random() < 0.7:
        grid = np.arange(nbytes // 8 + 1) % 9 / rng.choice((8.0, 8.0, 1.0, 1e-300, 1e300))
        return grid.tobytes()[:nbytes]
    if kind == "<U12":
        return "exactly_one\0".encode("utf-32-le")[:nbytes].ljust(nbytes, b"\0")
    return bytes(nbytes) if rng.random() < 0.8 else rng.randbytes(min(nbytes, 2**16)).ljust(nbytes, b"\7")


def _zip64(raw: bytes) -> bytes:
    """The archive with a zip64 end record that declares a directory of its own."""
    end = raw[-22:]
    size, offset = struct.unpack("<LL", end[12:20])
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, max(size, 2**20), offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(raw) - 22, 1)
    return raw[:-22] + record + locator + end[:12] + b"\xff" * 8 + b"\0\0"


def _bytes_of_archive(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """A sound archive with its bytes changed."""
    out = io.BytesIO()
    X = np.arange(30).reshape(10, 3) % 9 / 8
    save = rng.choice((np.savez, np.savez_compressed))
    save(out, X=X, y=np.resize([1.0, -1.0], 10), theta=np.zeros(4), lower=np.zeros(3), upper=np.ones(3))
    return Hostile("archive", _changed(rng, out.getvalue()), "changed bytes")


# ---- grids and command lines -----------------------------------------------------------------------------------------


def _grid(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """YAML that is no grid, with the language's traps."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(rng.choice((3, 8)))
    )
    texts = (
        bomb,
        "- " * 5000,
        "a: " + "[" * rng.choice((10, 5000)),
        "!!python/object/apply:os.abort []",
        "runs: 3",
        "name: x\nruns:\n- {kind: online, data: adult, nonsense: 1}",
        "name: x\nkind: online\ngrid: {epsilon: [.nan, .inf, -1]}",
        "\x00",
        "a: 1\na: 2",
        "x: 0x" + "f" * 5000,
        "?" * 3000,
    )
    return Hostile("grid", rng.choice(texts).encode("utf-8", "replace"), "grid")


def _arguments(rng: random.Random, certificates: dict[str, dict[str, Any]]) -> Hostile:
    """A command line with odd values; nothing that trains for long."""
    number = rng.choice(("nan", "inf", "-1", "0", "1e400", "x", "", "1e-400", "0x1", "9" * 400))
    name = rng.choice(("", "..", "/", "\x7f", "a" * 5000, "digits-1-8", "-", "--", "*", "ä"))
    loss = ("--loss", rng.choice(("hinge", "nonsense", "", "logistic")))
    lines = (
        ["train", name, *loss, "--c-r", number, "--out", "m.npz"],
        ["bound", "digits-1-7", "--target", name, *loss, "--c-r", number],
        ["attack", "digits-1-7", "--target", name, *loss, "--c-r", "0.09", "--epsilon", number, "--out", "r"],
        ["distance", "digits-1-7", "--model", name, "--target", name, *loss],
        ["verify", name, name],
        ["check", name, "--examples", number],
        ["cite", name],
        ["experiment", "run", name],
        ["experiment", "status", name],
        [name],
        ["claims", name],
        ["data", name, "--out", name],
        ["target", "digits-1-7", *loss, "--c-r", number, "--out", "t.npz"],
    )
    return Hostile("arguments", "\n".join(rng.choice(lines)).encode("utf-8", "replace"), "arguments")


__all__ = ["Hostile", "hostile"]
