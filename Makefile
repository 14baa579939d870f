# What one types. Everything is safe to repeat; `make` alone lists the targets.
PYTHON ?= python3
SETUP = $(PYTHON) tools/setup.py
BIN = .venv/bin
ARGS ?=
# One for each core: on two, a third gained nothing.
WORKERS ?= $(shell n=$$(nproc); echo $$(( n < 2 ? 2 : n < 8 ? n : 8 )))

.DEFAULT_GOAL := help
.PHONY: help run test lint format types check bench lock reset clean

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: ## Set up, load the demo municipality, and run everything (PORT chooses the port; Ctrl-C stops)
	@$(SETUP) local && exec $(BIN)/python lasrutin/local/bound.py SIGTERM - $(BIN)/python manage.py serve

test: ## Set up and run the whole suite (ARGS="tests/local -k mail" narrows it down)
	@$(SETUP) dev browser && exec $(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: ## Check the code's style
	@$(SETUP) dev && $(BIN)/ruff check . && $(BIN)/ruff format --check .

format: ## Put the code into its form
	@$(SETUP) dev && $(BIN)/ruff check --fix . && $(BIN)/ruff format .

types: ## Check the types
	@$(SETUP) dev && DEBUG=true SECRET_KEY=types $(BIN)/mypy

check: ## Everything that CI runs
	@CI=true bash .ci/run

bench: ## Weigh every page on the demo municipality (while `make run` runs, or by itself)
	@$(SETUP) local && $(BIN)/python manage.py shell --no-imports -c "import runpy; runpy.run_path('bench/pages.py', run_name='__main__')"

lock: ## Choose the newest allowed versions again and write the lock files
	@$(SETUP) dev && $(PYTHON) tools/lock.py

reset: ## Delete the local database, mail and files
	@$(SETUP) local && $(BIN)/python -m lasrutin.local.reset

clean: ## Delete what the set-up made; the local data stays
	rm -rf .venv node_modules build .cache .mypy_cache .ruff_cache .pytest_cache
