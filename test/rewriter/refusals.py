# RUN: %python %s %src
"""docs/refusals.md has a section for each row of rewriter/Refusals.def, in its
order and with its words, and no other; the rewriter uses no other identifier."""
import glob
import re
import sys

source = sys.argv[1]
with open(source + "/rewriter/Refusals.def") as file:
    text = file.read()
string = r'((?:\s*"[^"]*")+)'
rows = [tuple("".join(re.findall(r'"([^"]*)"', part)) for part in row)
        for row in re.findall(r"REFUSAL\(%s,%s,%s\)" % (string, string, string), text)]
assert len(rows) == text.count("REFUSAL(\"") and len(rows) > 10, "rows not understood"

with open(source + "/docs/refusals.md") as file:
    sections = re.split(r"^## ", file.read(), flags=re.M)[1:]
named = [section.split("\n", 1)[0] for section in sections]
assert sorted(named) == sorted(row[0] for row in rows), \
    "sections and rows differ: %s" % (set(named) ^ {row[0] for row in rows})
for identifier, meaning, to_do in rows:
    section = sections[named.index(identifier)]
    assert "**Means:** %s.\n" % meaning in section, identifier + ": **Means:** " + meaning + "."
    assert "**To do:** %s.\n" % to_do in section, identifier + ": **To do:** " + to_do + "."

known = {row[0] for row in rows}
for path in glob.glob(source + "/rewriter/**/*.cpp", recursive=True):
    with open(path) as file:
        used = re.findall(r'(?:refuse\w*\(\w*,?\s*|makeRefusal\(|\.Id = |Refusals\.push_back\(\{)"([^"]*)"', file.read())
    for identifier in used:
        assert identifier in known, "%s: %s is not in Refusals.def" % (path, identifier)
