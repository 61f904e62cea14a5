"""Certificates: what was found, written so that a small independent program can check it.

* ``format``: the JSON form; ``coq``: the text form of the checker that is extracted from the Coq proof;
* ``checker``: the checker, one file, standard library only;
* ``second``: a second one, on python-flint.

Nothing here imports anything that searches. :func:`verify` is the whole of what a finder may ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..datasets import Dataset
from ..losses import Array
from .checker import Malformed, Refused, parse
from .format import FORMAT, Point, Subject, certificate, decimal


@dataclass(frozen=True)
class Verdict:
    """Is the claim proved, and if not, why."""

    valid: bool
    reason: str


def verify(certificate: bytes, data: Dataset, points: tuple[Array, Array] | None = None) -> Verdict:
    """The second checker's verdict on a certificate's bytes; ``points``: X (k, d) and y (k,), where the claim has them.

    For files, and for the first checker, see :func:`.checker.verify`.
    """
    from .second import checker as second

    try:
        k = parse(certificate)
        if data.identity != k.data:
            return Verdict(False, "the certificate speaks about other data")
        added = None if points is None else second.ExactRows(*points, 1.0, k.bias)
        return Verdict(True, second.check(k, data, added))
    except (Refused, Malformed) as error:
        return Verdict(False, str(error))


__all__ = ["FORMAT", "Malformed", "Point", "Refused", "Subject", "Verdict", "certificate", "decimal", "verify"]
