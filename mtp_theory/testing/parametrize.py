"""Every claim as a pytest case of your own test module."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..claims import select
from ..domains import Domain
from ..losses import MarginLoss
from .domain_checks import check_domain
from .instance import check_instance
from .loss_checks import check_loss
from .problems import Instance
from .report import Report


@dataclass(frozen=True, eq=False)
class ClaimCheck:
    """One claim on one subject; calling it raises ClaimViolationError with the failing example."""

    claim: str
    subject: MarginLoss | Domain | Instance
    seed: int
    instances: int

    def __call__(self) -> Report:
        """Run the check. Raises ClaimViolationError where a statement that should hold fails."""
        options: dict[str, Any] = {"claims": [self.claim], "seed": self.seed}
        if isinstance(self.subject, Instance):
            report = check_instance(self.subject.problem, self.subject.target, **options)
        elif isinstance(self.subject, Domain):
            report = check_domain(self.subject, instances_per_claim=self.instances, **options)
        else:
            report = check_loss(self.subject, instances_per_claim=self.instances, **options)
        return report.raise_for_violations()


def parametrize_with_claims(
    *subjects: MarginLoss | Domain | Instance, claims: Iterable[str] = (), seed: int = 0, instances: int = 4
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: run a test for every subject and claim, with the argument ``claim_check``.

    .. code-block:: python

        @parametrize_with_claims(MyLoss(), claims=["theorem-1", "lemma-2"])
        def test_claims(claim_check):
            claim_check()

    Raises InputError for an unknown claim.
    """
    import pytest

    ids = [claim.id for claim in select(claims) if claim.checked]
    checks = [ClaimCheck(claim, subject, seed, instances) for subject in subjects for claim in ids]
    names = [f"{_name(check.subject)}-{check.claim}" for check in checks]
    return pytest.mark.parametrize("claim_check", checks, ids=names)


def _name(subject: MarginLoss | Domain | Instance) -> str:
    return str(getattr(subject, "key", type(subject).__name__))


__all__ = ["ClaimCheck", "parametrize_with_claims"]
