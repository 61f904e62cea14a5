"""Hostile files for every reader and both checkers: ``python -m campaigns.fuzz --seconds 60``.

:mod:`.inputs` makes a file from a seed: valid certificates and archives with some of their parts replaced, by a grammar
that knows where the limits are. :mod:`.worker` gives it to the readers in a process of its own and says what came of
it; :mod:`.__main__` watches time, memory and crashes from outside. A finding is reproduced by its seed.
"""
