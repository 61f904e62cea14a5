"""Files written whole or not at all; what is left of dead processes goes, what living ones write stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time

import pytest

from mtp_theory import atomic

KILLED = """
import os, signal, sys
from pathlib import Path
from mtp_theory import atomic
with atomic.replacing(Path(sys.argv[1])) as stream:
    stream.write(b"new, in p")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def ended() -> int:
    """The number of a process that is gone."""
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    return child.pid


def part(folder, name, process, host=None):
    path = folder / f".{name}.{host or atomic._host()}-{process}-0123456789ab.part"
    path.write_text("half")
    return path


def test_a_killed_process_leaves_the_old_file_and_the_next_one_cleans(tmp_path):
    path = tmp_path / "a.txt"
    atomic.write_text(path, "old\r\n")
    assert path.read_bytes() == b"old\r\n"
    code = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode
    assert code == -signal.SIGKILL
    assert path.read_text() == "old\n"
    assert len(list(tmp_path.iterdir())) == 2
    atomic.write_text(path, "new")
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_only_what_is_left_of_dead_processes_is_removed(tmp_path):
    dead, named = part(tmp_path, "a.txt", ended()), part(tmp_path, "b.txt", ended())
    alive, other = part(tmp_path, "a.txt", os.getpid()), tmp_path / ".notes.part"
    far, long_ago = (part(tmp_path, f"{k}.txt", ended(), "0" * 8) for k in "cd")
    other.touch()
    before = time.time() - 2 * atomic.STALE_SECONDS
    os.utime(long_ago, (before, before))
    atomic.clean(tmp_path, "a.txt")
    assert not dead.exists()
    assert all(p.exists() for p in (named, alive, far, long_ago, other))
    atomic.clean(tmp_path)
    assert set(tmp_path.iterdir()) == {alive, far, other}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_names_it(tmp_path, monkeypatch, step):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left") as caught:
        atomic.write_text(path, "new")
    assert caught.value.filename == str(path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
