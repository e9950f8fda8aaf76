//===- ReportHtml.cpp - The report for people
//-------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/HtmlText.h"
#include "tools/vfio-tidy/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace vfio::tidy {

namespace {
/// Writes the page. Every text from outside goes through \c htmlEscaped.
class HtmlWriter {
public:
  HtmlWriter(const Session &S, const SourceTree &Tree)
      : S(S), Tree(Tree), OS(Page) {}
  std::string write();

private:
  void counts();
  void finding(const Finding &F);
  void excerpt(const Spot &At);
  void fix(const FileChange &Change);
  void files(StringRef Title, ArrayRef<kbuild::SkippedInput> Inputs);
  std::string place(const Spot &At) const;

  const Session &S;
  const SourceTree &Tree;
  std::string Page;
  raw_string_ostream OS;
};
} // namespace

std::string HtmlWriter::place(const Spot &At) const {
  return htmlEscaped(Tree.named(At.File)) + ":" + std::to_string(At.Line);
}

void HtmlWriter::counts() {
  auto Count = [this](size_t Number, StringRef What, StringRef Class) {
    OS << "<li class=\"" << Class << "\"><b>" << Number << "</b>" << What
       << "</li>";
  };
  unsigned Known = countKnown(S), Fixed = countFixed(S);
  OS << "<ul class=counts>";
  Count(S.Found.size() - Known - Fixed, "findings", "refused");
  if (Fixed)
    Count(Fixed, "fixed", "converted");
  if (Known)
    Count(Known, "known", "not-verified");
  Count(S.Analysed, "analysed", "converted");
  Count(S.Failed.size(), "failed", "");
  Count(S.Inputs->skipped().size(), "skipped", "");
  OS << "</ul>\n";
}

/// The lines around \p At.
void HtmlWriter::excerpt(const Spot &At) {
  constexpr unsigned Around = 3;
  auto Buffer = MemoryBuffer::getFile(At.File);
  if (!Buffer || !At.Line)
    return;
  std::vector<std::string> Lines = highlightedLines((*Buffer)->getBuffer());
  OS << "<div class=code><span class=file>" << place(At)
     << "</span><div class=\"row single\"><pre>";
  size_t First = At.Line > Around ? At.Line - Around : 1;
  for (size_t N = First; N <= At.Line + Around && N <= Lines.size(); ++N)
    OS << "<i data-n=" << N << (N == At.Line ? " class=here" : "") << ">"
       << Lines[N - 1] << "</i>";
  OS << "</pre></div></div>\n";
}

void HtmlWriter::fix(const FileChange &Change) {
  auto Edits = lineEdits(Change.Before, Change.After);
  if (!Edits) {
    consumeError(Edits.takeError());
    return;
  }
  std::vector<std::string> Old = highlightedLines(Change.Before),
                           New = highlightedLines(Change.After);
  auto Column = [this](const std::vector<std::string> &Lines, unsigned From,
                       unsigned Count, StringRef Class) {
    OS << "<pre class=" << Class << ">";
    for (unsigned I = From; I < From + Count && I < Lines.size(); ++I)
      OS << "<i data-n=" << I + 1 << ">" << Lines[I] << "</i>";
    OS << "</pre>";
  };
  OS << "<h3>Fix</h3><div class=code>";
  for (const LineEdit &E : *Edits) {
    OS << "<div class=row>";
    Column(Old, E.OldLine, E.OldCount, "o");
    Column(New, E.NewLine, E.NewCount, "n");
    OS << "</div>";
  }
  OS << "</div>\n";
}

void HtmlWriter::finding(const Finding &F) {
  OS << "<section><div class=head><h2>" << htmlEscaped(F.Where.Message)
     << "</h2><span class=\"badge "
     << (F.Known   ? "not-verified\">known"
         : F.Fixed ? "converted\">fixed"
                   : "refused\">" + F.Level)
     << "</span></div>\n<p class=\"file dim\">" << htmlEscaped(F.Check);
  if (!F.Inside.empty())
    OS << " in " << htmlEscaped(F.Inside);
  OS << "</p>\n";
  excerpt(F.Where);
  for (const Spot &Note : F.Notes)
    OS << "<p>" << htmlEscaped(Note.Message) << " <span class=\"file dim\">"
       << (Note.File.empty() ? std::string() : place(Note)) << "</span></p>\n";
  for (const FileChange &Change : F.Fix)
    fix(Change);
  OS << "</section>\n";
}

void HtmlWriter::files(StringRef Title, ArrayRef<kbuild::SkippedInput> Inputs) {
  if (Inputs.empty())
    return;
  OS << "<section><h2>" << Title << "</h2><table>";
  for (const kbuild::SkippedInput &In : Inputs)
    OS << "<tr><td class=file>" << htmlEscaped(Tree.named(In.File))
       << "</td><td>" << htmlEscaped(In.Reason) << "</td></tr>\n";
  OS << "</table></section>\n";
}

std::string HtmlWriter::write() {
  OS << htmlHead("VFIO life cycle findings",
                 "What vfio-tidy found in VFIO drivers")
     << "<p class=dim><span class=file>" << htmlEscaped(Tree.Root)
     << "</span></p>\n";
  counts();
  for (const Finding &F : S.Found)
    finding(F);
  files("Failed", S.Failed);
  files("Errors outside of the life cycle", S.Remarks);
  files("Skipped", S.Inputs->skipped());
  OS << "<footer>vfio-tidy " VFIO_VERSION "</footer>\n</main></body></html>\n";
  return std::move(Page);
}

std::string htmlReport(const Session &S, const SourceTree &Tree) {
  return HtmlWriter(S, Tree).write();
}

} // namespace vfio::tidy
