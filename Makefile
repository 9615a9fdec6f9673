PYTHON ?= python3
# Tests also wait, for processes and servers: more at once than a small machine has cores.
JOBS ?= 6
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n $(JOBS) --dist worksteal

# pip and pyright would ask the network for newer versions of themselves.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# Every process of the tests would compile all that it imports anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-fast check lint mypy pyright bench torture mutants format constraints \
	alerts image image-test image-test-short rehearsal

demo: .venv/ready
	$(BIN)/airbook demo

test: .venv/ready .venv/schemas
	$(PYTEST)

# Rules, application logic and the contract of the stores in memory and on SQLite: no PostgreSQL, no
# processes, no screens. For each save; `make test` runs everything.
test-fast: .venv/ready
	$(PYTEST) -q -m "(unit or contract) and not postgres"

check: .venv/ready .venv/schemas
	$(MAKE) --no-print-directory --jobs 2 lint mypy pyright
	$(PYTEST)

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo

mypy pyright: .venv/ready
	$(BIN)/$@

bench: .venv/ready
	$(BIN)/python -m benchmarks

# Minutes of faults under load. Longer still: make torture AIRBOOK_KILLS=1000
torture: .venv/ready
	AIRBOOK_TORTURE=1 $(BIN)/pytest -m torture --timeout 3600

# Mutation testing, of the product files that a push would send and those changed in the tree:
# make mutants BASE=HEAD~5, make mutants FILES="a.py b.py", make mutants FILES=all
mutants: .venv/ready
	$(BIN)/python -m tests.mutants $(if $(BASE),--base $(BASE)) $(FILES)

# One image for every role, with docker, or with podman (ENGINE=podman): the size of each layer, the
# digest, and a list of its packages in build/. Without a registry its base is made of Debian's
# packages by mmdebstrap.
image: .venv/ready
	$(BIN)/python -m tests.containers.building

# Containers of the image, and the stacks in docker/, as operators run them. The short form is what
# a change must pass. Both say so where no engine can be started.
image-test: .venv/ready
	$(BIN)/pytest -m container -rs --timeout 3600 tests/containers

image-test-short: .venv/ready
	$(BIN)/pytest -m "container and not long" -rs -x tests/containers

# Installs airbook on the cluster that kubectl points at, plays docs/rehearsal.md and writes it anew.
# It needs kubectl and siege, and the ports 30080, 30432 and 30090 of the node at 127.0.0.1:
# make rehearsal REHEARSAL_LOAD="kind load image-archive /dev/stdin", make rehearsal POINTS="3 5"
rehearsal: .venv/ready
	$(BIN)/python -m tests.rehearsal $(POINTS)

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The newest versions that pyproject.toml allows, for every Python and platform at once; and of
# these, those of the container image and those that build airbook.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes \
	--custom-compile-command "make constraints"
constraints: .venv/made
	$(BIN)/pip install --quiet uv
	$(COMPILE) --upgrade --group dev --extra all --extra container \
		--output-file constraints.txt pyproject.toml
	$(COMPILE) --no-annotate --extra container --constraint constraints.txt \
		--output-file docker/requirements.txt pyproject.toml
	$(COMPILE) --no-annotate --group build --constraint constraints.txt \
		--output-file docker/requirements-build.txt
	$(COMPILE) --upgrade --no-annotate --group schemas \
		--output-file tests/deploy/kubernetes/requirements.txt

# The operator of Prometheus takes the alert rules in a document of its own, into which kustomize
# cannot put a file: everything after its line "spec:" is that file, indented.
ALERTS := deploy/kubernetes/components/monitoring/rules.yaml
alerts:
	{ sed '/^spec:/q' $(ALERTS); sed 's/^./  &/' deploy/monitoring/rules/airbook.yml; } > $(ALERTS).new
	mv $(ALERTS).new $(ALERTS)

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "airbook needs Python 3.11 or newer: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

# Compiling every tool takes a third of the time: what airbook itself loads is compiled below.
.venv/dependencies: constraints.txt .venv/made
	$(BIN)/pip install --quiet --no-compile --require-hashes -r constraints.txt
	@touch $@

.venv/schemas: tests/deploy/kubernetes/requirements.txt .venv/made
	rm -rf $@ $@.new
	$(BIN)/pip install --quiet --no-compile --require-hashes --target $@.new -r $<
	@mv $@.new $@
	@touch $@

# Hash-checking pip refuses editable installs, so airbook itself comes second.
CATALOGS := $(wildcard application/airbook/application/text/locale/*/LC_MESSAGES/*.po)
.venv/ready: .venv/dependencies pyproject.toml hatch_build.py compile_modules.py $(CATALOGS)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python compile_modules.py
	@touch $@
