# One flag set for building and testing: -trimpath on one of them only would
# compile everything twice.
export GOFLAGS := -trimpath -buildvcs=false
export CGO_ENABLED := 0

WEB      := cmd/kentongan/web
MANIFEST := $(WEB)/static/dist/manifest.json
MODULES  := $(WEB)/node_modules/.package-lock.json
SOURCES  := $(WEB)/build.mjs $(WEB)/package.json $(shell find $(WEB)/static -type f -not -path '*/dist/*' -not -path '*/.dist.new/*')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo build bin/kentongan test unit check fuzz race servers clients assets tryassets bench soak

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: bin/kentongan ## run everything on this machine, with pretended platforms; nothing to set up
	./bin/kentongan demo

build: bin/kentongan ## build bin/kentongan, one file that holds all it needs
bin/kentongan: tryassets
	go build -ldflags='-s -w' -o $@ ./cmd/kentongan

test: check fuzz race unit ## everything CI runs; installs the real servers it tests against

unit: tryassets servers clients ## the tests alone
	go test -timeout 60m ./...

check: tryassets ## formatting, vet, staticcheck, govulncheck, generated pages are fresh
	@bash .ci/check.sh

fuzz: tryassets servers ## every fuzz target for 3 s (FUZZTIME=30s for longer)
	@bash .ci/fuzz.sh

race: tryassets servers ## the race detector where things run side by side
	@bash .ci/race.sh

servers: ## install the real servers that tests use (redis, PostgreSQL, Chromium, snac2)
	@bash .ci/servers.sh

clients: ## install the published clients that the sandbox is tested with (npm)
	@bash .ci/clients.sh

assets: $(MANIFEST) ## bundle browser code from npm into the program

# Pages work without the bundle, so a missing npm must not stop a demo; CI must
# not hide it.
tryassets:
	@$(MAKE) --no-print-directory assets || { [ "$$CI" != true ] && echo "assets: not built, pages will be plain (needs Node 20 and npm)"; }

$(MANIFEST): $(MODULES) $(SOURCES)
	cd $(WEB) && node build.mjs
	@touch $@
$(MODULES): $(WEB)/package-lock.json
	cd $(WEB) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

bench: bin/kentongan servers ## figures: first screen, memory, deliveries a second, calls of each connector
	@bash .ci/bench.sh

soak: tryassets servers ## hours of killing and fuzzing; prints its seeds
	@FUZZTIME=30s bash .ci/fuzz.sh
	KENTONGAN_SOAK=1 go test -timeout 6h -count=1 -v ./test/kill/...
