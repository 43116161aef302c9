# Everything a newcomer needs: Python 3.11 and make.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The second try is for networks whose certificates only the system knows.
INSTALL := UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --python $(BIN)/python \
	--constraints constraints.txt --overrides overrides.txt --editable '.[demo,up,celery,dev]'
# A file's tests share what takes long to make, so a file stays with one worker.
WORKERS ?= 2
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile
EVIDENTLY := .venv-evidently
INSTALL_EVIDENTLY := $(BIN)/uv pip install --quiet --python $(EVIDENTLY)/bin/python \
	--constraints benchmarks/judgement/evidently-constraints.txt evidently
unexport PYTHONDONTWRITEBYTECODE

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

$(STAMP): pyproject.toml constraints.txt overrides.txt
	test -x $(BIN)/python || $$(command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	$(BIN)/python -c 'import sys; assert sys.version_info[:2] in {(3, 11), (3, 12)}, sys.version'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	$(INSTALL) || $(INSTALL) --system-certs
	touch $@

install: $(STAMP) ## Make .venv with the pinned versions

demo: $(STAMP) ## A real model watched, caught and rolled back, on real flights
	$(BIN)/daywatch demo

test: $(STAMP) ## The tests
	$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE)

test-slow: $(STAMP) ## The tests that take longer
	$(BIN)/python -m pytest -m slow $(SIDE_BY_SIDE)

lint: $(STAMP) ## Style, types, import contracts, docker files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy monitoring_tasks dags benchmarks
	$(BIN)/lint-imports
	$(BIN)/interrogate -q tests
	$(BIN)/codespell
	$(BIN)/validate-pyproject pyproject.toml
	$(BIN)/hadolint docker/Dockerfile
	$(BIN)/yamllint -s docker expectations
	$(BIN)/compose-lint docker/compose.yaml

bench: $(STAMP) ## The figures of the README, against the peers, in one run
	$(MAKE) --no-print-directory $(EVIDENTLY)/.installed || echo "no Evidently; it is left out"
	$(BIN)/python -m benchmarks.speed --keep

bench-full: $(STAMP) ## How days grow: to 100 million rows, 500 columns; peers spared their fits
	$(BIN)/python -m benchmarks.growth --keep
	$(BIN)/python -m benchmarks.speed fitted --keep

# Evidently does not work with pandas 3, hence an environment of its own.
$(EVIDENTLY)/.installed: $(STAMP) benchmarks/judgement/evidently-constraints.txt
	test -x $(EVIDENTLY)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(EVIDENTLY)
	$(INSTALL_EVIDENTLY) || $(INSTALL_EVIDENTLY) --system-certs
	touch $@

bench-store: $(STAMP) ## How fast the store answers with three years of a thousand models (15 GB, minutes)
	$(BIN)/python -m benchmarks.store

bench-judgement: $(STAMP) ## Are alarms right? Against the peers, on real days and known faults
	$(MAKE) --no-print-directory $(EVIDENTLY)/.installed || echo "no Evidently; it is left out"
	$(BIN)/python -m benchmarks.judgement

bench-generalise: $(STAMP) ## Faults drawn from a grammar, on data kept apart, against the peers
	$(MAKE) --no-print-directory $(EVIDENTLY)/.installed || echo "no Evidently; it is left out"
	$(BIN)/python -m benchmarks.generalisation --keep

bench-fleet: $(STAMP) ## Many models, beside empty DAGs; a year at once beside a run a day
	$(BIN)/python -m benchmarks.fleet --keep

up: $(STAMP) ## Airflow and MLflow on this machine, until Ctrl-C
	$(BIN)/daywatch up

clean: ## Remove the environment and the demo's workspace
	rm -rf $(VENV) $(EVIDENTLY) .daywatch .bench-judgement .bench-generalisation .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.PHONY: help install demo test test-slow lint bench bench-full bench-store bench-judgement bench-generalise bench-fleet up clean
