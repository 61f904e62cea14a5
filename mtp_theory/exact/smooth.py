r"""Smooth losses in ball arithmetic: the slope :math:`\psi` and what bounds :math:`\langle\lambda, z\rangle\psi`."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flint import arb, fmpq

from ..errors import UndecidedError


class SmoothForm(ABC):
    r"""``bend``: sup of :math:`\varphi''`."""

    bend: fmpq

    @abstractmethod
    def slope(self, margin: fmpq) -> arb:
        r""":math:`\psi(m)`."""

    @abstractmethod
    def reaches(self, top: fmpq, q: fmpq, reach: fmpq) -> bool:
        r"""Is :math:`\langle\lambda, z\rangle\psi(\langle\theta_p, z\rangle)\le` ``reach`` shown by q >= 0?

        ``top``: the maximum of :math:`\langle\lambda - q\theta_p, z\rangle`.
        """

    @abstractmethod
    def moved_reach(self, reach: fmpq, far: fmpq, highest: fmpq) -> fmpq:
        r"""The reach where margins move by up to ``far``; ``highest``: maximum of :math:`\langle\lambda, z\rangle`."""


class LogisticForm(SmoothForm):
    r""":math:`M e^v \ge q v + q - q\log(q/M)`, so top + q log(q/M) - q <= M suffices."""

    bend = fmpq(1, 4)

    def slope(self, margin: fmpq) -> arb:
        return 1 / (1 + arb(margin).exp())

    def reaches(self, top: fmpq, q: fmpq, reach: fmpq) -> bool:
        if q == 0:
            return bool(top <= reach)
        return reach > 0 and bool(arb(top) + arb(q) * arb(q / reach).log() - arb(q) <= arb(reach))

    def moved_reach(self, reach: fmpq, far: fmpq, highest: fmpq) -> fmpq:
        # psi(v - h) <= e^h psi(v), and e^h <= 1 + h + h^2 for h <= 1
        if far > 1:
            raise UndecidedError("lower bound: the radius is too large for the logistic loss; give a smaller one")
        return reach * (1 + far + far * far)


class SquaredHingeForm(SmoothForm):
    r""":math:`\psi = 2(1-v)_+`, so :math:`(\mathrm{top} + q)_+^2 \le 2Mq` suffices."""

    bend = fmpq(2)

    def slope(self, margin: fmpq) -> arb:
        return arb(2 * max(fmpq(0), 1 - margin))

    def reaches(self, top: fmpq, q: fmpq, reach: fmpq) -> bool:
        if q == 0:
            return bool(top <= 0)
        return bool(top + q <= 0 or (top + q) ** 2 <= 2 * reach * q)

    def moved_reach(self, reach: fmpq, far: fmpq, highest: fmpq) -> fmpq:
        # psi(v - h) <= psi(v) + 2 h
        return reach + 2 * far * highest


#: By loss key.
SMOOTH: dict[str, SmoothForm] = {"logistic": LogisticForm(), "squared_hinge": SquaredHingeForm()}

__all__ = ["SMOOTH", "LogisticForm", "SmoothForm", "SquaredHingeForm"]
