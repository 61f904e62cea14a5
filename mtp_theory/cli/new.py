"""``new``: skeletons of every file that a new claim, attack, loss, domain or data set needs."""

from __future__ import annotations

from pathlib import Path

import click

from .app import json_option
from .output import emit


@click.command()
@click.argument("kind", metavar="claim|attack|loss|domain|dataset")
@click.argument("name", metavar="NAME")
@json_option
def new(kind: str, name: str, as_json: bool) -> int:
    """Write the files that a new one needs, each with the questions it has to answer.

    In a checkout of mtp-theory: module, test and what else belongs to it, registered under NAME. In any other folder
    (not for claims): a module and its test beside each other. Nothing is overwritten. The skeletons are examples that
    run: answer their questions one by one, and the tests stay green.
    """
    from ..scaffold import plan, write

    planned = plan(kind, name, Path.cwd())
    write(planned)
    result = {
        "folder": str(planned.root),
        "new": list(planned.new),
        "edited": list(planned.edited),
        "tables": [path for path, _ in planned.tables],
        "commands": [command for _, command in planned.tables],
    }
    if as_json:
        emit(result, True)
        return 0
    for word, paths in (("new", planned.new), ("line added", planned.edited)):
        for path in paths:
            click.echo(f"{word:<12}{path}")
    if planned.tables:
        click.echo("once the statement stands, write the rows of its tables:")
        for path, command in planned.tables:
            click.echo(f"{'':<4}{command:<78}{path}")
    return 0
