.PHONY: help run test lint types pytest train bench screenshots

# The pinned packages have wheels for these; the first one that can make a virtual environment is taken.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/installed
SCHEMA := $(VENV)/schema/installed
NOISY_TRAINED := $(VENV)/noisy-trained

run: $(INSTALLED)  ## start the bot: on Telegram with BOT_TOKEN, else the local chat
	@exec $(PY) -m bot

# With `make -j2` the types are checked while the tests wait for bots and browsers.
test: lint types pytest  ## lint, types and every test

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1: \2/p' $(firstword $(MAKEFILE_LIST))

lint: $(INSTALLED)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: lint
	$(PY) -m mypy preprocessing model bot tests benchmarks

# Four files at a time on two cores, since most tests wait for a bot or a browser, and in the order of
# tests/conftest.py: xdist's own puts files of few tests last, which are those that train. A machine
# at its limit can be too slow for one such wait; twice it is a fault.
pytest: lint $(SCHEMA)
	$(PY) -m pytest --numprocesses=4 --dist=loadfile --no-loadscope-reorder \
		--reruns 1 --only-rerun Timeout --only-rerun "Locator expected"

# Each goes on from its last whole epoch where it was cut off.
train: $(NOISY_TRAINED)  ## train both networks from scratch
	$(PY) -m model --root model/weights train clean --origin noisy --promote
	@rm $(NOISY_TRAINED)

$(NOISY_TRAINED): $(INSTALLED)
	$(PY) -m model --root model/weights train noisy --promote
	@touch $@

bench: $(INSTALLED)  ## speed and memory
	$(PY) -m benchmarks

screenshots: $(INSTALLED)  ## renew the picture of the README
	$(PY) -m tests.browser.screenshots docs/chat.png

$(SCHEMA): tests/schema/requirements.txt $(INSTALLED)
	$(PY) -m venv $(VENV)/schema
	$(VENV)/schema/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(INSTALLED): requirements.txt
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11, 3.12 or 3.13 with its venv module \
	(on Debian: apt install python3 python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing packages: about 2.9 GB with TensorFlow, some 95 s."
	$(PY) -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@
