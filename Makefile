# `make run` starts Hearback on 127.0.0.1:8501, `make test` runs the whole suite; both set everything up first.

FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(FITS)' 2>/dev/null && { echo $$name; break; }; done)
VENV := .venv
READY := $(VENV)/.ready
SUITE := --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test test-days bench check format cover

run: $(READY)
	@$(VENV)/bin/streamlit run app.py

# The suite's own run of the tools is left out: `check` has just run them.
test: check
	@$(VENV)/bin/python -m pytest $(SUITE) --ignore tests/laws/test_tools.py

# The suite with the clock moved, on fourteen days and zones: more than an hour. DAYS="--only leap" is one of them.
test-days: $(READY)
	@$(VENV)/bin/python -m tests.days $(DAYS)

bench: $(READY)
	@$(VENV)/bin/python -m tests.benchmarks
	@$(VENV)/bin/python -m pytest -m soak -s -o faulthandler_timeout=0

check: $(READY)
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(READY)
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

# Branches of every module, the least covered first; docs/coverage.md says why some are under 85%.
cover: $(READY)
	@$(VENV)/bin/python -m pytest $(SUITE) --ignore tests/laws --cov --cov-report term:skip-covered

$(READY): requirements.txt
	@$(if $(PYTHON),$(PYTHON) -c '$(FITS)',false) \
		|| { echo "Hearback needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/one $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV): a minute or so, once."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(VENV)/bin/python -m analysis unpack || true
	@touch $@
