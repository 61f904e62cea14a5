"""Raw files: local folder, cache, download; checksums and locks. The public source is a server on this machine."""

from __future__ import annotations

import gc
import gzip
import hashlib
import threading
import tracemalloc
import warnings
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import platformdirs
import pytest

from mtp_theory.datasets import load, raw
from mtp_theory.datasets.raw import RawFile, read_raw
from mtp_theory.errors import InputError

CONTENT = b"one,two\n" * 1000


class Source:
    """A folder served over HTTP, and the requests it has seen."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.requests = folder, []
        seen = self.requests

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                seen.append(self.path)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def file(self, name: str = "words.txt", content: bytes = CONTENT) -> RawFile:
        plain = name.removesuffix(".gz")
        url = f"http://127.0.0.1:{self.server.server_port}/{name}"
        return RawFile("words", plain, len(content), hashlib.sha256(content).hexdigest(), url)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    monkeypatch.delenv("MTP_DATA_DIR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path / "cache" / name))
    (tmp_path / "served").mkdir()
    source = Source(tmp_path / "served")
    yield source
    source.server.shutdown()
    source.server.server_close()


def cached(tmp_path: Path) -> list[str]:
    """Files under the cache but the locks, which may stay."""
    return sorted(p.name for p in (tmp_path / "cache").rglob("*") if p.is_file() and p.suffix != ".lock")


@pytest.mark.parametrize("name", ["words.txt", "words.txt.gz"])
def test_download_once_then_cache(name: str, source: Source, tmp_path: Path) -> None:
    (source.folder / name).write_bytes(gzip.compress(CONTENT) if name.endswith(".gz") else CONTENT)
    assert read_raw(source.file(name)) == CONTENT
    assert cached(tmp_path) == [name]
    assert len(source.requests) == 1
    assert read_raw(source.file(name)) == CONTENT
    assert len(source.requests) == 1


@pytest.mark.parametrize("place", ["words.txt", "words.txt.gz", "words/words.txt", "words/words.txt.gz"])
def test_local_folder_comes_first(place: str, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = tmp_path / "local"
    (local / place).parent.mkdir(parents=True)
    (local / place).write_bytes(gzip.compress(CONTENT) if place.endswith(".gz") else CONTENT)
    assert read_raw(source.file(), local) == CONTENT
    monkeypatch.setenv("MTP_DATA_DIR", str(local))
    assert read_raw(source.file()) == CONTENT
    assert source.requests == []


def test_local_folder_without_the_file_falls_back(source: Source, tmp_path: Path) -> None:
    (source.folder / "words.txt").write_bytes(CONTENT)
    assert read_raw(source.file(), tmp_path) == CONTENT
    assert cached(tmp_path) == ["words.txt"]


@pytest.mark.parametrize(
    "content", [CONTENT[:-1] + b"x", CONTENT + b"x", CONTENT[:-1], b"", b"<html>moved</html>"], ids=range(5)
)
def test_wrong_checksum_of_a_download_leaves_nothing(content: bytes, source: Source, tmp_path: Path) -> None:
    (source.folder / "words.txt").write_bytes(content)
    with pytest.raises(InputError, match=r"download .* refused: .*(wrong checksum|more than the 8000 bytes)"):
        read_raw(source.file())
    assert cached(tmp_path) == []


def test_wrong_checksum_of_a_local_file_is_not_passed_over(source: Source, tmp_path: Path) -> None:
    (source.folder / "words.txt").write_bytes(CONTENT)
    (tmp_path / "words.txt").write_bytes(CONTENT.upper())
    with pytest.raises(InputError, match="wrong checksum") as caught:
        read_raw(source.file(), tmp_path)
    assert source.file().sha256 in str(caught.value)
    assert source.requests == []


def test_damaged_packed_file(source: Source, tmp_path: Path) -> None:
    (tmp_path / "words.txt.gz").write_bytes(gzip.compress(CONTENT)[:-9])
    with pytest.raises(InputError, match="cannot be read"):
        read_raw(source.file(), tmp_path)
    (tmp_path / "words.txt.gz").write_bytes(b"not packed")
    with pytest.raises(InputError, match="cannot be read"):
        read_raw(source.file(), tmp_path)


def test_packed_bomb_is_read_no_further_than_wanted(source: Source, tmp_path: Path) -> None:
    (tmp_path / "words.txt.gz").write_bytes(gzip.compress(bytes(10**8)))
    tracemalloc.start()
    with pytest.raises(InputError, match="more than the 8000 bytes"):
        read_raw(source.file(), tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


def test_no_source_says_where_to_get_the_file(source: Source, tmp_path: Path) -> None:
    file = source.file()
    with pytest.raises(InputError) as caught:  # 404
        read_raw(file)
    assert file.url in str(caught.value)
    assert "MTP_DATA_DIR" in str(caught.value)
    source.server.shutdown()
    source.server.server_close()
    with pytest.raises(InputError, match="could not be downloaded"):  # no server at all
        read_raw(file)
    assert cached(tmp_path) == []
    # pooch leaves the socket of a refused request to the garbage collector, which warns; collect it here.
    del caught
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_missing_local_folder(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_raw(source.file(), tmp_path / "none")
    monkeypatch.setenv("MTP_DATA_DIR", str(tmp_path / "none"))
    with pytest.raises(InputError, match=r"MTP_DATA_DIR .*no such folder"):
        read_raw(source.file())
    with pytest.raises(InputError, match=r"MTP_DATA_DIR .*no such folder"):
        load("adult")


def test_cache_that_cannot_be_written(source: Source, tmp_path: Path) -> None:
    (source.folder / "words.txt").write_bytes(CONTENT)
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")
    with pytest.raises(InputError, match="could not be downloaded"):
        read_raw(source.file())


def test_eight_at_once_download_once(source: Source, tmp_path: Path) -> None:
    (source.folder / "words.txt").write_bytes(CONTENT)
    file, got, start = source.file(), [], threading.Barrier(8)

    def work() -> None:
        start.wait()
        got.append(read_raw(file))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [CONTENT] * 8
    assert len(source.requests) == 1


def test_waiting_for_a_stuck_process_ends(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr(raw, "LOCK_SECONDS", 0.05)
    folder = tmp_path / "cache" / "mtp-theory" / "words"
    folder.mkdir(parents=True)
    with FileLock(folder / "words.txt.lock"), pytest.raises(InputError, match="another process"):
        read_raw(source.file())
