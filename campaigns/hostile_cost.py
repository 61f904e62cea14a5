"""What hostile files cost: peak memory and CPU time of each kind, for both checkers and the package's reader.

``python -m campaigns.hostile_cost [--write]``. Every kind is given to each reader in a process of its own. Asked for:
refused with one line (or judged, where the file is well-formed and only large), at most MEGABYTES beyond the data's own
size, and at most twice the honest certificate's CPU time or SECONDS. Exit 1 where one costs more.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "campaigns" / "results" / "hostile_cost.json"
MEGABYTES = 512.0
SECONDS = 10.0
READERS = ("first checker", "second checker", "data reader")


def _raw_archive(header: bytes, size: int, method: int = zipfile.ZIP_DEFLATED, name: str = "X.npy") -> bytes:
    """An archive of one member with that npy header and so many zero bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, archive.open(name, "w", force_zip64=True) as member:
        member.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        for start in range(0, size, 2**20):
            member.write(bytes(min(2**20, size - start)))
    return out.getvalue()


def _header(kind: str, shape: str) -> bytes:
    return f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()


def _many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(70_000):
            archive.writestr(str(i), b"")
    return out.getvalue()


def _zip64_directory() -> bytes:
    """A zip64 end record that promises a directory of 300 MB."""
    body = _raw_archive(_header("<f8", "(1, 1)"), 8)
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**7, 10**7, 300 * 2**20, 0)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body), 1)
    return body + end + where + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)


#: Data files by kind.
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip64 directory": _zip64_directory,
    "70,000 members": _many_members,
    "256 MB of zeros, packed": lambda: _raw_archive(_header("<f8", "(4096, 8192)"), 2**28),
    "int8 that widens": lambda: _raw_archive(_header("|i1", f"({2**28}, 1)"), 2**28),
    "a shape without values": lambda: _raw_archive(_header("<f8", "(0, 1000000000000)"), 0),
    "a number with 9,000 minus signs": lambda: _raw_archive(_header("<f8", "(" + "-" * 9000 + "1, 2)"), 8),
    "nested brackets in a header": lambda: _raw_archive(_header("<f8", "(" * 9000 + ")" * 9000), 8),
}


def certificates(top: dict[str, Any]) -> dict[str, bytes]:
    """Certificates by kind, made from a valid one."""

    def with_(**changed: Any) -> bytes:
        return json.dumps({**top, **changed}).encode()

    witness = top["witness"]
    primes = [p for p in range(10**4, 4 * 10**4) if all(p % k for k in range(2, int(p**0.5) + 1))]
    theta = {"denominator": "1" + "0" * 4000, "numerators": ["9" * 4000] * len(witness["theta"]["numerators"])}
    return {
        "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
        "nested 984 deep": with_(witness="@").replace(b'"@"', b"[" * 984 + b"]" * 984),
        "a million empty lists": b"[" + b"[]," * 10**6 + b"[]]",
        "a number of 10^6 digits": b'{"a":' + b"9" * 10**6 + b"}",
        "giant denominators": with_(witness={**witness, "theta": theta}),
        "coprime denominators": with_(kind="epsilon_lower_bound", claim="minimum-poisoning",
                                      witness={"tilts": [[i, f"1/{p}"] for i, p in enumerate(primes)]}),
        "a huge exponent": with_(radius="1e999999999"),
        "a radius of 4,000 digits": with_(radius="9" * 4000),
        "64 MB of spaces": b" " * 2**26,
    }  # fmt: skip


def read(reader: str, certificate: str, data: str) -> dict[str, Any]:
    """One reading in this process, with its cost beyond the imports."""
    from mtp_theory import datasets
    from mtp_theory.certificates import checker
    from mtp_theory.certificates.second import checker as second
    from mtp_theory.errors import InputError

    acts = {
        "first checker": lambda: checker.verify(certificate, data),
        "second checker": lambda: second.verify(certificate, data),
        "data reader": lambda: datasets.read_dataset(data),
    }
    before, start = _memory("VmRSS"), time.process_time()
    try:
        result = acts[reader]()
        verdict = "read" if not isinstance(result, dict) else "valid" if result["valid"] else "invalid"
    except (checker.Malformed, InputError) as error:
        verdict = "refused" if "\n" not in str(error) and len(str(error)) < 600 else "a long message"
    except BaseException as error:
        verdict = f"fault: {type(error).__name__}"
    peak = max(0.0, _memory("VmHWM") - before)
    return {"verdict": verdict, "seconds": time.process_time() - start, "megabytes": peak}


def _memory(name: str) -> float:
    """VmRSS (now) or VmHWM (the peak) in MB; getrusage's peak is that of the parent too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


def apart(reader: str, certificate: Path, data: Path) -> dict[str, Any]:
    """The same in a process forked from this one, ended after a minute of CPU time."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
        os.write(theirs, json.dumps(read(reader, str(certificate), str(data))).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 0:
        return {"verdict": f"fault: exit {code}", "seconds": 60.0, "megabytes": 0.0}
    answer: dict[str, Any] = json.loads(said)
    return answer


def over(row: dict[str, Any], honest: float) -> bool:
    """Does it cost more than is asked, or end otherwise than it should?"""
    fault = row["verdict"].startswith(("fault", "a long"))
    return (
        fault or row["megabytes"] > MEGABYTES + row.get("own_megabytes", 0) or row["seconds"] > max(SECONDS, 2 * honest)
    )


def measure(folder: Path) -> dict[str, Any]:
    """Every kind with every reader that it concerns."""
    sys.path.insert(0, str(ROOT / "tests"))
    from reference.certificate_instances import make

    from mtp_theory.certificates import format as write

    case = make("lower_bound", folder)
    honest = folder / "honest.json"
    honest.write_text(write.text(case.top))
    data = Path(case.data)
    rows: list[dict[str, Any]] = []
    costs = {r: apart(r, honest, data) for r in READERS}
    for reader, cost in costs.items():
        rows.append({"kind": "honest", "reader": reader, **cost})
    hostile, pipe = folder / "hostile.json", folder / "pipe"
    os.mkfifo(pipe)
    for kind, raw in certificates(case.top).items():
        hostile.write_bytes(raw)
        rows += [{"kind": kind, "reader": r, **apart(r, hostile, data)} for r in READERS[:2]]
    for kind, make_it in ARCHIVES.items():
        archive = folder / "hostile.npz"
        archive.write_bytes(make_it())
        own = 256 if kind.startswith("256 MB") else 0
        rows += [{"kind": kind, "reader": r, "own_megabytes": own, **apart(r, honest, archive)} for r in READERS]
    rows += [{"kind": "a pipe", "reader": r, **apart(r, honest, pipe)} for r in READERS]
    bad = [row for row in rows if over(row, costs[row["reader"]]["seconds"])]
    return {
        "limit_megabytes": MEGABYTES,
        "limit_seconds": SECONDS,
        "rows": [{**r, "seconds": round(r["seconds"], 2), "megabytes": round(r["megabytes"])} for r in rows],
        "findings": bad,
    }


def main() -> int:
    """Measure; exit 1 where a kind costs more than is asked."""
    parser = argparse.ArgumentParser(prog="campaigns.hostile_cost")
    parser.add_argument("--write", action="store_true", help="keep the figures in campaigns/results")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures = measure(Path(name))
    for row in figures["rows"]:
        cost = f"{row['seconds']:8.2f} s{row['megabytes']:8.0f} MB"
        print(f"{row['kind']:<34}{row['reader']:<16}{row['verdict']:<12}{cost}")
    print(json.dumps(figures["findings"]))
    if options.write:
        RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if figures["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
