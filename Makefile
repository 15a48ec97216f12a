# Everything here works on a fresh clone: the environment is set up by what needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo help rule test coverage lives faults regexps cluster-test cluster-all cluster-report large-sets hostile kustomize soak races bursts fuzz lint types docs bench bench-watcher golden corpus dist clean

demo: $(READY) ## show in 60 lines what is written, what will run, and the review of a change
	@$(BIN)/python scripts/demo.py

help: ## print each target and what it does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The tests of a file run in one process: they share what was compiled, built or installed for the first of them.
test: $(READY) ## run every test
	@$(BIN)/python -m compileall -q jobsetgen tests
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --ignore=tests/cluster --durations=15

coverage: $(READY) ## measure what the tests cover, in three times the time
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q -n auto --dist loadfile --no-loadscope-reorder --ignore=tests/cluster
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

lives: $(READY) ## play 1,000 random lives of the watcher, of each kind
	@JOBSETGEN_LIVES=1000 JOBSETGEN_BURST_SETS=1000 JOBSETGEN_TRANSITIONS=1000 \
	  $(BIN)/pytest -q -n auto tests/simulation/test_random.py tests/simulation/test_bursts.py tests/simulation/test_transitions.py

faults: $(READY) ## play SEEDS (10,000) lives of sets amid a million faults, in 20 minutes, and write docs/faults.md
	@$(BIN)/python -m scripts.play_faults $(or $(SEEDS),10000)

regexps: $(READY) ## hold the watcher's matcher against Go's regexp in 100,000 random pairs of pattern and text (Go)
	@JOBSETGEN_PATTERN_PAIRS=100000 $(BIN)/pytest -q tests/unit/re2/test_programs.py -k random

cluster-test: $(READY) ## show each mechanism once beside real components (root and Go; builds them at first, 20 minutes)
	@$(BIN)/python -m tests.cluster.harness.binaries
	@$(BIN)/pytest -m 'cluster and not full_only' --durations=10 tests/cluster

cluster-all: $(READY) ## run everything beside real components, for more than an hour, and write docs/parity.md
	@$(BIN)/python -m tests.cluster.harness.binaries
	@rm -f docs/parity.json
	@JOBSETGEN_CLUSTER_FIGURES=$(CURDIR)/docs/parity.json $(BIN)/pytest -m cluster --durations=10 tests/cluster
	@$(BIN)/python -m scripts.make_parity_page docs/parity.json
	@$(BIN)/python -m scripts.make_figures

cluster-report: $(READY) ## hold what diff foretells against Argo CD and Flux, and write that into docs/parity.md
	@$(BIN)/python -m tests.cluster.harness.binaries
	@JOBSETGEN_CLUSTER_FIGURES=$(CURDIR)/docs/parity.json $(BIN)/pytest -m cluster --durations=5 tests/cluster/test_review.py
	@$(BIN)/python -m scripts.make_parity_page docs/parity.json
	@$(BIN)/python -m scripts.make_figures

large-sets: $(READY) ## restart 50,000 Jobs beside a simulated API server, and 10,000 beside a real one
	@JOBSETGEN_MANY_JOBS=50000 $(BIN)/pytest -s tests/simulation/test_memory.py
	@$(BIN)/python -m tests.cluster.harness.binaries
	@JOBSETGEN_CLUSTER_FIGURES=$(CURDIR)/docs/large-sets.json $(BIN)/pytest -m cluster tests/cluster/test_large_sets.py

hostile: $(READY) ## run commands in REPOSITORIES=1000 hostile repositories as an unprivileged user (root, half an hour)
	@$(BIN)/python -m tests.hostile.record $(or $(REPOSITORIES),1000) docs/hostile-repositories.json
	@JOBSETGEN_ALL_HOSTILE_PROJECTS=1 $(BIN)/pytest -q -n auto tests/hostile/test_projects.py

kustomize: $(READY) ## compare 500 random overlays and 60 renames with kustomize, and 50 patches with kubectl, in 10 minutes
	@JOBSETGEN_OVERLAYS=500 JOBSETGEN_RENAMES=60 JOBSETGEN_KUBECTL_PATCHES=50 $(BIN)/pytest -q -n auto \
	  tests/acceptance/test_kustomize_overlays.py tests/unit/overlays/test_beside_kustomize.py tests/unit/overlays/test_strategic_kubectl.py

soak: $(READY) ## play every scenario over 3 bad networks between the watcher and the API server
	@$(BIN)/python -m tests.cluster.harness.binaries
	@BAD_NETWORKS=3 $(BIN)/pytest -m cluster tests/cluster/test_bad_network.py

races: $(READY) ## freeze a watcher 50 times at each moment of a restart under Argo CD, which takes half an hour
	@$(BIN)/python -m tests.cluster.harness.binaries
	@RACES=50 $(BIN)/pytest -m cluster tests/cluster/test_races.py

bursts: $(READY) ## play 200 bursts of Jobs that fail together under the JobSet controller, which takes 15 minutes
	@$(BIN)/python -m tests.cluster.harness.binaries
	@BURSTS=200 $(BIN)/pytest -m cluster tests/cluster/test_bursts.py

# FIGURES=docs/fuzz.json also writes the summary to that file.
fuzz: $(READY) ## compile random inputs for some time: make fuzz SECONDS=60 SEED=7
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1) $(and $(FIGURES),--figures $(FIGURES))

lint: $(READY) ## check style, and how dense the code is
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m scripts.density --check

types: $(READY) ## check types
	@$(BIN)/mypy
	@$(BIN)/mypy --explicit-package-bases tests/cluster

rule: $(READY) ## start a rule: make rule NAME=lints/my_rule
	@$(BIN)/python -m scripts.new_rule $(NAME)

docs: $(READY) ## write the pages, pictures and figures that are made from code and measurements
	@$(BIN)/python -m scripts.make_rule_pages
	@$(BIN)/python -m scripts.make_options
	@$(BIN)/python -m scripts.make_consequences
	@$(BIN)/python -m scripts.make_pictures
	@$(BIN)/python -m scripts.make_figures
	@$(BIN)/python -m scripts.make_recipe_lines
	@$(BIN)/python -m scripts.make_terminal_pictures

golden: $(READY) ## write the snapshots and the record of what is new; then read the diff
	@$(BIN)/pytest -q tests/golden tests/acceptance/test_pairs.py --snapshot-update
	@$(BIN)/python -m scripts.record_compat

bench: $(READY) ## measure, side by side with kubectl kustomize
	@$(BIN)/python benchmarks/bench.py

bench-watcher: $(READY) ## measure restarts of 10, 100 and 500 Jobs beside the JobSet controller, and the memory of large sets
	@$(BIN)/python -m tests.cluster.harness.binaries
	@JOBSETGEN_CLUSTER_FIGURES=$(CURDIR)/docs/parity.json $(BIN)/pytest -s -m cluster tests/cluster/test_speed.py
	@$(BIN)/python -m scripts.make_parity_page docs/parity.json
	@$(BIN)/python -m scripts.make_figures
	@JOBSETGEN_CLUSTER_FIGURES=$(CURDIR)/docs/large-sets.json $(BIN)/pytest -m cluster tests/cluster/test_large_sets.py

corpus: $(READY) ## compile the manifests in the folder that JOBSETGEN_CORPUS names
	@$(BIN)/pytest -q tests/acceptance/test_corpus.py

# The archives have the date of the commit, and so the same bytes wherever they are built.
dist: $(READY) ## build the wheel and the source archive of the last commit, as they are published
	@rm -rf dist
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation --outdir dist .

clean: ## remove what the targets above leave behind
	rm -rf $(VENV) .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

$(READY): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
