# Two commands matter: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup run test check index clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Install one and run: make PYTHON=python3.12 " + "setup") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup
	$(BIN)/python app.py

index: setup
	$(BIN)/python -m rag index

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The index of the built-in texts is built before the tests, by all cores, and kept: then only what changed is embedded.
TEST_DATA := $(CURDIR)/build/test-data

test: check
	HF_HUB_OFFLINE=1 $(BIN)/python -m rag index --data $(TEST_DATA)
	@# One worker a core, and so one thread a worker: more of them wait for each other.
	HF_HUB_OFFLINE=1 RULES_TEST_DATA=$(TEST_DATA) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

# Documents and staff records in data/ are kept: remove that folder by hand if you mean to.
clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
