# Two commands matter: `make run` and `make test`. The rest serves them.
SHELL := /bin/bash -o pipefail
ASSETS := internal/web/assets
# Where goroutines meet: tested under the race detector, which is too slow to spend on the rest.
RACY   := $(addsuffix /...,$(wildcard ./internal/pg ./internal/scan ./internal/outbox ./internal/staff ./inventory ./picking ./packing ./shipping))
# What "tote version" says; empty outside of a clone.
COMMIT = $(shell git describe --always --abbrev=12 --dirty=+changes --exclude='*' 2>/dev/null)

.DEFAULT_GOAL := help

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## install what is missing, lay out the demo warehouse, serve it and say where
	@.ci/setup run
	@$(MAKE) --no-print-directory build
	bin/tote serve --demo

.PHONY: test
test: ## install what the tests need and run them all
	@.ci/setup test
	@$(MAKE) --no-print-directory assets lint current
	@status=0; \
	racy=$$(go list $(RACY) | grep -v /picking/route | sort); \
	go test -race -timeout 15m $$racy || status=1; \
	go test -race -timeout 5m -run 'ManyAtOnce|TestEveryPlanIsValid' ./picking/route || status=1; \
	go test -timeout 20m $$(comm -23 <(go list ./... | sort) <(echo "$$racy")) || status=1; \
	exit $$status

.PHONY: bench
bench: assets ## picks per second through HTTP beside pgbench, and the hot functions
	@.ci/setup test
	go test -run '^$$' -bench . -benchmem ./labels ./inventory ./picking ./picking/route ./packing/boxes
	go test -run '^$$' -bench Picks -benchtime 1x ./cmd/tote

.PHONY: build
build: assets ## build bin/tote
	go build -ldflags '-X main.commit=$(COMMIT)' -o bin/tote ./cmd/tote

.PHONY: assets
assets: $(ASSETS)/dist/.built ## bundle the browser parts

$(ASSETS)/dist/.built: $(ASSETS)/node_modules/.installed $(shell find $(ASSETS) -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f -print)
	npm --prefix $(ASSETS) run --silent build
	@touch $@

$(ASSETS)/node_modules/.installed: $(ASSETS)/package-lock.json
	npm --prefix $(ASSETS) ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: lint
lint: ## formatting and vet
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not gofmt'd: $$(gofmt -l $$(git ls-files '*.go'))"; exit 1; }
	go vet ./...

.PHONY: templ
templ: ## generate the Go of the page templates
	go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

.PHONY: current
current: ## check that generated files are current
	@sum() { find internal/web -name '*_templ.go' -not -path '*/node_modules/*' | sort | xargs cat | sha256sum; }; \
	before=$$(sum); out=$$($(MAKE) --no-print-directory templ 2>&1) || { echo "$$out"; exit 1; }; \
	[ "$$before" = "$$(sum)" ] || { echo "the generated page templates were stale; make templ has renewed them: commit them"; exit 1; }

.PHONY: schema
schema: ## write migrations/schema.sql anew from the migrations
	go test ./migrations -run TestSchemaIsCurrent -update

.PHONY: clean
clean: ## remove what was built; never data
	rm -rf bin $(ASSETS)/dist/* $(ASSETS)/node_modules
