# One door for everything. The README gives the same as plain commands, for Windows.
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/ready
HARD = .venv/hardening
SAMPLE_AS_OF = 2013-09-30

.PHONY: test-laws test-faults test-privacy fuzz attacks audit-dependencies setup wash test check lint types layers lock bench-quality bench-speed bench-protection bench-claims bench-packs bench-pages pictures bench-linkage mutants coverage clean

wash: $(READY)          ## set up, then wash the sample and say where the list is
	$(BIN)/datawash wash data/sample --as-of $(SAMPLE_AS_OF) --outputs outputs --prefect

test-laws: $(READY)      ## laws of whole washes on LAWS boroughs (4), every change tried on each: six minutes
	DATAWASH_LAWS=$(or $(LAWS),4) $(BIN)/python -m pytest tests/properties/test_wash_laws.py tests/properties/test_calendar_laws.py

test-faults: $(READY)  ## kills, disk errors, full disks, little memory, lost rights, two at once: half an hour
	DATAWASH_FAULTS=all $(BIN)/python -m pytest tests/faults -n 2 --dist loadfile

test-privacy: $(READY)   ## no name where none should be, after every failure, on every page, of 3,000 damaged files
	DATAWASH_FUZZ=all $(BIN)/python -m pytest tests/privacy -n 2 --dist loadfile

fuzz: $(HARD)            ## CASES (1,200,000) of hostile files, words and settings, read right or refused: twenty minutes
	$(BIN)/python -m tests.fuzz $(or $(CASES),1200000) $(or $(SEED),0) $(or $(PART),1/1)

test: $(READY)          ## set up, then run every test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: test lint types layers   ## what CI runs

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Data Wash needs Python 3.11 or newer: make PYTHON=python3.11 ...')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(READY)

$(HARD): $(READY) requirements-hardening.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-hardening.lock
	touch $(HARD)

attacks: $(READY)        ## every attack on the pages, rather than a share of them: three minutes
	DATAWASH_ATTACKS=all $(BIN)/python -m pytest -s tests/web/test_attacks.py tests/web/test_attacks_forms.py tests/web/test_attacks_guessing.py tests/web/test_attacks_wire.py
	@echo "failures: none"

audit-dependencies: $(READY)   ## the pins against advisories (FILE: a folder, zip or file in the OSV format), and their licences
	$(BIN)/python -m supply $(FILE) --licences

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

lock:                   ## resolve the pins again, in an environment of its own
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet ".[dev]"
	(head -1 requirements.lock && .venv-lock/bin/python -m pip freeze --exclude datawash) > requirements.new
	mv requirements.new requirements.lock && rm -rf .venv-lock build

bench-quality: $(READY) ## families on the list against the truth, on an invented borough of 20,000
	$(BIN)/python -m benchmarks.quality

bench-speed: $(READY)   ## time and memory of a wash of 100,000 and of 1,000,000 residents
	$(BIN)/python -m benchmarks.speed

bench-protection: $(READY) ## what encryption, signatures and a sealed log cost a wash of 100,000 (BEFORE: a checkout of an earlier version): five minutes
	$(BIN)/python -m benchmarks.protection $(if $(BEFORE),--before $(BEFORE))

bench-claims: $(READY)  ## eighteen monthly washes with their claims against the truth, on an invented borough of 12,000: five minutes
	$(BIN)/python -m benchmarks.claims

bench-packs: $(READY)   ## evidence packs of a claim window of 2,000 families: four minutes
	$(BIN)/python -m benchmarks.packs

bench-pages: $(READY)   ## the pages with 10,000 families on the list and 50 people at them: four minutes, the first time six
	$(BIN)/python -m benchmarks.pages

pictures: $(READY)      ## take the pictures of pages in docs/images again
	DATAWASH_PICTURES=take $(BIN)/python -m pytest tests/web/test_pictures.py

SMALL = build/bench-linkage/small
bench-linkage: $(READY) .venv-splink/ready   ## beside Splink, and docs/benchmarks.md: twenty minutes (SIZE=10000: 3 minutes, to build/)
	$(BIN)/python -m benchmarks.linkage --on $(shell date +%F) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SIZE),--size $(SIZE) --figures $(SMALL))
	$(BIN)/python -m benchmarks.linkage.page $(if $(SIZE),--figures $(SMALL) --page $(SMALL)/benchmarks.md)

.venv-splink/ready: benchmarks/linkage/splink.lock
	$(PYTHON) -m venv .venv-splink
	.venv-splink/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/linkage/splink.lock
	touch .venv-splink/ready

coverage: $(READY)      ## every test once more with branches counted: at least 95% of criteria, of linkage and of pipeline
	rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/python -m coverage run -m pytest -p tests.measured -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m benchmarks.covered --missing

mutants: $(HARD)        ## change rules and clustering a little, a seeded sample of all ways (SHARE=1: all), and see a test notice
	$(BIN)/python -m benchmarks.mutants $(if $(SHARE),--share $(SHARE)) $(if $(MODULES),--modules '$(MODULES)')

clean:
	rm -rf .venv .venv-splink .pytest_cache .mypy_cache .ruff_cache build *.egg-info
