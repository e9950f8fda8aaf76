"""compile-twice.py DATABASE SOURCE FLAG: compiles SOURCE a second time, with FLAG."""
import json
import sys

path, source, flag = sys.argv[1:]
with open(path) as file:
    entries = json.load(file)
for entry in [e for e in entries if e["file"].endswith("/" + source)]:
    again = dict(entry)
    again["arguments"] = [entry["arguments"][0], flag] + entry["arguments"][1:]
    entries.append(again)
with open(path, "w") as file:
    json.dump(entries, file)
