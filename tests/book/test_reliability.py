"""The page on reliability says what its files say, and "not run" where there is none."""

from __future__ import annotations

import json
import shutil

import pytest
from render import reliability


@pytest.fixture
def copied(tmp_path):
    for path in reliability.RESULTS.glob("*.json"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder, name, **changed):
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


def test_the_table_shows_its_files(copied):
    before = reliability.rows(copied)
    assert before == reliability.rows()
    assert all(" | ".join(row) in reliability.table() for row in before)
    change(copied, "honest_bounds", problems=123457, findings=[{}] * 3)
    change(copied, "random_fits", failed=987)
    changed = [row for row, old in zip(reliability.rows(copied), before, strict=True) if row != old]
    assert [row[2] for row in changed] == ["123,457", before[-4][2]]
    assert changed[0][3].startswith("3 now, ")
    assert changed[1][3] == "987"


def test_a_finding_is_shown(copied):
    finding = {"what": "kill", "command": "attack", "wrong": "another content"}
    before = reliability.rows(copied)
    change(copied, "crash", findings=[finding])
    changed = [row for row, old in zip(reliability.rows(copied), before, strict=True) if row != old]
    assert [row[1] for row in changed] == ["commands killed at a random moment and begun again"]
    assert changed[0][3] == "1"


def test_what_was_not_run_says_so(copied):
    (copied / "crash.json").unlink()
    assert [row[2:4] for row in reliability.rows(copied) if "crash" in row[0]] == [("not run", "unknown")] * 4


def test_every_command_is_there():
    for *_, by, _ in reliability.ROWS:
        if "`campaigns." in by:
            name = by.strip("`").removeprefix("campaigns.")
            place = reliability.ROOT / "campaigns" / name
            assert place.is_dir() or place.with_suffix(".py").exists()
