"""Methods by name: those of the package, those that other packages announce, and ``attack``, which runs one.

A method is imported when it is asked for. Another package announces its own in the entry point group
``mtp_theory.attacks``; a class or an instance may also be given in place of a name.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from ..errors import InputError, unknown_name
from ..goal import Goal
from ..inputs import shown
from .base import Attack
from .run import AttackRun

#: Name: module and class.
METHODS = {
    "online": ("online", "Online"),
    "minimum": ("minimum", "Minimum"),
    "kkt": ("kkt", "KKT"),
    "label-flip": ("label_flip", "LabelFlip"),
    "min-max": ("min_max", "MinMax"),
    "svm-gradient": ("gradient", "SvmGradient"),
    "logistic-gradient": ("gradient", "LogisticGradient"),
    "influence": ("gradient", "Influence"),
    "gradient-cancelling": ("gradient_cancelling", "GradientCancelling"),
    "exchange": ("exchange", "Exchange"),
    "online-gradient": ("variants", "OnlineGradient"),
    "online-approximate": ("variants", "OnlineApproximate"),
    "online-vertex": ("variants", "OnlineVertex"),
}
#: Entry points of other packages' methods.
GROUP = "mtp_theory.attacks"


def names() -> list[str]:
    """Every registered method, those of other packages last."""
    others = sorted(e.name for e in entry_points(group=GROUP) if e.name not in METHODS)
    return [*METHODS, *others]


def method(name: str) -> type[Attack]:
    """The class of that name. Raises InputError for an unknown one, with the nearest and the list."""
    if name in METHODS:
        module, attribute = METHODS[name]
        found = getattr(import_module(f".{module}", __package__), attribute)
    else:
        announced = {e.name: e for e in entry_points(group=GROUP)}
        if name not in announced:
            raise unknown_name("attack method", name, names())
        found = announced[name].load()
    if not (isinstance(found, type) and issubclass(found, Attack)):
        raise InputError(f"attack method {name!r}: {found!r} is no subclass of Attack; correct the entry point")
    return found


def descriptions() -> list[tuple[str, str]]:
    """Name and first line of the documentation of every registered method."""
    return [(name, (inspect.getdoc(method(name)) or "").partition("\n")[0]) for name in names()]


def make(given: str | type[Attack] | Attack, options: Mapping[str, Any] | None = None) -> Attack:
    """An instance: of a name or a class with those options, or the one given. InputError for an unknown option."""
    options = dict(options or {})
    if isinstance(given, Attack):
        if options:
            raise InputError(f"attack {given.name!r}: is an instance already; give {', '.join(options)} to its class")
        return given
    kind = method(given) if isinstance(given, str) else given
    if not (isinstance(kind, type) and issubclass(kind, Attack)):
        raise InputError(f"attack method {shown(given)}: give a name, a subclass of Attack or an instance")
    known = parameters(kind)
    for option in options:
        if option not in known:
            raise unknown_name(f"option of attack {kind.name!r}", option, known or ["(it has none)"])
    if inspect.isabstract(kind):
        raise InputError(
            f"attack method {shown(kind)}: it is abstract; give a subclass with the method points(goal, budget)"
        )
    return kind(**options)


def parameters(kind: type[Attack]) -> list[str]:
    """Names of a method's own options."""
    return [] if kind.__init__ is object.__init__ else list(inspect.signature(kind).parameters)


def attack(goal: Goal, method: str | type[Attack] | Attack = "online", **options: Any) -> AttackRun:
    """Attack ``goal`` with a method: a registered name, a subclass of :class:`.base.Attack` or an instance.

    ``options``: those of the method, and those of ``Attack.run`` (``epsilon``, ``max_points``, ``stop``,
    ``folder``, ``resume``, ...). Raises InputError for what the method requires and does not get: a loss, a domain, a
    kind of goal, a budget or some stop.
    """
    common = inspect.signature(Attack.run).parameters
    own = {k: v for k, v in options.items() if k not in common}
    return make(method, own).run(goal, **{k: v for k, v in options.items() if k in common})


__all__ = ["GROUP", "METHODS", "attack", "descriptions", "make", "method", "names", "parameters"]
