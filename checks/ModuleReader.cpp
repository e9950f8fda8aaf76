//===- ModuleReader.cpp - The driver's other sources, for the checks ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ModuleReader.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include <mutex>

using namespace clang;

namespace vfio::checks {

ReadingPolicy &readingPolicy() {
  static ReadingPolicy Policy;
  return Policy;
}

namespace {

/// Trees of this process. Each is read by one source's checks at a time.
struct TreeCache {
  std::mutex Lock;
  std::map<std::string, std::shared_ptr<kbuild::ParsedTU>> Trees;
  kbuild::SourceWords Words;
};

} // namespace

static TreeCache &cache() {
  static TreeCache Cache;
  return Cache;
}

/// What a tree of \p File depends on, as far as the sources of a module differ.
static std::string keyOf(Preprocessor &PP, const std::string &File) {
  std::string Key = File;
  for (const auto &E : PP.getHeaderSearchInfo().getHeaderSearchOpts().UserEntries)
    Key += '\n' + E.Path;
  for (const auto &[Macro, IsUndef] : PP.getPreprocessorOpts().Macros)
    if (!StringRef(Macro).starts_with("KBUILD_BASENAME"))
      Key += '\n' + Macro;
  return Key;
}

ModuleReader::ModuleReader(Preprocessor &PP, std::string File)
    : PP(PP), File(std::move(File)),
      Around(kbuild::moduleSourcesOf(this->File)) {}

kbuild::ParsedTU *ModuleReader::parse(const std::string &Other) {
  auto [Mine, New] = Parsed.try_emplace(Other);
  if (!New)
    return Mine->second.get();
  std::string Problem;
  if (kbuild::ParsedTU *TU =
          readingPolicy().Tree ? readingPolicy().Tree(Other, Problem) : nullptr)
    return (Mine->second = {std::shared_ptr<void>(), TU}).get();
  if (!Problem.empty())
    return nullptr;
  std::lock_guard<std::mutex> Guard(cache().Lock);
  auto [It, First] = cache().Trees.try_emplace(keyOf(PP, Other));
  if (First) {
    std::unique_ptr<kbuild::ParsedTU> TU =
        kbuild::parseLike(PP, Other, {}, Problem);
    if (TU && !TU->hasErrors())
      It->second = std::move(TU);
  }
  Mine->second = It->second;
  return Mine->second.get();
}

/// Adds the trees of those of \p Files that have the word \p Name to \p To.
void ModuleReader::look(llvm::ArrayRef<std::string> Files, StringRef Name,
                        llvm::SmallVectorImpl<ASTContext *> &To, Answer &A) {
  for (const std::string &Other : Files) {
    {
      std::lock_guard<std::mutex> Guard(cache().Lock);
      if (!cache().Words.names(Other, Name))
        continue;
    }
    if (!Parsed.count(Other) &&
        Parsed.size() >= readingPolicy().MaxSources) {
      A.OverBudget = true;
      continue;
    }
    if (kbuild::ParsedTU *TU = parse(Other))
      To.push_back(&TU->context());
    else
      A.Unparsed = true;
  }
}

ProgramSources::Answer ModuleReader::naming(StringRef Name) {
  Answer A;
  look(Around.Own, Name, A.Own, A);
  // A name that the module itself has is not looked for elsewhere, unless it
  // only uses it.
  look(Around.Near, Name, A.Near, A);
  return A;
}

} // namespace vfio::checks
