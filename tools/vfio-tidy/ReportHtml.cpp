//===- ReportHtml.cpp - The report for people
//-------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Paths.h"
#include "report/HtmlText.h"
#include "tools/vfio-tidy/CheckPages.h"
#include "tools/vfio-tidy/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;

namespace vfio::tidy {

namespace {
/// Writes the page. Every text from outside goes through \c htmlEscaped.
class HtmlWriter {
public:
  HtmlWriter(const Session &S, const SourceTree &Tree);
  std::string write();

private:
  void counts();
  void filters();
  void index();
  void finding(size_t Number);
  void excerpts(const Finding &F);
  std::string classesOf(const Finding &F) const;
  void fix(const FileFix &Fix);
  void files(StringRef Title, ArrayRef<kbuild::SkippedInput> Inputs);
  void unsaid(StringRef Title, checks::Unsaid::Sort Sort);
  std::string place(const Spot &At) const;

  /// What findings can be chosen by: the values of one property, each with a
  /// letter and a number that is its class in the page.
  struct Filter {
    char Letter;
    StringRef Title;
    std::string (*Of)(const Finding &, const SourceTree &);
    std::map<std::string, unsigned> Counts;
  };
  std::vector<Filter> Filters;

  const Session &S;
  const SourceTree &Tree;
  /// The lines of each file that was shown: once a file, not once a finding.
  std::map<std::string, std::vector<std::string>> Highlighted;
  /// The same of the texts that fixes were made for.
  std::map<const std::string *, std::vector<std::string>> HighlightedBefore;
  std::string Page;
  raw_string_ostream OS;
};
} // namespace

std::string HtmlWriter::place(const Spot &At) const {
  return htmlPath(Tree.named(At.File)) + ":" + std::to_string(At.Line);
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

HtmlWriter::HtmlWriter(const Session &S, const SourceTree &Tree)
    : S(S), Tree(Tree), OS(Page) {
  Filters = {{'c',
              "check",
              [](const Finding &F, const SourceTree &) { return F.Check; },
              {}},
             {'l',
              "level",
              [](const Finding &F, const SourceTree &) { return F.Level; },
              {}},
             {'f',
              "file",
              [](const Finding &F, const SourceTree &Tree) {
                return Tree.named(F.Where.File);
              },
              {}}};
  for (Filter &By : Filters)
    for (const Finding &F : S.Found)
      ++By.Counts[By.Of(F, Tree)];
}

/// "c0 l1 f7".
std::string HtmlWriter::classesOf(const Finding &F) const {
  std::string Out;
  for (const Filter &By : Filters) {
    auto It = By.Counts.find(By.Of(F, Tree));
    Out += (Out.empty() ? "" : " ") + std::string(1, By.Letter) +
           std::to_string(std::distance(By.Counts.begin(), It));
  }
  return Out;
}

/// Boxes that hide what is not ticked, by style alone: the page runs no script
/// and needs no server.
void HtmlWriter::filters() {
  std::string Style;
  OS << "<form class=filters>";
  for (const Filter &By : Filters) {
    if (By.Counts.size() < 2)
      continue;
    OS << "<fieldset><legend>" << By.Title << "</legend>";
    constexpr size_t Many = 12; // which would push what was found off a screen
    if (By.Counts.size() > Many)
      OS << "<details><summary>" << By.Counts.size() << "</summary>";
    unsigned Number = 0;
    for (const auto &[Value, Count] : By.Counts) {
      std::string Class = By.Letter + std::to_string(Number++);
      OS << "<label><input type=checkbox checked id=" << Class << "> "
         << htmlPath(Value) << " <span class=dim>" << Count
         << "</span></label>\n";
      Style += "main:has(#" + Class + ":not(:checked)) ." + Class +
               " { display: none; }\n";
    }
    OS << (By.Counts.size() > Many ? "</details></fieldset>" : "</fieldset>");
  }
  OS << "</form>\n<style>" << Style << "</style>\n";
}

/// A line for each finding that leads to it.
void HtmlWriter::index() {
  OS << "<section class=\"list findings\">";
  for (size_t I = 0; I < S.Found.size(); ++I) {
    const Finding &F = S.Found[I];
    StringRef Check = F.Check;
    Check.consume_front("vfio-");
    OS << "<a class=\"" << classesOf(F) << "\" href=\"#finding-" << I + 1
       << "\"><span class=\"badge refused\">" << htmlEscaped(Check)
       << "</span><span>" << htmlEscaped(F.Where.Message)
       << "</span><span class=file>" << place(F.Where) << "</span></a>\n";
  }
  OS << "</section>\n";
}

/// The way to \p F, in the code: the lines around each step, numbered in their
/// order in the margin; the last is the finding itself.
void HtmlWriter::excerpts(const Finding &F) {
  constexpr unsigned Around = 2;
  std::vector<const Spot *> Steps;
  for (const Spot &Note : F.Notes)
    if (Note.Line)
      Steps.push_back(&Note);
  Steps.push_back(&F.Where);
  std::map<std::string, std::map<unsigned, std::string>> Marks;
  for (size_t I = 0; I < Steps.size(); ++I)
    (Marks[Steps[I]->File][Steps[I]->Line] += " ") +=
        Steps.size() > 1 ? std::to_string(I + 1) : "";
  for (const auto &[File, Lines] : Marks) {
    auto It = Highlighted.find(File);
    if (It == Highlighted.end())
      It = Highlighted.emplace(File, highlightedLines(kbuild::readText(File)))
               .first;
    const std::vector<std::string> &Code = It->second;
    if (Code.empty())
      continue;
    OS << "<div class=code><span class=file>" << htmlPath(Tree.named(File))
       << "</span><div class=\"row single\"><pre>";
    unsigned Last = 0;
    for (const auto &[Line, Numbers] : Lines) {
      unsigned First = Line > Around ? Line - Around : 1;
      if (Last && First > Last + 1)
        OS << "<i class=gap></i>";
      unsigned End = Line + Around;
      auto Next = Lines.upper_bound(Line);
      if (Next != Lines.end())
        End = std::min(End, Next->first - 1);
      for (unsigned N = std::max(First, Last + 1); N <= End && N <= Code.size();
           ++N) {
        OS << "<i data-n=" << N;
        if (N == Line)
          OS << " class=here data-step=\"" << StringRef(Numbers).trim() << '"';
        OS << '>' << Code[N - 1] << "</i>";
      }
      Last = End;
    }
    OS << "</pre></div></div>\n";
  }
}

void HtmlWriter::fix(const FileFix &Fix) {
  std::vector<std::string> &Old = HighlightedBefore[Fix.Before.get()];
  if (Old.empty())
    Old = highlightedLines(*Fix.Before);
  auto Column = [this](ArrayRef<std::string> Lines, unsigned First,
                       StringRef Class) {
    OS << "<pre class=" << Class << ">";
    for (const std::string &Line : Lines)
      OS << "<i data-n=" << ++First << ">" << Line << "</i>";
    OS << "</pre>";
  };
  OS << "<h3>Fix</h3><div class=code>";
  unsigned Put = 0, Taken = 0; // lines, so far
  for (const LinesChange &C : Fix.Changes) {
    std::vector<std::string> New = highlightedLines(C.Text);
    ArrayRef<std::string> Gone = Old;
    OS << "<div class=row>";
    Column(Gone.drop_front(std::min<size_t>(C.First, Gone.size()))
               .take_front(C.Count),
           C.First, "o");
    Column(New, C.First + Put - Taken, "n");
    OS << "</div>";
    Put += unsigned(New.size());
    Taken += C.Count;
  }
  OS << "</div>\n";
}

void HtmlWriter::finding(size_t Number) {
  const Finding &F = S.Found[Number];
  OS << "<section id=finding-" << Number + 1 << " class=\"" << classesOf(F)
     << "\"><div class=head><h2>" << htmlEscaped(F.Where.Message)
     << "</h2><span class=\"badge "
     << (F.Known   ? "not-verified\">known"
         : F.Fixed ? "converted\">fixed"
                   : "refused\">" + F.Level)
     << "</span></div>\n<p class=\"file dim\">";
  if (const CheckPage *Page = pageOf(F.Check))
    OS << "<a href=\"" << htmlEscaped(VFIO_DOCS_URL "/checks/") << Page->Name
       << ".md\">" << htmlEscaped(F.Check) << "</a>";
  else
    OS << htmlEscaped(F.Check);
  if (!F.Inside.empty())
    OS << " in " << htmlEscaped(F.Inside);
  OS << ", " << place(F.Where) << "</p>\n";
  excerpts(F);
  if (!F.Notes.empty()) {
    OS << "<ol class=plan>";
    for (const Spot &Note : F.Notes)
      OS << "<li>" << htmlEscaped(Note.Message) << " <span class=\"file dim\">"
         << (Note.File.empty() ? std::string() : place(Note))
         << "</span></li>\n";
    OS << "<li>" << htmlEscaped(F.Where.Message) << "</li></ol>\n";
  }
  for (const FileFix &Fix : F.Fix)
    fix(Fix);
  OS << "</section>\n";
}

void HtmlWriter::files(StringRef Title, ArrayRef<kbuild::SkippedInput> Inputs) {
  if (Inputs.empty())
    return;
  OS << "<section><h2>" << Title << "</h2><table>";
  for (const kbuild::SkippedInput &In : Inputs)
    OS << "<tr><td class=file>" << htmlPath(Tree.named(In.File)) << "</td><td>"
       << htmlEscaped(In.Reason) << "</td></tr>\n";
  OS << "</table></section>\n";
}

void HtmlWriter::unsaid(StringRef Title, checks::Unsaid::Sort Sort) {
  if (!S.countUnsaid(Sort))
    return;
  OS << "<section><h2>" << Title << "</h2><table>";
  for (const checks::Unsaid &U : S.Unsaid)
    if (U.What == Sort)
      OS << "<tr><td class=file>" << htmlEscaped(Tree.named(U.File)) << ':'
         << U.Line << "</td><td>" << htmlEscaped(messageOf(U))
         << "</td></tr>\n";
  OS << "</table></section>\n";
}

std::string HtmlWriter::write() {
  OS << htmlHead("VFIO life cycle findings",
                 "What vfio-tidy found in VFIO drivers")
     << "<p class=dim><span class=file>" << htmlPath(Tree.Root) << "</span>";
  for (const kbuild::KernelHeaders &K : S.Inputs->kernels())
    OS << ", " << htmlEscaped(K.Name) << " (" << K.Version.str() << ")";
  OS << "</p>\n";
  counts();
  if (S.Found.size() > 1) {
    filters();
    index();
  }
  for (size_t I = 0; I < S.Found.size(); ++I)
    finding(I);
  files("Failed", S.Failed);
  files("Errors outside of the life cycle", S.Remarks);
  unsaid("Not followed to the end", checks::Unsaid::NotFollowed);
  unsaid("Looks wrong, and was not reported", checks::Unsaid::NotReported);
  files("Skipped", S.Inputs->skipped());
  OS << "<footer>vfio-tidy " VFIO_VERSION "</footer>\n</main></body></html>\n";
  return std::move(Page);
}

std::string htmlReport(const Session &S, const SourceTree &Tree) {
  return HtmlWriter(S, Tree).write();
}

} // namespace vfio::tidy
