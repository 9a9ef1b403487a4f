# Everything a person or a robot types. `make help` lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench prove shots lock messages

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */\1|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(STAMP)  ## create .venv and install from requirements.lock (twice costs nothing)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=/path/to/python3.11 make setup)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "venv is missing: apt-get install python3-venv"; exit 1; }
	@echo "installing from requirements.lock …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## a demo company with everything in it, on http://127.0.0.1:8000
	@$(BIN)/n1 demo

test: setup  ## every test, browser walks included
	@$(PYTEST) -n 2 --dist loadgroup -q $(ARGS)

check: setup  ## lint, types, layers, house rules (< 60 s)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(PYTEST) -q -p no:randomly tests/contracts $(ARGS)

bench: setup  ## measure imports and pages; writes docs/measurements.md (N1_REFERENCE_DATA=folder)
	@$(BIN)/python -m tests.bench

prove: setup  ## the long proofs: kills, fuzz, LibreOffice; writes docs/measurements.md
	@$(BIN)/python -m tests.prove

shots: setup  ## every page at 1280 and 390 px, ja and en, into shots/
	@N1_SHOTS=shots $(PYTEST) -q -p no:randomly tests/web/test_pages_shots.py $(ARGS)

lock: setup  ## pin every dependency with its hashes again
	@$(BIN)/pip-compile --quiet --allow-unsafe --extra=dev --extra=postgres --generate-hashes --no-header --strip-extras \
		--output-file=requirements.lock pyproject.toml
	@sed -i -e '1i # Made by `make lock`: every package pinned with its hashes.' -e '/^--/d' requirements.lock  # where packages come from is each machine's own business

messages: setup  ## extract every msgid into app/locales/messages.pot and list what has no Japanese yet
	@$(BIN)/python -m tests.contracts.messages
