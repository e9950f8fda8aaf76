"""Writes a compile_commands.json as a distribution's gcc build would have it.

usage: make-database.py KERNEL OUT FORM FILE...   (FORM: command, arguments,
ccache, response, hostile)
"""
import json
import os
import re
import shlex
import sys

kernel, out, form = sys.argv[1:4]
files = [os.path.abspath(f) for f in sys.argv[4:]]
with open(os.path.join(kernel, "Makefile")) as makefile:
    source = re.search(r"^include (.*)/Makefile$", makefile.read(), re.M).group(1)

# What gcc takes and clang does not, or not in this way.
GCC_ONLY = """-mpreferred-stack-boundary=3 -mindirect-branch=thunk-extern
-mindirect-branch-register -mfunction-return=thunk-extern -mrecord-mcount
-mno-fp-ret-in-387 -fconserve-stack -fno-allow-store-data-races -fno-ipa-cp-clone
-fno-partial-inlining -fzero-call-used-regs=used-gpr -falign-jumps=1
-fno-reorder-blocks -fplugin=/nonexistent/latent_entropy_plugin.so
-fplugin-arg-structleak_plugin-byref-all -fsanitize=bounds -fsanitize=shift
-fstrict-flex-arrays=3 -fmin-function-alignment=16 -ftrivial-auto-var-init=zero
-march=znver9 -mtune=generic --param=allow-store-data-races=0 -Wimplicit-fallthrough=5
-Werror=designated-init -Wno-alloc-size-larger-than -Wno-dangling-pointer -Wlogical-op
-pg -mfentry -gz=zlib -fno-inline-functions-called-once""".split()

KERNEL = """-nostdinc -isystem /usr/lib/gcc/x86_64-linux-gnu/12/include
-I{s}/arch/x86/include -I./arch/x86/include/generated -I{s}/include -I./include
-I{s}/arch/x86/include/uapi -I./arch/x86/include/generated/uapi -I{s}/include/uapi
-I./include/generated/uapi -include {s}/include/linux/compiler-version.h
-include {s}/include/linux/kconfig.h -include {s}/include/linux/compiler_types.h
-D__KERNEL__ -std=gnu11 -fshort-wchar -fno-strict-aliasing -mno-sse -mno-sse2 -m64
-mno-80387 -mcmodel=kernel -mno-red-zone -O2 -DCC_USING_FENTRY -DMODULE
""".format(s=source).split()

# What must never come to effect.
here = os.path.dirname(os.path.abspath(out))
HOSTILE = [a.replace("OUT", here + "/written") for a in """-fplugin=OUT.so -Xclang -load
-Xclang OUT.so -Xclang -add-plugin -Xclang evil -fpass-plugin=OUT.so -mllvm -info-output-file=OUT.mllvm
-MD -MF OUT.d -Wp,-MMD,OUT.mmd -Wp,-MD,OUT.md --serialize-diagnostics OUT.dia -save-temps=obj
-save-temps -ftime-trace=OUT.json -dependency-file OUT.dep -H -o OUT.o -E -v -### -emit-ast
-fmodules -fmodules-cache-path=OUT.modules -include-pch OUT.pch -ivfsoverlay OUT.yaml
-fcrash-diagnostics-dir=OUT.crash -index-store-path OUT.index -fdump-tree-all -aux-info OUT.aux
-fprofile-arcs -ftest-coverage -fprofile-generate=OUT.prof -fdiagnostics-format=sarif
-specs=OUT.specs -wrapper OUT.sh,-c -working-directory / -B OUT.bin --config=OUT.cfg
-fembed-bitcode -Xpreprocessor -MF -Xpreprocessor OUT.xp -Wa,-adhln=OUT.lst -stats-file=OUT.stats
""".split()]


def entry(path):
    name = os.path.splitext(os.path.basename(path))[0]
    args = ["gcc-12", "-Wp,-MMD,%s/.%s.o.d" % (os.path.dirname(path), name)] + KERNEL
    args += GCC_ONLY + ['-DKBUILD_BASENAME="%s"' % name, '-DKBUILD_MODNAME="%s"' % name]
    if form == "ccache":
        args[0:1] = ["ccache", "/usr/bin/x86_64-linux-gnu-gcc-12"]
    if form == "hostile":
        args += HOSTILE
    if form == "response":
        with open(os.path.join(here, "flags.rsp"), "w") as response:
            response.write(shlex.join(args[1:]))
        args = [args[0], "@" + os.path.join(here, "flags.rsp")]
    args += ["-c", "-o", path[:-2] + ".o", path]
    made = {"directory": kernel, "file": path}
    if form == "arguments":
        made["arguments"] = args
    else:
        made["command"] = shlex.join(args)
    return made


with open(out, "w") as database:
    json.dump([entry(f) for f in files], database, indent=1)
