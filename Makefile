# `make run` starts Hearback on 127.0.0.1:8501, `make test` runs the whole suite; both set everything up first.

FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c '$(FITS)' 2>/dev/null && { echo $$name; break; }; done)
VENV := .venv
READY := $(VENV)/.ready
SUITE := --numprocesses 3 --dist loadfile --no-loadscope-reorder

LOCK := requirements-lock.txt
LOCKED := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--default-index https://pypi.org/simple --custom-compile-command "make lock"

.PHONY: run serve test test-days bench check format cover lock

run: $(READY)
	@$(VENV)/bin/streamlit run app.py

# For a team: on every address of this machine. Without a login it is refused; docs/serving.md says more.
serve: $(READY)
	@HEARBACK_ADDRESS=$${HEARBACK_ADDRESS:-0.0.0.0} $(VENV)/bin/streamlit run app.py

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

# What is installed, to the last file, for every Python and system that we support. After a change of requirements.txt.
lock: $(READY)
	@$(LOCKED) --output-file $(LOCK) requirements.txt
	@$(LOCKED) --no-deps --output-file .ci/mastodon-mock-lock.txt .ci/mastodon-mock.txt

$(READY): $(LOCK)
	@$(if $(PYTHON),$(PYTHON) -c '$(FITS)',false) \
		|| { echo "Hearback needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/one $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV): a minute or so, once."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(VENV)/bin/python -m analysis unpack || true
	@touch $@
