# The few commands of daily work; CMake and scripts/ do them.
#
#   make             build: the tools lie in build/bin afterwards
#   make demo        compile a sentence encoder and compare sentences with it
#   make check       build and run all tests
#   make check-notes compare compiled graphs with the notes of NOTES=FOLDER
#   make check-onnx  run the node tests of ONNX and print a table by operator,
#                    with REPORT=FILE also as a page
#   make check-exports
#                    compile the exported models of EXPORTS=FOLDER and compare
#   make check-memory
#                    import 1 GB of weights and look at the compiler's memory
#   make fuzz        run libFuzzer on the importer of ONNX for SECONDS=60
#   make check-all   the same as check, then with round-trip verification, with
#                    sanitizers, with 1 GB of weights, and ten minutes of libFuzzer
#   make bench       measure speed, also that of other systems
#   make bench-attention
#                    measure attention by length
#   make bench-devices
#                    measure the devices of this machine against its processor
#   make docs        generate the references of dialects and passes
#   make format      clang-format what git tracks
#   make clean       remove what was built (the Python environment stays)
#
# PRESET=release (see CMakePresets.json) builds another variant.

PRESET ?= dev
BUILD := $(if $(filter dev ci,$(PRESET)),build,build-$(PRESET))
CONFIGURED := $(BUILD)/preset
NINJA := ninja -C $(BUILD)
# The environment that scripts/setup made, or the one that HALIDE_ROOT lies in.
PYTHON := $(if $(HALIDE_ROOT),$(HALIDE_ROOT)/../../../../bin,.venv/bin)/python3

.PHONY: build setup demo check check-notes check-onnx check-exports check-memory fuzz check-all bench bench-attention bench-devices docs format clean configure

build: configure
	$(NINJA)

setup:
	scripts/setup

# Ninja runs CMake again by itself when a file of CMake changes; here it runs
# for a new folder or another preset. What it prints matters only if it fails.
configure: setup
	@if [ "$$(cat $(CONFIGURED) 2>/dev/null)" != $(PRESET) ]; then \
	  echo "cmake --preset $(PRESET)"; \
	  mkdir -p $(BUILD); \
	  cmake --preset $(PRESET) >$(BUILD)/configure.log 2>&1 \
	    || { cat $(BUILD)/configure.log; exit 1; }; \
	  echo $(PRESET) >$(CONFIGURED); \
	fi

demo: build
	$(PYTHON) demo/demo.py --build $(BUILD)

check: configure
	$(NINJA) check

NOTES := ../shared/data/notes

check-notes: build
	$(PYTHON) test/Notes/check_notes.py --build $(BUILD) $(NOTES)

check-onnx: build
	$(PYTHON) test/ONNX/check_nodes.py --build $(BUILD) $(if $(REPORT),--report $(REPORT))

EXPORTS := ../shared/data/onnx

check-exports: build
	$(PYTHON) test/ONNX/check_exports.py --build $(BUILD) $(EXPORTS)

MEMORY_CHECK := $(PYTHON) test/ONNX/check_memory.py --build $(BUILD) --size 1024 --limit 600

check-memory: build
	$(MEMORY_CHECK) $(BUILD)/test
	$(MEMORY_CHECK) --embedded $(BUILD)/test

SECONDS := 60

fuzz:
	$(MAKE) PRESET=fuzz configure
	ninja -C build-fuzz sylvite-fuzz-onnx
	$(PYTHON) test/Fuzz/run_fuzzer.py --build build-fuzz --seconds $(SECONDS)

check-all: check
	$(NINJA) check-roundtrip
	$(MAKE) check-memory
	$(MAKE) PRESET=asan-ubsan check
	$(MAKE) fuzz SECONDS=600
	$(MAKE) docs

# REPORT=FILE writes the tables as Markdown as well.
bench: build
	bench/setup
	$(NINJA) bench-kernels
	.venv-bench/bin/python3 bench/bench.py --build $(BUILD) $(if $(REPORT),--report $(REPORT))

# Attention alone, by length, and against the ops that it stands for.
bench-attention: build
	$(NINJA) sylvite-limits
	$(PYTHON) bench/attention.py --build $(BUILD) $(if $(REPORT),--report $(REPORT))

# A whole model on each device that there is.
bench-devices: build
	$(PYTHON) bench/devices.py --build $(BUILD) $(if $(REPORT),--report $(REPORT))

docs: configure
	$(NINJA) docs

format: setup
	git ls-files '*.cpp' '*.h' '*.c' | xargs clang-format-22 -i

clean:
	rm -rf build build-*
