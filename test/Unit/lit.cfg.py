# The GoogleTest programs: one lit test for each case of each program.
import os

import lit.formats

config.name = "Sylvite-Unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.suffixes = []
config.test_source_root = os.path.join(config.sylvite_obj_root, "test", "Unit")
config.test_exec_root = config.test_source_root

for name, value in config.sanitizer_environment.items():
    config.environment[name] = value
