# RUN: %python %s %src
"""docs/refusals.md has a section for each row of rewriter/Refusals.def, in its
order and with its words, and no other; the rewriter uses each of them."""
import glob
import re
import sys

source = sys.argv[1]
with open(source + "/rewriter/Refusals.def") as file:
    text = file.read()
string = r'((?:\s*"[^"]*")+)'
rows = [tuple("".join(re.findall(r'"([^"]*)"', part)) for part in row)
        for row in re.findall(r"REFUSAL\(\w+,%s,%s,%s\)" % (string, string, string), text)]
assert len(rows) == len(re.findall(r"^REFUSAL\(", text, re.M)) and len(rows) > 10, "rows not understood"

with open(source + "/docs/refusals.md") as file:
    sections = re.split(r"^## ", file.read(), flags=re.M)[1:]
named = [section.split("\n", 1)[0] for section in sections]
assert sorted(named) == sorted(row[0] for row in rows), \
    "sections and rows differ: %s" % (set(named) ^ {row[0] for row in rows})
for identifier, meaning, to_do in rows:
    section = sections[named.index(identifier)]
    assert "**Means:** %s.\n" % meaning in section, identifier + ": **Means:** " + meaning + "."
    assert "**To do:** %s.\n" % to_do in section, identifier + ": **To do:** " + to_do + "."

# The compiler sees that no other is used; that each is, this sees.
names = re.findall(r"^REFUSAL\((\w+),", text, re.M)
sources = ""
for path in glob.glob(source + "/rewriter/**/*.cpp", recursive=True):
    with open(path) as file:
        sources += file.read()
for name in names:
    assert "RefusalId::" + name in sources, name + " is used nowhere"
