//===- Ledger.cpp - What became of every source -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Ledger.h"
#include "kbuild/KernelHeaders.h"
#include "kbuild/Paths.h"
#include "kbuild/PlainText.h"
#include "tools/vfio-tidy/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;

namespace vfio::tidy {

/// "skipped 3", after a line for each that says why.
static std::string listAll(StringRef Verb,
                           ArrayRef<kbuild::SkippedInput> Inputs) {
  for (const kbuild::SkippedInput &In : Inputs)
    errs() << "  " << Verb << ": "
           << (StringRef(In.Reason).starts_with(In.File)
                   ? ""
                   : plainText(In.File) + ": ")
           << plainText(In.Reason) << '\n';
  return (Verb + " " + Twine(Inputs.size())).str();
}

void listUnsaid(const Session &S) {
  for (const checks::Unsaid &U : S.Unsaid) {
    bool Followed = U.What != checks::Unsaid::NotFollowed;
    if (!Followed && S.Args.Quiet)
      continue;
    errs() << (Followed ? "  not reported: " : "  not followed: ")
           << plainText(U.File) << ':' << U.Line << ':' << U.Column << ": "
           << plainText(messageOf(U)) << (Followed ? " [" + U.Check + "]" : "")
           << '\n';
  }
}

/// ", not followed 2" for what there is \p Count of.
static std::string counted(StringRef What, unsigned Count) {
  return Count ? (", " + What + " " + Twine(Count)).str() : "";
}

/// Writes the files that the user asked for.
static Error writeFiles(const Session &S) {
  if (!S.Args.WriteBaseline.empty()) {
    std::vector<Finding> Left = S.Found;
    erase_if(Left, [](const Finding &F) { return F.Fixed; });
    if (Error E = Baseline::write(Left, S.Args.WriteBaseline))
      return E;
  }
  return writeReports(S);
}

/// Marks what clang-tidy has mended. It writes a file with all fixes that fit,
/// or, where it cannot, not at all.
static void markFixed(std::vector<Finding> &Found) {
  StringMap<bool> Written;
  auto IsMade = [&](const FileFix &Fix) {
    auto [It, New] = Written.try_emplace(Fix.Path);
    if (New) {
      auto Now = MemoryBuffer::getFile(Fix.Path);
      It->second = Now && (*Now)->getBuffer() != *Fix.Before;
    }
    return It->second;
  };
  for (Finding &F : Found)
    F.Fixed = F.Fits && !F.Fix.empty() && all_of(F.Fix, IsMade);
}

/// Says which headers of a driver's own come from somewhere else than the user
/// may think. A kernel tree is one tree.
static void noteElsewhere(const Session &S) {
  std::vector<std::string> Folders;
  for (const std::string &Path : S.Args.Paths) {
    std::string Real = kbuild::realPath(Path);
    Folders.push_back(
        kbuild::isDirectory(Real) ? Real : sys::path::parent_path(Real).str());
  }
  std::map<std::string, std::vector<std::string>> Elsewhere; // by folder
  for (const std::string &Header : S.Headers) {
    StringRef Folder = sys::path::parent_path(Header);
    if (!Folders.empty() &&
        none_of(Folders,
                [&](StringRef F) { return kbuild::isBelow(Header, F); }) &&
        kbuild::sourceTreeOf(Folder).empty())
      Elsewhere[Folder.str()].push_back(Header);
  }
  for (const auto &[Folder, Headers] : Elsewhere) {
    errs() << "  note: " << plainText(Headers.front());
    if (Headers.size() > 1)
      errs() << " (and " << Headers.size() - 1 << " more of that folder)";
    errs() << " is read from outside of the given paths\n";
  }
}

int closeLedger(Session &S, int TidyStatus) {
  outs().flush();
  if (S.Args.Fix)
    markFixed(S.Found);
  if (Error E = writeFiles(S)) {
    sayError(toString(std::move(E)));
    return 1;
  }
  std::string Failed = listAll("failed", S.Failed), Skipped;
  if (!S.Args.Quiet) {
    Skipped = listAll("skipped", S.Inputs->skipped());
    listAll("remark", S.Remarks);
    noteElsewhere(S);
  }
  if (S.Args.Verbose)
    listAll("error", S.ParseErrors);
  listUnsaid(S);
  unsigned Known = countKnown(S), Fixed = countFixed(S);
  unsigned Left = unsigned(S.Found.size()) - Known - Fixed;
  std::string More;
  if (S.Known)
    More +=
        ", known " + std::to_string(Known) + ", gone " + std::to_string(S.Gone);
  if (!S.Args.Quiet)
    sayNote(
        "analysed " + Twine(S.Analysed) +
        (S.Changed ? ", unchanged " + std::to_string(S.Unchanged) : "") + ", " +
        Skipped + ", " + Failed + "; findings: " +
        (S.Args.Fix ? std::to_string(Fixed) + " fixed, " : "") + Twine(Left) +
        (S.Args.Fix ? " left" : "") + More +
        counted("remarks", unsigned(S.Remarks.size())) +
        counted("not followed", S.countUnsaid(checks::Unsaid::NotFollowed)) +
        counted("not reported", S.countUnsaid(checks::Unsaid::NotReported)));
  if (!S.Args.WriteBaseline.empty())
    return S.Failed.empty() ? 0 : 1; // from now on these are known
  if (Left)
    return 2;
  bool Incomplete = !S.Failed.empty() || (S.Args.Strict && !S.Remarks.empty());
  return TidyStatus || Incomplete ? 1 : 0;
}

} // namespace vfio::tidy
