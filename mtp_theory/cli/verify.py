"""``verify``: check a certificate and say what it is about."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from .. import datasets
from ..errors import InputError
from ..losses import get_loss
from .app import data_options, json_option
from .goal_options import difference, goal_options, is_goal
from .output import emit


@click.command()
@click.argument("certificate", metavar="C.json")
@data_options
@click.option("--points", metavar="P.npz", help="Points that the claim is held against (needed for a run's).")
@click.option("--target", metavar="B.npz", help="The target that you have in mind; another one is invalid.")
@click.option("--loss", metavar="LOSS", help="The loss that you have in mind; another one is invalid.")
@click.option("--c-r", "c_r", type=float, help="The C_R that you have in mind; another one is invalid.")
@goal_options
@click.option("--second", is_flag=True, help="Use the second checker (python-flint) as well; both must agree.")
@json_option
def verify(
    certificate: str,
    data: str,
    data_dir: str | None,
    points: str | None,
    target: str | None,
    loss: str | None,
    c_r: float | None,
    flip: str | None,
    wrong: int | None,
    rows: str | None,
    tau: float,
    second: bool,
    as_json: bool,
) -> int:
    """Check the certificate C.json about DATA with the standalone checker. Exit 0: proved, 1: not, 2: malformed.

    What it is about (data, loss, C_R, domain, target) is printed; --target, --loss and --c-r compare it with what you
    have in mind. --second: where the two checkers disagree nothing is decided (exit 3).
    """
    from ..certificates import checker
    from ..certificates.compare import differences
    from ..certificates.second import checker as second_checker

    if loss is not None:
        get_loss(loss)
    try:
        with _data_file(data, data_dir) as path:
            result = checker.verify(certificate, path, points)
            if second:
                other = second_checker.verify(certificate, path, points)
                result["second"] = other["valid"]
                if other["valid"] != result["valid"]:
                    reason = f"undecided: the checkers disagree ({result['reason']}; the second: {other['reason']})"
                    result |= {"valid": False, "text": None, "reason": reason}
                    emit(result, as_json)
                    return 3
    except checker.Malformed as error:
        raise InputError(str(error)) from None
    if result["valid"]:
        about = result["about"]
        theta = datasets.load_model(target, about["features"] + int(about["bias"])) if target else None
        other_than = differences(about, loss=loss, c_r=c_r, theta=theta, shown=target or "")
        if is_goal(flip, wrong, rows):
            unlike = difference(about, datasets.load(data, data_dir=data_dir), flip, wrong, rows, tau)
            other_than += [unlike] if unlike else []
        if other_than:
            result |= {"valid": False, "text": None, "reason": "; ".join(other_than)}
    emit(result, as_json)
    return 0 if result["valid"] else 1


@contextmanager
def _data_file(data: str, data_dir: str | None) -> Iterator[str]:
    """The path of a data file; a registered data set is written to a temporary one."""
    if data.endswith(".npz") or data not in dict(datasets.names()):
        yield data
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.npz"
        datasets.save(datasets.load(data, data_dir=data_dir), path)
        yield str(path)


__all__ = ["verify"]
