"""A few kills, a full disk and two processes; and what the campaign would say to a product that loses something."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from campaigns import crash

ROOT = Path(__file__).parents[2]
COMMAND = crash.Command("planted", lambda out: [str(out)])


def test_a_few_of_each_lose_nothing():
    """In a process of its own: it forks, which a process with threads should not."""
    command = [sys.executable, "-m", "campaigns.crash", "--kills", "4", "--few"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout[done.stdout.index("\n{") :])
    assert figures["kills"] == 4
    assert figures["findings"] == []
    assert any(name.startswith("full disk") for name in figures["outcomes"])


def planted(monkeypatch, folder, *steps):
    """``begun`` does the next step in place of a process; ``ended`` gives its exit code."""
    todo, codes = list(steps), []

    def begun(arguments, said, before=None):
        said.write_text("")
        codes.append(todo.pop(0)(folder))
        # no process has this number: the kill finds nothing
        return 2**22 + 1

    monkeypatch.setattr(crash, "begun", begun)
    monkeypatch.setattr(crash, "ended", lambda child: codes.pop(0))


def writes(name, text, code=0):
    def step(folder):
        (folder / name).write_text(text)
        return code

    return step


KILLED = -signal.SIGKILL


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        (writes("a.json", '{"x": 1', KILLED), writes("a.json", '{"x": 1}'), "half-written"),
        (writes("a.csv", "1,2\n3,", KILLED), writes("a.json", '{"x": 1}'), "half-written"),
        (writes(".a.json.0-1-2.part", "{", KILLED), writes("a.json", '{"x": 1}'), "other files"),
        (writes("b.json", "{}", KILLED), writes("a.json", '{"x": 1}'), "other files"),
        (lambda folder: KILLED, writes("a.json", '{"x": 2}'), "another content"),
        (lambda folder: KILLED, lambda folder: 1, "exit 1"),
        (lambda folder: 1, writes("a.json", '{"x": 1}'), "before the kill"),
    ],
)
def test_what_is_lost_is_found(monkeypatch, tmp_path, first, second, wrong):
    folder = tmp_path / "k"
    planted(monkeypatch, folder, first, second)
    assert wrong in crash.killed(COMMAND, folder, 0.0, {"a.json": {"x": 1}})[1]


def test_times_may_differ_and_nothing_else(monkeypatch, tmp_path):
    folder = tmp_path / "k"
    planted(monkeypatch, folder, lambda folder: KILLED, writes("a.json", '{"x": 1, "seconds": 9}'))
    assert crash.killed(COMMAND, folder, 0.0, {"a.json": {"x": 1}}) == ("killed, before any file", "")


@pytest.mark.parametrize(
    ("code", "said", "good"),
    [
        (2, "error: cannot write a.json: No space left on device\n", True),
        (1, "error: cannot write a.json: No space left on device\n", False),
        (2, "", False),
        (2, "Traceback (most recent call last):\nerror: x\n", False),
    ],
)
def test_a_command_that_cannot_write_says_so_in_one_line(tmp_path, code, said, good):
    (tmp_path / "said").write_text(said)
    assert (crash.refused(code, tmp_path / "said") == "") == good


def test_a_half_archive_is_half_written(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.zeros(9))
    crash.content(tmp_path / "a.npz")
    raw = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(Exception, match="zip"):
        crash.content(tmp_path / "a.npz")
