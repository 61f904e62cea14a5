"""The press: Markdown, tables and charts of the book's pages, made from the package's objects and committed results.

Not part of the package. The book is built with ``book`` on Python's path (see the Makefile), so a cell imports
``render.claims`` and the like; nothing in ``mtp_theory`` imports it.
"""
