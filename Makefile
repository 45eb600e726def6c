# Everything runs from the repository's own environment, made by `make setup` from the pinned requirements.
PYTHON := .venv/bin/python
BIN := .venv/bin
STAMP := .venv/.requirements
STAGE ?= local
SHIFT ?= 1h
WHO ?= agent
ARGS ?=
QUICK := not soak and not stack and not stripe_sandbox
# Coverage doubles what a test takes: it is counted where each capability is tested, not where all are at once.
UNCOUNTED := $(addprefix tests/,architecture bench close data fakestripe fuzz isolation mutants spike wire) \
	tests/web/test_bad_input.py

.PHONY: setup demo up down status check bench bench-web simulate spike tenants package deploy sweep send-usage backfill reconcile clock shots soak fuzz key verify-records web dev code \
	export-tenant tombstones replay-erasures admin redrive close-demo close-period finance sandbox mutants

setup: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	test -x $(PYTHON) || python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	$(PYTHON) -m infra.web build
	touch $@

demo: up deploy tenants web
	$(PYTHON) -m tests.demo

up down status: setup
	$(PYTHON) -m infra.local $@

web: setup
	$(PYTHON) -m infra.web build

dev: setup
	$(PYTHON) -m infra.web dev

code:
	@$(PYTHON) -m tests.demo.people $(WHO)

check: setup
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	$(PYTHON) -m infra.web check
	$(BIN)/pytest -q -n 2 --dist loadfile --cov -m "$(QUICK)" $(addprefix --ignore=,$(UNCOUNTED))
	$(BIN)/pytest -q -n 2 --dist loadfile -m "$(QUICK)" $(UNCOUNTED)
	$(BIN)/pytest -q -n 2 --dist loadfile -m "stack and not soak"

shots: setup
	DUREDESK_ALBUM=all $(BIN)/pytest -q -n 2 --dist loadfile -m stack tests/stack/test_pages.py tests/stack/test_portal.py

soak: setup
	$(BIN)/pytest -m soak $(ARGS)

mutants: setup
	$(PYTHON) -m tests.mutants $(ARGS)

fuzz: setup
	$(BIN)/pytest -q -s -m soak tests/fuzz $(ARGS)

bench: setup
	$(PYTHON) -m tests.bench $(ARGS)

bench-web: setup
	$(PYTHON) -m tests.bench.pages $(ARGS)

simulate: setup
	$(PYTHON) -m tests.spike.simulate $(ARGS)

spike: setup
	$(PYTHON) -m tests.spike $(ARGS)

tenants: setup
	$(PYTHON) -m infra.tenants --stage $(STAGE) $(ARGS)

package: setup
	$(PYTHON) -m infra.package --stage $(STAGE)

deploy: setup
	$(PYTHON) -m infra.deploy --stage $(STAGE)

export-tenant tombstones replay-erasures: setup
	$(PYTHON) -m infra.rights $(firstword $(subst -, ,$(subst export-tenant,export,$@))) --stage $(STAGE) $(ARGS)

sandbox: setup
	$(BIN)/pytest -q -m stripe_sandbox tests/wire $(ARGS)

close-demo: setup
	$(PYTHON) -m tests.close $(ARGS)

finance: setup
	$(PYTHON) -m infra.finance --stage $(STAGE) --month $(MONTH) --out $(or $(OUT),.local/finance) $(ARGS)

sweep send-usage backfill reconcile close-period: setup
	$(PYTHON) -m infra.run $(subst close-period,close,$@) --stage $(STAGE) $(ARGS)

redrive: setup
	$(PYTHON) -m infra.redrive --stage $(STAGE) $(ARGS)

clock: setup
	$(PYTHON) -m infra.clock $(if $(filter reset,$(SHIFT)),--reset,--shift $(SHIFT))

key: setup
	$(PYTHON) -m infra.keys --stage $(STAGE) $(ARGS)

admin: setup
	$(PYTHON) -m infra.admins --stage $(STAGE) $(ARGS)

verify-records: setup
	$(PYTHON) -m infra.records --stage $(STAGE) $(ARGS)
