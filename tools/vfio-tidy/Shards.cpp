//===- Shards.cpp - A run in parts, on several machines -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Shards.h"
#include "report/ExternalTool.h"
#include "report/SourceTree.h"
#include "report/WholeFile.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace vfio::tidy {

Expected<Shard> Shard::parse(StringRef Text) {
  Shard Result;
  auto [Number, Of] = Text.split('/');
  if (Number.getAsInteger(10, Result.Number) ||
      Of.getAsInteger(10, Result.Of) || !Result.Number ||
      Result.Number > Result.Of)
    return problem("--shard=" + Text + ": must be K/N, with K from 1 to N");
  return Result;
}

bool Shard::has(const std::string &File) const {
  std::string Name = sourceTreeOf(File, "").relative(File);
  return xxh3_64bits(Name) % Of == Number - 1;
}

/// Adds the lists and numbers of \p From to those of \p Into.
static void addUp(json::Object &Into, const json::Object &From) {
  for (const auto &[Key, Value] : From) {
    json::Value &Mine = Into[Key];
    if (const json::Array *List = Value.getAsArray()) {
      if (json::Array *Mines = Mine.getAsArray())
        Mines->insert(Mines->end(), List->begin(), List->end());
      else
        Mine = Value;
    } else if (const json::Object *Object = Value.getAsObject()) {
      if (!Mine.getAsObject())
        Mine = json::Object();
      addUp(*Mine.getAsObject(), *Object);
    } else if (auto Number = Value.getAsInteger()) {
      Mine = Mine.getAsInteger().value_or(0) + *Number;
    } else {
      Mine = Value;
    }
  }
}

static Error bad(const std::string &File, const Twine &Why) {
  return problem("--merge-reports: " + File + ": " + Why);
}

Error mergeReports(const std::string &Out, ArrayRef<std::string> Parts) {
  Expected<ReportKind> Kind = reportKindOf(Out);
  if (!Kind)
    return Kind.takeError();
  if (*Kind == ReportKind::Html)
    return bad(Out, "only .json and .sarif are joined");
  json::Object All;
  for (const std::string &Part : Parts) {
    if (sys::path::extension(Part) != sys::path::extension(Out))
      return bad(Part, "is of another kind than " + Out);
    auto Buffer = MemoryBuffer::getFile(Part);
    if (!Buffer)
      return bad(Part, Buffer.getError().message());
    Expected<json::Value> Value = json::parse((*Buffer)->getBuffer());
    if (!Value)
      return bad(Part, "is no JSON (" + toString(Value.takeError()) + ")");
    const json::Object *Object = Value->getAsObject();
    if (!Object ||
        !Object->get(*Kind == ReportKind::Json ? "findings" : "runs"))
      return bad(Part, "is no report of vfio-tidy");
    // Each part is a run of its own to SARIF, and says so itself.
    addUp(All, *Object);
  }
  return writeWholeFile(Out,
                        formatv("{0:2}\n", json::Value(std::move(All))).str());
}

} // namespace vfio::tidy
