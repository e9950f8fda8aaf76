//===- Print.cpp - Findings for people and for services -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Print.h"
#include "report/Diff.h"
#include "report/ExternalTool.h"
#include "report/SourceTree.h"
#include "tools/vfio-tidy/Baseline.h"
#include "tools/vfio-tidy/Fixes.h"
#include "tools/vfio-tidy/Session.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA1.h"

using namespace llvm;

namespace vfio::tidy {

Expected<Format> formatOf(StringRef Name) {
  if (Name.empty() || Name == "text")
    return Format::Text;
  if (Name == "github")
    return Format::GitHub;
  if (Name == "gitlab")
    return Format::GitLab;
  if (Name == "mail")
    return Format::Mail;
  return problem("--format=" + Name + ": must be text, github, gitlab or mail");
}

static std::string nameOf(const Spot &At) {
  return sourceTreeOf(At.File, "").named(At.File);
}

//===- Text ---------------------------------------------------------------===//

/// As compilers do: the place, the message, the line, a mark below it.
static void textSpot(const Spot &At, StringRef Level, StringRef Check,
                     SourceTexts &Texts, raw_ostream &OS) {
  if (At.File.empty())
    return;
  OS << shownPath(At.File) << ':' << At.Line << ':' << At.Column << ": "
     << Level << ": " << At.Message;
  if (!Check.empty())
    OS << " [" << Check << ']';
  StringRef Line = Texts.line(At.File, At.Line);
  OS << '\n' << formatv("{0,5} | ", At.Line) << Line << "\n      | ";
  for (char C : Line.take_front(At.Column ? At.Column - 1 : 0))
    OS << (C == '\t' ? '\t' : ' ');
  OS << "^\n";
}

static void text(const Group &G, raw_ostream &OS) {
  if (G.Of && !G.Of->Title.empty() && !G.Findings.empty())
    OS << G.Of->Title << ":\n";
  for (const Finding &F : G.Findings) {
    textSpot(F.Where, F.Level, F.Check, *G.Texts, OS);
    for (const Spot &Note : F.Notes)
      textSpot(Note, "note", "", *G.Texts, OS);
  }
}

//===- Services -----------------------------------------------------------===//

/// \p Text as the value of a workflow command may have it.
static std::string escaped(StringRef Text, bool Property) {
  std::string Out;
  for (char C : Text)
    if (C == '%' || C == '\r' || C == '\n' ||
        (Property && (C == ':' || C == ',')))
      Out += "%" + toHex(StringRef(&C, 1));
    else
      Out += C;
  return Out;
}

static void gitHub(const Group &G, raw_ostream &OS) {
  for (const Finding &F : G.Findings) {
    std::string Message = F.Where.Message;
    for (const Spot &Note : F.Notes)
      Message += "\n" + nameOf(Note) + ":" + std::to_string(Note.Line) + ": " +
                 Note.Message;
    OS << "::" << F.Level << " file=" << escaped(nameOf(F.Where), true)
       << ",line=" << F.Where.Line << ",col=" << F.Where.Column
       << ",title=" << escaped(F.Check, true) << "::" << escaped(Message, false)
       << '\n';
  }
}

static json::Object codeQuality(const Finding &F) {
  std::string Identity = identityOf(F) + std::to_string(F.Where.Line);
  return json::Object{
      {"description", json::fixUTF8(F.Where.Message)},
      {"check_name", F.Check},
      {"fingerprint", toHex(SHA1::hash(arrayRefFromStringRef(Identity)))},
      {"severity", F.Level == "error" ? "critical" : "major"},
      {"location",
       json::Object{{"path", json::fixUTF8(nameOf(F.Where))},
                    {"lines", json::Object{{"begin", F.Where.Line}}}}}};
}

static void gitLab(ArrayRef<Group> Groups, raw_ostream &OS) {
  json::Array All;
  for (const Group &G : Groups)
    for (const Finding &F : G.Findings)
      All.push_back(codeQuality(F));
  OS << formatv("{0:2}\n", json::Value(std::move(All)));
}

//===- Mail ---------------------------------------------------------------===//

/// The lines of the hunk that the finding is in, as a reply quotes them; where
/// the change is elsewhere, the lines around it.
static void quote(const Finding &F, const Group &G, raw_ostream &OS) {
  constexpr unsigned Around = 3;
  std::vector<StringRef> Lines = linesOf(G.Texts->of(F.Where.File));
  std::vector<bool> Added(Lines.size() + 1);
  if (G.Of) {
    auto It = G.Of->Before.Texts.find(F.Where.File);
    Expected<std::vector<LineEdit>> Edits = std::vector<LineEdit>();
    if (It != G.Of->Before.Texts.end())
      Edits = lineEdits(It->second, G.Texts->of(F.Where.File));
    if (!Edits)
      consumeError(Edits.takeError());
    else
      for (const LineEdit &E : *Edits)
        for (unsigned I = 0; I < E.NewCount; ++I)
          Added[E.NewLine + I] = true;
  }
  size_t First = F.Where.Line > Around ? F.Where.Line - Around - 1 : 0;
  for (size_t I = First; I < F.Where.Line + Around && I < Lines.size(); ++I)
    OS << "> " << (Added[I] ? '+' : ' ') << Lines[I].rtrim("\r\n") << '\n';
}

static void mail(const Group &G, raw_ostream &OS) {
  if (G.Findings.empty())
    return;
  StringRef Subject = G.Of ? StringRef(G.Of->Subject) : "";
  if (!Subject.empty())
    OS << "Subject: " << (Subject.starts_with_insensitive("re:") ? "" : "Re: ")
       << Subject << '\n';
  if (G.Of && !G.Of->MailId.empty())
    OS << "In-Reply-To: <" << G.Of->MailId << ">\n";
  OS << "\nHi,\n\nvfio-tidy sees "
     << (G.Findings.size() == 1
             ? "one problem"
             : std::to_string(G.Findings.size()) + " problems")
     << (G.Of ? " that this brings" : "") << ".\n";
  for (const Finding &F : G.Findings) {
    OS << "\n> " << nameOf(F.Where) << ':' << F.Where.Line
       << (F.Inside.empty() ? "" : " in " + F.Inside) << "\n";
    quote(F, G, OS);
    OS << '\n' << F.Where.Message << " [" << F.Check << "].\n";
    for (const Spot &Note : F.Notes)
      OS << "  " << nameOf(Note) << ':' << Note.Line << ": " << Note.Message
         << '\n';
  }
  OS << "\n-- \nvfio-tidy " VFIO_VERSION "\n";
}

void print(Format How, ArrayRef<Group> Groups, raw_ostream &OS) {
  if (How == Format::GitLab)
    return gitLab(Groups, OS);
  for (const Group &G : Groups)
    switch (How) {
    case Format::Text:
      text(G, OS);
      break;
    case Format::GitHub:
      gitHub(G, OS);
      break;
    case Format::Mail:
      mail(G, OS);
      break;
    case Format::GitLab:
      break;
    }
}

void printPatch(const std::vector<clang::tidy::ClangTidyError> &Errors,
                SourceTexts &Texts) {
  unsigned Dropped = 0;
  std::vector<FileChange> Changes = combinedFixes(Errors, Texts, Dropped);
  if (Dropped)
    sayNote(Twine(Dropped) + " fixes contradict others, and are left out: "
                             "apply these, and run again");
  if (Changes.empty())
    return;
  auto Patch = unifiedDiff(Changes, sourceTreeOf(Changes.front().Path, ""));
  if (Patch)
    outs() << *Patch;
  else
    sayError(toString(Patch.takeError()));
}

} // namespace vfio::tidy
