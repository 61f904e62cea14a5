"""Time and memory of the extracted checker on a synthetic instance of MNIST's size.

    python proofs/extract/benchmark.py [--rows 13007] [--features 784]

Random bytes as pixels (one in five is not 0) and random models over 2^40; the verdict means nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from write_input import write_input

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=13007)
    parser.add_argument("--features", type=int, default=784)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    n, d, scale, den = arguments.rows, arguments.features + 1, 255, 2**40
    X = rng.integers(0, 256, (n, d)) * (rng.random((n, d)) < 0.2)
    X[:, -1] = scale
    target = rng.integers(-den, den, d) // 20
    certificate = {
        "c": [9, 100],
        "den": den,
        "target": target,
        "other": target - target // 10**4,
        "mu": [den, den],
        "rho": [1, 10**8],
        "bound": 100,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input.txt"
        with path.open("w") as out:
            labels = rng.choice([-1, 1], n).tolist()
            write_input(out, X.tolist(), labels, [0] * (d - 1) + [scale], [scale] * d, scale, certificate)
        start = time.perf_counter()
        process = subprocess.Popen([HERE / "build" / "hinge_checker", path], stdout=subprocess.PIPE, text=True)
        memory = 0.0
        while process.poll() is None:  # the peak, as the kernel counts it
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = [line for line in status.splitlines() if line.startswith("VmHWM")]
            memory = max(memory, int(peak[0].split()[1]) / 1024) if peak else memory
            time.sleep(0.01)
        seconds = time.perf_counter() - start
        verdict = process.communicate()[0].strip()
        print(f"{n} x {d}, {path.stat().st_size / 1e6:.0f} MB of text: {verdict}")
        print(f"{seconds:.2f} s, {memory:.0f} MiB")


if __name__ == "__main__":
    main()
