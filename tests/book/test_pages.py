"""The built book in Chromium: no error on the console, no request to any other machine, every claim has its page."""

import shutil
from pathlib import Path

import pytest

from mtp_theory.claims import REGISTRY

ROOT = Path(__file__).parents[2]
HTML = ROOT / "book" / "_build" / "html"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def test_every_checked_claim_has_a_page_in_the_contents():
    contents = (ROOT / "book" / "_toc.yml").read_text()
    for claim in REGISTRY.values():
        if claim.checked:
            assert (ROOT / "book" / "claims" / f"{claim.id}.md").exists()
            assert f"claims/{claim.id}\n" in contents + "\n"


@pytest.mark.pages
def test_pages_load_without_errors_or_foreign_requests():
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium is absent")
    if not HTML.is_dir():
        pytest.fail("the book is not built: run 'make book'")
    from playwright.sync_api import sync_playwright

    pages = sorted(p for p in HTML.rglob("*.html") if "_static" not in p.parts)
    assert len(pages) >= 8
    problems = []
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda m: problems.append((page.url, m.text)) if m.type == "error" else None)
        page.on("pageerror", lambda e: problems.append((page.url, str(e))))
        page.on(
            "request",
            lambda r: problems.append((page.url, r.url)) if not r.url.startswith(("file:", "data:", "blob:")) else None,
        )
        page.on("requestfailed", lambda r: problems.append((page.url, f"failed: {r.url}")))
        for path in pages:
            page.goto(path.as_uri(), wait_until="load")
            if "\\(" in path.read_text(encoding="utf-8"):
                page.wait_for_selector("mjx-container", state="attached", timeout=60_000)
                assert page.locator("mjx-merror").count() == 0, f"broken formula in {path.name}"
            # A page wider than the window scrolls sideways: something does not fit.
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 1:
                problems.append((path.name, f"{overflow} px wider than the window"))
        browser.close()
    assert not problems
