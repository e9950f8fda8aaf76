# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks r.json, r.sarif and r.html in the folder that is given."""
import html.parser
import json
import os
import re
import sys
import urllib.parse

base = sys.argv[1]


def read(name):
    with open(os.path.join(base, name), encoding="utf-8") as file:
        return file.read()


def check_json():
    report = json.loads(read("r.json"))
    assert report["target"] == "6.1" and report["tool"] == "vfio-migrate"
    assert report["counts"] == {"converted": 1, "alreadyNew": 1, "refused": 1, "notParsed": 1}
    kiosk, abacus, hermit = report["drivers"]
    assert kiosk["outcome"] == "converted" and "diff --git" in kiosk["patch"]
    assert len(kiosk["changedFiles"]) == 2 and len(kiosk["plan"]) == 6
    assert kiosk["plan"][1]["line"] == 19 and len(kiosk["events"]) == 5
    assert abacus["refusals"][0]["id"] == "call-in-macro" and abacus["patch"] == ""
    assert hermit["outcome"] == "already-new"


def check_sarif():
    """What the schema of SARIF 2.1.0 asks of the properties that we write."""
    log = json.loads(read("r.sarif"))
    assert set(log) <= {"$schema", "version", "runs"} and log["version"] == "2.1.0"
    run, = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] and re.fullmatch(r"[0-9.]+", driver["version"])
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(rules) == len(set(rules))
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    root = run["originalUriBaseIds"]["SRCROOT"]["uri"]
    assert root.startswith("file:///") and root.endswith("/")
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")

    def check_location(location):
        physical = location["physicalLocation"]
        artifact = physical["artifactLocation"]
        assert artifact["uriBaseId"] == "SRCROOT" and not artifact["uri"].startswith("/")
        region = physical.get("region", {"startLine": 1})
        assert region["startLine"] >= 1 and region.get("startColumn", 1) >= 1

    invocation, = run["invocations"]
    assert invocation["executionSuccessful"] is False  # a file did not parse
    for note in invocation["toolExecutionNotifications"]:
        assert note["message"]["text"] and note["level"] in ("none", "note", "warning", "error")
    found = [result["ruleId"] for result in run["results"]]
    assert sorted(found) == ["bug-removed", "call-in-macro", "old-life-cycle"]
    for result in run["results"]:
        assert result["ruleId"] in rules and result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        for location in result["locations"]:
            check_location(location)
        for fix in result.get("fixes", []):
            check_fix(fix, urllib.parse.unquote(root[len("file://"):]))


def check_fix(fix, root):
    """The replacements make the new text of the old one."""
    assert fix["description"]["text"] and fix["artifactChanges"]
    for change in fix["artifactChanges"]:
        path = root + change["artifactLocation"]["uri"]
        with open(path, "rb") as file:
            old = file.read().decode(errors="replace").splitlines(True)
        new, at = [], 0
        for edit in change["replacements"]:
            region = edit["deletedRegion"]
            assert region["startColumn"] == region["endColumn"] == 1
            assert at < region["startLine"] <= region["endLine"] <= len(old) + 1
            new += old[at:region["startLine"] - 1] + [edit["insertedContent"]["text"]]
            at = region["endLine"] - 1
        text = "".join(new + old[at:])
        with open(path.replace("/old/", "/new/"), "rb") as file:
            assert text == file.read().decode(errors="replace"), path


class Page(html.parser.HTMLParser):
    """Well-formed as far as we close what we open, and loads nothing."""

    VOID = {"meta", "br", "wbr"}

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.links = [], {}, set(), set()

    def handle_starttag(self, tag, attributes):
        self.seen[tag] = self.seen.get(tag, 0) + 1
        for name, value in attributes:
            assert name not in ("src", "srcset", "action") and not name.startswith("on"), name
            if name == "href":
                self.links.add(value)
            if name == "id":
                self.ids.add(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


def check_html():
    text = read("r.html")
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, page.open
    assert page.links == {"#" + i for i in page.ids}, "links lead nowhere"
    assert not {"script", "link", "iframe", "img", "object"} & set(page.seen)
    assert not re.search(r"@import|url\(|https?:", text), "a resource from outside"
    assert page.seen["section"] >= 3 and page.seen["svg"] == 4 and page.seen["circle"] == 18


check_json()
check_sarif()
check_html()
