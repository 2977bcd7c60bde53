# Every check and every set-up has one definition, here; people, hooks and CI call the same.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Where an environment keeps Python from it, each start would compile every module of the product.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
DEMO_HOME ?= $(CURDIR)/var/demo
CODE := broker policies keys audit
# Two workers by default, since the build has two cores; what times or loads anything says so itself.
WORKERS ?= 2
# The tests sync some hundred thousand times: to a disk in memory where it is roomy, which none of
# them asks to outlive the machine.
ROOMY := $(shell [ "$$(df --output=avail --block-size=G /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)" -ge 6 ] 2>/dev/null && echo /dev/shm)
PYTEST := $(if $(ROOMY),TMPDIR=$(ROOMY) )$(BIN)/python -m pytest
SHARED := -n $(WORKERS) --dist worksteal
SYSTEM := postgresql qpdf poppler-utils mupdf-tools golang-go golang-golang-x-mod-dev gcc libc6-dev chromium postfix dovecot-imapd nginx-light softhsm2 clamav-daemon
READERS := 7zip libarchive-tools ghostscript libpdfbox2-java default-jre-headless libjs-pdf nodejs

.PHONY: help demo demo-tamper test test-long test-unit wheel check format bench fonts frontend screenshots lock clean system

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The lock files name every package, so pip looks for none: a release made since would stop it.
.venv/.run: requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "Python cannot make virtual environments here. Run: sudo apt-get install python3-venv"; exit 1; fi; }
	$(PYTHON) -m venv .venv
	$(PIP) install --no-deps --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(PIP) check
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) check
	@touch $@

system: ## install what the tests need from Debian (as root; else it says what is missing)
	@missing=""; for package in $(SYSTEM); do \
	  dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	  else echo "Not tested without root, and skipped:$$missing. Run: sudo apt-get install$$missing"; fi; \
	fi

demo: .venv/.run ## set a broker up, submit the sample packs, leave it running (ONCE=1: stop it)
	BROKER_HOME=$(DEMO_HOME) $(BIN)/broker demo $(if $(ONCE),--once)

demo-tamper: .venv/.run ## edit the demonstration's ledger past the broker, while it runs, and have it found
	BROKER_HOME=$(DEMO_HOME) $(BIN)/broker demo tamper

test: .venv/.dev system ## run every test, with reduced numbers of rounds
	$(PYTEST) $(SHARED) -m "not long" --cov=policies --cov=keys --cov=audit --cov=broker.disclosures --cov-report=term-missing --cov-fail-under=99

test-long: SYSTEM += $(READERS)
test-long: .venv/.dev system ## run every test, with the full numbers of rounds
	$(PYTEST) $(SHARED)

test-unit: .venv/.dev ## run the unit tests alone
	$(PYTEST) -m "not long" tests/unit

wheel: .venv/.dev system ## build the wheel and its list of parts into dist/, and test what only they can show
	.ci/wheel

check: .venv/.dev ## format, lint, types, import directions, dependencies
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/broker policy check

format: .venv/.dev ## put the code in its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev system ## measure ratios against floors taken in the same run
	$(BIN)/python tests/bench/bench.py

FONTS := fonts-noto-core=20201225-1 fonts-noto-cjk=1:20220127+repack1-1
fonts: .venv/.dev ## make the document's fonts anew from Debian's and npm's (needs apt-get and npm)
	@apart=$$(mktemp -d) && here=$$PWD && cd $$apart \
	  && apt-get download -qq $(FONTS) && npm pack --silent @expo-google-fonts/noto-emoji@0.4.7 >/dev/null \
	  && for package in *.deb; do dpkg-deb -x $$package .; done && tar xzf *.tgz \
	  && cd $$here && $(BIN)/python tests/support/fontmaking.py $$apart && rm -rf $$apart

frontend: ## make the pages' static files anew and say where they differ (needs node and npm)
	broker/web/frontend/build.sh
	git diff --exit-code --stat -- broker/web/static
	@test -z "$$(git ls-files --others -- broker/web/static)" || { echo "not kept: $$(git ls-files --others -- broker/web/static)"; exit 1; }

SHOTS ?= var/screenshots
screenshots: .venv/.dev system ## take a picture of every state of the pages into SHOTS, to be looked at
	PYTHONPATH=tests/support $(BIN)/python tests/support/screenshots.py $(SHOTS)

# A package of Python inside a browser alone.
NOWHERE := --no-emit-package httpx2-jsfetch
lock: ## pin every dependency anew, with hashes and without addresses (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(NOWHERE) pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(NOWHERE) --group build -c requirements.lock -o requirements-build.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(NOWHERE) --extra pkcs11 -c requirements.lock pyproject.toml -o requirements-pkcs11.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header $(NOWHERE) --extra pkcs11 --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what was made here, but not a demo's files
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
