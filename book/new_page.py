"""Create the page of a claim and its line in the table of contents: ``python book/new_page.py CLAIM``."""

from __future__ import annotations

import sys
from pathlib import Path

from mtp_theory.claims import REGISTRY, get_claim

BOOK = Path(__file__).parent

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# {title}

```{{code-cell}} ipython3
:tags: [remove-input]
from IPython.display import Markdown
from mtp_theory.claims import get_claim
from mtp_theory.evidence import latest
from render.claims import claim_markdown, verdict_table

claim = get_claim("{id}")
Markdown(claim_markdown(claim))
```

## Verdicts

```{{code-cell}} ipython3
:tags: [remove-input]
Markdown(verdict_table(latest(), [claim.id]))
```
"""


def contents(ids: list[str]) -> list[str]:
    """Lines of the claims section of _toc.yml, in registry order."""
    return [f"          - file: claims/{i}" for i in ids]


def main(wanted: list[str]) -> None:
    """Write missing pages and put every page into the table of contents in registry order."""
    for id_ in wanted:
        claim = get_claim(id_)
        page = BOOK / "claims" / f"{id_}.md"
        if not page.exists():
            page.write_text(PAGE.format(id=id_, title=claim.title), encoding="utf-8")
    present = [i for i in REGISTRY if (BOOK / "claims" / f"{i}.md").exists()]
    toc = BOOK / "_toc.yml"
    lines = [line for line in toc.read_text(encoding="utf-8").splitlines() if not _is_claim(line)]
    at = lines.index("      - file: claims/index") + 2
    toc.write_text("\n".join([*lines[:at], *contents(present), *lines[at:]]) + "\n", encoding="utf-8")


def _is_claim(line: str) -> bool:
    return line.strip().startswith("- file: claims/") and line.strip() != "- file: claims/index"


if __name__ == "__main__":
    main(sys.argv[1:])
