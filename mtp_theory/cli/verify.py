"""``verify``: check a certificate and say what it is about."""

from __future__ import annotations

import click

from .. import datasets
from ..losses import get_loss
from .app import data_options, json_option
from .goal_options import difference, goal_options, is_goal
from .output import emit


@click.command()
@click.argument("certificate", metavar="C.json")
@data_options
@click.option("--points", metavar="P.npz", help="Points that a run's or an upper bound's claim is held against.")
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
    have in mind, --flip (one row) or --wrong with --rows the goal of a certificate on rows. --second: where the two
    checkers disagree nothing is decided (exit 3).
    """
    from ..certificates.compare import differences
    from ..certificates.files import check_file, data_file
    from ..problem import check_c_r

    if loss is not None:
        get_loss(loss)
    if c_r is not None:
        check_c_r(c_r)
    with data_file(data, data_dir) as path:
        result = check_file(certificate, path, points, second=second)
    if result.pop("undecided", False):
        emit(result, as_json)
        return 3
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


__all__ = ["verify"]
