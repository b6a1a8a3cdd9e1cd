# One entry to everything; each target installs what it needs first.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.installed
# One of the two halves of the tests; runs that are killed are left to the other, so that both take as long.
WHOLE := tests/dashboards tests/superset_app $(filter-out %/test_kill.py,$(wildcard tests/province/test_*.py))

.PHONY: help install up test test-whole test-parts lint format bench fuzz clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

install: $(STAMP)  ## the environment, pinned and hashed, in .venv

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@# Bytecode is compiled once here: without it every start of Dagster or Superset pays seconds.
	$(BIN)/uv pip install --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

up: install  ## a province on this machine: sample if the inbox is empty, run, serve
	@$(BIN)/motcua up

test: install  ## lint and run every test
	@bash tests/ensure_chromium.sh
	@$(MAKE) --no-print-directory lint
	@# Two halves of about the same length at a time, a core each; both run to their end.
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target test-whole test-parts

test-whole: install  # dashboards in a browser, Superset, and most whole provinces
	$(BIN)/pytest $(WHOLE)

test-parts: install  # everything else
	$(BIN)/pytest $(addprefix --ignore=,$(WHOLE))

lint: install  ## ruff, sqlfluff, pyright
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint dbt_project
	$(BIN)/pyright

format: install  ## let the tools mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix dbt_project

bench: install  ## the benchmark behind docs/performance.md
	$(BIN)/python -m tests.benchmark
	$(BIN)/python -m tests.benchmark.landing
	$(BIN)/python -m tests.benchmark.landing large
	$(BIN)/python -m tests.benchmark.history
	$(BIN)/python -m tests.benchmark.dashboards

fuzz: install  ## land files built to be odd, for eight minutes
	$(BIN)/python -m tests.landing.fuzzing

clean:  ## remove the environment and build leftovers, never data/
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis artifacts dbt_project/target dbt_project/logs
