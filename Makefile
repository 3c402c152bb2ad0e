# Everything here needs only GNU make and Python >= 3.11 with its venv module. Python packages go to .venv, JavaScript
# packages to assets/node_modules. Node.js is taken from the PATH, else installed into .venv. Tests start nginx, PostgreSQL and
# Redis, which come from the system's packages: .ci/run names them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV := $(CURDIR)/.venv
# Tests run at once, each Python test file or browser case in one worker.
WORKERS ?= 2

# The first interpreter that is new enough and can make environments (some systems package venv apart).
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v "$$python"; break; fi; done)

# What is in .venv comes first: python, and node and npm where the machine had none.
export PATH := $(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BUILD_TOOLS := $(VENV)/.build-tools
NODE_MODULES := assets/node_modules/.package-lock.json
BUNDLE := vizro_ws_chat/static/chat.js
BUNDLE_SOURCES := assets/build.mjs assets/tsconfig.json $(shell find assets/src -type f)
LINTED := $(wildcard hatch_build.py vizro_ws_chat tests e2e examples benchmarks drop_in soak screenshots)

.PHONY: help demo test lint test-assets test-python test-e2e test-lowest bundle build format bench drop-in soak siege \
	screenshots audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed-openai $(BUNDLE) ## Run the demo dashboard
	python examples/demo/app.py

test: lint test-assets test-python test-e2e ## Run every check and every test

lint: $(VENV)/.installed-dev ## Check style and types of the Python code
	ruff check $(LINTED)
	ruff format --check $(LINTED)
	mypy

test-assets: $(NODE_MODULES) ## Check types of the browser code and run its unit tests
	cd assets && npm run --silent typecheck && npm test --silent

test-python: $(VENV)/.installed-dev $(BUNDLE) ## Run the Python tests
	pytest tests --numprocesses $(WORKERS) --dist loadfile

test-e2e: $(VENV)/.installed-dev $(BUNDLE) ## Run the end-to-end tests in Chromium
	CHROMIUM="$$(python -m vizro_ws_chat.testing.browser --install)" && export CHROMIUM && \
	pytest e2e --numprocesses $(WORKERS) --dist loadfile

test-lowest: $(VENV)/.installed-dev $(BUNDLE) ## Run the Python tests with the oldest dependencies allowed
	python -m pip install --quiet uv
	uv venv --quiet --clear --python $(VENV)/bin/python $(VENV)/lowest
	uv pip install --quiet --python $(VENV)/lowest/bin/python --resolution lowest-direct --editable '.[dev]'
	$(VENV)/lowest/bin/python -m pytest tests -m 'not packaging' --numprocesses $(WORKERS) --dist loadfile

bundle: $(BUNDLE) ## Build the browser bundle

build: $(BUILD_TOOLS) ## Build the sdist and the wheel into dist/
	rm -rf dist
	python -m hatchling build --target sdist --target wheel

format: $(VENV)/.installed-dev ## Format the Python code
	ruff check --fix $(LINTED)
	ruff format $(LINTED)

bench: $(VENV)/.installed-bench $(BUNDLE) ## Measure against the peer
	CHROMIUM="$$(python -m vizro_ws_chat.testing.browser --install)" && export CHROMIUM && \
	python -m benchmarks

drop-in: $(VENV)/.installed-bench $(BUNDLE) ## Drive the guides' examples here and on the peer, and compare
	CHROMIUM="$$(python -m vizro_ws_chat.testing.browser --install)" && export CHROMIUM && \
	python -m drop_in

soak: $(VENV)/.installed-dev $(BUNDLE) ## Read 10,000 answers over broken networks (SOAK="--minutes 120 --clients 100": endurance)
	python -m soak $(SOAK)

siege: $(VENV)/.installed-dev $(BUNDLE) ## Attack a chat in many ways, and measure the dashboard around it
	python -m soak.siege

screenshots: $(VENV)/.installed-dev $(BUNDLE) ## Take the pictures in docs/images
	CHROMIUM="$$(python -m vizro_ws_chat.testing.browser --install)" && export CHROMIUM && \
	python -m screenshots

audit: $(VENV)/.installed-dev $(NODE_MODULES) ## Look for known holes in what is installed and in what is bundled
	"$(PYTHON)" -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet 'pip-audit>=2.9'
	python -m pip freeze --quiet --exclude-editable > $(VENV)/audit/installed.txt
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --no-deps --requirement $(VENV)/audit/installed.txt
	cd assets && npm audit

clean: ## Remove everything that was built or installed here
	rm -rf $(VENV) assets/node_modules assets/build vizro_ws_chat/static dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results

# hatchling itself tells what else it needs to build this project, which includes Node.js where the PATH has none.
$(BUILD_TOOLS): pyproject.toml hatch_build.py
	$(if $(PYTHON),,$(error No Python 3.11 or later with venv found. Install it (on Debian: apt-get install python3 \
	python3-venv), or name one: make PYTHON=/path/to/python3))
	"$(PYTHON)" -m venv $(VENV)
	python -m pip install --quiet hatchling
	python -m pip install --quiet hatchling $$(python -c \
		'from hatchling.build import get_requires_for_build_editable as requires; print(*requires())')
	touch $@

# The environment has what building needs, so the build is not isolated from it.
$(VENV)/.installed-%: $(BUILD_TOOLS) $(NODE_MODULES)
	python -m pip install --quiet --no-build-isolation --editable '.[$*]'
	touch $@

$(NODE_MODULES): assets/package.json assets/package-lock.json | $(BUILD_TOOLS)
	cd assets && npm ci --no-audit --no-fund
	touch $@

$(BUNDLE): $(BUNDLE_SOURCES) $(NODE_MODULES)
	cd assets && npm run --silent build
	touch $@
