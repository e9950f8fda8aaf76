//===- Fixes.cpp - What the fixes of findings do to the files -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Fixes.h"
#include "clang/Format/Format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace clang;
using namespace llvm;
using ::clang::tidy::ClangTidyError;

namespace vfio::tidy {

std::string located(StringRef Path, StringRef Directory) {
  if (Path.empty())
    return "";
  SmallString<256> Absolute, Real;
  if (!sys::path::is_absolute(Path))
    Absolute = Directory;
  sys::path::append(Absolute, Path);
  if (sys::fs::real_path(Absolute, Real))
    return std::string(Absolute);
  return std::string(Real);
}

//===- Declarations -------------------------------------------------------===//

void Declarations::add(ArrayRef<FunctionExtent> Of, StringRef Directory) {
  StringMap<std::vector<FunctionExtent> *> Lists;
  for (const FunctionExtent &F : Of) {
    auto [It, New] = Lists.try_emplace(F.File);
    if (New)
      It->second = &ByFile[located(F.File, Directory)];
    It->second->push_back(F);
  }
}

/// Those that one macro makes have one place; the name decides, so that it is
/// the same one each time.
static bool isBefore(const FunctionExtent &A, const FunctionExtent &B) {
  return std::tie(A.Begin, A.End, A.Name) < std::tie(B.Begin, B.End, B.Name);
}

void Declarations::sort() {
  for (auto &Of : ByFile) {
    // A header's are there once for each source.
    std::vector<FunctionExtent> &List = Of.second;
    llvm::sort(List, isBefore);
    List.erase(
        llvm::unique(List,
                     [](const FunctionExtent &A, const FunctionExtent &B) {
                       return A.Begin == B.Begin && A.End == B.End;
                     }),
        List.end());
  }
}

/// The first of \p List that begins behind \p Offset.
static auto firstBehind(const std::vector<FunctionExtent> &List,
                        unsigned Offset) {
  return llvm::upper_bound(List, Offset,
                           [](unsigned Offset, const FunctionExtent &F) {
                             return Offset < F.Begin;
                           });
}

const FunctionExtent *Declarations::at(StringRef File, unsigned Offset) const {
  auto Of = ByFile.find(File);
  if (Of == ByFile.end())
    return nullptr;
  auto It = firstBehind(Of->second, Offset);
  if (It == Of->second.begin() || Offset >= std::prev(It)->End)
    return nullptr;
  return &*std::prev(It);
}

std::pair<unsigned, unsigned> Declarations::around(StringRef File,
                                                   unsigned Begin, unsigned End,
                                                   unsigned Size) const {
  std::pair<unsigned, unsigned> Out = {0, Size};
  auto Of = ByFile.find(File);
  if (Of == ByFile.end())
    return Out;
  const std::vector<FunctionExtent> &List = Of->second;
  for (auto It = firstBehind(List, Begin); It != List.begin();)
    if ((--It)->End <= Begin) {
      Out.first = It->End;
      break;
    }
  auto Next = firstBehind(List, std::max(End, Begin + 1) - 1);
  if (Next != List.end())
    Out.second = Next->Begin;
  return Out;
}

//===- Replacements -------------------------------------------------------===//

namespace {

/// Replacements of some files, none of which contradicts another.
class EditSet {
public:
  /// Adds the fix of \p Error, whole or not at all.
  bool add(const ClangTidyError &Error, SourceTexts &Texts);
  /// Calls \p Each with the files and their replacements.
  void
  forEach(function_ref<void(const std::string &, const tooling::Replacements &)>
              Each) const;

private:
  using FileEdits = std::set<tooling::Replacement>;
  /// A file's edits next to new ones, and what becomes of these with them.
  struct Meeting {
    std::vector<tooling::Replacement> Old;
    tooling::Replacements New;
  };
  static bool meet(const FileEdits &Edits, const tooling::Replacement &R,
                   Meeting &M);
  std::map<std::string, FileEdits> ByFile;
};

} // namespace

/// False where \p To has what contradicts \p R.
static bool addTo(tooling::Replacements &To, const tooling::Replacement &R) {
  llvm::Error Problem = To.add(R);
  bool Fits = !Problem;
  consumeError(std::move(Problem));
  return Fits;
}

/// Notes which of \p Edits touch \p R: only these can contradict it.
bool EditSet::meet(const FileEdits &Edits, const tooling::Replacement &R,
                   Meeting &M) {
  auto EndOf = [](const tooling::Replacement &R) {
    return R.getOffset() + R.getLength();
  };
  auto It = Edits.lower_bound(
      tooling::Replacement(R.getFilePath(), R.getOffset(), 0, ""));
  while (It != Edits.begin() && EndOf(*std::prev(It)) >= R.getOffset())
    --It;
  for (; It != Edits.end() && It->getOffset() <= EndOf(R); ++It)
    if (!is_contained(M.Old, *It)) {
      M.Old.push_back(*It);
      if (!addTo(M.New, *It))
        return false;
    }
  return true;
}

bool EditSet::add(const ClangTidyError &Error, SourceTexts &Texts) {
  std::map<std::string, std::vector<tooling::Replacement>> Wanted;
  for (const auto &File : Error.Message.Fix)
    for (const tooling::Replacement &R : File.second) {
      std::string Path = located(R.getFilePath(), Error.BuildDirectory);
      if (R.getOffset() + R.getLength() > Texts.of(Path).size())
        return false; // made for another text than there is
      Wanted[Path].push_back(tooling::Replacement(
          Path, R.getOffset(), R.getLength(), R.getReplacementText()));
    }
  std::map<std::string, Meeting> Meetings;
  for (const auto &[Path, Replacements] : Wanted) {
    Meeting &M = Meetings[Path];
    for (const tooling::Replacement &R : Replacements)
      if (!meet(ByFile[Path], R, M))
        return false;
    for (const tooling::Replacement &R : Replacements)
      if (!addTo(M.New, R))
        return false;
  }
  for (auto &[Path, M] : Meetings) {
    FileEdits &Edits = ByFile[Path];
    for (const tooling::Replacement &R : M.Old)
      Edits.erase(R);
    Edits.insert(M.New.begin(), M.New.end());
  }
  return true;
}

void EditSet::forEach(
    function_ref<void(const std::string &, const tooling::Replacements &)> Each)
    const {
  for (const auto &[Path, Edits] : ByFile) {
    tooling::Replacements All;
    for (const tooling::Replacement &R : Edits)
      addTo(All, R); // fits: it was added beside the others before
    Each(Path, All);
  }
}

//===- Lines --------------------------------------------------------------===//

namespace {

/// Makes whole lines of replacements that come in their order.
class LineChanges {
public:
  LineChanges(const std::string &File, SourceTexts &Texts)
      : File(File), Texts(Texts) {}
  void add(unsigned Begin, unsigned End, StringRef Text);
  std::vector<LinesChange> take() {
    close();
    return std::move(Out);
  }

private:
  bool startsLine(unsigned Offset) const {
    return Texts.columnAt(File, Offset) == 1;
  }
  void close();

  const std::string &File;
  SourceTexts &Texts;
  std::vector<LinesChange> Out;
  /// The stretch at hand: its lines, from 0, as far as the text has been taken.
  unsigned First = 0, Last = 0, Taken = 0;
  std::string New;
  bool Open = false;
};

} // namespace

void LineChanges::add(unsigned Begin, unsigned End, StringRef Text) {
  bool Whole = startsLine(Begin) && startsLine(End) &&
               (Text.empty() || Text.ends_with("\n"));
  unsigned FirstLine = Texts.lineAt(File, Begin) - 1;
  unsigned Behind = Texts.lineAt(File, End) - (Whole ? 1 : 0);
  if (Open && FirstLine > Last)
    close();
  if (!Open) {
    Open = true;
    First = Last = FirstLine;
    Taken = Texts.startOf(File, First + 1);
  }
  New += StringRef(Texts.of(File)).slice(Taken, Begin);
  New += Text;
  Taken = End;
  Last = std::max(Last, Behind);
}

/// Ends the stretch; lines at its ends that stay as they are are none of it.
void LineChanges::close() {
  if (!Open)
    return;
  Open = false;
  unsigned Begin = Texts.startOf(File, First + 1),
           End = Texts.startOf(File, Last + 1);
  StringRef Text = Texts.of(File);
  New += Text.slice(Taken, End);
  std::vector<StringRef> Before = linesOf(Text.slice(Begin, End)),
                         After = linesOf(New);
  size_t Same = 0, Least = std::min(Before.size(), After.size());
  while (Same < Least && Before[Same] == After[Same])
    ++Same;
  size_t SameEnd = 0;
  while (SameEnd < Least - Same && Before[Before.size() - 1 - SameEnd] ==
                                       After[After.size() - 1 - SameEnd])
    ++SameEnd;
  LinesChange C;
  C.First = First + unsigned(Same);
  C.Count = unsigned(Before.size() - Same - SameEnd);
  for (size_t I = Same; I < After.size() - SameEnd; ++I)
    C.Text += After[I];
  if (C.Count || !C.Text.empty())
    Out.push_back(std::move(C));
  New.clear();
}

//===- Fixes --------------------------------------------------------------===//

/// As in clang-tidy, what a removal leaves over (a comma) goes with it. Only
/// the declarations around are read for that: a file may have many findings.
static std::vector<LinesChange>
linesChangedBy(const tooling::Replacements &Edits, const std::string &File,
               const Declarations &Known, SourceTexts &Texts) {
  StringRef Text = Texts.of(File);
  const tooling::Replacement &Final = *Edits.rbegin();
  auto [Begin, End] =
      Known.around(File, Edits.begin()->getOffset(),
                   Final.getOffset() + Final.getLength(), Text.size());
  tooling::Replacements Here;
  for (const tooling::Replacement &R : Edits)
    addTo(Here, tooling::Replacement(File, R.getOffset() - Begin, R.getLength(),
                                     R.getReplacementText()));
  auto Clean = format::cleanupAroundReplacements(Text.slice(Begin, End), Here,
                                                 format::getLLVMStyle());
  if (!Clean) {
    consumeError(Clean.takeError());
    return {};
  }
  LineChanges Lines(File, Texts);
  for (const tooling::Replacement &R : *Clean)
    Lines.add(Begin + R.getOffset(), Begin + R.getOffset() + R.getLength(),
              R.getReplacementText());
  return Lines.take();
}

std::vector<FileFix> fixOf(const ClangTidyError &Error,
                           const Declarations &Known, SourceTexts &Texts) {
  EditSet Edits;
  std::vector<FileFix> Out;
  if (!Edits.add(Error, Texts))
    return Out;
  Edits.forEach([&](const std::string &File, const tooling::Replacements &Of) {
    FileFix Fix{File, Texts.share(File),
                linesChangedBy(Of, File, Known, Texts)};
    if (!Fix.Changes.empty())
      Out.push_back(std::move(Fix));
  });
  return Out;
}

std::vector<bool> fixesThatFit(const std::vector<ClangTidyError> &Errors,
                               SourceTexts &Texts) {
  EditSet All;
  std::vector<bool> Fits;
  for (const ClangTidyError &Error : Errors)
    Fits.push_back(!Error.Message.Fix.empty() && All.add(Error, Texts));
  return Fits;
}

std::vector<FileChange> combinedFixes(const std::vector<ClangTidyError> &Errors,
                                      SourceTexts &Texts, unsigned &Dropped) {
  EditSet All;
  for (const ClangTidyError &Error : Errors)
    Dropped += !All.add(Error, Texts);
  std::vector<FileChange> Out;
  All.forEach([&](const std::string &File, const tooling::Replacements &Edits) {
    FileChange Change{File, Texts.of(File), ""};
    auto Clean = format::cleanupAroundReplacements(Change.Before, Edits,
                                                   format::getLLVMStyle());
    Expected<std::string> After =
        Clean ? tooling::applyAllReplacements(Change.Before, *Clean)
              : Expected<std::string>(Clean.takeError());
    if (!After) {
      consumeError(After.takeError());
      return;
    }
    Change.After = std::move(*After);
    Out.push_back(std::move(Change));
  });
  return Out;
}

} // namespace vfio::tidy
