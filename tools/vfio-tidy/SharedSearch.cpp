//===- SharedSearch.cpp - Folders that several runs look through ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SharedSearch.h"
#include "kbuild/Paths.h"
#include "kbuild/TreeScan.h"
#include "report/ExternalTool.h"
#include "tools/vfio-tidy/ChecksOn.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace vfio::tidy {

std::string searchOnce(const Arguments &Args) {
  json::Array All;
  for (const std::string &Path : Args.Paths) {
    std::string Real = kbuild::realPath(Path);
    if (Real.empty() || !kbuild::isDirectory(Real) || !json::isUTF8(Real))
      continue;
    std::vector<kbuild::SkippedInput> Unreadable;
    std::vector<std::string> Files = kbuild::scanTree(
        Real, namesWorthParsing(Args.Checks), Args.Jobs, Unreadable);
    // A name that JSON cannot spell would come out as another.
    if (!all_of(Files, [](const std::string &F) { return json::isUTF8(F); }))
      continue;
    json::Array Problems;
    for (const kbuild::SkippedInput &U : Unreadable)
      Problems.push_back(
          json::Array{json::fixUTF8(U.File), json::fixUTF8(U.Reason)});
    All.push_back(json::Object{{"folder", Real},
                               {"files", json::Array(Files)},
                               {"unreadable", std::move(Problems)}});
  }
  return formatv("{0}", json::Value(std::move(All))).str();
}

/// The strings in \p List.
static std::vector<std::string> strings(const json::Array &List) {
  std::vector<std::string> Out;
  for (const json::Value &Item : List)
    Out.push_back(Item.getAsString().value_or("").str());
  return Out;
}

Error useSearch(const std::string &Path) {
  auto Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return problem("--found=" + Path + ": " + Buffer.getError().message());
  auto All = json::parse((*Buffer)->getBuffer());
  if (!All)
    return All.takeError();
  const json::Array *Folders = All->getAsArray();
  if (!Folders)
    return problem("--found=" + Path + ": is not what vfio-tidy writes");
  for (const json::Value &Each : *Folders) {
    const json::Object *O = Each.getAsObject();
    const json::Array *Files = O ? O->getArray("files") : nullptr;
    const json::Array *Problems = O ? O->getArray("unreadable") : nullptr;
    auto Folder = O ? O->getString("folder") : std::nullopt;
    if (!Files || !Problems || !Folder)
      return problem("--found=" + Path + ": is not what vfio-tidy writes");
    kbuild::TreeFound Found;
    Found.Files = strings(*Files);
    for (const json::Value &P : *Problems)
      if (const json::Array *Pair = P.getAsArray(); Pair && Pair->size() == 2) {
        std::vector<std::string> Words = strings(*Pair);
        Found.Unreadable.push_back({Words[0], Words[1]});
      }
    kbuild::rememberScan(*Folder, std::move(Found));
  }
  return Error::success();
}

} // namespace vfio::tidy
