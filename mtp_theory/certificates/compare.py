"""What a certificate is about, held against what its reader has in mind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from .checker import about_goal, target_identity, vector_of


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
        theirs = about["given"] or about["target"]
        if theirs is None:
            out.append(f"the certificate is about a goal on rows, not about the target {mine[:16]} ({shown})")
        elif mine != theirs:
            out.append(f"the certificate is about the target {theirs[:16]}, not {mine[:16]} ({shown})")
    return out


def goal_difference(
    about: Mapping[str, Any], kind: str, X: Iterable[Iterable[float]], y: Iterable[float], at_least: int, tau: Fraction
) -> str | None:
    """How the certificate's goal differs from this one on the rows X (k, d), y (k,); None where it does not."""
    rows = [{"label": int(label), "x": vector_of([float(v) for v in x])} for x, label in zip(X, y, strict=True)]
    mine = about_goal({"goal": kind, "at_least": at_least, "tau": tau, "rows": rows})
    theirs = about["goal"]
    if theirs == mine:
        return None
    if theirs is None:
        return "the certificate is about a target, not about a goal of rows"
    named = {k: v for k, v in theirs.items() if v != mine[k]}
    return f"the certificate is about another goal: {named}, not { ({k: mine[k] for k in named}) }"


__all__ = ["differences", "goal_difference"]
