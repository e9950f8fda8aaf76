//===- MigrateAction.cpp - Migrate this driver, from the editor ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/MigrateAction.h"
#include "contracts/ApiTable.h"
#include "kbuild/Inputs.h"
#include "report/Diff.h"
#include "rewriter/Migrate.h"
#include "rewriter/Refusals.h"
#include "tools/vfio-clangd/Drafts.h"
#include "tools/vfio-clangd/Flags.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::clangd {

static Error fail(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

bool callsOldLifecycle(StringRef Line) {
  while (!Line.empty()) {
    Line = Line.drop_until([](char C) { return isAlpha(C) || C == '_'; });
    StringRef Word =
        Line.take_while([](char C) { return isAlnum(C) || C == '_'; });
    if (const ApiFunction *Api = findApi(Word))
      if (isOldInit(Api->Kind) || isOldUninit(Api->Kind))
        return true;
    Line = Line.drop_front(Word.size());
  }
  return false;
}

json::Value migrateAction(StringRef Uri) {
  static constexpr char Title[] =
      "Migrate this driver to the alloc/put life cycle";
  return json::Object{
      {"title", Title},
      {"kind", "quickfix"},
      {"command", json::Object{{"title", Title},
                               {"command", MigrateCommand},
                               {"arguments", json::Array{Uri.str()}}}}};
}

/// The driver of \p Results that \p File belongs to, and no other file.
static Expected<const rewriter::DriverResult *>
driverOf(const rewriter::MigrationResult &Results, StringRef File) {
  const rewriter::DriverResult *Found = nullptr;
  for (const rewriter::DriverResult &D : Results.Drivers) {
    if (!is_contained(D.Files, File))
      continue;
    if (D.Files.size() > 1)
      return fail("this driver is spread over " + Twine(D.Files.size()) +
                  " files: run vfio-migrate on its folder");
    if (!D.Refusals.empty()) {
      const rewriter::Refusal &R = D.Refusals.front();
      return fail("refused (" + rewriter::refusalKind(R.Id).Id +
                  "): " + R.Reason + "; " + R.WhatToDo);
    }
    if (D.Outcome == rewriter::Status::Converted)
      Found = &D;
  }
  for (const rewriter::NotParsed &F : Results.Failed)
    if (F.File == File)
      return fail(F.Reason);
  if (!Found)
    return fail("nothing in this file is left to be migrated");
  return Found;
}

/// Whole lines, which are the same in bytes and in UTF-16.
static Expected<json::Value> lspEdits(const FileChange &Change) {
  auto Edits = lineEdits(Change.Before, Change.After);
  if (!Edits)
    return Edits.takeError();
  std::vector<StringRef> New = linesOf(Change.After);
  json::Array Out;
  for (const LineEdit &E : *Edits) {
    std::string Text;
    for (unsigned I = 0; I < E.NewCount; ++I)
      Text += New[E.NewLine + I];
    auto Position = [](unsigned Line) {
      return json::Object{{"line", Line}, {"character", 0}};
    };
    Out.push_back(json::Object{
        {"range", json::Object{{"start", Position(E.OldLine)},
                               {"end", Position(E.OldLine + E.OldCount)}}},
        {"newText", Text}});
  }
  return std::move(Out);
}

Expected<json::Value>
migrationEdit(StringRef Uri, const std::map<std::string, std::string> &Open) {
  std::string File = pathOf(Uri);
  kbuild::InputOptions Options;
  Options.Kernel = kernel();
  // The folder: a driver of several files is not to be changed in one of them.
  Options.Paths = {sys::path::parent_path(File).str()};
  Options.ApiNames = driverApiNames();
  Options.Sharing = rewriter::sharingOptions();
  auto Inputs = kbuild::resolveInputs(Options);
  if (!Inputs)
    return Inputs.takeError();
  for (const auto &[Path, Text] : Open)
    (*Inputs)->overlay(Path, Text);
  auto Results = rewriter::migrate(**Inputs, rewriter::MigrateOptions());
  if (!Results)
    return Results.takeError();
  const kbuild::Input *In = (*Inputs)->find(File);
  auto Driver = driverOf(*Results, In ? StringRef(In->File) : StringRef(File));
  if (!Driver)
    return Driver.takeError();
  json::Object Changes;
  for (const FileChange &Change : (*Driver)->Changes) {
    auto Edits = lspEdits(Change);
    if (!Edits)
      return Edits.takeError();
    Changes[Uri] = std::move(*Edits);
  }
  return json::Object{{"changes", std::move(Changes)}};
}

} // namespace vfio::clangd
