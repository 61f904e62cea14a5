"""Data and model files: what comes back, and what hostile or damaged files get."""

from __future__ import annotations

import io
import os
import pickle
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.datasets import Dataset, convert, load, load_model, names, npz, save, save_model, sources
from mtp_theory.datasets.npz import read_npz, write_npz
from mtp_theory.errors import InputError

X = np.array([[0.0, 1.0], [0.5, 0.25], [1.0, 0.0]])
Y = np.array([1.0, -1.0, 1.0])
FULL = Dataset(
    np.array([[9, 1, 0], [3, 0, 1]], dtype=np.uint8),
    [1, -1],
    np.array([[2, 1, 0]], dtype=np.uint8),
    [1],
    scale=1.0,
    upper=np.array([9.5, 1, 1]),
    integer=np.array([True, False, False]),
    groups=np.array([-1, 0, 0]),
    group_rule="exactly_one",
    name="full",
)


def refused(path: Path, *words: str) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert path.name in message
    for word in words:
        assert word in message
    return message


def test_data_file_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "full.npz"
    save(FULL, path)
    back = load(path)
    assert back.identity == FULL.identity
    assert back.name == "full"
    assert back.group_rule == "exactly_one"
    assert back.X.dtype == np.uint8
    for field in ("X", "y", "X_test", "y_test", "lower", "upper", "integer", "groups"):
        np.testing.assert_array_equal(getattr(back, field), getattr(FULL, field))
    assert [p.name for p in tmp_path.iterdir()] == ["full.npz"]


def test_file_written_by_numpy_with_defaults(tmp_path: Path) -> None:
    for writer in (np.savez, np.savez_compressed):
        writer(tmp_path / "a.npz", X=np.asfortranarray(X), y=Y.astype(np.int8))
        assert load(tmp_path / "a.npz").identity == Dataset(X, Y, name="a").identity


def test_big_endian_and_word_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=X.astype(">f4"), y=Y.astype(">i2"), group_rule=np.array(b"at_most_one"), scale=1)
    assert load(tmp_path / "a.npz").X.dtype == np.float32


def test_saving_is_repeatable_and_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.npz"
    save(FULL, path)
    first = path.read_bytes()
    save(FULL, path)
    assert path.read_bytes() == first

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(InputError, match="No space left"):
        save(Dataset(X, Y, name="t"), path)
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["d.npz"]


def test_save_refuses_what_load_would_refuse(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="every label"):
        save(Dataset(X, np.ones(3), name="t"), tmp_path / "d.npz")
    with pytest.raises(InputError, match="cannot write"):
        save(Dataset(X, Y, name="t"), tmp_path / "no" / "d.npz")
    assert list(tmp_path.iterdir()) == []


CONTENT = {
    "array 'X' is missing": {"y": Y},
    "array 'y' is missing": {"X": X},
    "unknown array 'lowr': did you mean 'lower'?": {"X": X, "y": Y, "lowr": np.zeros(2)},
    "X has the value nan": {"X": X * np.nan, "y": Y},
    "the labels are 0.0 and 2.0": {"X": X, "y": Y + 1},
    "every label is +1": {"X": X, "y": np.ones(3)},
    "lower 1 > upper 0": {"X": X, "y": Y, "lower": np.ones(2), "upper": np.zeros(2)},
    "outside its bounds": {"X": X, "y": Y, "upper": np.array([0.5, 1])},
    "y has shape (2,)": {"X": X, "y": Y[:2]},
    "X has dtype <U4": {"X": X.astype("<U4"), "y": Y},
    "group_rule has dtype int64": {"X": X, "y": Y, "group_rule": 3},
    "group_rule 'all'": {"X": X, "y": Y, "group_rule": "all"},
    "scale has shape (1,)": {"X": X.astype(np.uint8), "y": Y, "scale": np.array([3.0])},
    "y has shape (3, 1)": {"X": X, "y": Y[:, None]},
    "X_test and y_test, or neither": {"X": X, "y": Y, "X_test": X},
    "rename X_train to X, Y_train to y": {"X_train": X, "Y_train": Y},
    "rename X_train to X; or convert": {"X_train": X, "y": Y},
    "group_rule has dtype <U11, shape (1,)": {"X": X, "y": Y, "group_rule": np.array(["at_most_one"])},
    "scale array([1., 2.])": {"X": X, "y": Y, "scale": np.array([1.0, 2.0])},
    "marked integer": {"X": X, "y": Y, "integer": np.array([True, True])},
    "ones in group 0": {"X": np.ones((3, 2)), "y": Y, "groups": np.zeros(2, int)},
}


@pytest.mark.parametrize("message", CONTENT)
def test_content_that_is_no_data_set(message: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", **CONTENT[message])
    refused(tmp_path / "bad.npz", message)


def test_files_of_other_habits_are_converted(tmp_path: Path) -> None:
    """The arrays of Koh, Steinhardt and Liang's files, and labels of any two kinds."""
    path, plain = tmp_path / "koh.npz", Dataset(X, Y, X[:2], Y[:2], name="koh")
    np.savez(path, X_train=X, Y_train=Y, X_test=X[:2], Y_test=Y[:2])
    found = convert(path)
    assert (found.identity, found.name, found.y_test.tolist()) == (plain.identity, "koh", [1, -1])
    np.savez(path, X_train=X, Y_train=(Y[:, None] > 0).astype(int))
    assert convert(path, positive=1).identity == plain.identity
    assert convert(path, positive="1").identity == plain.identity
    with pytest.raises(InputError, match="positive='yes', but the labels are numbers"):
        convert(path, positive="yes")
    with pytest.raises(InputError, match=r"the labels are 0 and 1, .*--positive 1"):
        convert(path)
    np.savez(path, X=X, X_train=X, y=Y)
    with pytest.raises(InputError, match="'X' stands under two names"):
        convert(path)
    save(plain, path)
    assert convert(path).identity == load(path).identity


def member(name: str, payload: bytes, path: Path, compression: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "a", compression) as archive:
        archive.writestr(name, payload)


def npy_bytes(array: np.ndarray, shape: str | None = None) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    content = buffer.getvalue()
    if shape is not None:
        length = struct.unpack("<H", content[8:10])[0]
        header = content[10 : 10 + length].decode()
        start, stop = header.index("'shape': ") + 9, header.index("), }") + 1
        header = (header[:start] + shape + header[stop:]).strip().ljust(length + 50) + "\n"
        content = content[:8] + struct.pack("<H", len(header)) + header.encode() + content[10 + length :]
    return content


def test_files_that_are_not_archives(tmp_path: Path) -> None:
    refused(tmp_path / "none.npz", "not found")
    (tmp_path / "dir.npz").mkdir()
    refused(tmp_path / "dir.npz", "is a folder")
    (tmp_path / "empty.npz").write_bytes(b"")
    refused(tmp_path / "empty.npz", "not an npz file")
    (tmp_path / "text.npz").write_bytes(b"X,y\n" * 100)
    refused(tmp_path / "text.npz", "not an npz file")
    (tmp_path / "pickle.npz").write_bytes(pickle.dumps({"X": X, "y": Y}))
    refused(tmp_path / "pickle.npz", "pickle", "never read")
    np.save(tmp_path / "one.npy", X)
    refused(tmp_path / "one.npy", "one npy array")
    os.mkfifo(tmp_path / "pipe.npz")
    refused(tmp_path / "pipe.npz", "not a regular file")


def test_python_objects_are_never_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "sprung",))

    np.savez(tmp_path / "objects.npz", X=np.array([[Trap()]], dtype=object), y=Y)
    refused(tmp_path / "objects.npz", "array 'X'", "Python objects")
    assert not (tmp_path / "sprung").exists()
    with pytest.raises(InputError, match="Python objects"):
        save_model(tmp_path / "m.npz", np.zeros(2), note=object())


def test_truncation_anywhere_is_refused(tmp_path: Path) -> None:
    save(FULL, tmp_path / "whole.npz")
    whole = (tmp_path / "whole.npz").read_bytes()
    path = tmp_path / "cut.npz"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        refused(path)


@given(st.data())
def test_one_changed_byte_never_gives_other_data(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("flip")
    save(FULL, folder / "whole.npz")
    content = bytearray((folder / "whole.npz").read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    (folder / "flip.npz").write_bytes(content)
    try:
        got = load(folder / "flip.npz")
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert got.identity == FULL.identity


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_checksum_of_the_archive_is_compared(compression: int, tmp_path: Path) -> None:
    """A wrong checksum in the directory, the content being whole: only the comparison can see it."""
    path = tmp_path / "sum.npz"
    member("X.npy", npy_bytes(X), path, compression)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 16] ^= 1
    path.write_bytes(content)
    refused(path, "Bad CRC-32")


def test_declared_shape_larger_than_the_member_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    member("X.npy", npy_bytes(X, "(1000000000, 1000)"), path)
    tracemalloc.start()
    message = refused(path, "declares shape (1000000000, 1000)")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "holds 48" in message
    assert peak < 2**22


@pytest.mark.parametrize("shape", ["(-3, -2)", "(3,)", "(6, 2)", "(2, 2)", "(3, 2, " + "1, " * 70 + ")"])
def test_other_shapes_than_the_bytes_hold(shape: str, tmp_path: Path) -> None:
    member("X.npy", npy_bytes(X, shape), tmp_path / "shape.npz")
    refused(tmp_path / "shape.npz")


def lie_about_size(path: Path, size: int) -> None:
    """Write ``size`` as the unpacked size of the first member into the zip directory."""
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\1\2") + 24
    content[at : at + 4] = struct.pack("<I", size)
    path.write_bytes(content)


def test_directory_that_lies_about_sizes(tmp_path: Path) -> None:
    path = tmp_path / "lie.npz"
    member("X.npy", npy_bytes(X, "(100000000, 2)"), path)
    lie_about_size(path, 1_600_000_178)
    refused(path, "more than it can hold")


def test_unpacked_size_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "zeros.npz", X=np.zeros((1000, 1000)), y=Y)
    monkeypatch.setattr(npz, "MAX_UNPACKED_BYTES", 10**6)
    refused(tmp_path / "zeros.npz", "unpacks to 800")
    monkeypatch.setattr(npz, "MAX_FILE_BYTES", 1000)
    refused(tmp_path / "zeros.npz", "at most 1000 are read")


def test_odd_members(tmp_path: Path) -> None:
    member("readme.txt", b"hello", tmp_path / "text.npz")
    refused(tmp_path / "text.npz", "'readme.txt' is not an array")
    member("../X.npy", npy_bytes(X), tmp_path / "up.npz")
    refused(tmp_path / "up.npz", "is not an array")
    member("X.npy", npy_bytes(X), tmp_path / "lzma.npz", zipfile.ZIP_LZMA)
    refused(tmp_path / "lzma.npz", "unusual compression")
    member("X.npy", npy_bytes(X) + b"tail", tmp_path / "tail.npz")
    refused(tmp_path / "tail.npz", "holds 52")
    member("X.npy", b"\x93NUMPY\1\0\x10\0" + b"{'descr': 1+1}\n ", tmp_path / "header.npz")
    refused(tmp_path / "header.npz", "header")
    member("X.npy", npy_bytes(np.zeros(3, dtype=[("a", "f8")])), tmp_path / "record.npz")
    refused(tmp_path / "record.npz", "dtype")
    member("X.npy", npy_bytes(X), tmp_path / "twice.npz")
    with pytest.warns(UserWarning, match="Duplicate name"):
        member("X.npy", npy_bytes(2 * X), tmp_path / "twice.npz")
    refused(tmp_path / "twice.npz", "stands twice")
    for k in range(npz.MAX_MEMBERS + 1):
        member(f"a{k}.npy", npy_bytes(Y), tmp_path / "many.npz")
    refused(tmp_path / "many.npz", "65 members")


def test_text_and_complex_arrays_pass_the_reader(tmp_path: Path) -> None:
    stored = {"word": np.array(["a", "bc"]), "z": np.array(1j), "none": np.zeros((0, 3)), "f": np.asfortranarray(X)}
    write_npz(tmp_path / "any.npz", stored)
    back = read_npz(tmp_path / "any.npz")
    for name, array in stored.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_model_file_round_trip(tmp_path: Path) -> None:
    theta = np.array([1.5, -2.0, 0.25])
    save_model(tmp_path / "m.npz", theta, loss="hinge", c_r=0.09, file=1)
    assert load_model(tmp_path / "m.npz", 3).tolist() == theta.tolist()
    assert str(read_npz(tmp_path / "m.npz")["loss"]) == "hinge"


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"theta": np.zeros(4)}, r"shape \(4,\); this problem needs \(3,\)"),
        ({"theta": np.zeros((3, 1))}, "shape"),
        ({"theta": np.array([0, np.nan, 1])}, "NaN or infinite"),
        ({"theta": np.array(["a", "b", "c"])}, "dtype"),
        ({"w": np.zeros(3)}, "'theta' is missing; it holds w"),
    ],
)
def test_bad_model_files(arrays: dict, message: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises(InputError, match=message):
        load_model(tmp_path / "m.npz", 3)


def test_bad_models_are_not_written(tmp_path: Path) -> None:
    for theta in (np.zeros((2, 2)), np.array([np.inf])):
        with pytest.raises(InputError):
            save_model(tmp_path / "m.npz", theta)
    assert list(tmp_path.iterdir()) == []


def test_registered_names_and_the_nearest_one() -> None:
    listed = dict(names())
    expected = "digits-1-7 mnist-1-7 mnist-1-7-small adult adult-balanced spamassassin spambase dogfish"
    assert " ".join(listed) == expected
    assert [name for name, *_ in sources()] == list(listed)
    assert all(source and licence for _, source, licence in sources())
    assert all(text and "\n" not in text for text in listed.values())
    with pytest.raises(InputError, match="did you mean 'adult-balanced'"):
        load("adult-balancd")


def test_a_name_may_stand_beside_a_folder_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits-1-7").mkdir()
    assert load("digits-1-7").n == 361
    save(Dataset(X, Y, name="t"), tmp_path / "plain")  # an existing file needs no ending
    assert load("plain").n == 3
