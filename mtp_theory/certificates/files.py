"""Certificate files held against data: the standalone checker, and the second one where both are asked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .. import datasets
from ..errors import InputError
from ..losses import Array
from . import checker

#: Kinds that speak of a set of points, which --points holds against them.
ABOUT_POINTS = ("run", "upper_bound")
NOT_READ = "The points were not looked at: a certificate of kind {} says nothing about a set of points."


def check_file(certificate: str, data: str, points: str | None = None, *, second: bool = False) -> dict[str, Any]:
    """The standalone checker's verdict, with ``second`` also the other one's, which has the final say in neither.

    Keys as :func:`.checker.verify` gives them; with ``second`` also ``second`` (what it says) and, where the two
    disagree, ``undecided``: then ``valid`` is False. Raises InputError for a file that is malformed.
    """
    try:
        found = checker.verify(certificate, data, points)
        if points is not None and found["text"] and found["kind"] not in ABOUT_POINTS:
            found["text"] += f" {NOT_READ.format(found['kind'])}"
        if second:
            from .second import checker as other_checker

            other = other_checker.verify(certificate, data, points)
            found["second"] = other["valid"]
            if other["valid"] != found["valid"]:
                reason = f"undecided: the checkers disagree ({found['reason']}; the second: {other['reason']})"
                found |= {"valid": False, "text": None, "reason": reason, "undecided": True}
    except checker.Malformed as error:
        raise InputError(str(error)) from None
    return found


@contextmanager
def data_file(data: datasets.Dataset | str | os.PathLike[str], data_dir: str | None = None) -> Iterator[str]:
    """The path of a data file; a data set in memory or a registered one is written to a temporary one."""
    if isinstance(data, datasets.Dataset):
        dataset = data
    else:
        name = os.fspath(data)
        if name.endswith(".npz") or name not in dict(datasets.names()):
            yield name
            return
        dataset = datasets.load(name, data_dir=data_dir)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        datasets.save(dataset, path)
        yield str(path)


def target_of(certificate: str) -> tuple[Array, float]:
    """The target model (dim,) of a certificate that was checked, in float64, and at least what rounding moved it by."""
    v = checker.parse(Path(certificate).read_bytes()).target
    exact = [Fraction(n, v.d) for n in v.n]
    theta = np.array([float(t) for t in exact])
    away = sum(((t - Fraction(f)) ** 2 for t, f in zip(exact, theta.tolist(), strict=True)), Fraction(0))
    return theta, float(checker.root_above(away))


__all__ = ["check_file", "data_file", "target_of"]
