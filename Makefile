# Sunbook: the everyday commands. `make` alone lists them.
#   make run PORT=8080            another port
#   make test ARGS="-k merkle"    some tests
#   make test WHEELS=folder       install from that folder only, without any network

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test drill lint bench dist words wheels clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTANCE := $(or $(SUNBOOK_DATA_DIR),instance)
PORT ?= 8000
WORKERS ?= 2
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ifneq ($(WHEELS),)
PIP_INSTALL += --no-index --find-links=$(abspath $(WHEELS))
endif

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# The demonstration book goes into an empty instance folder only; one that was interrupted is tried again.
run: $(VENV)/installed ## the application with a demonstration book, on port 8000; prints the logins
	@umask 077; mkdir -p "$(INSTANCE)"; logins="$(INSTANCE)/demo-logins"; \
	if [ -e "$$logins.part" ] || { [ -z "$$(ls -A "$(INSTANCE)")" ] && [ -z "$$SUNBOOK_DATABASE_URL" ]; }; then \
	  $(BIN)/sunbook demo > "$$logins.part" && mv "$$logins.part" "$$logins.txt" || exit 1; \
	fi; \
	[ ! -e "$$logins.txt" ] || cat "$$logins.txt"
	$(BIN)/sunbook serve --port $(PORT)

test: $(VENV)/installed-dev ## every test; the summary is the last line
	tools/prepare
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

drill: $(VENV)/installed-dev ## the long version: a year of 250 broadcasts and 200,000 order rows
	tools/prepare
	SUNBOOK_DRILL=1 $(BIN)/pytest -n 0 tests/test_year.py $(ARGS)

lint: $(VENV)/installed-dev ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/installed-dev ## speed measured against the floor of each work
	$(BIN)/python -m benchmarks $(ARGS)

dist: $(VENV)/installed-dev ## source archive and wheel into dist/
	rm -rf build dist *.egg-info
	$(BIN)/python -m build --no-isolation
	rm -rf build *.egg-info

words: $(VENV)/installed-dev ## bring the English catalogue up to date (TSV="file …" merges translations)
	$(BIN)/python tools/words.py $(TSV)

wheels: $(VENV)/tools ## fill the folder WHEELS with all that an offline installation needs
	@[ -n "$(WHEELS)" ] || { echo "Say where to: make wheels WHEELS=folder" >&2; exit 1; }
	$(BIN)/python -m pip wheel --quiet --wheel-dir $(WHEELS) 'setuptools>=77' wheel
	$(BIN)/python -m pip wheel --quiet --wheel-dir $(WHEELS) --no-build-isolation '.[dev]'
	rm -rf build *.egg-info $(WHEELS)/sunbook-*.whl

clean: ## remove what was built and installed here; the instance folder stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The files below say when the environment was last filled; only a changed setup.cfg or pyproject.toml fills it again.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Sunbook needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/tools: pyproject.toml | $(VENV)/bin/python
	$(PIP_INSTALL) --upgrade 'setuptools>=77' wheel
	@touch $@

$(VENV)/installed: setup.cfg $(VENV)/tools
	$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: setup.cfg $(VENV)/tools
	$(PIP_INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $(VENV)/installed $@
