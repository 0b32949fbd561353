# make        shows what there is        make run    the main job on the worked example
# make test   tests, doctests, lint, types

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: help run test test-commands test-slow clean

help:
	@echo "make run    read the worked example and write its results into output/"
	@echo "make test   tests, doctests, lint and types"
	@echo "make test-commands   whole runs by the command line: minutes"
	@echo "make test-slow   kills, faults in every write, hostile batches, a cluster: minutes"
	@echo "make clean  remove the environment and everything in output/"

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the environment (once, a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@$(BIN)/python -c 'from pathlib import Path; Path("$@").touch()'

run: $(VENV)/.ready
	@$(BIN)/python -c 'import shutil; shutil.copytree("examples/mazhang-2023", "build/mazhang-2023", dirs_exist_ok=True)'
	@$(BIN)/python -m evalbatch run build/mazhang-2023 --output output

test: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow and not command"

test-commands: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto --dist loadfile -m "command and not slow"

test-slow: $(VENV)/.ready
	$(BIN)/python -m pytest -m slow

clean:
	@rm -rf $(VENV) build
	@find output -mindepth 1 ! -name .gitkeep -delete
