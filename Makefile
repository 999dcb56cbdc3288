# `make` alone lists what there is. Needs Python 3.11 or later, make, and a package registry.

PYTHON ?= python3
# Interpreters for `make install-all`; name them by path where they are not on PATH.
PYTHONS ?= python3.11 python3.12 python3.13

LOCK := .ci/requirements.lock
PEERS_LOCK := .ci/benchmark.lock
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
PEERS := $(VENV)/.peers
PIP_QUIETLY := -m pip install --quiet --disable-pip-version-check
# Types are checked in the package, in the tests and in the examples.
TYPED := tests docs/examples
# One more than a small machine has cores: some tests wait for processes.
TEST_WORKERS ?= 3

.DEFAULT_GOAL := help
ifndef BESIDE
.NOTPARALLEL:
endif
.PHONY: help install install-all demo test checks lint types layers rulebooks pytest bench bench-full \
	bench-quick golden format lock clean

help:
	@echo 'make demo          decide a recorded trading day and say which rules stopped which orders'
	@echo 'make test          everything that must hold: lint, types, layers, rulebooks, tests'
	@echo 'make lint          ruff, and whether ruff would format anything'
	@echo 'make types         mypy'
	@echo 'make layers        imports only go down (import-linter)'
	@echo 'make rulebooks     lint the rulebooks, run their scenarios, report what no case covers'
	@echo 'make pytest        the tests alone'
	@echo 'make bench         time orders and tables beside other engines, which it installs; a minute'
	@echo 'make bench-full    the same in full, and accounts and replays; many minutes'
	@echo 'make bench-quick   one order of a credit account alone, with few rounds'
	@echo 'make format        let ruff format and fix'
	@echo 'make golden        write the golden decisions and pages in tests/golden anew; look at the difference'
	@echo 'make install       .venv with the package and all tools, as pinned in $(LOCK)'
	@echo 'make install-all   .venv-<version> for each interpreter in PYTHONS, for the golden test'
	@echo 'make lock          pin the newest allowed versions in $(LOCK) and $(PEERS_LOCK)'
	@echo 'make clean         remove what the targets above made'
	@echo
	@echo 'PYTHON=$(PYTHON) makes .venv; PYTHONS=$(PYTHONS)'

install: $(INSTALLED)

$(INSTALLED): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or later is needed: make PYTHON=python3.12' >&2; exit 2; }
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@$(RUN) $(PIP_QUIETLY) --require-hashes --requirement $(LOCK)
	@$(RUN) $(PIP_QUIETLY) --no-deps --no-build-isolation --editable .
	@touch $@

install-all: install
	@for python in $(PYTHONS); do \
		if version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then \
			echo "$$python: .venv-$$version"; \
			test -x .venv-$$version/bin/python || $$python -m venv .venv-$$version || exit 1; \
			.venv-$$version/bin/python $(PIP_QUIETLY) --require-hashes --requirement $(LOCK) || exit 1; \
			.venv-$$version/bin/python $(PIP_QUIETLY) --no-deps --no-build-isolation --editable . || exit 1; \
		else \
			echo "$$python: not here"; \
		fi; \
	done

demo: $(INSTALLED)
	@$(RUN) -m docs.examples.sse_600000.demo

# The checks run beside the tests, on what these leave of the machine.
test: $(INSTALLED)
	@$(MAKE) --no-print-directory --jobs=2 BESIDE=tests pytest checks

checks: lint types layers rulebooks

lint: $(INSTALLED)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: $(INSTALLED)
	$(RUN) -m mypy
	$(RUN) -m mypy --explicit-package-bases $(TYPED)

layers: $(INSTALLED)
	$(VENV)/bin/lint-imports

rulebooks: $(INSTALLED)
	$(RUN) -m creditgate lint --strict
	$(RUN) -m creditgate test --coverage

pytest: $(INSTALLED)
	$(RUN) -m pytest -q -rs -n $(TEST_WORKERS) --dist worksteal

bench: $(PEERS)
	@$(RUN) -m tests.perf.bench
	@echo
	@$(RUN) -m tests.perf.start_bench --rounds 3
	@echo
	@$(RUN) -m tests.perf.peers_bench
	@echo
	@$(RUN) -m tests.perf.scale_bench --quick
	@echo
	@$(RUN) -m tests.perf.tables_bench

bench-full: $(PEERS)
	@$(RUN) -m tests.perf.bench --rounds 4000
	@echo
	@$(RUN) -m tests.perf.start_bench --rounds 50
	@echo
	@$(RUN) -m tests.perf.peers_bench --full
	@echo
	@$(RUN) -m tests.perf.scale_bench
	@echo
	@$(RUN) -m tests.perf.tables_bench --full
	@echo
	@$(RUN) -m tests.perf.accounts_bench --full
	@echo
	@$(RUN) -m tests.perf.replay_bench --full

# A peer that cannot be installed is not measured; the benchmark says so.
$(PEERS): $(INSTALLED) $(PEERS_LOCK)
	@$(RUN) $(PIP_QUIETLY) --require-hashes --requirement $(PEERS_LOCK) && touch $@ || \
		echo 'the engines to measure beside could not all be installed' >&2

bench-quick: $(INSTALLED)
	@$(RUN) -m tests.perf.bench --quick
	@$(RUN) -m tests.perf.scale_bench --quick

golden: $(INSTALLED)
	$(RUN) -m tests.golden.write

format: $(INSTALLED)
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

# The locks hold every package for every supported Python, with the hashes of its files. What both
# name has one version.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
	--custom-compile-command 'make lock'
lock:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && "$$folder"/bin/python $(PIP_QUIETLY) uv && \
	"$$folder"/bin/$(COMPILE) --extra development --output-file $(LOCK) pyproject.toml .ci/build.in && \
	"$$folder"/bin/$(COMPILE) --extra benchmark --constraint $(LOCK) --output-file $(PEERS_LOCK) \
		pyproject.toml

clean:
	rm -rf $(VENV) .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
