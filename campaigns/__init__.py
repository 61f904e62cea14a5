"""Long runs whose results are committed: each tries the package far more often than the tests do.

``python -m campaigns.NAME``; the results are in ``campaigns/results``, the book's pages are made from them.
"""
