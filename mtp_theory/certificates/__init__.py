"""Certificates: what was found, written so that a small independent program can check it.

* ``checker``: the checker, one file, standard library only;
* ``flint_checker``: a second one, on python-flint;
* ``write``: the JSON form; ``coq``: the text form of the checker that is extracted from the Coq proof.
"""

from .checker import FORMAT, Malformed, Refused, verify
from .format import Point, Subject, certificate, decimal, save

__all__ = ["FORMAT", "Malformed", "Point", "Refused", "Subject", "certificate", "decimal", "save", "verify"]
