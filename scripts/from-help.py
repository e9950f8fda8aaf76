#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a program's manual page and shell completions of what its --help says, so
that there is one text to keep right. The build runs it.

  from-help.py PROGRAM VERSION FOLDER     writes PROGRAM.1.gz, PROGRAM.bash, _PROGRAM
"""
import gzip
import os
import re
import subprocess
import sys

SEE_ALSO = ["vfio-tidy", "vfio-migrate", "vfio-check", "vfio-clangd"]
OPTION = re.compile(r"(?<![\w-])(--?[a-zA-Z][\w-]*)(?:(=)|(?=[ ,;:\n]|$))")


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def bold_options(text):
    return re.sub(r"(?<![\w-])(\\-(?:\\-)?[a-zA-Z](?:[\w]|\\-)*)", r"\\fB\1\\fR", escape(text))


def synopsis(lines):
    """The usage: each form on a line, its explanation after more than one space."""
    for line in lines:
        form, _, meaning = re.sub(r"^(usage:| *)\s*", "", line).partition("  ")
        yield ".TP\n.B %s\n%s\n" % (escape(form), escape(meaning.strip() or "The usual form."))


def body(lines):
    """Options are indented, and their explanation may go on in further lines."""
    for line in lines:
        if not line.strip():
            yield ".PP\n"
        elif re.match(r"  \S", line):
            head, _, text = line.strip().partition("  ")
            yield ".TP\n%s\n%s\n" % (bold_options(head), bold_options(text.strip()) or "\\&")
        elif line.startswith("   "):
            yield bold_options(line.strip()) + "\n"
        else:
            yield (".PP\n" if line[0].isupper() else "") + bold_options(line) + "\n"


def manual(name, version, text):
    lines = text.splitlines()
    count = next(i for i, line in enumerate(lines) if i and not line.startswith(" "))
    first = next(line for line in lines[count:] if line.strip())
    see = ", ".join("\\fB%s\\fR(1)" % escape(n) for n in SEE_ALSO if n != name)
    return "".join([
        '.TH %s 1 "" "vfio-tidy %s"\n.SH NAME\n' % (name.upper(), version),
        "%s \\- %s\n.SH SYNOPSIS\n" % (escape(name), escape(first.split(". ")[0].rstrip("."))),
        *synopsis(lines[:count]), ".SH DESCRIPTION\n", *body(lines[count:]),
        ".SH SEE ALSO\n%s, /usr/share/doc/vfio\\-tidy\n" % see])


def options(text):
    """Each option, with its "=" where it takes a value so."""
    found = {}
    for name, value in OPTION.findall(text):
        found[name] = found.get(name, "") or value
    return [name + value for name, value in sorted(found.items())]


def bash(name, text):
    # Bash cuts words at "=": what follows it is a word of its own, a file's name.
    return """# Completion of %s, made of its --help.
_%s() {
  local current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  [[ $current == -* ]] || return 0
  mapfile -t COMPREPLY < <(compgen -W "%s" -- "$current")
  [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
complete -o default -F _%s %s
""" % (name, name.replace("-", "_"), " ".join(options(text)), name.replace("-", "_"), name)


def zsh(name, text):
    rows = ["  '%s[%s]%s'" % (o.replace("=", "=-"), name, ":value:_files" if "=" in o else "")
            for o in options(text)]
    return "#compdef %s\n# Completion of %s, made of its --help.\n_arguments \\\n%s \\\n  '*:file:_files'\n" % (
        name, name, " \\\n".join(rows))


def main(program, version, folder):
    name = os.path.basename(program)
    text = subprocess.run([program, "--help"], stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout
    # As Debian wants it: the best compression, no time in it.
    with gzip.GzipFile(os.path.join(folder, name + ".1.gz"), "wb", 9, mtime=0) as out:
        out.write(manual(name, version, text).encode())
    for file, made in ((name + ".bash", bash(name, text)), ("_" + name, zsh(name, text))):
        with open(os.path.join(folder, file), "w") as out:
            out.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
