"""``experiment``: the paper's tables and figures as grids of runs."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from .app import json_option
from .output import emit


@click.group()
def experiment() -> None:
    """Run the paper's experiments and compare them with the paper.

    GRID is the name of a grid (see 'experiment list') or the path of a YAML file.
    """


def _out_option(function: Any) -> Any:
    text = "Folder of the results (default: experiments/results)."
    return click.option("--out", metavar="DIR", default=None, help=text)(function)


@experiment.command("list")
@_out_option
@json_option
def list_grids(out: str | None, as_json: bool) -> None:
    """List the grids with their titles, runs and how many of these are done."""
    from ..experiments import Store, default_folder, expand, grid_names, load_grid

    store = Store(_folder(out) or default_folder())
    rows = []
    for name in grid_names():
        grid = load_grid(name)
        runs = expand(grid)
        rows.append({"grid": name, "title": grid.title, "runs": len(runs), "done": sum(store.has(r) for r in runs)})
    if as_json:
        emit({"grids": rows}, True)
        return
    _print(("grid", "title", "runs", "done"), rows)


@experiment.command()
@click.argument("grids", metavar="GRID...", nargs=-1, required=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes on this machine.")
@click.option(
    "--scheduler", metavar="ADDRESS", default=None, help="Address of a dask scheduler, such as tcp://host:8786."
)
@click.option("--replace", is_flag=True, help="Do all runs anew, those with a result too.")
@click.option("--data-dir", metavar="DIR", default=None, help="Folder with raw data files (default: MTP_DATA_DIR).")
@_out_option
@json_option
def run(
    grids: tuple[str, ...],
    jobs: int,
    scheduler: str | None,
    replace: bool,
    data_dir: str | None,
    out: str | None,
    as_json: bool,
) -> int:
    """Do every run of each GRID that has no result yet; a killed command goes on where it was.

    Exit code 3 where a run failed or was undecided.
    """
    from ..experiments import load_grid
    from ..experiments import run as run_grid

    console = Console(stderr=True)

    def progress(name: str, seconds: float) -> None:
        console.print(f"{name}: done in {seconds:.1f} s", highlight=False)

    # every name is checked before the long work
    loaded = [load_grid(name) for name in grids]
    done: list[str] = []
    skipped: list[str] = []
    failed: dict[str, str] = {}
    blocked: list[str] = []
    for grid in loaded:
        outcome = run_grid(
            grid,
            folder=_folder(out),
            jobs=jobs,
            scheduler=scheduler,
            replace_results=replace,
            data_dir=data_dir,
            on_run=progress,
        )
        done += outcome.done
        skipped += outcome.skipped
        failed |= outcome.failed
        blocked += outcome.blocked
    summary: dict[str, Any] = {"done": done, "skipped": skipped, "failed": failed, "blocked": blocked}
    if as_json:
        emit(summary, True)
    else:
        for name, why in failed.items():
            click.echo(f"{name}: {' '.join(why.split())}", err=True)
        click.echo(", ".join(f"{len(v)} {k}" for k, v in summary.items()))
    return 3 if failed or blocked else 0


@experiment.command()
@click.argument("grids", metavar="GRID...", nargs=-1, required=True)
@_out_option
@json_option
def status(grids: tuple[str, ...], out: str | None, as_json: bool) -> None:
    """What is done, missing or damaged of each GRID; runs that several of them need are listed once."""
    from ..experiments import load_grid
    from ..experiments import status as grid_status

    loaded = [load_grid(name) for name in grids]
    found = [row for grid in loaded for row in grid_status(grid, _folder(out))]
    rows = list({(row["grid"], row["run"].rpartition("/")[2]): row for row in found}.values())
    if as_json:
        emit({"runs": rows}, True)
        return
    columns = ("run", "kind", "state", "seconds", "cpu_seconds")
    _print(columns if len(loaded) == 1 else ("grid", *columns), rows)
    click.echo(_totals(rows))
    for row in rows:
        if "reason" in row:
            click.echo(row["reason"], err=True)


@experiment.command()
@click.argument("grid", metavar="[GRID]", required=False)
@click.option("--to", metavar="DIR", default=None, help="Folder for the report (default: experiments/report).")
@_out_option
@json_option
def report(grid: str | None, to: str | None, out: str | None, as_json: bool) -> None:
    """Compare with the paper: Markdown, CSV, LaTeX, figures (SVG); with GRID only what it concerns."""
    from ..experiments import default_folder, experiments_folder
    from ..experiments.report import write_report

    folder = _folder(out) or default_folder()
    target = Path(to) if to else experiments_folder() / "report"
    summary = write_report(folder, target, grid)
    emit({**summary, "report": str(target)}, as_json)


def _totals(rows: list[dict[str, Any]]) -> str:
    """How many runs are in which state, and the time behind those that are done."""
    states = Counter(row["state"] for row in rows)
    timed = [row for row in rows if row.get("cpu_seconds") is not None]
    text = ", ".join(f"{count} {state}" for state, count in states.items())
    return f"{text}; {sum(row['cpu_seconds'] for row in timed):.0f} CPU seconds recorded for {len(timed)} of them"


def _folder(out: str | None) -> Path | None:
    return None if out is None else Path(out)


def _print(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=name in ("grid", "run"))
    for row in rows:
        table.add_row(*(_cell(row.get(c)) for c in columns))
    Console(file=sys.stdout, width=120 if not sys.stdout.isatty() else None).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)
