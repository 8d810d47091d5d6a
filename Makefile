# Every command of the project. `make` alone lists them.

BIN := .venv/bin
PYTHON := $(BIN)/python
INSTALLED := .venv/installed
SIDE_BY_SIDE ?= 4 # test processes: on two cores, as most of what they do is wait

VERSION = $(shell cat services/$(S)/version.txt)

# What was compiled is kept: else each process of a test run compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
# As services run: the resolver that this leaves out takes a third of a second to load.
export EVENTLET_NO_GREENDNS := yes

.DEFAULT_GOAL := help
.PHONY: help venv demo run test test-fast fast-half fast-other-half lint lint-types lint-walls bench fuzz faults replay reconcile parked contracts release-contracts new-service mutants image test-images \
	servers-stop clean-data

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' Makefile

venv: $(INSTALLED)  ## make .venv with all dependencies, if pyproject.toml changed

$(INSTALLED): pyproject.toml
	@dev/make_venv.sh

demo: venv  ## show what the system does, then leave it running (EXIT=1: then stop)
	@$(PYTHON) -m dev.demo $(if $(EXIT),--exit)

run: venv  ## run the system until Ctrl-C (CLOCK=manual: with a clock that is moved by hand)
	@$(PYTHON) -m dev.run $(if $(CLOCK),--clock '$(CLOCK)')

# What has nothing beside it, as it kills servers and counts on the processor.
ALONE := tests/faults
ELSEWHERE := --ignore=tests/images --ignore=tests/architecture

ifdef S
test: venv  ## run all tests but those of `make lint` and of the container images; S=billing: of one service
	@$(PYTHON) -m pytest tests/services/$(S) tests/contracts
	@$(PYTHON) -m pytest tests/services/test_*.py -k $(S)
else
test: venv
	@$(PYTHON) -m pytest tests $(ELSEWHERE) $(ALONE:%=--ignore=%) -n $(SIDE_BY_SIDE) --dist loadfile --no-loadscope-reorder
	@$(PYTHON) -m pytest $(ALONE)
endif

test-fast: venv  ## run the tests that need no server, with fewer examples, but for those of `make lint`
	@$(MAKE) --no-print-directory -j 2 $(filter --output-sync,$(.FEATURES:%=--%)) fast-half fast-other-half

# Two processes that load their half each are done sooner than two that load everything to share it out.
FAST := $(PYTHON) -m pytest -m "not server" --hypothesis-profile=quick
HALF := tests/chassis tests/kernel tests/ops tests/services tests/stationery

fast-half:
	@$(FAST) $(HALF)

fast-other-half:
	@$(FAST) tests $(HALF:%=--ignore=%) $(ELSEWHERE)

lint: venv  ## check style, types and walls; S=billing: of one service
	@$(MAKE) --no-print-directory -j 2 $(filter --output-sync,$(.FEATURES:%=--%)) lint-types lint-walls

# Both keep one processor busy, and need nothing of each other.
CODE = $(and $(S),services/$(S))

lint-types:
	$(BIN)/mypy $(CODE)

lint-walls:
	$(BIN)/ruff check $(or $(CODE),.) $(and $(S),tests/$(CODE))
	$(BIN)/ruff format --check $(or $(CODE),.) $(and $(S),tests/$(CODE))
	$(PYTHON) -m dev.walls $(S)
	$(PYTHON) -m pytest -q tests/architecture $(and $(S),-k $(S))

bench: venv  ## measure throughput and latency [BASE=commit] [GROWTH=1] [ARGS="payments --rounds 5"]
	@$(PYTHON) -m dev.bench $(ARGS) $(if $(BASE),--base $(BASE)) $(if $(GROWTH),--growth)

fuzz: venv  ## send 50,000 requests made from the document [ARGS="--cases 5000 --seed 2"]
	@$(PYTHON) -m dev.fuzz $(ARGS)

faults: venv  ## kill, restart and flood at full size; then count that nothing was lost or doubled
	@STEWARD_FAULTS=full $(PYTHON) -m pytest tests/faults

mutants: venv  ## put small faults into the rules and the kernel and list those that no test finds; S=billing
	@$(PYTHON) -c "import mutmut" 2>/dev/null || $(PYTHON) -m pip install --quiet --editable ".[mutants]"
	@$(PYTHON) -m dev.mutants $(S)

replay: venv  ## play a recorded file: [KIND=invoices|crm|complaints|retail|sales] FILE=… [BY=month] [ARGS="--until 2012-06-30"] [API=… KEY=…]
	@$(PYTHON) -m $(if $(findstring command,$(origin API)),ops,dev).replay $(strip $(KIND) $(FILE) $(if $(BY),--by $(BY)) $(ARGS))

reconcile: venv  ## compare every copy of others' facts with its owner, and mend what differs: API=… KEY=…
	@$(PYTHON) -m ops.reconcile $(ARGS)

parked: venv  ## list, show, replay or discard parked messages: API=… KEY=… [ARGS="replay billing prk_…"]
	@$(PYTHON) -m ops.parked $(ARGS)

contracts: venv  ## write contracts/ from the code
	@$(PYTHON) -m dev.contracts

release-contracts: venv  ## let what contracts/ promises be what is released: it may only grow from then on
	@$(PYTHON) -m dev.contracts release

new-service: venv  ## make a service that runs: NAME=desk
	@$(PYTHON) -m dev.new_service $(NAME)

image:  ## build the image of one service under its own version: S=billing
	@docker build --build-arg SERVICE=$(S) --build-arg VERSION=$(VERSION) --build-arg PIP_INDEX_URL \
		-t steward-$(S):$(VERSION) .

test-images: venv  ## build the container images and test the composed system
	@$(PYTHON) -m pytest tests/images -rs

servers-stop: venv  ## stop the private broker and PostgreSQL
	@$(PYTHON) -m dev.servers stop

clean-data: venv  ## stop them and delete all their data
	@$(PYTHON) -m dev.servers clean
