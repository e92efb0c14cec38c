# `make demo` and `make test` need Python 3.11 or newer with venv, git and make; they set up the rest in .venv.
PYTHON ?= $(shell for name in python3.12 python3.11 python3.13 python3.14 python3; do \
	command -v $$name > /dev/null 2>&1 && $$name -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	2> /dev/null && echo $$name && break; done)
BIN := .venv/bin
SET_UP := .venv/.set-up
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11
SOURCES := benchmarks bot rules tests tools

.PHONY: help demo test thorough check format lint types imports fresh self-review docs golden screenshot bench bench-service faults audit lock clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(SET_UP) ## the whole path on this machine: pull request, delivery, queue, review, check run
	@echo "==> demo: a local GitHub, a pull request and its review"
	@$(BIN)/backend-architect demo $(DEMO)

test: $(SET_UP) ## the tests, in two processes
	@echo "==> tests: real Redis, real git, real HTTP on this machine"
	@$(BIN)/python -m pytest -n 2 -m "not thorough" $(TESTS)

thorough: $(SET_UP) ## the running service in every story: processes killed, GitHub failing at every step
	@echo "==> thorough tests: every story of the running service, processes killed, GitHub failing"
	@$(BIN)/python -m pytest -n 2 -m thorough $(TESTS)

check: format lint types imports test thorough fresh self-review ## everything that must hold before a change is merged
	@echo "==> all of it holds"

format: $(SET_UP)
	@echo "==> format"
	@$(BIN)/ruff format --check $(SOURCES)

lint: $(SET_UP)
	@echo "==> lint"
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/yamllint --strict docker-compose.yml app.yml action.yml .pre-commit-hooks.yaml

types: $(SET_UP)
	@echo "==> strict types"
	@$(BIN)/mypy

imports: $(SET_UP)
	@echo "==> import contracts"
	@$(BIN)/lint-imports --no-cache

fresh: $(SET_UP)
	@echo "==> generated documentation is fresh"
	@$(BIN)/python -m tools.documentation --check

self-review: $(SET_UP)
	@echo "==> our own code under our own rules"
	@$(BIN)/backend-architect check .

docs: $(SET_UP) ## write the generated pages of docs/
	@$(BIN)/python -m tools.documentation

golden: $(SET_UP) ## write the golden pages of tests/golden/ anew; read what changed
	@GOLDEN=write $(BIN)/python -m pytest -q tests/bot/test_golden.py

screenshot: $(SET_UP) ## photograph the demo for the README (needs chromium)
	@$(BIN)/python -m tools.screenshot

bench: $(SET_UP) ## compare with other programs on a real project; writes docs/performance.md (10 minutes)
	@echo "==> benchmark: sets up its own environment and project in build/bench"
	@$(BIN)/python -m benchmarks $(BENCH)

bench-service: $(SET_UP) ## receiver, delivery to check run, memory; into docs/reliability.md (2 minutes)
	@echo "==> benchmark of the running service"
	@rm -rf build/bench-service && $(BIN)/python -m benchmarks.service build/bench-service; status=$$?; \
		$(BIN)/python -m tools.reliability build/bench-service; $(BIN)/python -m tools.documentation; exit $$status

faults: $(SET_UP) ## the fault tests R1 to R16 in their long form; into docs/reliability.md (40 minutes)
	@echo "==> faults: processes killed, Redis lost, GitHub failing, repositories hostile"
	@rm -rf build/faults; FAULTS=long FAULTS_RESULTS=build/faults $(BIN)/python -m pytest -n 2 tests/faults; \
		status=$$?; $(BIN)/python -m tools.reliability build/faults; $(BIN)/python -m tools.documentation; exit $$status

audit: ## known vulnerabilities of what is locked (asks the package index about each; not part of check)
	@echo "==> known vulnerabilities of the locked dependencies"
	@test -x build/audit/bin/pip-audit || { $(PYTHON) -m venv build/audit && \
		build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit; }
	@build/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.lock || \
		{ echo "not audited: a vulnerability above, or a package index that tells nothing of vulnerabilities" >&2; exit 1; }

lock: $(SET_UP) ## bring the locks up to date with pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra dev --output-file requirements-dev.lock
	$(COMPILE) --group build --output-file requirements-build.lock
	$(COMPILE) benchmarks/peers.in --output-file benchmarks/peers.lock

clean: ## remove what was set up and built
	rm -rf .venv build dist var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The locks are complete, hence --no-deps; pip's resolver does not see extras (hishel[httpx]) as pinned by them.
$(SET_UP): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed; install it, or: make PYTHON=/path/to/python" >&2; exit 2; }
	@echo "==> setting up .venv with $$($(PYTHON) --version) (once; downloads what requirements-dev.lock names)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(SET_UP)
