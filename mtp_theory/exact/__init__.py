"""Learning problems in exact rational arithmetic: on a line (:mod:`.line`) and in d dimensions (:mod:`.vectors`)."""
