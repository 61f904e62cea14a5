"""Exact rational arithmetic of the finders: worlds on a line (:mod:`.line`) and in d dimensions (:mod:`.vectors`), and
what certificates are made with (:mod:`.numbers`, :mod:`.rows`, :mod:`.hull`, :mod:`.smooth`, :mod:`.sides`)."""
