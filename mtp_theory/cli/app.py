"""The command group, its shared options, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

import click

from .. import __version__, kernel
from ..errors import InputError, UndecidedError, unknown_name

F = TypeVar("F", bound=Callable[..., Any])

#: Commands and the modules that define them: imported only when asked for, so that help is quick.
COMMANDS = {
    "data": "data",
    "target": "data",
    "train": "models",
    "distance": "models",
    "constants": "constants",
    "bound": "bound",
    "certify": "certify",
    "verify": "verify",
    "attack": "attack",
    "evaluate": "evaluate",
    "experiment": "experiment",
    "check": "claims",
    "claims": "claims",
    "cite": "claims",
    "new": "new",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            raise unknown_name("command", cmd_name, COMMANDS)
        module = import_module(f".{COMMANDS[cmd_name]}", __package__)
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LazyGroup,
    # Without a command: the help on stdout, as where it is asked for.
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="mtp-theory")
@click.pass_context
def app(context: click.Context) -> None:
    """Check, attack and certify: the theory of model-targeted poisoning on your data.

    DATA is a data file (npz) or the name of a registered data set: digits-1-7, mnist-1-7, adult, ...
    Threat model: the attacker knows everything, only adds points of the feature domain, and the victim
    solves the regularised problem exactly.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def json_option(function: F) -> F:
    """``--json``: one JSON object on stdout and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(function)


def data_options(function: F) -> F:
    """DATA and ``--data-dir``."""
    function = click.option("--data-dir", metavar="DIR", help="Folder with raw data files (default: MTP_DATA_DIR).")(
        function
    )
    return click.argument("data", metavar="DATA")(function)


def problem_options(function: F) -> F:
    """``--loss``, ``--c-r`` and ``--no-bias``."""
    function = bias_option(function)
    function = click.option("--c-r", "c_r", type=float, required=True, help="Regularisation weight C_R > 0.")(function)
    return loss_option(function)


def loss_option(function: F) -> F:
    """``--loss``."""
    text = "hinge, squared_hinge, logistic or exponential."
    return click.option("--loss", required=True, metavar="LOSS", help=text)(function)


def bias_option(function: F) -> F:
    """``--no-bias``."""
    return click.option("--no-bias", "no_bias", is_flag=True, help="No constant feature; models have d entries.")(
        function
    )


@contextmanager
def _exit_codes() -> Iterator[None]:
    try:
        yield
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "mtp-theory"
        _fail(f"{error.format_message()} See '{where} --help'.", 2)
    except (InputError, click.ClickException) as error:
        _fail(str(error), 2)
    except UndecidedError as error:
        _fail(f"undecided: {error}", 3)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of our output went away: nothing is wrong here, and nothing more can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename or 'file'}: {error.strerror or error}", 2)


def _fail(message: str, code: int) -> None:
    line = " ".join(message.split())
    click.echo(f"error: {line}", err=True)
    sys.exit(code)


def _say_compiling() -> None:
    click.echo("compiling, once: some 20 seconds, from the next command on it is there", err=True)


def _keep_stdout() -> None:
    """What native code prints by itself (solvers do, now and then) goes to stderr: stdout is for results alone."""
    if sys.stdout is not sys.__stdout__ or sys.stdout is None:
        return
    try:
        own = os.dup(sys.stdout.fileno())
        os.dup2(sys.stderr.fileno(), 1)
    except (OSError, ValueError):
        return
    sys.stdout = os.fdopen(own, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)


def main() -> None:
    """Entry point of ``mtp-theory``."""
    if sys.stderr.isatty():
        kernel.announce = _say_compiling
    _keep_stdout()
    with _exit_codes():
        code = app(prog_name="mtp-theory", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)


__all__ = ["app", "bias_option", "data_options", "json_option", "loss_option", "main", "problem_options"]
