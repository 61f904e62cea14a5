# mtp-theory: `make book` and `make test` are all that is needed; `make` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= dev
FUZZ_SECONDS ?= 60
# The same inputs in every run; new ones by the campaign itself.
FUZZ_INPUTS ?= 600
# One BLAS thread: the compiled loops are faster so, and results do not depend on the core count.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MTP_EVIDENCE_DIR ?= $(CURDIR)/build/evidence

SOURCES := pyproject.toml $(shell find mtp_theory -name '*.py' -o -name '*.json' -o -name '*.csv' 2>/dev/null)
PAGES := $(shell find book -path book/_build -prune -o -type f -print 2>/dev/null)
RESULTS := $(shell find benchmarks/results campaigns/results experiments -name '*.json' 2>/dev/null)
COQ := $(shell find proofs -path '*/build' -prune -o \( -name '*.v' -o -name '*.py' -o -name '*.json' -o -name '*.ml' \) -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help env book test lint check networks proofs proofs-recheck pages wheel bench clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

env: $(VENV)/.stamp ## create the environment in .venv

$(VENV)/.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python >= 3.11 is needed, this is " + sys.version.split()[0] + "; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

build/evidence/.stamp: $(VENV)/.stamp $(SOURCES)
	@mkdir -p $(MTP_EVIDENCE_DIR) build/evidence
	$(BIN)/mtp-theory check --examples 300 --seed 0
	@touch $@

check: $(VENV)/.stamp ## put every claim to the test and record the evidence
	$(BIN)/mtp-theory check

book: book/_build/.stamp ## run the checks, execute the book, leave it in book/_build/html

book/_build/.stamp: build/evidence/.stamp $(PAGES) $(RESULTS) CHANGELOG.md CONTRIBUTING.md
	rm -rf book/_build
	@# ipykernel remarks on every start that loopback TCP is not encrypted; the book's kernels are local.
	set -o pipefail; PYTHONPATH=$(CURDIR)/book$${PYTHONPATH:+:$$PYTHONPATH} $(BIN)/jupyter-book build book --warningiserror --nitpick --keep-going --quiet 2>&1 \
	  | { grep -v 'IPKernelApp. WARNING . Kernel is running over TCP' || true; }
	@touch $@
	@echo "the book is in book/_build/html/index.html"

lint: $(VENV)/.stamp ## ruff and mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint ## lint, tests, proofs (with coqc) and page tests (with Chromium)
	$(BIN)/pytest -n 2
	@if command -v coqc >/dev/null; then $(MAKE) --no-print-directory proofs; \
	 else echo "not checked here: the Coq proofs (coqc is absent; on Debian: apt-get install coq)"; fi
	@if command -v chromium >/dev/null; then $(MAKE) --no-print-directory pages; \
	 else echo "not checked here: the book's pages (Chromium is absent; on Debian: apt-get install chromium)"; fi

fuzz: $(VENV)/.stamp ## hostile files for every reader and both checkers (FUZZ_SECONDS=60)
	$(BIN)/python -m campaigns.fuzz --seconds $(FUZZ_SECONDS) --inputs $(FUZZ_INPUTS)

wheel: $(VENV)/.stamp ## build the wheel, with the kernels' machine code, in dist/ and try it with an empty cache
	$(BIN)/python release/wheel.py

# PyTorch is no part of the environment that book and test need. Where pip would fetch the large build for GPUs:
# TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=

networks: $(VENV)/.stamp ## add PyTorch to the environment; tests and the reduced grid of the neural networks
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -e '.[dnn]'
	$(BIN)/pytest -n 2 -m 'slow or not slow' tests/dnn

pages: book/_build/.stamp ## open every page of the built book in Chromium
	$(BIN)/pytest -m pages tests/book

proofs: build/.proofs ## compile the Coq proofs, check axioms and the table of theorems

build/.proofs: $(VENV)/.stamp $(COQ) $(SOURCES)
	$(BIN)/python proofs/check.py
	@if ocamlfind query zarith >/dev/null 2>&1; then $(MAKE) --no-print-directory -C proofs/extract check; \
	 else echo "not checked here: the extracted checker (on Debian: apt-get install ocaml-findlib libzarith-ocaml-dev)"; fi
	@mkdir -p build && touch $@

proofs-recheck: proofs ## recheck the compiled proofs with coqchk
	$(BIN)/python proofs/check.py --recheck

bench: $(VENV)/.stamp ## a short version of the benchmarks
	$(BIN)/python -m benchmarks --short

clean: ## remove what was built (not the environment)
	rm -rf build book/_build proofs/extract/build
	find proofs -name '*.vo' -o -name '*.vos' -o -name '*.vok' -o -name '*.glob' -o -name '.*.aux' | xargs rm -f
