"""The bridge between the registry of claims and Coq: what is proved, from which axioms, in which file.

* :mod:`.project` reads the folder: Coq files, tables of theorems, what is open.
* :mod:`.scan` looks for what must not be in a proof: admitted goals, axioms, stray files.
* :mod:`.data` compares generated files with their templates and with the data that they name.
* :mod:`.coq` compiles and asks Coq for statements, axioms and the satisfiability of hypotheses.
* :mod:`.agreement` compares the tables with what Coq says and with the registry.
* :mod:`.publish` writes theorems.json and the map in README.md.
"""

import sys
from pathlib import Path

# the book's press says axioms in words, here as on its pages
sys.path.append(str(Path(__file__).resolve().parents[2] / "book"))
