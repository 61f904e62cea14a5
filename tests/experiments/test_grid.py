"""Grids and records: strict fields, references, keys."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mtp_theory.errors import InputError
from mtp_theory.experiments import expand, grid_names, load_grid
from mtp_theory.experiments.seeds import generator, seed_for
from mtp_theory.experiments.spec import key_of, parse

TARGETS = {"kind": "targets", "data": "digits-1-7", "loss": "hinge", "c_r": 0.09, "method": "koh", "goals": [0.05]}


def write(folder: Path, text: str, name: str = "g") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


CHAIN = """
name: g
defaults: {data: digits-1-7, loss: hinge, c_r: 0.09}
runs:
  - {name: attack, kind: online, target: "targets:0.05", epsilon: 0.1}
  - {name: targets, kind: targets, method: koh, goals: [0.05]}
"""


def test_every_committed_grid_expands():
    """Names, references and fields of the grids of the repository; the files' names are theirs."""
    assert {"adult-svm", "adult-lr", "mnist-svm", "mnist-lr", "table-3", "table-7", "figure-16"} <= set(grid_names())
    for name in grid_names():
        grid = load_grid(name)
        assert grid.name == name
        runs = expand(grid)
        place = {}
        for i, r in enumerate(runs):
            assert re.fullmatch("[0-9a-f]{64}", r.key)
            assert all(place[k] < i for k in r.needs)
            place.setdefault(r.key, i)


def test_grids_are_files_of_the_package():
    """A wheel has them: pyproject's package data match every one."""
    import tomllib
    from importlib.resources import files

    folder = files("mtp_theory.experiments") / "grids"
    assert sorted(p.name.removesuffix(".yaml") for p in folder.iterdir()) == grid_names()
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert "**/*.yaml" in pyproject["tool"]["setuptools"]["package-data"]["mtp_theory"]


def test_runs_come_after_what_they_need(tmp_path):
    runs = expand(load_grid(write(tmp_path, CHAIN)))
    assert [r.name for r in runs] == ["targets", "attack"]
    assert runs[1].needs == (runs[0].key,)


def test_key_covers_every_field_and_the_chain():
    base = key_of(parse(TARGETS, "t"))
    assert base == key_of(parse(dict(reversed(list(TARGETS.items()))), "t"))
    changes = (
        {"c_r": 0.1},
        {"loss": "logistic"},
        {"goals": [0.05, 0.1]},
        {"grid": "koh"},
        {"label": 1},
        {"cluster": 3},
    )
    assert len({base, *(key_of(parse({**TARGETS, **c}, "t")) for c in changes)}) == 1 + len(changes)
    assert key_of(parse(TARGETS, "t"), "identity") != base


def test_a_change_upstream_changes_the_keys_downstream(tmp_path):
    one = expand(load_grid(write(tmp_path, CHAIN)))
    two = expand(load_grid(write(tmp_path, CHAIN.replace("c_r: 0.09", "c_r: 0.1"), "h")))
    three = expand(load_grid(write(tmp_path, CHAIN.replace("goals: [0.05]", "goals: [0.05], grid: koh"), "i")))
    assert len({one[1].key, two[1].key, three[1].key}) == 3


def test_defaults_are_part_of_the_key_not_of_the_spelling():
    """A default that is written out is the same run."""
    assert key_of(parse({**TARGETS, "label": -1, "grid": None}, "t")) == key_of(parse(TARGETS, "t"))


def test_axes_keep_their_types(tmp_path):
    text = CHAIN.replace("name: targets,", 'name: "targets-{cluster}", each: {cluster: [3, 4]}, cluster: "{cluster}",')
    text = text.replace("targets:0.05", "targets-4:0.05")
    runs = expand(load_grid(write(tmp_path, text)))
    assert [getattr(r.spec, "cluster", None) for r in runs if r.name.startswith("targets")] == [4, 3]


def test_other_grids_are_used_by_name(tmp_path):
    write(tmp_path, CHAIN)
    text = """
name: h
uses: [g]
defaults: {data: digits-1-7, loss: hinge, c_r: 0.09}
runs: [{name: minimum, kind: minimum, model: "g/attack:induced"}]
"""
    runs = expand(load_grid(write(tmp_path, text, "h")))
    assert [r.name for r in runs] == ["g/targets", "g/attack", "minimum"]
    assert [r.key for r in runs[:2]] == [r.key for r in expand(load_grid(tmp_path / "g.yaml"))]


def test_changed_file_of_a_user_is_another_run(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "mine.npz"
    keys = []
    for _ in range(2):
        np.savez(path, X=rng.uniform(size=(10, 2)), y=np.repeat([1.0, -1.0], 5))
        keys.append(expand(load_grid(write(tmp_path, CHAIN.replace("digits-1-7", str(path)))))[0].key)
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("epsilon", "epsilno", "did you mean 'epsilon'"),
        ("kind: online", "kind: onlin", "did you mean 'online'"),
        ("targets:0.05", "target:0.05", "did you mean 'targets'"),
        ("targets:0.05", "targets", "write RUN:ITEM"),
        ("targets:0.05", "g/targets:0.05", "grid in a reference"),
        ("epsilon: 0.1", "epsilon: [1]", "give float"),
        ("epsilon: 0.1", "epsilon: yes", "give float"),
        ("epsilon: 0.1", "criterion: foundd", "did you mean 'found'"),
        ("goals: [0.05]", "goals: 0.05", "goals"),
        ("method: koh, ", "", "'method' of kind 'targets' is missing"),
        ("kind: targets, ", "", "no 'kind'"),
        ("name: targets", "name: attack", "two runs are named 'attack'"),
        ("name: targets,", "name: targets, each: {a: 1},", "'each'"),
        ("defaults:", "default:", "did you mean 'defaults'"),
        ("runs:", "runs: []\nuses:", "at least one run"),
        ("name: g", "name: [", "not YAML"),
        ("name: g", "name: ../g", "start with a letter or digit"),
        ("name: targets,", "name: .targets,", "start with a letter or digit"),
        (
            "name: targets, kind: targets, method: koh, goals: [0.05]",
            "name: targets, kind: online, target: 'attack:x'",
            "circle",
        ),
    ],
)
def test_errors_name_the_place_and_the_remedy(tmp_path, old, new, message):
    assert old in CHAIN
    with pytest.raises(InputError, match=re.escape(message)):
        expand(load_grid(write(tmp_path, CHAIN.replace(old, new, 1))))


def test_unknown_grid_and_missing_file(tmp_path):
    with pytest.raises(InputError, match="did you mean 'adult-svm'"):
        load_grid("adult-smv")
    with pytest.raises(InputError, match="cannot be read"):
        load_grid(tmp_path / "none.yaml")


def test_seeds_depend_on_named_axes_alone():
    assert seed_for(a=1, b="x") == seed_for(b="x", a=1)
    assert len({seed_for(a=1), seed_for(a=2), seed_for(b=1), seed_for(a="1")}) == 4
    assert generator(a=1).integers(2**40) == generator(a=1).integers(2**40)
