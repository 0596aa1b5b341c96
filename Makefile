# Targets for people and for .ci/run. Everything needs only Go; browser needs a Chromium as well.
GO ?= go
FUZZTIME ?= 10000x
KILLS ?= 60
LDFLAGS = -s -w

.PHONY: run build test race lint fmt vet fuzz bench peers kill browser ci

run: ## the bot on the training network: http://127.0.0.1:8080
	$(GO) run .

build: ## the static product in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/awassiber .

test: ## what README tells newcomers to run
	$(GO) test ./...

# Two races of the library of WhatsApp's client that harm nothing and are not ours: it marks an event as
# awaited without a lock, the same value each time (go.mau.fi/util/exsync, Event.GetChan, up to v0.11.0), and
# a socket that is stopped while the other side closes it forgets its callback without one
# (go.mau.fi/whatsmeow/socket, NoiseSocket.Stop).
NORACE = -gcflags='go.mau.fi/util/exsync=-race=false' -gcflags='go.mau.fi/whatsmeow/socket=-race=false'

race: ## the same under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race $(NORACE) -shuffle=on -timeout 20m ./...

lint: fmt vet ## format, vet and static analysis, pinned in go.mod
	$(GO) tool staticcheck ./...

fmt:
	@bad=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$bad" ] || { echo "gofmt needed: $$bad"; exit 1; }

vet:
	$(GO) vet ./...

# Counted, not timed: a target whose time is up may end in the middle of an input and count as failed.
fuzz: ## every fuzz target, $(FUZZTIME) inputs each
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "fuzz $$name in $$(dirname "$$file")"; \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
		done; \
	done

bench: ## figures of docs/benchmarks.md; each measures its own baseline
	$(GO) test -run '^$$' -bench . -benchmem ./...

peers: ## matching beside SQLite FTS5 and Bleve, at 100,000 cases; a module of its own (needs its packages)
	cd bench/peers && $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m .

kill: ## the real binary under load, killed again and again
	AWAS_KILLS=$(KILLS) $(GO) test -run 'Kill' -count=1 -v -timeout 15m .

browser: ## the training page in a real Chromium; fails if there is none
	@set -e; for file in $$(grep -rl --include='*_test.go' 'bot/sim/simtest"' . | sort); do \
		names=$$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' "$$file" | paste -sd '|' -); \
		AWAS_REQUIRE_CHROMIUM=1 $(GO) test -run "^($$names)\$$" -count=1 -v -timeout 10m "$$(dirname "$$file")"; \
	done

ci:
	.ci/run
