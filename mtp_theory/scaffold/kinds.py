"""The files of each kind: new ones with their templates, lines added to existing ones, tables that scripts fill."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import InputError


@dataclass(frozen=True)
class Names:
    """One name in its forms: ``my-loss``, ``my_loss``, ``MyLoss``, ``My loss``."""

    name: str

    @property
    def module(self) -> str:
        return self.name.replace("-", "_")

    @property
    def kind(self) -> str:
        return "".join(part.capitalize() for part in self.name.split("-"))

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()

    def fill(self, text: str) -> str:
        """A template or a path with NAME, MODULE, KIND and TITLE filled in."""
        for word, value in (("name", self.name), ("module", self.module), ("kind", self.kind), ("title", self.title)):
            text = text.replace(f"@{word}@", value)
        return text


@dataclass(frozen=True)
class Kind:
    """``new``: path and template; ``edited``: path and the change of its text; ``alone``: outside of a checkout."""

    new: tuple[tuple[str, str], ...]
    edited: tuple[tuple[str, Callable[[str, Names], str]], ...] = ()
    #: Empty where it makes sense in a checkout only.
    alone: tuple[tuple[str, str], ...] = ()


def _inserted(text: str, before: str, line: str, path: str, *, after: str = "") -> str:
    """The line put before the first occurrence of ``before`` behind ``after``."""
    start = text.find(after)
    at = text.find(before, start)
    if start < 0 or at < 0:
        raise InputError(
            f"{path}: no {(before if start >= 0 else after).strip()!r} to put a line before; add it by hand"
        )
    return text[:at] + line + text[at:]


def _contents(text: str, names: Names) -> str:
    return _inserted(text, "      - file: errata\n", f"          - file: claims/{names.name}\n", "book/_toc.yml")


def _order(text: str, names: Names) -> str:
    return _inserted(text, ")\n", f'    "{names.module}",\n', "mtp_theory/claims/__init__.py", after="_ORDER")


def _open(text: str, names: Names) -> str:
    reason = "Why is there no theorem yet? (or name one in the statement, and delete this entry)"
    row = {"claim": names.name, "statement": "extended", "reason": reason}
    return json.dumps([*json.loads(text), row], indent=1, ensure_ascii=False) + "\n"


def _method(text: str, names: Names) -> str:
    line = f'    "{names.name}": ("{names.module}", "{names.kind}"),\n'
    return _inserted(text, "}\n", line, "mtp_theory/attacks/registry.py", after="METHODS = {")


def _data_set(text: str, names: Names) -> str:
    path = "mtp_theory/datasets/__init__.py"
    entry = f'    "{names.name}": _Entry("What is it? rows, features, test split", load_{names.module}),\n'
    text = _inserted(text, "}\n", entry, path, after="_REGISTRY: dict[str, _Entry] = {")
    return _imported(text, f"from .{names.module} import load_{names.module}\n", path)


def _loss(text: str, names: Names) -> str:
    path = "mtp_theory/losses/__init__.py"
    text = _inserted(text, "    )\n}\n", f"        {names.kind}(),\n", path, after="LOSSES: dict[str, MarginLoss] = {")
    return _imported(text, f"from .{names.module} import {names.kind}\n", path)


def _imported(text: str, line: str, path: str) -> str:
    """The import in its place among those of the folder's modules."""
    present = re.findall(r"^from \.\w+ import .*\n", text, re.M)
    following = [x for x in present if x.split()[1] > line.split()[1]]
    if following:
        return _inserted(text, following[0], line, path)
    return text.replace(present[-1], present[-1] + line, 1)


KINDS = {
    "claim": Kind(
        new=(
            ("mtp_theory/claims/statements/@module@.py", "claim.py"),
            ("tests/claims/test_@module@.py", "claim_test.py"),
            ("book/claims/@name@.md", "claim.md"),
        ),
        edited=(
            ("mtp_theory/claims/__init__.py", _order),
            ("book/_toc.yml", _contents),
            ("proofs/open.json", _open),
        ),
    ),
    "attack": Kind(
        new=(("mtp_theory/attacks/@module@.py", "attack.py"), ("tests/attacks/test_@module@.py", "attack_test.py")),
        edited=(("mtp_theory/attacks/registry.py", _method),),
        alone=(("@module@.py", "attack_alone.py"), ("test_@module@.py", "attack_alone_test.py")),
    ),
    "loss": Kind(
        new=(("mtp_theory/losses/@module@.py", "loss.py"), ("tests/losses/test_@module@.py", "loss_test.py")),
        edited=(("mtp_theory/losses/__init__.py", _loss),),
        alone=(("@module@.py", "loss_alone.py"), ("test_@module@.py", "loss_alone_test.py")),
    ),
    "domain": Kind(
        new=(("mtp_theory/domains/@module@.py", "domain.py"), ("tests/domains/test_@module@.py", "domain_test.py")),
        alone=(("@module@.py", "domain_alone.py"), ("test_@module@.py", "domain_alone_test.py")),
    ),
    "dataset": Kind(
        new=(
            ("mtp_theory/datasets/@module@.py", "dataset.py"),
            ("tests/datasets/test_@module@.py", "dataset_test.py"),
        ),
        edited=(("mtp_theory/datasets/__init__.py", _data_set),),
        alone=(("@module@.py", "dataset_alone.py"), ("test_@module@.py", "dataset_alone_test.py")),
    ),
}

#: Tables of a kind that depend on what is filled in: file, and the command that writes its rows from the checkout.
TABLES = {
    "claim": (
        ("tests/claims/instances.json", "python tests/claims/test_claims_instances.py"),
        ("tests/planted/claims_mutants.json", "PYTHONPATH=tests python tests/planted/claims_mutation.py @name@"),
        ("campaigns/results/random_instances.json", "python -m campaigns.random_instances --seconds 60"),
    ),
}

__all__ = ["KINDS", "TABLES", "Kind", "Names"]
