"""Write the text form that the extracted checker reads (described in README.md).

    python proofs/extract/write_input.py DATA.npz CERTIFICATE.json OUT.txt [--no-bias]

DATA.npz: X (n, d), y in {-1, +1}; optional scale (integer X stands for X / scale), lower and upper
(default 0 and 1).  A float X needs a scale that makes X * scale, lower * scale and upper * scale whole numbers.
CERTIFICATE.json: integers {"c": [num, den], "den": q, "target": [...], "other": [...], "mu": [plus, minus],
"rho": [num, den], "bound": k, optional "scale"}; models are over den, constant feature last.
Numbers may be given as strings.  Nothing is rounded: what is not a whole number is an error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np


def write_input(
    out: TextIO,
    rows: Iterable[Sequence[int]],
    labels: Sequence[int],
    lower: Sequence[int],
    upper: Sequence[int],
    scale: int,
    certificate: dict[str, Any],
) -> None:
    """Rows and box are integers over `scale`, with the constant feature (equal to `scale`) if there is one."""

    def line(key: str, values: Iterable[Any]) -> None:
        out.write(" ".join([key, *(str(whole_number(v, key)) for v in values)]) + "\n")

    out.write("hinge-certificate 1\n")
    line("dimension", [len(lower)])
    line("scale", [scale])
    line("lower", lower)
    line("upper", upper)
    line("c", certificate["c"])
    line("den", [certificate["den"]])
    line("target", certificate["target"])
    line("other", certificate["other"])
    line("mu", certificate["mu"])
    line("rho", certificate["rho"])
    line("bound", [certificate["bound"]])
    line("rows", [len(labels)])
    for label, row in zip(labels, rows, strict=True):
        if label not in (-1, 1):
            raise ValueError(f"label {label}: labels are -1 and +1")
        line("+1" if label == 1 else "-1", row)
    out.write("end\n")


def whole(values: Any, scale: int, name: str) -> np.ndarray:
    """values * scale as integers, or an error."""
    scaled = np.asarray(values, dtype=float) * scale
    if not (np.array_equal(scaled, np.rint(scaled)) and np.all(np.abs(scaled) < 2.0**63)):
        raise ValueError(f"{name} * {scale} has entries that are not whole numbers; give another scale")
    return np.rint(scaled).astype(np.int64)


def whole_number(value: Any, name: str) -> int:
    """The value, if it is one whole number or the text of one; 16.9 is an error, not 16."""
    if type(value) is int:
        return value
    if not isinstance(value, str) and (np.shape(value) or int(value) != value):
        raise ValueError(f"{name} = {np.asarray(value).tolist()!r} is not a whole number")
    return int(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("certificate", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--no-bias", action="store_true", help="append no constant feature")
    arguments = parser.parse_args()
    try:
        certificate = json.loads(arguments.certificate.read_text())
        with np.load(arguments.data, allow_pickle=False) as data:
            X, y = data["X"], data["y"]
            d = X.shape[1]
            scale = whole_number(data["scale"] if "scale" in data else certificate.get("scale", 1), "scale")
            lower = whole(data["lower"] if "lower" in data else np.zeros(d), scale, "lower")
            upper = whole(data["upper"] if "upper" in data else np.ones(d), scale, "upper")
        stored_as_integers = np.issubdtype(X.dtype, np.integer)
        X = X.astype(np.int64) if stored_as_integers else whole(X, scale, "X")
        if not arguments.no_bias:
            X = np.hstack([X, np.full((len(X), 1), scale)])
            lower, upper = np.append(lower, scale), np.append(upper, scale)
        with arguments.out.open("w") as out:
            write_input(
                out,
                X.tolist(),
                [whole_number(v, "label") for v in y],
                lower.tolist(),
                upper.tolist(),
                scale,
                certificate,
            )
    except (OSError, KeyError, ValueError, OverflowError) as error:
        print(f"write_input: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
