# Everything a newcomer, a developer and CI need. `make help` lists it.

VENV ?= .venv
# The first Python that fits and really runs; or say which: make check PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(VENV)/bin
SOURCES := bot adapters surveys analytics
WORKERS ?= 2
# Stand-ins for Slack and Teams that nobody here wrote, and their published types; tests that need them say so.
STAND_INS := tests/node/node_modules/.package-lock.json

export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
# Compiled modules are kept: without them every one of the many short processes pays seconds for its imports.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo serve check lint types imports test bench faults attack audit calibrate train picture teams format clean

help: ## List every target in a line
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1|\2/' | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.ready ## Play a whole go-live with simulated staff, then stay up so that you can take part
	@$(RUN)/pulse rehearse

serve: $(VENV)/.ready ## Run the bot on its own database (load a go-live first: .venv/bin/pulse load golive.toml)
	@$(RUN)/pulse serve

check: lint types imports test ## Run everything that CI runs

lint: $(VENV)/.ready ## Style, and what ruff and bandit know to go wrong
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/bandit --quiet --configfile pyproject.toml --recursive $(SOURCES)

types: $(VENV)/.ready ## mypy, strict
	$(RUN)/mypy

imports: $(VENV)/.ready ## Who may know whom
	$(RUN)/lint-imports

test: $(VENV)/.ready $(STAND_INS) ## All tests, in parallel; branch coverage of all but promises and acceptance, which it would slow most
	$(RUN)/coverage erase
	$(RUN)/pytest -n $(WORKERS) --dist loadfile --cov --cov-report= tests/unit tests/contract tests/house tests/integration
	$(RUN)/coverage report
	$(RUN)/pytest -n $(WORKERS) --dist loadfile tests/promises tests/acceptance

bench: $(VENV)/.ready ## Measure how fast a wave leaves, beside a platform that takes everything at once
	$(RUN)/python -m tests.benchmarks.fan_out

faults: $(VENV)/.ready ## Kill and freeze bots at random before a platform that misbehaves, and count (many minutes)
	$(RUN)/python -m tests.faults

teams: $(VENV)/.ready $(STAND_INS) ## Write deploy/teams anew, and make the pictures of docs/teams.md before the Agents Playground
	$(RUN)/python -m docs.teams_files
	$(RUN)/python -m docs.teams_pictures

attack: $(VENV)/.ready ## Take every promise's mechanism out of a copy, and see its test fail (minutes)
	$(RUN)/python -m tests.attack --workers $(WORKERS)

audit: $(VENV)/.ready ## Look up known weaknesses of everything installed here (asks the package index)
	$(RUN)/pip-audit --local --skip-editable --progress-spinner off

calibrate: $(VENV)/.ready ## Find the detectors' thresholds anew by simulation (minutes)
	$(RUN)/pulse calibrate

train: $(VENV)/.ready ## Learn anew what short texts say, from the sentences in analytics/text (seconds)
	$(RUN)/python -m analytics.text.training

picture: $(VENV)/.ready ## Make the README's picture from a rehearsal, in Chromium
	$(RUN)/python docs/picture.py

format: $(VENV)/.ready ## Put the code into shape
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

clean: ## Remove what these targets made, but not var/, where go-lives live
	rm -rf $(VENV) .venv-* .uv .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.ready: pyproject.toml uv.lock | $(UV)
	@test -n "$(PYTHON)" || { echo "golive-pulse needs Python 3.11, 3.12 or 3.13, and none was found. Install one, for example python3.12."; exit 2; }
	$(UV) sync --frozen --python $(PYTHON) --quiet
	@touch $@

$(STAND_INS): tests/node/package-lock.json
	@if command -v npm >/dev/null 2>&1; then npm --prefix tests/node ci --silent --no-audit --no-fund && touch $@; \
	else echo "Node was not found: tests against the stand-ins for Slack and Teams are left out."; fi

.uv/bin/uv:
	@test -n "$(PYTHON)" || { echo "golive-pulse needs Python 3.11, 3.12 or 3.13, and none was found. Install one, for example python3.12."; exit 2; }
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv
