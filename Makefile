.DEFAULT_GOAL := help

# Where cargo builds; CARGO_TARGET_DIR moves it.
TARGET := $(or $(CARGO_TARGET_DIR),target)
WANGGE := $(TARGET)/release/wangge

# What the web application is made of. Its tests are not.
WEB := $(shell find maps/src maps/public -type f 2>/dev/null) \
	maps/index.html maps/vite.config.ts maps/tsconfig.json

.PHONY: help run build test check bench soak clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

run: build ## Build, make the demonstration territory if there is none, serve it on http://127.0.0.1:8080
	$(WANGGE) demo --if-empty
	scripts/run

build: maps/dist/index.html ## Build target/release/wangge with the web application inside
	cargo build --release

test: ## Run every test: Rust, both databases, web, journeys in a browser
	scripts/test

check: maps/node_modules/.installed ## Check format, lints, types and licences; changes nothing
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then \
		cargo deny check; \
	else \
		echo "licences not checked: cargo install --locked cargo-deny"; \
	fi
	cd maps && npm run check

bench: ## Measure beside the peers, write docs/BENCHMARKS.md; takes an hour
	scripts/bench

soak: ## Everything at once for ten minutes: errors, memory, p99
	scripts/soak

clean: ## Remove what was built; the data in var/ stays
	cargo clean
	rm -rf maps/dist maps/node_modules

# Installed anew only when the list of packages has changed.
maps/node_modules/.installed: maps/package.json maps/package-lock.json
	cd maps && npm ci
	@touch $@

maps/dist/index.html: maps/node_modules/.installed $(WEB)
	cd maps && npm run build
	@touch $@
