# The project's commands; `make help` lists them. The virtual environment is set up on first use and left alone after.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PORT ?= 7860
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help chat test test-all ingest eval lint clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=/path/to/python3 ..."; exit 2; }
	@echo "Setting up $(VENV) (once, a few minutes) ..."
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install -qq --upgrade pip
	@$(RUN) -m pip install -qq --constraint constraints.txt --editable '.[dev]'
	@touch $@

chat: $(READY) ## set up, build or update the index, open the chat on 127.0.0.1:7860
	@$(RUN) -m ingest
	@$(RUN) -m ui --port $(PORT)

test: $(READY) ## set up, run the fast tests
	@$(RUN) -m pytest

test-all: $(READY) ## also the tests with the real model and in a real browser
	@$(RUN) -m pytest -m ''

ingest: $(READY) ## build or update the index
	@$(RUN) -m ingest

eval: $(READY) ## measure the answers on the test questions
	@$(RUN) -m ingest --quiet
	@$(RUN) -m eval

lint: $(READY) ## ruff and mypy
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

clean: ## remove the virtual environment and the index
	rm -rf $(VENV) .index
