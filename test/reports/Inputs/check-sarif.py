# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds a report against the rules of SARIF 2.1.0 for what our programs write:
the schema below has the properties, types and values that the standard allows
there, and no others; then what a schema cannot say.

  check-sarif.py REPORT [--fixed FILE]   --fixed: prints FILE with its fixes made
  check-sarif.py REPORT --schema FILE    by hand: FILE is OASIS' whole schema
                                         (sarif-spec, sarif-2.1/schema), whose licence
                                         keeps it out of this project
"""
import json
import os
import sys
import urllib.parse

import jsonschema


def record(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required),
            "additionalProperties": False}


def some(items, least=0, unique=False):
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": unique}


TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}
URI = {"type": "string", "format": "uri-reference"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = record(["text"], text=TEXT)
ARTIFACT = record(["uri"], uri=URI, uriBaseId=TEXT)
REGION = record(["startLine"], startLine=COUNT, startColumn=COUNT, endLine=COUNT,
                endColumn=COUNT)
LOCATION = record(["physicalLocation"],
                  physicalLocation=record(["artifactLocation"], artifactLocation=ARTIFACT,
                                          region=REGION),
                  logicalLocations=some(record(["name"], name=TEXT), unique=True),
                  message=MESSAGE)
REPLACEMENT = record(["deletedRegion"], deletedRegion=REGION, insertedContent=MESSAGE)
CHANGE = record(["artifactLocation", "replacements"], artifactLocation=ARTIFACT,
                replacements=some(REPLACEMENT, least=1))
FIX = record(["artifactChanges"], description=MESSAGE,
             artifactChanges=some(CHANGE, least=1, unique=True))
RESULT = record(["message"], ruleId=TEXT, level=LEVEL, message=MESSAGE,
                locations=some(LOCATION), relatedLocations=some(LOCATION, unique=True),
                partialFingerprints={"type": "object", "additionalProperties": TEXT},
                baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
                fixes=some(FIX, unique=True),
                codeFlows=some(record(["threadFlows"], threadFlows=some(record(
                    ["locations"], locations=some(record(location=LOCATION), least=1)), least=1))))
MULTIFORMAT = record(["text"], text=TEXT, markdown=TEXT)
RULE = record(["id"], id=TEXT, shortDescription=MULTIFORMAT, fullDescription=MULTIFORMAT,
              help=MULTIFORMAT, helpUri=URI, defaultConfiguration=record(level=LEVEL),
              properties={"type": "object"})
DRIVER = record(["name"], name=TEXT, version=TEXT, informationUri=URI,
                rules=some(RULE, unique=True))
NOTIFICATION = record(["message"], level=LEVEL, message=MESSAGE,
                      locations=some(LOCATION, unique=True))
INVOCATION = record(["executionSuccessful"], executionSuccessful={"type": "boolean"},
                    toolExecutionNotifications=some(NOTIFICATION))
RUN = record(["tool"], tool=record(["driver"], driver=DRIVER), invocations=some(INVOCATION),
             originalUriBaseIds={"type": "object", "additionalProperties": record(uri=URI)},
             columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
             results=some(RESULT))
LOG = dict(record(["version", "runs"], version={"const": "2.1.0"}, runs=some(RUN)))
LOG["properties"]["$schema"] = URI


def artifacts(value):
    if isinstance(value, dict):
        if "artifactLocation" in value:
            yield value["artifactLocation"]
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from artifacts(item)


def path_of(run, artifact):
    base = run["originalUriBaseIds"][artifact["uriBaseId"]]["uri"] if "uriBaseId" in artifact else ""
    uri = urllib.parse.urlparse(urllib.parse.urljoin(base, artifact["uri"]))
    assert uri.scheme == "file", artifact
    return urllib.parse.unquote(uri.path)


def check_run(run):
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids)), "a rule is listed twice"
    for base in run["originalUriBaseIds"].values():
        assert base["uri"].endswith("/"), "a base ends in a slash"
    for artifact in artifacts(run):
        assert os.path.isfile(path_of(run, artifact)), artifact
        assert "uriBaseId" not in artifact or not artifact["uri"].startswith("/"), artifact
    for result in run["results"]:
        assert result["ruleId"] in ids, "no rule for " + result["ruleId"]
        for location in result["locations"]:
            physical = location["physicalLocation"]
            with open(path_of(run, physical["artifactLocation"])) as file:
                assert physical["region"]["startLine"] <= len(file.readlines()), location


def check_as_shown(run):
    """What a service shows of a finding of vfio-tidy: all that it has a place for."""
    driver = run["tool"]["driver"]
    assert "://" in driver["informationUri"], driver["informationUri"]
    levels = {}
    for rule in driver["rules"]:
        assert rule["helpUri"].endswith(".md") or not rule["id"].startswith("vfio-"), rule["id"]
        if not rule["id"].startswith("vfio-"):
            continue
        assert "\n" in rule["help"]["markdown"] and rule["help"]["text"], rule["id"]
        assert rule["fullDescription"]["text"] and rule["shortDescription"]["text"], rule["id"]
        assert rule["properties"]["precision"] in ("high", "very-high", "medium"), rule["id"]
        assert rule["properties"]["tags"], rule["id"]
        levels.setdefault(rule["defaultConfiguration"]["level"], []).append(rule["id"])
    assert set(levels) <= {"error", "warning", "note"}, levels
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"]), region
        if result.get("relatedLocations"):
            steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
            assert len(steps) > 1, "a path of one step"
            last = steps[-1]["location"]["physicalLocation"]
            assert last["region"]["startLine"] == region["startLine"], "a path that ends elsewhere"


def fixed(run, path):
    with open(path) as file:
        lines = file.readlines()
    edits = [r for result in run["results"] for f in result.get("fixes", [])[:1]
             for c in f["artifactChanges"] if path_of(run, c["artifactLocation"]) == path
             for r in c["replacements"]]
    for edit in sorted(edits, key=lambda r: r["deletedRegion"]["startLine"], reverse=True):
        region = edit["deletedRegion"]
        assert region["startColumn"] == region["endColumn"] == 1, "whole lines"
        lines[region["startLine"] - 1:region["endLine"] - 1] = [edit["insertedContent"]["text"]]
    return "".join(lines)


with open(sys.argv[1]) as report:
    log = json.load(report)
jsonschema.Draft7Validator(LOG, format_checker=jsonschema.FormatChecker()).validate(log)
if sys.argv[2:3] == ["--schema"]:
    with open(sys.argv[3]) as schema:
        jsonschema.Draft4Validator(json.load(schema)).validate(log)
for each in log["runs"]:
    check_run(each)
    if each["tool"]["driver"]["name"] == "vfio-tidy":
        check_as_shown(each)
if sys.argv[2:3] == ["--fixed"]:
    sys.stdout.write(fixed(log["runs"][0], os.path.realpath(sys.argv[3])))
else:
    print("%s: SARIF 2.1.0, %d results" % (log["runs"][0]["tool"]["driver"]["name"],
                                           len(log["runs"][0]["results"])))
