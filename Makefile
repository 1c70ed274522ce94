# make demo   set up everything, then find the reprints in the bundled sample
# make test   set up everything, then run all tests (C++, Python, notebooks)
# Also: docs, lint, sanitize, packaging, pythons, bench, format, clean. PYTHON=python3.12 picks an interpreter.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := CMakeLists.txt pyproject.toml README.md LICENSE $(shell find cmake cpp python -type f \
	-not -path '*/__pycache__/*' -not -path '*/.*')
DOCS ?= 100000
# Processes that run the Python tests.
TEST_WORKERS ?= auto

.PHONY: demo test test-cpp test-python notebooks docs lint format sanitize packaging pythons bench clean

demo: $(VENV)/.installed
	$(BIN)/wirecopy demo

test: test-cpp test-python

test-cpp: $(VENV)/.installed-dev
	PATH="$(abspath $(BIN)):$$PATH" tools/ctest.sh release

test-python: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal

notebooks: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/python/test_notebooks.py

# The documentation, into build/docs/index.html: warnings are errors, every link and public name is checked.
docs: $(VENV)/.installed-dev
	$(BIN)/python tools/docs_benchmarks.py --check
	$(BIN)/python -m sphinx -W --keep-going -q -b html -d build/doctrees docs build/docs
	$(BIN)/python tools/docs_check.py build/docs

# Everything a reviewer's machine checks: formatters, clang-tidy, ruff, mypy.
lint: $(VENV)/.installed-dev
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/pre-commit run --all-files --show-diff-on-failure

format: $(VENV)/.installed-dev
	git ls-files 'cpp/*.cc' 'cpp/*.h' 'python/bindings/*' 'tests/cpp/*.cc' \
	  | grep -E '\.(cc|h)$$' | grep -v _tables.cc | xargs $(BIN)/clang-format -i
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sanitize: $(VENV)/.installed-dev
	PATH="$(abspath $(BIN)):$$PATH" tools/ctest.sh asan
	PATH="$(abspath $(BIN)):$$PATH" tools/ctest.sh tsan

# pip install . / editable with rebuild / sdist -> wheel -> import, each in an empty environment.
packaging: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m packaging tests/python/test_packaging.py

# A wheel and its tests for every Python at hand: tests/python/test_pythons.py says where it looks.
pythons: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m pythons tests/python/test_pythons.py

bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --requirement benchmarks/requirements.txt
	$(BIN)/python benchmarks/dedup.py --docs $(DOCS) --threads 1,2

clean:
	rm -rf build demo-output $(VENV)

$(VENV)/.system:
	PYTHON=$(PYTHON) tools/system_packages.sh runtime
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	# What pyproject.toml builds with, kept here so that a repeated build starts where the last ended; and what
	# PySpark, a source distribution, builds with: without isolation a new pip brings neither.
	$(BIN)/python -m pip install --quiet "scikit-build-core>=0.11" "pybind11>=3.1" cmake ninja \
	  "setuptools>=77" wheel
	touch $@

$(VENV)/.installed: $(VENV)/.system $(SOURCES)
	$(BIN)/python -m pip install --quiet --no-build-isolation ".[parquet]"
	touch $@

$(VENV)/.installed-dev: $(VENV)/.system $(SOURCES)
	PYTHON=$(PYTHON) tools/system_packages.sh test
	$(BIN)/python -m pip install --quiet --no-build-isolation ".[test,lint,docs]"
	touch $@ $(VENV)/.installed
