"""What a certificate is about, held against what its reader has in mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .checker import target_identity, vector_of


def differences(
    about: Mapping[str, Any],
    *,
    loss: str | None = None,
    c_r: float | None = None,
    theta: Iterable[float] | None = None,
    shown: str = "the one in mind",
) -> list[str]:
    """Where the certificate speaks about another loss, C_R or target model, naming both; None is not compared.

    ``about``: as the checker gives it. ``shown``: what messages call the model ``theta``.
    """
    out = []
    if loss is not None and loss != about["loss"]:
        out.append(f"the certificate is about the loss {about['loss']!r}, not {loss!r}")
    if c_r is not None and Fraction(repr(float(c_r))) != Fraction(about["c_r"]):
        out.append(f"the certificate is about C_R = {about['c_r']}, not {c_r!r}")
    if theta is not None:
        mine = target_identity(vector_of([float(t) for t in theta]))
        theirs = about["given"] or about["target"] or "none (a goal on rows)"
        if mine != theirs:
            out.append(f"the certificate is about the target {theirs[:16]}, not {mine[:16]} ({shown})")
    return out


__all__ = ["differences"]
