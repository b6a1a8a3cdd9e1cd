# One entry to everything; each target installs what it needs first.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.installed
# Both cores; tests/conftest.py says what stays together.
WORKERS ?= 2

.PHONY: help install up audit test lint lint-sql lint-python generate format bench fuzz clean

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
	$(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadgroup --no-loadscope-reorder

lint: install  ## ruff, sqlfluff, the order of imports, pyright
	@# Side by side, since both of the slow ones take one core; each runs to its end.
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target lint-sql lint-python

lint-sql: install
	$(BIN)/sqlfluff lint --processes 2 dbt_project

lint-python: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright

generate: install  ## write anew what is committed though a program writes it
	$(BIN)/python -m orchestration.generate

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

fuzz: install  ## land files built to be odd, build what nonsense lands, for eight minutes each
	$(BIN)/python -m tests.landing.fuzzing
	$(BIN)/python -m tests.province.content

clean:  ## remove the environment and build leftovers, never data/
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis artifacts dbt_project/target dbt_project/logs
