# Configuration of the test suite. See docs/Testing.md for what a test may use.
import os

import lit.formats

config.name = "Sylvite"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "lit.cfg.py", "lit.site.cfg.py"]
config.test_source_root = os.path.dirname(__file__)
config.environment["PATH"] = os.pathsep.join(
    [config.sylvite_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
