//===- ReportHtml.cpp - The report for people -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/Diff.h"
#include "report/HtmlText.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/LifecycleDrawing.h"
#include "rewriter/deliver/Report.h"
#include "rewriter/deliver/Summary.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio::rewriter {

using llvm::StringRef;

namespace {
/// Writes the page. Every text from outside goes through \c htmlEscaped.
class HtmlWriter {
public:
  explicit HtmlWriter(const MigrationResult &Result)
      : Result(Result), OS(Page) {}
  llvm::Expected<std::string> write();

private:
  void head();
  void counts();
  void list();
  llvm::Error driver(const DriverResult &D, size_t Index);
  void proof(const DriverResult &D);
  void refusals(const DriverResult &D);
  void steps(StringRef Title, llvm::ArrayRef<Step> Steps);
  void drawings(const DriverResult &D);
  llvm::Error code(const FileChange &C);
  void files(StringRef Title, const std::vector<NotParsed> &Files);
  std::string shown(StringRef File) const;

  const MigrationResult &Result;
  std::string Page;
  llvm::raw_string_ostream OS;
};

/// Writes the two columns of one file, of which long equal stretches are
/// folded.
class SideBySide {
public:
  SideBySide(const FileChange &C, llvm::raw_ostream &OS)
      : Old(highlightedLines(C.Before)), New(highlightedLines(C.After)),
        OS(OS) {}
  void write(llvm::ArrayRef<LineEdit> Edits);

private:
  static constexpr unsigned Context = 4;
  void column(const std::vector<std::string> &Lines, unsigned From,
              unsigned Count, StringRef Class);
  void same(unsigned OldFrom, unsigned NewFrom, unsigned Count);
  void equal(unsigned OldFrom, unsigned NewFrom, unsigned Count, bool First,
             bool Last);

  std::vector<std::string> Old, New;
  llvm::raw_ostream &OS;
};
} // namespace

void SideBySide::column(const std::vector<std::string> &Lines, unsigned From,
                        unsigned Count, StringRef Class) {
  OS << "<pre" << Class << ">";
  for (unsigned I = From; I < From + Count && I < Lines.size(); ++I)
    OS << "<i data-n=" << I + 1 << ">" << Lines[I] << "</i>";
  OS << "</pre>";
}

void SideBySide::same(unsigned OldFrom, unsigned NewFrom, unsigned Count) {
  if (!Count)
    return;
  OS << "<div class=\"row same\">";
  column(Old, OldFrom, Count, "");
  column(New, NewFrom, Count, "");
  OS << "</div>\n";
}

/// Lines that did not change: those beside an edit are shown.
void SideBySide::equal(unsigned OldFrom, unsigned NewFrom, unsigned Count,
                       bool First, bool Last) {
  unsigned Above = First ? 0 : Context, Below = Last ? 0 : Context;
  if (Count <= Above + Below + 3) {
    same(OldFrom, NewFrom, Count);
    return;
  }
  unsigned Folded = Count - Above - Below;
  same(OldFrom, NewFrom, Above);
  OS << "<details><summary>" << Folded << " unchanged lines</summary>";
  same(OldFrom + Above, NewFrom + Above, Folded);
  OS << "</details>\n";
  same(OldFrom + Above + Folded, NewFrom + Above + Folded, Below);
}

void SideBySide::write(llvm::ArrayRef<LineEdit> Edits) {
  unsigned OldAt = 0, NewAt = 0;
  for (const LineEdit &E : Edits) {
    equal(OldAt, NewAt, E.OldLine - OldAt, OldAt == 0, false);
    OS << "<div class=row>";
    column(Old, E.OldLine, E.OldCount, " class=o");
    column(New, E.NewLine, E.NewCount, " class=n");
    OS << "</div>\n";
    OldAt = E.OldLine + E.OldCount;
    NewAt = E.NewLine + E.NewCount;
  }
  if (OldAt < Old.size())
    equal(OldAt, NewAt, Old.size() - OldAt, false, true);
}

std::string HtmlWriter::shown(StringRef File) const {
  return htmlPath(sourceTreeOf(File, Result.Root).relative(File));
}

void HtmlWriter::head() {
  OS << htmlHead("VFIO life cycle migration", "VFIO drivers to the " +
                                                  targetName(Result.To).str() +
                                                  " life cycle")
     << "<p class=dim><span class=file>" << htmlEscaped(Result.Root)
     << "</span>";
  if (!Result.Kernel.empty())
    OS << ", headers <span class=file>" << htmlEscaped(Result.Kernel)
       << "</span>";
  OS << "</p>\n";
}

void HtmlWriter::counts() {
  Counts C = countOutcomes(Result);
  OS << "<ul class=counts><li class=converted><b>" << C.Converted
     << "</b>converted</li><li class=already-new><b>" << C.AlreadyNew
     << "</b>already new</li><li class=refused><b>" << C.Refused
     << "</b>refused</li><li><b>" << C.NotParsed
     << "</b>not parsed</li></ul>\n";
}

static std::string badge(Status Outcome) {
  std::string Name = outcomeName(Outcome).str();
  std::string Words = Name == "already-new" ? "already new" : Name;
  return "<span class=\"badge " + Name + "\">" + Words + "</span>";
}

static std::string title(const DriverResult &D) {
  return htmlEscaped(D.Record.empty() ? D.Name : "struct " + D.Record);
}

void HtmlWriter::list() {
  if (Result.Drivers.empty())
    return;
  OS << "<nav class=list>\n";
  for (const auto &[Index, D] : llvm::enumerate(Result.Drivers))
    OS << "<a href=\"#d" << Index << "\">" << badge(D.Outcome) << "<b>"
       << title(D) << "</b><span class=file>" << shown(D.MainFile)
       << "</span></a>\n";
  OS << "</nav>\n";
}

void HtmlWriter::proof(const DriverResult &D) {
  if (D.Outcome != Status::Converted)
    return;
  if (D.Proof.empty()) {
    OS << "<p><span class=\"badge not-verified\">not verified</span></p>\n";
    return;
  }
  OS << "<h3>" << (D.Remaining.empty() ? "Verified" : "Compared")
     << "</h3><ul>";
  for (const std::string &P : D.Proof)
    OS << "<li>" << htmlEscaped(P) << "</li>";
  OS << "</ul>\n";
  if (D.Remaining.empty())
    return;
  OS << "<p><span class=\"badge not-verified\">not verified</span> "
     << htmlEscaped(remainingText(D, targetName(Result.To))) << "</p><ul>";
  for (const Step &E : D.Remaining)
    OS << "<li><span class=file>" << placeText(E.Where, shown(E.Where.File))
       << "</span> " << htmlEscaped(E.What) << "</li>";
  OS << "</ul>\n";
}

void HtmlWriter::refusals(const DriverResult &D) {
  for (const Refusal &R : D.Refusals)
    OS << "<div class=refusal><p><b class=refused>"
       << htmlEscaped(refusalKind(R.Id).Id) << "</b> <span class=file>"
       << placeText(R.Where, shown(R.Where.File)) << "</span></p><p>"
       << htmlEscaped(R.Reason) << "</p><p>To do: " << htmlEscaped(R.WhatToDo)
       << "</p></div>\n";
}

void HtmlWriter::steps(StringRef Title, llvm::ArrayRef<Step> Steps) {
  if (Steps.empty())
    return;
  OS << "<h3>" << Title << "</h3><ol class=plan>";
  for (const auto *It = Steps.begin(); It != Steps.end(); ++It) {
    const Step &S = *It;
    auto Same = [&](const Step &Other) {
      return Other.What == S.What && Other.Why == S.Why;
    };
    if (std::any_of(Steps.begin(), It, Same))
      continue; // its place stands with the first one
    OS << "<li>" << htmlEscaped(S.What);
    for (const Step &Place : Steps)
      if (Same(Place))
        OS << " <span class=\"file dim\">"
           << placeText(Place.Where, shown(Place.Where.File)) << "</span>";
    if (!S.Why.empty())
      OS << "<br><span class=dim>" << htmlEscaped(S.Why) << "</span>";
    OS << "</li>\n";
  }
  OS << "</ol>\n";
}

void HtmlWriter::drawings(const DriverResult &D) {
  if (D.Events.empty())
    return;
  OS << "<h3>Life cycle</h3>" << drawingLegend() << "\n";
  llvm::ArrayRef<PathEvents> Left = D.Events;
  while (!Left.empty()) {
    llvm::ArrayRef<PathEvents> Function = Left.take_while(
        [&](const PathEvents &P) { return P.Function == Left[0].Function; });
    Left = Left.drop_front(Function.size());
    std::vector<const PathEvents *> Paths;
    for (const PathEvents &P : Function)
      Paths.push_back(&P);
    OS << "<div class=pair><figure><figcaption>before</figcaption>"
       << drawPaths(Paths, /*After=*/false)
       << "</figure><figure><figcaption>after</figcaption>"
       << drawPaths(Paths, /*After=*/true) << "</figure></div>\n";
  }
}

llvm::Error HtmlWriter::code(const FileChange &C) {
  llvm::Expected<std::vector<LineEdit>> Edits = lineEdits(C.Before, C.After);
  if (!Edits)
    return Edits.takeError();
  OS << "<div class=code><span class=file>" << shown(C.Path) << "</span>\n";
  SideBySide(C, OS).write(*Edits);
  OS << "</div>\n";
  return llvm::Error::success();
}

llvm::Error HtmlWriter::driver(const DriverResult &D, size_t Index) {
  OS << "<section id=d" << Index << "><div class=head><h2>" << title(D)
     << "</h2>" << badge(D.Outcome) << "</div>\n<p class=\"file dim\">"
     << shown(D.MainFile) << "</p>\n";
  refusals(D);
  steps("Plan", D.Plan);
  steps("Bugs that are not carried over", D.BugsRemoved);
  proof(D);
  if (!D.Remarks.empty()) {
    OS << "<h3>Notes</h3><ul>";
    for (const std::string &R : D.Remarks)
      OS << "<li>" << htmlEscaped(R) << "</li>";
    OS << "</ul>\n";
  }
  drawings(D);
  if (!D.Changes.empty())
    OS << "<h3>Code</h3>\n";
  for (const FileChange &C : D.Changes)
    if (llvm::Error E = code(C))
      return E;
  OS << "</section>\n";
  return llvm::Error::success();
}

void HtmlWriter::files(StringRef Title, const std::vector<NotParsed> &Files) {
  if (Files.empty())
    return;
  OS << "<section><h2>" << Title << "</h2><table>";
  for (const NotParsed &F : Files)
    OS << "<tr><td class=file>" << shown(F.File) << "</td><td>"
       << htmlEscaped(F.Reason) << "</td></tr>\n";
  OS << "</table></section>\n";
}

llvm::Expected<std::string> HtmlWriter::write() {
  head();
  counts();
  list();
  for (const auto &[Index, D] : llvm::enumerate(Result.Drivers))
    if (llvm::Error E = driver(D, Index))
      return std::move(E);
  files("Not parsed", Result.Failed);
  files("Skipped", Result.Skipped);
  OS << "<footer>vfio-migrate " VFIO_VERSION
        "</footer>\n</main></body></html>\n";
  return std::move(Page);
}

llvm::Expected<std::string> htmlReport(const MigrationResult &Result) {
  return HtmlWriter(Result).write();
}

} // namespace vfio::rewriter
