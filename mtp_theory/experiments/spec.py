"""What a run is: one frozen record for each kind, read strictly, named by the hash of everything in it.

A field of type Ref names a value of another run, ``RUN:ITEM`` in a grid file. When a grid is expanded the run's name is
replaced by its key, so a key covers the whole chain of configurations behind a result.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, get_args, get_type_hints

from ..errors import InputError, unknown_name

#: Bump when the meaning of a configuration or of a result's values changes: all keys change with it.
FORMAT = 1
#: The shares of n_p at which the paper reports accuracies.
FRACTIONS = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Ref:
    """``item`` of the run ``run``: its name in a grid file, its key once expanded."""

    run: str
    item: str

    @staticmethod
    def parse(text: str, where: str) -> Ref:
        run, colon, item = text.rpartition(":")
        if not (run and colon and item):
            raise InputError(f"{where}: {text!r} names no value of a run; write RUN:ITEM")
        return Ref(run, item)


@dataclass(frozen=True)
class Spec:
    """Fields that every kind has."""

    kind: ClassVar[str]
    data: str
    loss: str
    c_r: float


@dataclass(frozen=True)
class Targets(Spec):
    """Target models: one search over a grid of label flips, one choice for each goal; models ``clean``, each goal."""

    kind = "targets"
    method: str
    goals: tuple[float, ...]
    grid: str | None = None
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class Online(Spec):
    """Algorithm 1 against a target; model ``induced``, count ``points``.

    ``oracle``: a method of the exact search, or "adam", the authors' search for logistic regression.
    ``criterion``: stop when the distance's upper end is at most epsilon ("upper"), or when the value of the point
    found is ("found", the paper's rule, which an approximate oracle may meet too early). ``bounds``: the maximum used
    in Theorem 2's denominator, "exact" or "relaxed" (integer features dropped).
    """

    kind = "online"
    target: Ref
    epsilon: float = 0.0
    max_points: int | Ref | None = None
    copies: int = 1
    oracle: str = "auto"
    criterion: str = "upper"
    engine: str = "auto"
    seed: int | None = None
    stop_accuracy: float | None = None
    fractions: tuple[float, ...] = FRACTIONS
    bounds: tuple[str, ...] = ()
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class Minimum(Spec):
    """The tight lower bound t* for a model."""

    kind = "minimum"
    model: Ref


@dataclass(frozen=True)
class MinimumAttack(Spec):
    """The minimum attack at shares of ``points``: the closest set found of so many points; models by fraction.

    ``steps``: at most so many for each share (hinge loss; smooth losses aim at models on the way to the target).
    """

    kind = "minimum_attack"
    target: Ref
    points: int | Ref
    fractions: tuple[float, ...] = FRACTIONS
    steps: int = 30
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class KKT(Spec):
    """The baseline of Koh et al. at shares of ``points``; models by fraction.

    ``domain``: "box" (integer features dropped) or "integer"; ``groups`` lists column ranges [first, end) of which
    exactly one feature is 1 (a constraint in the authors' released code for Adult). ``sign``: of the regulariser in the
    logistic residual, "correct" or "authors". ``evaluate``: retrain for the "selected" pair alone or for "all".
    """

    kind = "kkt"
    target: Ref
    points: int | Ref
    fractions: tuple[float, ...] = FRACTIONS
    step: float = 0.005
    domain: str = "box"
    groups: tuple[tuple[int, int], ...] = ()
    sign: str = "correct"
    restarts: int = 10
    steps: int = 20_000
    repeat: int = 0
    node_limit: int = 20_000
    evaluate: str = "selected"
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class LabelFlip(Spec):
    """Flipped copies of training rows (of a subpopulation, where ``cluster`` is given): shares of ``points``."""

    kind = "label_flip"
    points: int | Ref
    fractions: tuple[float, ...] = FRACTIONS
    choice: str = "random"
    repeats: int = 10
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class Candidates(Spec):
    """Algorithm 1 against every target of a search that reaches the goal, until the victim's accuracy is low enough."""

    kind = "candidates"
    method: str
    goal: float
    stop_accuracy: float
    max_points: int
    grid: str | None = None
    oracle: str = "auto"
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True)
class Sensitivity(Spec):
    """Algorithm 1 against targets that differ from one by normal noise of ``size`` in each weight.

    Near-ties between poisoning points make a trajectory depend on the last digits of its target: this shows how much.
    """

    kind = "sensitivity"
    target: Ref
    epsilon: float
    size: float
    repeats: int = 5
    fractions: tuple[float, ...] = FRACTIONS
    cluster: int | None = None
    label: int = -1


@dataclass(frozen=True, kw_only=True)
class Network(Spec):
    """Fields of every kind about neural networks, which need PyTorch: how the victim is trained.

    ``c_r``: its weight decay; the loss is "logistic", that of two-class softmax. The training rows are halved
    (``split``: the seed), one half for training, one for candidates, each of at most ``rows``. ``seed``: of the
    initial weights. ``label``: of the subpopulation that the attack is about.
    """

    learning_rate: float = 0.005
    seed: int = 2021
    rows: int | None = None
    split: int = 0
    architecture: str = "perceptron"
    hidden: tuple[int, ...] = (364, 52)
    dropout: float = 0.5
    epochs: int = 20
    label: int = 1


@dataclass(frozen=True, kw_only=True)
class NetworkAttack(Network):
    """Algorithm 1 on a network that is trained on label flips; model ``chosen``: indices of the candidates added.

    ``ratio``: flips per training row of the target, which is trained with ``target_learning_rate`` and ``target_c_r``
    where these are given. ``search``: over the candidates of ``label`` ("flipped"), of the other label ("opposite"),
    of both with both labels ("all"), or by Adam over [0, 1]^d ("ascent").
    """

    kind = "network_attack"
    max_points: int
    ratio: float = 0.4
    target_learning_rate: float | None = None
    target_c_r: float | None = None
    search: str = "flipped"
    copies: int = 10
    epsilon: float = 0.0


@dataclass(frozen=True, kw_only=True)
class NetworkVictims(Network):
    """Networks of several ``seeds``, each trained on the first of the ``chosen`` candidates or on random flips."""

    kind = "network_victims"
    points: tuple[int, ...]
    seeds: tuple[int, ...]
    chosen: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class NetworkVariance(Network):
    """Label flips of one ``ratio``, trained ``repeats`` times for each batch size and for each of the ``seeds``."""

    kind = "network_variance"
    batch_sizes: tuple[int, ...]
    seeds: tuple[int, ...]
    ratio: float = 0.5
    repeats: int = 4


@dataclass(frozen=True, kw_only=True)
class NetworkLastLayer(Network):
    """The convex companion: the last layer on features of the clean network, attacked and bounded."""

    kind = "network_last_layer"
    max_points: int
    ratio: float = 0.4


@dataclass(frozen=True)
class Attacked(Spec):
    """A registered attack with ``share`` N points, the victim after it, and how few points its model takes.

    ``target``: for attacks on a model; the others are after errors on the training rows, or, with ``validation``, on
    that share of them, held out at random from the data on which the attacker trains. The victim always trains on all
    rows. ``certify``: bound the fewest points for the induced model, and for the target. ``copies``, ``rounds``,
    ``step``, ``seed``, ``attacker_c_r``: options of the attack, its own where null.
    """

    kind = "attack"
    method: str
    share: float
    target: Ref | None = None
    validation: float = 0.0
    certify: bool = False
    copies: int | None = None
    rounds: int | None = None
    step: float | None = None
    seed: int | None = None
    attacker_c_r: float | None = None


#: Kinds that need PyTorch.
NETWORKS: tuple[type[Network], ...] = (NetworkAttack, NetworkVictims, NetworkVariance, NetworkLastLayer)
_EVERY: tuple[type[Spec], ...] = (
    Targets, Online, Minimum, MinimumAttack, KKT, LabelFlip, Candidates, Sensitivity, Attacked,
    *NETWORKS,
)  # fmt: skip
KINDS: dict[str, type[Spec]] = {c.kind: c for c in _EVERY}

#: Words a text field may hold.
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("online", "criterion"): ("upper", "found"),
    ("online", "bounds"): ("exact", "relaxed"),
    ("kkt", "domain"): ("box", "integer"),
    ("kkt", "sign"): ("correct", "authors"),
    ("kkt", "evaluate"): ("selected", "all"),
    ("label_flip", "choice"): ("random", "low_margin"),
    ("network_attack", "search"): ("flipped", "opposite", "all", "ascent"),
    **{(c.kind, "architecture"): ("perceptron", "convolutional") for c in NETWORKS},
    **{(c.kind, "loss"): ("logistic",) for c in NETWORKS},
}


def parse(entry: Mapping[str, Any], where: str) -> Spec:
    """The record of a mapping with a ``kind``. Raises InputError: unknown kind or field (nearest name), wrong value."""
    kind = entry.get("kind")
    if not isinstance(kind, str):
        raise InputError(f"{where}: no 'kind'; give one of {', '.join(KINDS)}")
    if kind not in KINDS:
        raise unknown_name(f"kind in {where}", kind, KINDS)
    cls = KINDS[kind]
    hints = get_type_hints(cls)
    fields = {f.name: f for f in dataclasses.fields(cls)}
    values = {}
    for name, value in entry.items():
        if name == "kind":
            continue
        if name not in fields:
            raise unknown_name(f"field of kind {kind!r} in {where}", str(name), [*fields, "kind"])
        values[name] = _convert(value, hints[name], f"{where}: {name}")
        words = CHOICES.get((kind, name))
        for word in (values[name] if isinstance(values[name], tuple) else (values[name],)) if words else ():
            if words and word not in words:
                raise unknown_name(f"{name} in {where}", str(word), words)
    missing = [n for n, f in fields.items() if f.default is dataclasses.MISSING and n not in values]
    if missing:
        raise InputError(f"{where}: field {missing[0]!r} of kind {kind!r} is missing; give it")
    return cls(**values)


def _convert(value: Any, hint: Any, where: str) -> Any:
    """``value`` as the type ``hint``; the first member of a union that fits. InputError where none does."""
    options = get_args(hint) if get_args(hint) and not getattr(hint, "__origin__", None) else (hint,)
    for option in options:
        if option is type(None) and value is None:
            return None
        if option is Ref and isinstance(value, str):
            return Ref.parse(value, where)
        if option is bool and isinstance(value, bool):
            return value
        if option is int and isinstance(value, int) and not isinstance(value, bool):
            return value
        if option is float and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if option is str and isinstance(value, str) and value:
            return value
        if getattr(option, "__origin__", None) is tuple and isinstance(value, list | tuple):
            inner = get_args(option)
            kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
            if len(kinds) == len(value):
                return tuple(_convert(v, k, where) for v, k in zip(value, kinds, strict=True))
    names = " or ".join(getattr(o, "__name__", str(o)).replace("NoneType", "null") for o in options)
    raise InputError(f"{where}: {value!r}; give {names}")


def references(spec: Spec) -> list[tuple[str, Ref]]:
    """The fields that name values of other runs."""
    pairs = ((f.name, getattr(spec, f.name)) for f in dataclasses.fields(spec))
    return [(name, value) for name, value in pairs if isinstance(value, Ref)]


def resolved(spec: Spec, keys: Mapping[str, str]) -> Spec:
    """The record with the names of other runs replaced by their keys."""
    changes: dict[str, Any] = {n: Ref(keys[r.run], r.item) for n, r in references(spec)}
    return dataclasses.replace(spec, **changes)


def to_dict(spec: Spec) -> dict[str, Any]:
    """Every field, defaults included, as plain JSON; references as RUN:ITEM."""
    out: dict[str, Any] = {"kind": spec.kind}
    for f in dataclasses.fields(spec):
        value = getattr(spec, f.name)
        out[f.name] = f"{value.run}:{value.item}" if isinstance(value, Ref) else value
    plain: dict[str, Any] = json.loads(json.dumps(out))
    return plain


def key_of(spec: Spec, identity: str | None = None) -> str:
    """SHA-256 (64 hex digits) over the format and every field; ``identity``: of data that the user brings."""
    content = {"format": FORMAT, "data_identity": identity, **to_dict(spec)}
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: Any) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


__all__ = [
    "FORMAT",
    "FRACTIONS",
    "KINDS",
    "KKT",
    "NETWORKS",
    "Attacked",
    "Candidates",
    "LabelFlip",
    "Minimum",
    "MinimumAttack",
    "Network",
    "NetworkAttack",
    "NetworkLastLayer",
    "NetworkVariance",
    "NetworkVictims",
    "Online",
    "Ref",
    "Sensitivity",
    "Spec",
    "Targets",
    "canonical",
    "key_of",
    "parse",
    "references",
    "resolved",
    "to_dict",
]
