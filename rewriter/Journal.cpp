//===- Journal.cpp - What a write in place is about to do -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/Journal.h"
#include "kbuild/InputFile.h"
#include "report/ExternalTool.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include <unistd.h>

namespace vfio::rewriter {

namespace json = llvm::json;

std::string newTextName(llvm::StringRef Name) {
  return ("." + Name + ".vfio-migrate-new").str();
}

static std::string unfinishedName() { return newTextName(Journal::Name); }

std::string hashOf(llvm::StringRef Text) {
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(Text)),
                     /*LowerCase=*/true);
}

llvm::Error Journal::write(const Folder &In) const {
  json::Array Files;
  for (const Entry &E : Entries)
    Files.push_back(json::Object{{"file", E.File},
                                 {"old", E.OldHash},
                                 {"new", E.NewHash},
                                 {"inode", E.NewInode}});
  json::Value Text = json::Object{{"vfio-migrate-journal", 2},
                                  {"folder", In.inode("")},
                                  {"committed", Committed},
                                  {"files", std::move(Files)}};
  if (llvm::Error E = In.write(
          unfinishedName(), llvm::formatv("{0:2}\n", Text).str(), nullptr, ""))
    return E;
  if (llvm::Error E = In.rename(unfinishedName(), Name))
    return E;
  return In.sync();
}

/// A name that stays in the folder it is relative to.
static bool staysInside(llvm::StringRef File) {
  if (File.empty() || llvm::sys::path::is_absolute(File))
    return false;
  return llvm::none_of(
      llvm::make_range(llvm::sys::path::begin(File),
                       llvm::sys::path::end(File)),
      [](llvm::StringRef Part) { return Part == ".." || Part == "."; });
}

static std::optional<Journal> parse(llvm::StringRef Text, const Folder &In) {
  if (llvm::Error Deep = kbuild::checkNesting(Text, kbuild::Nesting::Json)) {
    llvm::consumeError(std::move(Deep));
    return std::nullopt;
  }
  llvm::Expected<json::Value> Value = json::parse(Text);
  if (!Value) {
    llvm::consumeError(Value.takeError());
    return std::nullopt;
  }
  const json::Object *Top = Value->getAsObject();
  if (!Top || Top->getInteger("vfio-migrate-journal") != 2 ||
      Top->getString("folder") != llvm::StringRef(In.inode("")))
    return std::nullopt;
  const json::Array *Files = Top->getArray("files");
  std::optional<bool> Committed = Top->getBoolean("committed");
  if (!Files || !Committed)
    return std::nullopt;
  Journal J;
  J.Committed = *Committed;
  for (const json::Value &F : *Files) {
    const json::Object *O = F.getAsObject();
    if (!O)
      return std::nullopt;
    auto File = O->getString("file"), Old = O->getString("old"),
         New = O->getString("new"), Inode = O->getString("inode");
    if (!File || !Old || !New || !Inode || !staysInside(*File) ||
        Inode->empty() == J.Committed)
      return std::nullopt;
    J.Entries.push_back({File->str(), Old->str(), New->str(), Inode->str()});
  }
  return J;
}

llvm::Expected<std::optional<Journal>> Journal::read(const Folder &In) {
  auto State = In.read(Name);
  if (!State)
    return State.takeError();
  if (!*State)
    return std::nullopt;
  if ((*State)->Stat.st_uid != ::geteuid())
    return problem(In.pathOf(Name) + ": left by an interrupted run of another "
                                     "user, who must run vfio-migrate here");
  std::optional<Journal> J = parse((*State)->Text, In);
  if (!J)
    return problem(
        In.pathOf(Name) +
        ": not a journal that vfio-migrate left in this folder; look "
        "at the files beside it and remove it");
  return J;
}

llvm::Error Journal::remove(const Folder &In) {
  if (llvm::Error E = In.remove(unfinishedName()))
    return E;
  if (llvm::Error E = In.remove(Name))
    return E;
  return In.sync();
}

} // namespace vfio::rewriter
