"""What arguments may be: each function returns the value in its plain type or raises one InputError.

The message says what was wrong, the value (cut where it is long) and what to give instead. Called where a value comes
in from outside, and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import InputError, unknown_name

#: Characters of a value that a message shows.
SHOWN = 60
#: Entries of an array up to which they are shown.
FEW = 4
#: Weights and features up to this size: products of three of them, and their sums, are still float64 numbers.
LARGEST = 1e100
#: Values that can be read in a message.
READABLE = (str, bytes, Real, complex, os.PathLike, list, tuple, dict, np.ndarray, np.generic, type(None))
#: Counts up to this are machine integers.
MOST = 2**63 - 1


def shown(value: object) -> str:
    """The value as messages show it: on one line, short; its type where it has no readable form."""
    if isinstance(value, np.ndarray) and value.size > FEW:
        return f"an array of {value.dtype}, shape {value.shape}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and abs(value) > MOST:
        return "an integer beyond 2^63"
    if not isinstance(value, READABLE):
        return f"a {type(value).__name__}"
    word = " ".join(repr(value).split())
    return word if len(word) <= SHOWN else f"{word[:SHOWN]}..."


def real(
    name: str, value: object, *, low: float = -inf, above: float = -inf, below: float = inf, high: float = inf
) -> float:
    """A finite number with ``low`` <= number <= ``high`` and ``above`` < number < ``below``; no bool."""
    if isinstance(value, Real) and not _is_bool(value):
        try:
            number = float(value)
        except OverflowError:  # an integer beyond float64
            number = inf
        if isfinite(number) and low <= number <= high and above < number < below:
            return number
    limits = ((">=", low), (">", above), ("<", below), ("<=", high))
    wanted = " and ".join(f"{sign} {limit:g}" for sign, limit in limits if isfinite(limit))
    raise InputError(f"{name} = {shown(value)}: give a finite number {wanted}".rstrip())


def whole(name: str, value: object, *, least: int = 0, most: int = MOST) -> int:
    """An integer of ``least`` to ``most``; neither a bool nor a float that happens to be whole."""
    if isinstance(value, Integral) and not _is_bool(value) and least <= int(value) <= most:
        return int(value)
    wanted = f" >= {least}" if most == MOST else f" from {least} to {most}"
    raise InputError(f"{name} = {shown(value)}: give an integer{wanted}")


def _is_bool(value: object) -> bool:
    """A bool is an integer to Python, and none here."""
    return isinstance(value, bool | np.bool_)


def flag(name: str, value: object) -> bool:
    """True or False."""
    if _is_bool(value):
        return bool(value)
    raise InputError(f"{name} = {shown(value)}: give True or False")


def word(name: str, value: object) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise InputError(f"{name} = {shown(value)}: give a string")


def one_of(name: str, value: object, known: Iterable[str]) -> str:
    """One of the names that are known; the message has the nearest one."""
    names = list(known)
    if isinstance(value, str) and value in names:
        return value
    if isinstance(value, str):
        raise unknown_name(name, value, names)
    raise InputError(f"{name} = {shown(value)}: give one of {', '.join(names)}")


def path(name: str, value: object) -> str:
    """The path of a file or folder, as a string."""
    found = value if isinstance(value, str) else None
    if isinstance(value, os.PathLike):
        given = os.fspath(value)
        found = given if isinstance(given, str) else None
    if found is None or "\0" in found:
        raise InputError(f"{name} = {shown(value)}: give a path, a string or a pathlib.Path")
    return found


def called(name: str, value: object) -> None:
    """A function, or None."""
    if value is not None and (not callable(value) or isinstance(value, type)):
        raise InputError(f"{name} = {shown(value)}: give a function, or leave it out")


def each(name: str, value: object, of: str) -> Iterator[Any]:
    """The members of a collection of ``of``; a string is none."""
    if isinstance(value, str | bytes | dict) or not isinstance(value, Iterable):
        raise InputError(f"{name} = {shown(value)}: give a list of {of}")
    try:
        yield from value
    except TypeError:  # an array of no dimension says so when it is gone through
        raise InputError(f"{name} = {shown(value)}: give a list of {of}") from None


def seed(name: str, value: object) -> None:
    """An integer >= 0 or a numpy Generator."""
    natural = isinstance(value, Integral) and not _is_bool(value) and int(value) >= 0
    if not (natural or isinstance(value, np.random.Generator)):
        raise InputError(f"{name} = {shown(value)}: give an integer >= 0 or a numpy Generator")


def mapping(name: str, value: object, of: str) -> dict[Any, Any]:
    """A dictionary of ``of``; None: an empty one."""
    if value is None or isinstance(value, Mapping):
        return dict(value or {})
    raise InputError(f"{name} = {shown(value)}: give a dictionary of {of}")


def instance(name: str, value: object, kind: type | tuple[type, ...], instead: str) -> Any:
    """An instance of a class; ``instead``: how to get one."""
    if isinstance(value, kind):
        return value
    raise InputError(f"{name} is {shown(value)}; give {instead}")


def options(verb: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Names of keyword arguments that a verb knows."""
    names = list(known)
    for name in given:
        if name not in names:
            raise unknown_name(f"option of {verb}", name, names or ["(it has none)"])


def numbers(name: str, value: ArrayLike | object) -> NDArray[Any]:
    """An array of real numbers, of any shape, in its own type (bool, integer or float)."""
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        raise InputError(f"{name}: rows of different lengths; give one array of numbers") from None
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name}: values of type {array.dtype}; give real numbers")
    return array


def finite(name: str, value: ArrayLike | object, shape: tuple[int, ...] | None = None) -> NDArray[np.float64]:
    """An array of finite numbers as float64, of that shape where one is named."""
    array = np.asarray(numbers(name, value), dtype=np.float64)
    if shape is not None and array.shape != shape:
        raise InputError(f"{name}: shape {array.shape}; give shape {shape}")
    check_size(name, array)
    return array


def check_size(name: str, array: NDArray[Any]) -> None:
    """Raise InputError for NaN, infinity and numbers whose products overflow."""
    if array.size == 0:
        return
    largest = max(float(array.max()), -float(array.min()))
    if not isfinite(largest):
        raise InputError(f"{name}: NaN or infinite values; give finite numbers, remove or impute others")
    if largest > LARGEST:
        raise InputError(f"{name}: a number of size {largest:.3g}; nothing is computed beyond {LARGEST:g}, rescale it")


__all__ = [
    "LARGEST",
    "called",
    "check_size",
    "each",
    "finite",
    "flag",
    "instance",
    "mapping",
    "numbers",
    "one_of",
    "options",
    "path",
    "real",
    "seed",
    "shown",
    "whole",
    "word",
]
