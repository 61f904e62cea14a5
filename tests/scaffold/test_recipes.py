"""``mtp-theory new``: the recipes of CONTRIBUTING.md, followed in a copy of the tree; all is written or nothing."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import mtp

from mtp_theory.errors import InputError
from mtp_theory.scaffold import KINDS, find_checkout, plan, write

ROOT = Path(__file__).parents[2]
#: Compiled code lies beside its sources: these folders are linked, so that the copy does not compile them anew.
COMPILED = ("training", "shadow")
#: A sub-heading of the page for each kind.
HEADINGS = {"claim": "A claim", "attack": "An attack", "loss": "A loss", "domain": "A domain", "dataset": "A data set"}


@pytest.fixture
def copy(tmp_path):
    """A copy of the tree as far as the recipes need it."""
    root = tmp_path / "checkout"
    skip = shutil.ignore_patterns("__pycache__", "_build", "coq", "build", *COMPILED)
    for part in ("mtp_theory", "tests", "book", "proofs", "campaigns"):
        shutil.copytree(ROOT / part, root / part, ignore=skip)
    for part in COMPILED:
        (root / "mtp_theory" / part).symlink_to(ROOT / "mtp_theory" / part)
    for name in ("pyproject.toml", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, root / name)
    return root


def python(folder, *args):
    """Python in that folder, of which the package there is imported."""
    path = os.pathsep.join([str(folder), str(folder / "tests")])
    done = subprocess.run(
        [sys.executable, *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return done.stdout


def listed(kind):
    """The files that CONTRIBUTING.md names for a kind."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition(f"### {HEADINGS[kind]}\n")[2].partition("\n#")[0]
    return re.findall(r"^- `([^`]+)`", section, re.MULTILINE)


def files_of(root):
    return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_page_lists_what_the_command_touches(kind):
    planned = plan(kind, "my-thing", ROOT)
    names = [p.replace("NAME", "my-thing").replace("MODULE", "my_thing") for p in listed(kind)]
    assert sorted(names) == sorted(planned.touched)


def test_the_recipes_work_in_a_copy(copy):
    """All kinds at once: the command touches those files and no other, and the new tests pass."""
    before = {p: (copy / p).read_bytes() for p in files_of(copy)}
    tests, touched = [], set()
    for kind in KINDS:
        code, out, err = mtp("new", kind, f"my-{kind}", "--json", cwd=copy)
        assert code == 0, err
        answer = json.loads(out)
        assert Path(answer["folder"]) == copy
        touched |= {*answer["new"], *answer["edited"]}
        tests += [p for p in answer["new"] if p.startswith("tests/")]
    changed = {p for p in files_of(copy) if before.get(p) != (copy / p).read_bytes()}
    assert changed == touched
    python(copy, "-m", "ruff", "check", *sorted(p for p in touched if p.endswith(".py")))
    python(copy, "-m", "ruff", "format", "--check", *sorted(p for p in touched if p.endswith(".py")))
    registry = ["tests/claims/test_claims_registry.py", "tests/book/test_pages.py"]
    out = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, *registry, "-k", "my_ or my- or page")
    assert " passed" in out
    assert str(find_checkout(copy / "tests")) == str(copy)


@pytest.mark.slow
def test_the_tables_of_a_claim_are_filled_by_their_commands(copy):
    """Once they are, and what they found is explained, the tests of the claim's tables pass."""
    code, out, _ = mtp("new", "claim", "my-claim", "--json", cwd=copy)
    assert code == 0
    for command in json.loads(out)["commands"]:
        python(copy, *command.partition("python ")[2].split())
    # the skeleton's bound is twice what is sharp: two mutants stay, and no instance comes near
    for path, line, reason in (
        ("tests/planted/test_claims_planted.py", "UNREFUTED = (", '(r"my-claim / extended", r".*", "half is sharp"),'),
        ("book/render/tightness.py", "LOOSE = {", '"my-claim / extended": "half is sharp",'),
    ):
        text = (copy / path).read_text(encoding="utf-8")
        assert text.count(f"{line}\n") == 1
        (copy / path).write_text(text.replace(f"{line}\n", f"{line}\n    {reason}\n"), encoding="utf-8")
    places = ["claims/test_claims_instances.py", "planted/test_claims_planted.py", "book/test_evidence_tables.py"]
    chosen = "my-claim or loose or every_kind or (table and not proofs)"
    out = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/{p}" for p in places), "-k", chosen)
    assert " passed" in out


def test_elsewhere_a_module_and_its_test_use_the_public_door(tmp_path):
    for kind in KINDS:
        code, out, err = mtp("new", kind, f"my-{kind}", "--json", cwd=tmp_path)
        if kind == "claim":
            assert (code, out) == (2, "")
            assert "no checkout" in err
            continue
        assert code == 0, err
        assert json.loads(out)["new"] == [f"my_{kind}.py", f"test_my_{kind}.py"]
    python_path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": python_path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("claim", "theorem-1", "registered already"),
        ("attack", "online", "registered already"),
        ("dataset", "digits-1-7", "registered already"),
        ("loss", "squared-hinge", "registered already"),
        ("atack", "mine", "did you mean 'attack'"),
        ("loss", "My_Loss", "lower-case words"),
        ("domain", "../up", "lower-case words"),
        ("domain", "class", "lower-case words"),
    ],
)
def test_what_is_refused_in_one_line(kind, name, words):
    code, out, err = mtp("new", kind, name, cwd=ROOT)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err


def test_a_file_that_is_there_is_not_overwritten(tmp_path):
    (tmp_path / "test_mine.py").write_text("mine")
    with pytest.raises(InputError, match=r"test_mine\.py is there already"):
        plan("loss", "mine", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["test_mine.py"]


def test_planted_a_disk_that_fails_half_way_leaves_nothing(copy, monkeypatch):
    before = {p: (copy / p).read_bytes() for p in files_of(copy)}
    planned, replace, calls = plan("claim", "my-claim", copy), os.replace, []

    def failing(source, target):
        calls.append(target)
        if len(calls) == 5:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(OSError, match="No space"):
        write(planned)
    assert len(calls) == 5
    assert {p: (copy / p).read_bytes() for p in files_of(copy)} == before
