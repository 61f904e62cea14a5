"""Put the claims to the test on a loss, a domain or a data set of your own.

.. code-block:: python

    from mtp_theory.testing import check_loss

    check_loss(MyLoss()).raise_for_violations()

``check_domain`` and ``check_instance`` do the same for a domain and for a problem with its target;
``parametrize_with_claims`` turns every check into a pytest case. The strategies (``instances``, ``exact_facts``) are
for property tests of your own. Names load on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .domain_checks import check_domain
    from .draws import HypothesisDraw, exact_facts
    from .instance import check_instance, facts_of
    from .loss_checks import check_loss
    from .parametrize import parametrize_with_claims
    from .problems import Instance, float_instance, instances
    from .report import ClaimViolationError, Report, Row

_HOME = {
    "ClaimViolationError": "report",
    "HypothesisDraw": "draws",
    "Instance": "problems",
    "Report": "report",
    "Row": "report",
    "check_domain": "domain_checks",
    "check_instance": "instance",
    "check_loss": "loss_checks",
    "exact_facts": "draws",
    "facts_of": "instance",
    "float_instance": "problems",
    "instances": "problems",
    "parametrize_with_claims": "parametrize",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


__all__ = [
    "ClaimViolationError",
    "HypothesisDraw",
    "Instance",
    "Report",
    "Row",
    "check_domain",
    "check_instance",
    "check_loss",
    "exact_facts",
    "facts_of",
    "float_instance",
    "instances",
    "parametrize_with_claims",
]
