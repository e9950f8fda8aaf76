//===- ModuleReader.cpp - The driver's other sources, for the checks ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ModuleReader.h"
#include "kbuild/ProcessorTime.h"
#include "lifecycle/DriverFiles.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/FileSystem.h"
#include <mutex>

using namespace clang;

namespace vfio::checks {

ReadingPolicy &readingPolicy() {
  static ReadingPolicy Policy;
  return Policy;
}

namespace {

/// Trees of this process, and the sources' words.
class TreeCache {
public:
  /// A tree of \p Key that nobody reads and whose files are as they were; it is
  /// the caller's until it gives it back. Null where there is none.
  std::shared_ptr<kbuild::ParsedTU> take(const std::string &Key);
  /// Makes \p TU one of its trees, which the caller has.
  void add(const std::string &Key, std::shared_ptr<kbuild::ParsedTU> TU);
  void giveBack(const kbuild::ParsedTU *TU);
  /// Calls \p Ask with the words of the sources.
  bool ask(llvm::function_ref<bool(kbuild::SourceWords &)> Ask) {
    std::lock_guard<std::mutex> Guard(Lock);
    return Ask(Words);
  }

private:
  struct Kept {
    std::string Key;
    std::shared_ptr<kbuild::ParsedTU> TU;
    bool IsRead;
  };
  std::mutex Lock;
  std::vector<Kept> Trees; ///< in the order of their last use
  kbuild::SourceWords Words;
};

} // namespace

static TreeCache &cache() {
  static TreeCache Cache;
  return Cache;
}

/// True where the driver's files that \p TU was parsed from are as they were.
static bool isFresh(kbuild::ParsedTU &TU) {
  SourceManager &SM = TU.sources();
  return llvm::all_of(
      llvm::make_range(SM.fileinfo_begin(), SM.fileinfo_end()),
      [](const auto &Info) {
        FileEntryRef F = Info.first;
        if (isKernelHeaderPath(F.getName()))
          return true;
        StringRef Path = F.getFileEntry().tryGetRealPathName();
        llvm::sys::fs::file_status Now;
        // What is not there was made up by us.
        return llvm::sys::fs::status(Path.empty() ? F.getName() : Path, Now) ||
               (off_t(Now.getSize()) == F.getSize() &&
                llvm::sys::toTimeT(Now.getLastModificationTime()) ==
                    F.getModificationTime());
      });
}

std::shared_ptr<kbuild::ParsedTU> TreeCache::take(const std::string &Key) {
  std::lock_guard<std::mutex> Guard(Lock);
  auto It = llvm::find_if(
      Trees, [&](const Kept &K) { return K.Key == Key && !K.IsRead; });
  if (It == Trees.end())
    return nullptr;
  Kept Found = std::move(*It);
  Trees.erase(It);
  if (!isFresh(*Found.TU))
    return nullptr;
  Found.IsRead = true;
  Trees.push_back(Found);
  return Found.TU;
}

void TreeCache::add(const std::string &Key,
                    std::shared_ptr<kbuild::ParsedTU> TU) {
  std::lock_guard<std::mutex> Guard(Lock);
  Trees.push_back({Key, std::move(TU), true});
}

void TreeCache::giveBack(const kbuild::ParsedTU *TU) {
  std::lock_guard<std::mutex> Guard(Lock);
  for (Kept &K : Trees)
    if (K.TU.get() == TU)
      K.IsRead = false;
  size_t Idle = llvm::count_if(Trees, [](const Kept &K) { return !K.IsRead; });
  llvm::erase_if(Trees, [&](const Kept &K) {
    return !K.IsRead && Idle > readingPolicy().KeptTrees && Idle--;
  });
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
      Around(kbuild::moduleSourcesOf(this->File)) {
  cache().ask([](kbuild::SourceWords &Words) {
    Words.refresh();
    return true;
  });
}

ModuleReader::~ModuleReader() {
  for (const std::shared_ptr<kbuild::ParsedTU> &TU : Borrowed)
    cache().giveBack(TU.get());
}

bool ModuleReader::isLate() const {
  unsigned Most = readingPolicy().Milliseconds;
  return Most && Spent >= std::chrono::milliseconds(Most);
}

/// Notes that \p TU, which the cache keeps, is read until this goes. It is kept
/// where it has errors, too: they would be found again and again.
ModuleReader::Entry ModuleReader::borrow(std::shared_ptr<kbuild::ParsedTU> TU) {
  Borrowed.push_back(TU);
  if (TU->hasErrors())
    return {};
  return {Reading::Done, TU.get()};
}

/// Makes a tree of \p Other, which the cache keeps.
ModuleReader::Entry ModuleReader::parseAnew(const std::string &Other) {
  auto Begin = kbuild::processorTime();
  kbuild::ParseOptions Options;
  // One that was begun in time is worth waiting for: it is kept.
  Options.TimeLimit = 3 * ((readingPolicy().Milliseconds + 999) / 1000);
  std::string Problem;
  std::shared_ptr<kbuild::ParsedTU> TU =
      kbuild::parseLike(PP, Other, Options, Problem);
  Spent += kbuild::processorTime() - Begin;
  if (TU && TU->timedOut())
    return {Reading::NoTime, nullptr};
  if (!TU)
    return {};
  cache().add(keyOf(PP, Other), TU);
  return borrow(std::move(TU));
}

const ModuleReader::Entry &ModuleReader::parse(const std::string &Other) {
  auto [Mine, New] = Parsed.try_emplace(Other);
  if (!New)
    return Mine->second;
  std::string Problem;
  if (kbuild::ParsedTU *TU = readingPolicy().Tree
                                 ? readingPolicy().Tree(File, Other, Problem)
                                 : nullptr)
    return Mine->second = {Reading::Done, TU};
  if (!Problem.empty())
    return Mine->second;
  if (std::shared_ptr<kbuild::ParsedTU> TU = cache().take(keyOf(PP, Other)))
    return Mine->second = borrow(std::move(TU));
  return Mine->second =
             isLate() ? Entry{Reading::NoTime, nullptr} : parseAnew(Other);
}

/// Adds the trees of those of \p Files that \p Has says yes of to \p To.
void ModuleReader::look(llvm::ArrayRef<std::string> Files, Question Has,
                        llvm::SmallVectorImpl<ASTContext *> &To, Answer &A) {
  for (const std::string &Other : Files) {
    if (!Has(Other))
      continue;
    if (!Parsed.count(Other) &&
        Parsed.size() >= readingPolicy().MaxSources) {
      A.OverBudget = true;
      continue;
    }
    const Entry &E = parse(Other);
    if (E.TU)
      To.push_back(&E.TU->context());
    A.Unparsed |= E.How == Reading::Failed;
    A.OverBudget |= E.How == Reading::NoTime;
  }
}

ProgramSources::Answer ModuleReader::ask(Question Has) {
  Answer A;
  look(Around.Own, Has, A.Own, A);
  // A name that the module itself has is not looked for elsewhere, unless it
  // only uses it.
  look(Around.Near, Has, A.Near, A);
  return A;
}

ProgramSources::Answer ModuleReader::naming(StringRef Name) {
  return ask([Name](const std::string &File) {
    return cache().ask(
        [&](kbuild::SourceWords &Words) { return Words.names(File, Name); });
  });
}

ProgramSources::Answer ModuleReader::defining(StringRef Name) {
  return ask([Name](const std::string &File) {
    return cache().ask([&](kbuild::SourceWords &Words) {
      return Words.mayDefine(File, Name);
    });
  });
}

} // namespace vfio::checks
