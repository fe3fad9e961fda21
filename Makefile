# `make run` and `make test` need a Rust toolchain, a C compiler and Python 3; the scripts say what
# else is missing, and install it where they may. ARGS is passed on: make run ARGS="--help".

CARGO ?= cargo
ARGS ?=
PAIRS ?= 5
SECONDS ?= 60
TARGET := $(or $(CARGO_TARGET_DIR),target)
DOORWARD := $(TARGET)/release/doorward

.DEFAULT_GOAL := help
.PHONY: help run build migrate test test-fast test-timing bench bench-functions check openapi coverage-table sbom schemathesis fuzz servers clean-test

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  %-15s %s\n' "$$name" "$$text"; done

run: ## Build with every engine whose client library is found, and serve
	$(CARGO) build --locked --release -p doorward --features "$$(scripts/engines)"
	$(DOORWARD) serve $(ARGS)

build: ## Build the release binary with all three engines
	scripts/install-packages libmariadb libpq
	$(CARGO) build --locked --release -p doorward --all-features

migrate: ## Bring the configured database up to date; ARGS="status" or "down" do that instead
	$(CARGO) build --locked --release -p doorward --features "$$(scripts/engines)"
	$(DOORWARD) migrate $(or $(ARGS),up)

test: ## Run everything CI runs, on memory, SQLite, MariaDB and PostgreSQL
	scripts/test

test-fast: ## Run the tests that need no server: memory and SQLite
	env -u TEST_MYSQL_URL -u TEST_POSTGRES_URL -u REQUIRE_ENGINES \
		$(CARGO) test --locked --workspace --exclude doorward-benches $(ARGS) \
		$$(scripts/install-packages --check libmariadb libpq && echo --all-features || echo --exclude doorward-tests)

check: ## Check format, lints, documentation, spelling and dependencies
	scripts/check

openapi: ## Write docs/openapi.json anew from the handlers
	scripts/install-packages libmariadb libpq
	$(CARGO) build --locked --workspace --all-features --bins
	$(TARGET)/debug/doorward openapi > $(TARGET)/openapi.json
	cp $(TARGET)/openapi.json docs/openapi.json

coverage-table: ## Print what of the security requirements is proven, and write docs/security/coverage.md
	scripts/coverage-table

sbom: ## Write what Doorward is built from to target/doorward.cdx.json (CycloneDX)
	mkdir -p $(TARGET)
	scripts/sbom > $(TARGET)/doorward.cdx.json

schemathesis: ## Run schemathesis alone against a debug build
	scripts/install-packages libmariadb libpq
	$(CARGO) build --locked --workspace --all-features --bins
	scripts/schemathesis $(ARGS)

fuzz: ## Run every fuzz target for a minute, or SECONDS=...; ARGS="cursors isbn" runs these alone
	SECONDS_EACH=$(SECONDS) scripts/fuzz $(ARGS)

test-timing: ## Measure whether answers tell by their time who exists (takes some minutes); ARGS=400 takes fewer rounds
	$(CARGO) build --locked --release -p doorward --all-features
	scripts/timing $(ARGS)

bench: SECONDS := 8
bench: ## Measure against baselines, in turn; PAIRS=5 SECONDS=8 ARGS="me-sqlite refresh" measures these alone
	scripts/install-packages libmariadb libpq mariadb wrk hey
	$(CARGO) build --locked --release -p doorward --all-features
	$(CARGO) build --locked --release -p doorward-benches --all-features --bin baseline
	scripts/bench --pairs $(PAIRS) --seconds $(SECONDS) $(ARGS)

bench-functions: ## Measure single functions with criterion; ARGS="refresh" those with that word in their name
	$(CARGO) bench --locked -p doorward-benches --benches -- $(ARGS)

servers: ## Start throw-away MariaDB and PostgreSQL servers and keep them; says how to stop them
	scripts/test-servers start

clean-test: ## Remove what make test fetched or wrote under target/
	rm -rf $(TARGET)/python $(TARGET)/servers $(TARGET)/test
