# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What vfio-clangd answers to an editor. Prints "ok: ..." for each case.

  server.py --clangd P --tidy P --migrate P --kernel DIR --samples DIR --work DIR
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lsp

CASES = []


def case(function):
    CASES.append(function)
    return function


def check(condition, text):
    if not condition:
        raise AssertionError(text)


class Driver:
    """A copy of a sample in a folder of its own, and a server that has its
    first source open."""

    def __init__(self, options, name, sample, arguments=(), files=None, kernel=True):
        self.options = options
        self.folder = os.path.join(options.work, name)
        shutil.copytree(os.path.join(options.samples, sample), self.folder)
        for path, text in dict({".clang-tidy": "Checks: ''\n"}, **(files or {})).items():
            with open(os.path.join(self.folder, path), "w") as file:
                file.write(text)
        self.path = os.path.join(self.folder, os.path.basename(sample) + ".c")
        # Our own sources, whose database lies above the samples, are not to be
        # indexed: a server would not end before that is done.
        command = [options.clangd, "--background-index=false"] + (["--kernel=" + options.kernel] if kernel else [])
        self.client = lsp.Client(command + list(arguments), self.folder)
        self.client.open(self.path)
        self.found = self.client.diagnostics(self.path)

    def codes(self):
        return [d.get("code", "") for d in self.found]

    def finding(self, code):
        for diagnostic in self.found:
            if diagnostic.get("code") == code:
                return diagnostic
        raise AssertionError("no %s among %s" % (code, self.codes()))

    def change(self, text):
        self.client.change(self.path, text)
        self.found = self.client.diagnostics(self.path)

    def take(self, diagnostic, title):
        titles = []
        for action in self.client.actions(self.path, diagnostic):
            titles.append(action["title"])
            if action["title"].startswith(title):
                self.client.apply(self.path, action)
                self.found = self.client.diagnostics(self.path)
                return action
        raise AssertionError("no action '%s' among %s" % (title, titles))

    def text(self):
        return self.client.texts[self.path]

    def by_program(self, program, *arguments):
        """What the program makes of the text that is open here."""
        folder = self.folder + ".program"
        shutil.copytree(self.folder, folder)
        path = os.path.join(folder, os.path.basename(self.path))
        with open(path, "w") as file:
            file.write(self.text())
        subprocess.run([program, "--kernel=" + self.options.kernel, *arguments, path],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        with open(path) as file:
            return file.read()


@case
def fixes_are_code_actions(options):
    for sample, check_name in (("buggy/6.1/norelease", "vfio-missing-release"),
                               ("buggy/6.1/kfreed", "vfio-mismatched-free"),
                               ("buggy/6.1/nulltest", "vfio-alloc-result")):
        driver = Driver(options, "fix-" + check_name, sample)
        expected = driver.by_program(options.tidy, "--fix", "--checks=-*," + check_name)
        driver.take(driver.finding(check_name), "Fix " + check_name)
        check(driver.text() == expected, check_name + ": the editor's text is not vfio-tidy's")
        check(check_name not in driver.codes(), check_name + " is still there")
        check(driver.client.close() == 0, "exit status")


@case
def findings_follow_the_compilers_diagnostics(options):
    """While somebody types, what was found before stays where its lines are."""
    driver = Driver(options, "typed", "buggy/6.1/norelease")
    client, path = driver.client, driver.path
    before = driver.finding("vfio-missing-release")
    line = before["range"]["start"]["line"]
    lines = driver.text().splitlines(keepends=True)
    client.change(path, "".join(lines[:line] + ["int undeclared(void) { return typo; }\n"] + lines[line:]))
    first = client.first_diagnostics(path)
    check(first.get("vfioPending"), "the first diagnostics are the last")
    check(any("typo" in d["message"] for d in first["diagnostics"]), first)
    kept = [d for d in first["diagnostics"] if d.get("code") == "vfio-missing-release"]
    check([d["range"]["start"]["line"] for d in kept] == [line + 1], kept)
    notes, moved = ([n["location"]["range"]["start"]["line"] for n in d["relatedInformation"]]
                    for d in (before, kept[0]))
    check(moved == [n + (n >= line) for n in notes], moved)
    driver.found = client.diagnostics(path)
    check(driver.finding("vfio-missing-release")["range"]["start"]["line"] == line + 1, driver.found)
    # Its own line changes: nothing is said of it until it has been looked at.
    lines = driver.text().splitlines(keepends=True)
    lines[line + 1] = " " + lines[line + 1]
    client.change(path, "".join(lines))
    first = client.first_diagnostics(path)
    check(not [d for d in first["diagnostics"] if d.get("code") == "vfio-missing-release"], first)
    driver.found = client.diagnostics(path)
    driver.finding("vfio-missing-release")
    client.close()


@case
def whoever_asks_for_fixes_does_not_wait_for_a_pause(options):
    driver = Driver(options, "hasty", "buggy/6.1/norelease")
    driver.client.change(driver.path, "/* typed */\n" + driver.text())
    first = driver.client.first_diagnostics(driver.path)["diagnostics"]
    kept = next(d for d in first if d.get("code") == "vfio-missing-release")
    titles = [a["title"] for a in driver.client.actions(driver.path, kept)]
    check(any(t.startswith("Fix vfio-missing-release") for t in titles), titles)
    driver.client.close()


@case
def many_keys_end_with_the_findings(options):
    driver = Driver(options, "fast", "buggy/6.1/norelease")
    text = driver.text()
    for count in range(1, 30):
        driver.client.change(driver.path, "/* typed%s */\n" % ("." * count) + text)
        time.sleep(0.05 if count % 7 else 0.4) # in the middle of the checks, too
    driver.found = driver.client.diagnostics(driver.path)
    driver.finding("vfio-missing-release")
    driver.change(text) # back to what it was
    check(driver.codes().count("vfio-missing-release") == 1, driver.codes())
    driver.client.close()


@case
def diagnostics_link_their_page(options):
    driver = Driver(options, "link", "buggy/6.1/norelease")
    href = driver.finding("vfio-missing-release")["codeDescription"]["href"]
    page = urllib.parse.unquote(href.replace("file://", "", 1))
    check(page.endswith("docs/checks/missing-release.md"), href)
    with open(page) as file:
        check("vfio-missing-release" in file.readline(), "the page is of something else")
    driver.client.close()


@case
def pages_can_be_elsewhere(options):
    driver = Driver(options, "pages", "buggy/6.1/norelease", arguments=["--docs=https://docs.example/vfio/"])
    href = driver.finding("vfio-missing-release")["codeDescription"]["href"]
    check(href == "https://docs.example/vfio/missing-release.md", href)
    driver.client.close()


@case
def a_headers_own_functions_are_read(options):
    """As vfio-tidy does; clangd itself leaves their bodies out."""
    text = open(os.path.join(options.samples, "buggy/6.1/noput/noput.c")).read()
    end = "static inline void over(struct vfio_device *v)\n{\n\tvfio_unregister_group_dev(v);\n\tvfio_put_device(v);\n}\n"
    driver = Driver(options, "header", "buggy/6.1/noput", files={
        "over.h": "#include <linux/vfio.h>\n" + end,
        "noput.c": text.replace("#include <linux/vfio.h>", '#include "over.h"')
                       .replace("vfio_unregister_group_dev(&np->vdev);",
                                "over(&np->vdev);\n\tvfio_put_device(&np->vdev);")})
    check("is put a second time" in driver.finding("vfio-lifecycle")["message"], driver.found)
    driver.client.close()


@case
def hover_says_the_contract(options):
    driver = Driver(options, "hover", "buggy/6.1/norelease")
    lines = driver.text().splitlines()
    for word, told in (("vfio_alloc_device", "never NULL"), ("vfio_put_device", "the last one runs '.release'"),
                       ("vfio_unregister_group_dev", "Call it before the put")):
        number = next(i for i, line in enumerate(lines) if word + "(" in line)
        hover = driver.client.request("textDocument/hover", {
            "textDocument": {"uri": "file://" + driver.path},
            "position": {"line": number, "character": lines[number].index(word) + 3}})
        value = hover["contents"]["value"]
        check(told in " ".join(value.splitlines()[:2]), value)
    driver.client.close()


@case
def no_name_of_the_life_cycle_is_misspelt(options):
    """clang takes what this kernel does not declare for a misspelling of what it does."""
    driver = Driver(options, "spelling", "buggy/6.1/norelease")
    driver.change(driver.text() + "int a(void) { return simple_strtouX; }\n"
                  "void *b(void) { return vfio_init_group_dev; }\n")
    check(any("did you mean 'vfio_register_group_dev'" in d["message"] for d in driver.found), driver.found)
    titles = []
    for diagnostic in driver.found:
        titles += [a["title"] for a in driver.client.actions(driver.path, diagnostic)]
    check(any("simple_strtoul" in t for t in titles), "no spelling fix at all: %s" % titles)
    check(not any("vfio_" in t and t.startswith("change '") for t in titles), titles)
    driver.client.close()


@case
def migration_is_preferred(options):
    driver = Driver(options, "preferred", "legacy/ledger")
    actions = driver.client.actions(driver.path, old_call(driver))
    preferred = [a["title"] for a in actions if a.get("isPreferred")]
    check(preferred == ["Migrate this driver to the alloc/put life cycle"], preferred)
    check(actions[0]["title"] == preferred[0], [a["title"] for a in actions])
    driver.client.close()


def old_call(driver):
    """A range on the first call of the old life cycle."""
    lines = driver.text().splitlines()
    number = next(i for i, line in enumerate(lines) if "vfio_init_group_dev(" in line)
    place = {"line": number, "character": 8}
    return {"range": {"start": place, "end": place}, "message": "", "severity": 1}


@case
def migration_works_on_text_nobody_saved(options):
    driver = Driver(options, "unsaved", "legacy/ledger")
    driver.change("/* typed, and not saved: \u00e4\u20ac\U0001f600 */\n" + driver.text())
    expected = driver.by_program(options.migrate, "--target=6.1", "-i")
    driver.take(old_call(driver), "Migrate this driver to the alloc/put life cycle")
    check(driver.text() == expected, "the editor's text is not vfio-migrate's")
    check("vfio_alloc_device" in driver.text(), "it is not migrated")
    with open(driver.path) as file:
        check("vfio_init_group_dev" in file.read(), "the file on disk was changed")
    check(not [c for c in driver.codes() if c.startswith("vfio-")], driver.codes())
    driver.client.close()


@case
def a_refusal_is_a_message(options):
    driver = Driver(options, "refused", "legacy/solstice")
    actions = driver.client.actions(driver.path, old_call(driver))
    action = next(a for a in actions if a["title"].startswith("Migrate"))
    driver.client.next_id += 1
    driver.client._send({"id": driver.client.next_id, "method": "workspace/executeCommand",
                         "params": action["command"]})
    shown = driver.client.wait(lambda m: m.get("method") == "window/showMessage")
    print("  " + shown["params"]["message"].split("; ")[0])
    check("refused (" in shown["params"]["message"], shown)
    driver.client.close()


@case
def a_clangd_file_is_honoured(options):
    config = ("CompileFlags:\n  Add: [-DASKED_FOR=1]\n"
              "Diagnostics:\n  ClangTidy:\n    Remove: [vfio-missing-release]\n")
    driver = Driver(options, "config", "buggy/6.1/norelease", files={".clangd": config})
    check("vfio-missing-release" not in driver.codes(), driver.codes())
    driver.change(driver.text() + "#ifdef ASKED_FOR\n#error asked for\n#endif\n")
    check(any("Asked for" in d["message"] for d in driver.found), "the flag was not added")
    driver.client.close()


@case
def a_broken_clangd_file_is_told(options):
    driver = Driver(options, "broken", "buggy/6.1/norelease",
                    files={".clangd": "CompileFlags: [\nDiagnostics: }\n"})
    driver.finding("vfio-missing-release") # our checks do not suffer from it
    driver.client.close()
    told = [line for line in driver.client.log if ".clangd" in line and "config error" in line]
    check(told, "no line of the log names the file:\n" + "\n".join(driver.client.log))
    print("  " + told[0].split("] ")[-1].replace(driver.folder + "/", ""))


def write_database(folder, source, command):
    os.makedirs(folder)
    with open(os.path.join(folder, "compile_commands.json"), "w") as file:
        json.dump([{"directory": folder, "file": source, "arguments": command + [source]}], file)


def kernel_command(options, source):
    """How gcc is called for a source, as far as a test needs it."""
    out = subprocess.run([options.tidy, "--kernel=" + options.kernel, "--print-database", source],
                         stdout=subprocess.PIPE, check=True).stdout
    arguments = json.loads(out)[0]["arguments"]
    own = [a for a in arguments[1:-1] if not a.startswith(("--target", "-resource-dir"))]
    return ["gcc-12", "-fconserve-stack", "-mrecord-mcount", "-fplugin=/no/such.so"] + own


@case
def a_database_is_honoured(options):
    sample = os.path.join(options.samples, "buggy/6.1/norelease/norelease.c")
    folder = os.path.join(options.work, "database-of")
    driver_path = os.path.join(options.work, "database", "norelease.c")
    write_database(folder, driver_path, kernel_command(options, sample) + ["-DIN_DATABASE"])
    driver = Driver(options, "database", "buggy/6.1/norelease", kernel=False,
                    arguments=["--compile-commands-dir=" + folder])
    driver.finding("vfio-missing-release")
    check(not [d for d in driver.found if d["severity"] == 1], "errors: %s" % driver.found)
    driver.change(driver.text() + "#ifdef IN_DATABASE\n#error from the database\n#endif\n")
    check(any("From the database" in d["message"] for d in driver.found), "its flags are not used")
    driver.client.close()


@case
def a_database_of_something_else_is_not_asked(options):
    other = os.path.join(options.work, "other.cpp")
    with open(other, "w") as file:
        file.write("int main() {}\n")
    driver = Driver(options, "other", "buggy/6.1/norelease", files={
        "compile_commands.json": json.dumps(
            [{"directory": options.work, "file": other, "arguments": ["c++", other]}])})
    driver.finding("vfio-missing-release")
    check(not [d for d in driver.found if d["severity"] == 1], "errors: %s" % driver.found)
    driver.client.close()


@case
def a_database_of_another_driver_does_not_overrule_the_kernel(options):
    """The driver is in no database, and --kernel says what such are compiled for."""
    sample = os.path.join(options.samples, "buggy/6.1/kfreed/kfreed.c")
    command = kernel_command(options, sample) + ["-DIN_DATABASE"]
    for given in (True, False):
        name = "another-%s" % given
        driver = Driver(options, name, "buggy/6.1/norelease", kernel=given, files={
            "compile_commands.json": json.dumps(
                [{"directory": options.work, "file": sample, "arguments": command + [sample]}])})
        driver.change(driver.text() + "#ifdef IN_DATABASE\n#error from the database\n#endif\n")
        used = any("From the database" in d["message"] for d in driver.found)
        check(used != given, "--kernel given: %s, and the database was%s used" % (given, "" if used else " not"))
        driver.client.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("clangd", "tidy", "migrate", "kernel", "samples", "work"):
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()
    failed = 0
    for function in CASES:
        try:
            function(options)
            print("ok: " + function.__name__)
        except Exception as problem: # the other cases are run all the same
            failed += 1
            print("FAILED: %s: %s: %s" % (function.__name__, type(problem).__name__, problem))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
