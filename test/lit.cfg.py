# What lit needs to know of this project's tests. Each folder is a suite:
#   checks/      each check on mock headers of each generation, both doors
#   rewriter/    vfio-migrate on the samples
#   families/    drivers of several files: what another file does
#   kernel/      Debian's real kernel sources
#   runtime/     a real kernel in QEMU
#   editor/      a real editor
#   robustness/  bad input
#   make/        make C=1, and what gcc builds leave behind
#   reports/     reports, --diff, --baseline, wrong configurations
#   kbuild/      flags and databases
#   unit/        the engine, on a few lines at a time
#   install/     what is installed works from there
#   docs/        what is generated, and the scripts that generate
#   sanitizers/  some of the above, in a build with sanitizers
import glob
import importlib.util
import inspect
import os
import shutil
import sys

import lit.formats

config.name = "vfio-tidy"
# Tests have loops and functions of the shell. LLVM 23's lit wants that said twice.
shell = {"execute_external": True}
if "force_execute_external" in inspect.signature(lit.formats.ShTest.__init__).parameters:
    shell["force_execute_external"] = True
config.test_format = lit.formats.ShTest(**shell)
config.suffixes = [".c", ".test", ".sh", ".py"]
config.excludes = ["Inputs", "lit.cfg.py", "lit.site.cfg.py", "check_vfio.py", "fixes.py",
                   "CMakeLists.txt"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = os.path.join(config.build_dir, "test")

config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
config.environment["LC_ALL"] = "C.UTF-8"
# No test sees what the person who runs it has configured (git's user, say).
config.environment["HOME"] = os.path.join(config.test_exec_root, "home")
os.makedirs(config.environment["HOME"], exist_ok=True)
# A clone may belong to another user than the one who tests it.
with open(os.path.join(config.environment["HOME"], ".gitconfig"), "w") as file:
    file.write("[safe]\n\tdirectory = *\n")
config.environment["GIT_CONFIG_NOSYSTEM"] = "1"
config.environment["PATH"] = os.pathsep.join([config.llvm_tools, os.environ["PATH"]])

inputs = os.path.join(config.test_source_root, "Inputs")
bin_dir = os.path.join(config.build_dir, "bin")
plugin = os.path.join(config.build_dir, "lib", "VfioTidyModule-%s.so" % config.llvm_major)


def llvm(tool):
    return os.path.join(config.llvm_tools, tool)


def newest(pattern):
    """The folder of the newest package that matches."""
    def version(path):
        parts = os.path.basename(path).replace("+", ".").replace("-", ".").split(".")
        return [int(p) if p.isdigit() else 0 for p in parts]
    return max(glob.glob(pattern), key=version, default=None)


# scripts/try-sanitizers.sh has no plugin to try.
doors = lit_config.params.get("doors", "vfio-tidy,clang-tidy")
if "clang-tidy" in doors.split(","):
    config.available_features.add("plugin")

# Longer names first: lit replaces in order, and %kernel61 must not be cut.
substitutions = {
    "%check_vfio": " ".join([
        sys.executable, os.path.join(config.test_source_root, "check_vfio.py"),
        "--vfio-tidy", os.path.join(bin_dir, "vfio-tidy"),
        "--clang-tidy", llvm("clang-tidy"), "--plugin", plugin,
        "--clang", llvm("clang"), "--filecheck", llvm("FileCheck"),
        "--inputs", inputs, "--doors", doors]),
    "%vfio-tidy": os.path.join(bin_dir, "vfio-tidy"),
    "%vfio-migrate": os.path.join(bin_dir, "vfio-migrate"),
    "%vfio-check": os.path.join(bin_dir, "vfio-check"),
    "%vfio-clangd": os.path.join(bin_dir, "vfio-clangd"),
    "%clang-tidy": llvm("clang-tidy"),
    "%clang": llvm("clang"),
    "%plugin": plugin,
    "%unit": os.path.join(config.build_dir, "test", "unit"),
    "%inputs": inputs,
    "%samples": os.path.join(config.source_dir, "samples"),
    "%src": config.source_dir,
    "%build": config.build_dir,
    "%python": sys.executable,
    "%FileCheck": llvm("FileCheck"),
    "%not": llvm("not"),
    "%llvm_major": config.llvm_major,
    "%llvm_include": config.llvm_include,
    "%llvm_bin": config.llvm_tools,
}

# Kernel packages: %headers61 and the feature headers-6.1, %source61 and
# source-6.1; the same for 6.12. scripts/test.sh unpacks the sources there.
kernels = os.environ.get("VFIO_KERNELS", os.path.join(config.source_dir, "build", "kernels"))
for series in ("6.1", "6.12"):
    key = series.replace(".", "")
    headers = newest("/usr/src/linux-headers-%s.*-amd64" % series)
    if headers:
        config.available_features.add("headers-" + series)
        substitutions["%headers" + key] = headers
    source = os.path.join(kernels, "linux-source-" + series)
    if os.path.isdir(os.path.join(source, "drivers", "vfio")):
        config.available_features.add("source-" + series)
        substitutions["%source" + key] = source
for program, feature in (("qemu-system-x86_64", "qemu"), ("nvim", "nvim"),
                         ("spatch", "coccinelle"), ("lintian", "lintian"), ("chromium", "chromium"), ("gcc", "gcc"), ("make", "make")):
    if shutil.which(program):
        config.available_features.add(feature)
if glob.glob(os.path.join(os.path.dirname(config.llvm_tools), "lib/clang/*/lib/*/libclang_rt.asan*.a")):
    config.available_features.add("sanitizers")
if os.path.exists(llvm("ld.lld")):
    config.available_features.add("lld")
# "vim" itself may be Neovim, by the alternatives.
if shutil.which("vim.basic") and os.path.isdir("/usr/share/vim-ale"):
    config.available_features.add("vim-ale")
for module in ("pyte", "jsonschema"):
    if importlib.util.find_spec(module):
        config.available_features.add("python-" + module)
if os.path.exists(os.path.join(config.build_dir, "test", "unit", "engine-tests")):
    config.available_features.add("gtest")
config.available_features.add("llvm-%s" % config.llvm_major)
other = "19" if config.llvm_major == "22" else "22"
if os.path.exists("/usr/lib/llvm-%s/bin/clang-tidy" % other):
    config.available_features.add("other-clang-tidy")
    substitutions["%other-clang-tidy"] = "/usr/lib/llvm-%s/bin/clang-tidy" % other

for name in sorted(substitutions, key=len, reverse=True):
    config.substitutions.append((name, substitutions[name]))
