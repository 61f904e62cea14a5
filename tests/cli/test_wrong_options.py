"""Every option of every command with values of the wrong kind: a result, or one line on stderr and exit code 2."""

from __future__ import annotations

import re

import click
import numpy as np
import pytest
from command_line import HINGE, mtp

from mtp_theory.cli.app import app
from mtp_theory.training import ENGINES

WRONG = ("x", "", "nan", "-1", "1.5", "1e400", "9" * 400, "no/such/file.npz", ".", "other.npz", "é\n")
#: Arguments with which each command runs in a moment; options are added to them or replaced.
GOOD = {
    "data": ["data.npz", "--out", "d.npz"],
    "target": ["data.npz", *HINGE, "--goal", "0.3", "--out", "b.npz"],
    "train": ["data.npz", *HINGE, "--out", "m.npz"],
    "distance": ["data.npz", "--model", "target.npz", "--target", "target.npz", "--loss", "hinge"],
    "constants": ["data.npz", "--target", "target.npz", *HINGE, "--points", "1"],
    "bound": ["data.npz", "--target", "target.npz", *HINGE],
    "certify": ["gamma", "data.npz", "--target", "target.npz", *HINGE, "--out", "g.json"],
    "verify": ["c.json", "data.npz"],
    "attack": ["data.npz", "--target", "target.npz", *HINGE, "--max-points", "1", "--out", "run"],
    "evaluate": ["data.npz", "--points", "points.npz", *HINGE],
    "check": ["theorem-2", "--examples", "1", "--no-embedded"],
    "claims": [],
    "cite": ["theorem-2"],
    "new": ["claim", "something"],
    "experiment list": [],
    "experiment run": ["no-such-grid"],
    "experiment status": ["no-such-grid"],
    "experiment report": ["no-such-grid"],
}


def commands(group=app, before=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


COMMANDS = dict(commands())
OPTIONS = [
    (name, option.opts[0])
    for name, command in COMMANDS.items()
    for option in command.params
    if isinstance(option, click.Option) and not option.is_flag
]


def test_every_command_is_tried():
    assert set(COMMANDS) == set(GOOD)


@pytest.mark.parametrize("name", ["train", "bound"])
def test_the_help_names_every_engine(name):
    """In words, since the engines themselves are slow to import."""
    option = next(o for o in COMMANDS[name].params if o.name == "engine")
    assert set(re.findall(r"\w+", option.help.partition(": ")[2])) - {"or"} == set(ENGINES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("options")
    rng = np.random.default_rng(3)
    y = np.repeat([1.0, -1.0], 8)
    X = np.clip(rng.normal(0.5, 0.2, (16, 2)) + 0.15 * y[:, None], 0, 1)
    np.savez(path / "data.npz", X=X, y=y)
    np.savez(path / "other.npz", z=np.ones(3))
    np.savez(path / "points.npz", X=X[:2], y=-y[:2])
    np.savez(path / "target.npz", theta=[1.0, -0.5, 0.1])
    code, _, err = mtp("bound", *GOOD["bound"], "--certificate", "c.json", cwd=path)
    assert code == 0, err
    return path


def replaced(arguments, option, value):
    """The arguments with the option's value, in place of the one they have."""
    out = list(arguments)
    if option in out:
        out[out.index(option) + 1] = value
        return out
    return [*out, option, value]


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=[" ".join(pair) for pair in OPTIONS])
def test_a_wrong_value_is_one_line(name, option, folder, monkeypatch):
    monkeypatch.setenv("MTP_DATA_DIR", str(folder))
    odd = []
    for value in WRONG:
        code, out, err = mtp(*name.split(), *replaced(GOOD[name], option, value), cwd=folder)
        one_line = len(err.strip().splitlines()) == 1 and err.startswith("error: ") and len(err) < 1500
        if code not in (0, 1, 2, 3) or (code == 2 and (out or not one_line)):
            odd.append((value, code, out[:80], err[-300:]))
    assert not odd
