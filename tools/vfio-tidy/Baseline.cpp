//===- Baseline.cpp - Findings that are known already
//-----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Baseline.h"
#include "kbuild/InputFile.h"
#include "report/ExternalTool.h"
#include "report/WholeFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace vfio::tidy {

static constexpr StringLiteral Parts[] = {"check", "file", "inside", "message"};

std::string withoutNumbers(StringRef Text) {
  std::string Out;
  for (char C : Text)
    if (!isDigit(C))
      Out += C;
    else if (Out.empty() || Out.back() != '#')
      Out += '#';
  return Out;
}

/// The values of \p Parts.
static std::vector<std::string> partsOf(const Finding &F) {
  const std::string &File = F.Where.File;
  return {F.Check, sourceTreeOf(File, "").relative(File), F.Inside,
          withoutNumbers(F.Where.Message)};
}

std::string identityOf(const Finding &F) { return join(partsOf(F), "\n"); }

static Error bad(const std::string &File, const Twine &Why) {
  return problem("--baseline=" + File + ": " + Why +
                 ": make it with --write-baseline=" + File);
}

Expected<Baseline> Baseline::read(const std::string &File) {
  Expected<std::string> Text =
      kbuild::readInput(File, kbuild::Nesting::Json, kbuild::MaxDatabaseSize);
  if (!Text)
    return bad(File, toString(Text.takeError()));
  Expected<json::Value> Value = json::parse(*Text);
  if (!Value)
    return bad(File, "is no JSON (" + toString(Value.takeError()) + ")");
  const json::Object *Object = Value->getAsObject();
  const json::Array *List = Object ? Object->getArray("findings") : nullptr;
  if (!List)
    return bad(File, "is no baseline");
  Baseline Result;
  for (const json::Value &Item : *List) {
    const json::Object *Entry = Item.getAsObject();
    std::vector<std::string> Texts;
    for (StringRef Part : Parts)
      if (auto Text = Entry ? Entry->getString(Part) : std::nullopt)
        Texts.push_back(Text->str());
    if (Texts.size() != std::size(Parts))
      return bad(File, "holds an entry that is no finding");
    Result.Counts[join(Texts, "\n")] +=
        unsigned(Entry->getInteger("count").value_or(1));
  }
  return Result;
}

unsigned Baseline::mark(std::vector<Finding> &Findings) const {
  std::map<std::string, unsigned> Left = Counts;
  for (Finding &F : Findings) {
    auto It = Left.find(identityOf(F));
    F.Known = It != Left.end() && It->second;
    if (F.Known)
      --It->second;
  }
  unsigned Gone = 0;
  for (const auto &[Identity, Count] : Left)
    Gone += Count;
  return Gone;
}

Error Baseline::write(ArrayRef<Finding> Findings, const std::string &File) {
  std::map<std::vector<std::string>, unsigned> Sorted;
  for (const Finding &F : Findings)
    ++Sorted[partsOf(F)];
  json::Array List;
  for (const auto &[Texts, Count] : Sorted) {
    json::Object Entry{{"count", Count}};
    for (size_t I = 0; I < std::size(Parts); ++I)
      Entry[Parts[I]] = json::fixUTF8(Texts[I]);
    List.push_back(std::move(Entry));
  }
  json::Value All =
      json::Object{{"tool", "vfio-tidy"}, {"findings", std::move(List)}};
  return writeWholeFile(File, formatv("{0:2}\n", All).str());
}

} // namespace vfio::tidy
