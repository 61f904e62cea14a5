"""The ledger: what was checked, when, on which machine, with which versions and seed."""

from .ledger import Entry, default_folder, latest, record

__all__ = ["Entry", "default_folder", "latest", "record"]
