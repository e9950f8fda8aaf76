//===- Diff.cpp - What changed, as a patch and as lines -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/Diff.h"
#include "kbuild/PlainText.h"
#include "report/Git.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace vfio {

namespace fs = llvm::sys::fs;

namespace {
/// One file on its way through the diff program: its name in the patch, and its
/// texts.
struct NamedTexts {
  std::string Name;
  llvm::StringRef Before, After;
  bool Executable = false;
};
} // namespace

static llvm::Error failed(llvm::StringRef Tool, const ToolRun &Run) {
  return problem(Tool +
                 " failed: " + llvm::StringRef(Run.Errors).split('\n').first);
}

/// Runs git over the folders a/ and b/ of \p Temp, so that its headers need no
/// rewriting.
static llvm::Expected<std::string> gitDiff(const TempFolder &Temp,
                                           unsigned Context) {
  // The function names of hunk headers come from git's C patterns, as in the
  // kernel's own .gitattributes.
  if (llvm::Error E = Temp.write("attributes", "*.[ch] diff=cpp\n"))
    return std::move(E);
  llvm::Expected<ToolRun> Run = git::runIn(
      Temp.path(),
      {"-c", "core.attributesFile=" + Temp / "attributes", "-c",
       "core.autocrlf=false", "diff", "--no-index", "--no-prefix", "--no-color",
       "--no-ext-diff", "--no-textconv", "--no-renames", "--text",
       "-U" + llvm::utostr(Context), "a", "b"});
  if (!Run)
    return Run.takeError();
  if (Run->Status > 1)
    return failed("git diff", *Run);
  return std::move(Run->Output);
}

/// The same by GNU diff, for machines without git.
static llvm::Expected<std::string> plainDiff(const TempFolder &Temp,
                                             llvm::ArrayRef<NamedTexts> Files,
                                             unsigned Context) {
  std::string Patch;
  for (const NamedTexts &F : Files) {
    if (!isPlainText(F.Name))
      return problem("a patch of " + plainText(F.Name) +
                     " needs git: apt-get install git");
    // A name with a blank ends in a tab, else patch(1) takes the rest for a
    // date.
    llvm::StringRef End = F.Name.find(' ') == std::string::npos ? "" : "\t";
    llvm::Expected<ToolRun> Run = runTool(
        "diff",
        {"--text", "-U" + llvm::utostr(Context), "-F^[[:alpha:]_$].*[^:]$",
         "--label=a/" + F.Name + End.str(), "--label=b/" + F.Name + End.str(),
         Temp / ("a/" + F.Name), Temp / ("b/" + F.Name)});
    if (!Run)
      return problem("neither git nor diff can be run: apt-get install git");
    if (Run->Status > 1)
      return failed("diff", *Run);
    if (Run->Status == 1)
      Patch += "diff --git a/" + F.Name + " b/" + F.Name + "\n" + Run->Output;
  }
  return Patch;
}

static llvm::Expected<std::string> diffTexts(llvm::ArrayRef<NamedTexts> Files,
                                             unsigned Context) {
  llvm::Expected<TempFolder> Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  for (const NamedTexts &F : Files)
    for (bool New : {false, true}) {
      std::string Name = (New ? "b/" : "a/") + F.Name;
      if (llvm::Error E = Temp->write(Name, New ? F.After : F.Before))
        return std::move(E);
      if (F.Executable)
        fs::setPermissions(*Temp / Name, fs::all_all);
    }
  return git::isInstalled() ? gitDiff(*Temp, Context)
                            : plainDiff(*Temp, Files, Context);
}

llvm::Expected<std::string> unifiedDiff(llvm::ArrayRef<FileChange> Files,
                                        const SourceTree &Tree) {
  std::vector<NamedTexts> Texts;
  for (const FileChange &F : Files)
    Texts.push_back(
        {Tree.relative(F.Path), F.Before, F.After, fs::can_execute(F.Path)});
  return diffTexts(Texts, /*Context=*/3);
}

std::vector<llvm::StringRef> linesOf(llvm::StringRef Text) {
  std::vector<llvm::StringRef> Lines;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    End = End == llvm::StringRef::npos ? Text.size() : End + 1;
    Lines.push_back(Text.take_front(End));
    Text = Text.drop_front(End);
  }
  return Lines;
}

/// Reads "12,3" or "12" of a hunk header. A stretch of no lines names the line
/// before it.
static bool parseRange(llvm::StringRef Range, unsigned &Line, unsigned &Count) {
  auto [First, Second] = Range.split(',');
  Count = 1;
  if (First.getAsInteger(10, Line) ||
      (!Second.empty() && Second.getAsInteger(10, Count)))
    return false;
  if (Count)
    --Line;
  return true;
}

llvm::Expected<std::vector<LineEdit>> lineEdits(llvm::StringRef Before,
                                                llvm::StringRef After) {
  llvm::Expected<std::string> Patch =
      diffTexts({NamedTexts{"text.c", Before, After, false}}, /*Context=*/0);
  if (!Patch)
    return Patch.takeError();
  std::vector<LineEdit> Edits;
  for (llvm::StringRef Line : linesOf(*Patch)) {
    // Lines of the texts themselves begin with a blank, a plus or a minus.
    if (!Line.consume_front("@@ -"))
      continue;
    LineEdit E;
    auto [Old, Rest] = Line.split(" +");
    if (!parseRange(Old, E.OldLine, E.OldCount) ||
        !parseRange(Rest.split(" @@").first, E.NewLine, E.NewCount))
      return problem("cannot read the hunk header of the diff program: @@ -" +
                     Line.rtrim());
    Edits.push_back(E);
  }
  return Edits;
}

llvm::Expected<std::vector<ByteEdit>> byteEdits(llvm::StringRef Before,
                                                llvm::StringRef After) {
  llvm::Expected<std::vector<LineEdit>> Edits = lineEdits(Before, After);
  if (!Edits)
    return Edits.takeError();
  auto Offsets = [](llvm::StringRef Text) {
    std::vector<unsigned> Starts = {0};
    for (llvm::StringRef Line : linesOf(Text))
      Starts.push_back(Starts.back() + Line.size());
    return Starts;
  };
  std::vector<unsigned> Old = Offsets(Before), New = Offsets(After);
  std::vector<ByteEdit> Result;
  for (const LineEdit &E : *Edits) {
    unsigned Begin = Old[E.OldLine], NewBegin = New[E.NewLine];
    Result.push_back(
        {Begin, Old[E.OldLine + E.OldCount] - Begin,
         After.slice(NewBegin, New[E.NewLine + E.NewCount]).str()});
  }
  return Result;
}

} // namespace vfio
