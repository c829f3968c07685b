# `make run` starts Hearback on 127.0.0.1:8501, `make test` runs the whole suite; both set everything up first.

PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
READY := $(VENV)/.ready

.PHONY: run test bench check

run: $(READY)
	@$(VENV)/bin/streamlit run app.py

test: $(READY)
	@$(VENV)/bin/python -m pytest

bench: $(READY)
	@$(VENV)/bin/python -m tests.benchmarks

check: $(READY)
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "Hearback needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/one $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV): a minute or so, once."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
