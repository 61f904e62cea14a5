"""Results on disk: what was written comes back, what was not is refused."""

from __future__ import annotations

import errno
import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from zlib import crc32

import pytest

from mtp_theory.errors import InputError
from mtp_theory.experiments import Result, Run, Store
from mtp_theory.experiments.spec import key_of, parse

SPEC = parse(
    {"kind": "targets", "data": "digits-1-7", "loss": "hinge", "c_r": 0.09, "method": "koh", "goals": [0.05]}, "t"
)
RUN = Run("targets", "g", key_of(SPEC), SPEC, ())
RESULT = Result({"points": 3, "z": 0.1}, {"clean": [0.1, -1 / 3]}, ("a", "b"), ((1.0, None), (2.0, 0.25)))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    store.write(RUN, RESULT, {"python": "3"}, 1.5, 1.25)
    return store


def test_round_trip(store):
    back = store.read(RUN)
    assert (back.values, back.models, back.columns, back.rows) == (
        RESULT.values,
        RESULT.models,
        RESULT.columns,
        RESULT.rows,
    )
    assert back.record["name"] == "targets"
    assert (back.record["seconds"], back.record["cpu_seconds"]) == (1.5, 1.25)
    assert back.record["environment"] == {"python": "3"}
    assert back.record["config"]["goals"] == [0.05]


def test_results_from_before_cpu_seconds_are_read(store):
    path = store.path(RUN)
    content = json.loads(path.read_text())
    del content["cpu_seconds"]
    path.write_text(json.dumps(content))
    assert store.read(RUN).record["cpu_seconds"] is None


def change(store, **fields):
    path = store.path(RUN)
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda s: change(s, values={"points": 4, "z": 0.1}), "checksum"),
        (lambda s: change(s, models={}), "checksum"),
        (lambda s: change(s, format=0, version="0.0.1"), "version '0.0.1', this version reads format"),
        (lambda s: s.path(RUN).write_text(s.path(RUN).read_text()[:-20]), "not JSON"),
        (lambda s: s.path(RUN).write_text("[]"), "not a JSON object"),
        (lambda s: s.path(RUN).with_suffix(".csv").write_text("a,b\n1,2\n"), "checksum"),
        (lambda s: s.path(RUN).with_suffix(".csv").unlink(), "cannot be read"),
        (lambda s: s.path(RUN).unlink(), "run its grid"),
    ],
)
def test_damage_is_an_error_that_says_what_to_do(store, damage, message):
    damage(store)
    with pytest.raises(InputError, match=message):
        store.read(RUN)


def test_a_result_of_another_configuration_is_refused(store):
    other = replace(RUN, key="0" * 64)
    assert store.has(RUN)
    assert not store.has(other)
    assert store.outdated(other)
    with pytest.raises(InputError, match="of another configuration"):
        store.read(other)


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_full_disk_leaves_no_half_result(tmp_path, monkeypatch, suffix):
    """A write that fails names the file; nothing that looks like a result is left."""
    store = Store(tmp_path)
    real = os.replace

    def replace(source, place):
        if str(place).endswith(suffix):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, place)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="No space left") as caught:
        store.write(RUN, RESULT, {}, 0.0)
    assert str(caught.value.filename).endswith(suffix)
    assert not store.has(RUN)
    assert not list(tmp_path.rglob("*.part"))


def test_remains_of_killed_processes_are_removed(tmp_path):
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    living, dead = (
        tmp_path / "g" / f".a.json.{crc32(platform.node().encode()):08x}-{process}-0123456789ab.part"
        for process in (os.getpid(), child.pid)
    )
    living.parent.mkdir()
    living.touch()
    dead.touch()
    Store(tmp_path).clean()
    assert living.exists()
    assert not dead.exists()
