# Portevoix. A bare `make` lists the targets; every target sets up what it needs.
VENV := .venv
PY := $(VENV)/bin/python
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed
SYNAPSE := .venv-synapse
DOCUMENTS ?= ../shared/contracts
SYNAPSE_STAMP := $(SYNAPSE)/.installed

# Tests start hundreds of Python processes: none has to compile again what another has compiled,
# whatever the surroundings say.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup system servers compiled demo test test-bluesky contracts check unit lint fix desk evals bench card screenshots lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; run: make PYTHON=/path/to/python3.11 setup"; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(PY) -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(PY) --no-deps -e .
	@touch $@

setup: $(STAMP) ## Install everything into .venv (hash-locked)

$(SYNAPSE_STAMP): requirements/synapse.txt $(STAMP)
	@test -x $(SYNAPSE)/bin/python || $(PYTHON) -m venv $(SYNAPSE)
	$(BIN)/uv pip install --quiet --python $(SYNAPSE)/bin/python --require-hashes -r requirements/synapse.txt
	@touch $@

servers: $(SYNAPSE_STAMP) ## Install Synapse, the Matrix homeserver that tests run, into .venv-synapse

system: ## Install Chromium, PostgreSQL and Dovecot if they are missing (Debian or Ubuntu)
	@bash .ci/system

compiled: setup ## Compile what tests import, once for all test processes
	@$(PY) -m pytest --collect-only -q >/dev/null || true

demo: setup ## Load the sample brand, draft its inbox, open the desk on 127.0.0.1
	$(BIN)/portevoix demo

test: setup system servers ## Run every test: unit, contract (SQLite and PostgreSQL), browser, acceptance
	$(PY) -m pytest -n auto --dist loadscope --no-loadscope-reorder

test-bluesky: setup ## Run the Bluesky tests on a real server (Node 20; fetches 250 MB once)
	cd tests/pds && npm ci --no-audit --no-fund --silent
	PORTEVOIX_TEST_REAL=bluesky $(PY) -m pytest -q tests/real

contracts: setup ## Hold requests and stand-ins against the vendors' documents (DOCUMENTS=folder)
	$(PY) -m tests.contract.documents $(DOCUMENTS)

check: setup lint unit ## The fast gate: format, lint, types, import rules, unit tests

unit: setup
	$(PY) -m pytest -q -n auto tests/unit tests/architecture

lint: setup ## Format check, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup ## Format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

desk: setup ## Open the desk on the current workspace
	$(BIN)/portevoix desk

evals: setup ## Run the whole eval suite offline and compare it with the shipped baseline
	$(BIN)/portevoix eval run

bench: setup ## Measure speed, memory and quality; prints figures, asserts nothing
	@for file in $(filter-out benchmarks/model_card.py,$(wildcard benchmarks/*.py)); do \
	  name=$${file%.py}; echo "== $$name"; $(PY) -m $$(echo $$name | tr / .) || exit 1; done

card: setup ## Measure judgement and write docs/model-card.md (needs the shared data)
	$(PY) benchmarks/model_card.py

screenshots: setup system ## Write the pictures of docs/desk.md
	.venv/bin/python -m tests.browser.screenshots

lock: setup ## Recompile requirements/ from pyproject.toml
	cd $(CURDIR) && $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes -q -o requirements/runtime.txt
	cd $(CURDIR) && $(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes -q -c requirements/runtime.txt -o requirements/dev.txt
	cd $(CURDIR) && $(BIN)/uv pip compile requirements/synapse.in --universal --python-version 3.11 --generate-hashes -q -o requirements/synapse.txt
