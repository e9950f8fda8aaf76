//===- KeptFindings.cpp - Our findings until the next are made ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/KeptFindings.h"
#include "report/Diff.h"
#include "llvm/ADT/ArrayRef.h"

using namespace llvm;

namespace vfio::clangd {

namespace {

/// Where the lines of an old text are in a new one. A key changes one place: it
/// is enough to know what comes before and behind it.
class MovedLines {
public:
  MovedLines(StringRef Old, StringRef New);

  /// Moves the range of \p Object; false where that has changed.
  bool move(json::Object &Object) const;

private:
  int64_t Changed;    ///< the first line that is another
  int64_t ChangedEnd; ///< behind the last such, in the old text
  int64_t By;         ///< so far the lines behind it have moved
};

} // namespace

MovedLines::MovedLines(StringRef Old, StringRef New) {
  std::vector<StringRef> Before = linesOf(Old), After = linesOf(New);
  size_t Least = std::min(Before.size(), After.size()), Same = 0, Tail = 0;
  while (Same < Least && Before[Same] == After[Same])
    ++Same;
  while (Tail < Least - Same &&
         Before[Before.size() - 1 - Tail] == After[After.size() - 1 - Tail])
    ++Tail;
  Changed = int64_t(Same);
  ChangedEnd = int64_t(Before.size() - Tail);
  By = int64_t(After.size()) - int64_t(Before.size());
}

bool MovedLines::move(json::Object &Object) const {
  json::Object *Range = Object.getObject("range");
  json::Object *Start = Range ? Range->getObject("start") : nullptr;
  json::Object *End = Range ? Range->getObject("end") : nullptr;
  if (!Start || !End)
    return false;
  int64_t First = Start->getInteger("line").value_or(0);
  int64_t Last = End->getInteger("line").value_or(0);
  if (Last < Changed)
    return true;
  if (First < ChangedEnd)
    return false;
  (*Start)["line"] = First + By;
  (*End)["line"] = Last + By;
  return true;
}

static bool isOurs(const json::Value &Diagnostic) {
  const json::Object *Object = Diagnostic.getAsObject();
  return Object && Object->getString("code").value_or("").starts_with("vfio-");
}

void KeptFindings::keep(const std::string &Uri, const json::Array &Diagnostics,
                        std::string Text) {
  json::Array Ours;
  for (const json::Value &Diagnostic : Diagnostics)
    if (isOurs(Diagnostic))
      Ours.push_back(Diagnostic);
  std::lock_guard<std::mutex> Guard(Lock);
  ByUri[Uri] = {std::move(Text), std::move(Ours)};
}

/// Moves what the finding \p Object says of other lines of its document \p Uri.
/// A note of what has changed is left out.
static void moveNotes(json::Object &Object, const std::string &Uri,
                      const MovedLines &Lines) {
  json::Array *Notes = Object.getArray("relatedInformation");
  if (!Notes)
    return;
  json::Array Kept;
  for (json::Value &Note : *Notes) {
    json::Object *Text = Note.getAsObject();
    json::Object *Where = Text ? Text->getObject("location") : nullptr;
    if (!Where || Where->getString("uri") != StringRef(Uri) ||
        Lines.move(*Where))
      Kept.push_back(std::move(Note));
  }
  *Notes = std::move(Kept);
}

void KeptFindings::putInto(json::Array &Diagnostics, const std::string &Uri,
                           StringRef Text) const {
  json::Array All;
  for (json::Value &Diagnostic : Diagnostics)
    if (!isOurs(Diagnostic))
      All.push_back(std::move(Diagnostic));
  std::lock_guard<std::mutex> Guard(Lock);
  if (auto It = ByUri.find(Uri); It != ByUri.end()) {
    MovedLines Lines(It->second.Text, Text);
    for (json::Value Finding : It->second.Findings)
      if (Lines.move(*Finding.getAsObject())) {
        moveNotes(*Finding.getAsObject(), Uri, Lines);
        All.push_back(std::move(Finding));
      }
  }
  Diagnostics = std::move(All);
}

void KeptFindings::forget(const std::string &Uri) {
  std::lock_guard<std::mutex> Guard(Lock);
  ByUri.erase(Uri);
}

} // namespace vfio::clangd
