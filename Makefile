PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

BIOME = npx --yes @biomejs/biome@2.6.8

.PHONY: run photos test lint style types types-of-tests scripts format

run: $(VENV)/run.ok  ## open the page; options as: make run ARGS="--port 7861"
	$(BIN)/python app.py $(ARGS)

photos: $(VENV)/photos.ok  ## open the page over your own photographs: make photos FOLDER=DIR
	@test -n "$(FOLDER)" || { echo "Name the folder of your photographs, as: make photos FOLDER=DIR" >&2; exit 2; }
	$(BIN)/python app.py --photos "$(FOLDER)" $(ARGS)

test: $(VENV)/test.ok  ## run the tests; options as: make test ARGS="-k search"
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: style types types-of-tests scripts  ## style and types; scripts and styles where npm is there

style: $(VENV)/test.ok
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.ok
	$(BIN)/mypy

types-of-tests: $(VENV)/test.ok
	$(BIN)/mypy --config-file tests/mypy.ini

scripts:
	@if command -v npx >/dev/null; then $(BIOME) check; else echo "npm is not here: scripts and styles are not checked"; fi

format:  ## put everything into one style, as far as a program can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIOME) check --write

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one, as: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.ok: requirements-page.txt | $(VENV)/bin/python
	$(INSTALL) -r requirements-page.txt
	@touch $@

$(VENV)/photos.ok: requirements.txt | $(VENV)/bin/python
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/test.ok: requirements.txt requirements-train.txt requirements-engine.txt requirements-s3.txt requirements-test.txt | $(VENV)/bin/python
	$(INSTALL) -r requirements-test.txt
	@command -v chromium >/dev/null || $(BIN)/playwright install chromium
	@touch $@
