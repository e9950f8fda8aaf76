//===- Steps.cpp - From one state of a tree to the next -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Steps.h"
#include "report/Git.h"
#include "tools/vfio-tidy/ChangedLines.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace vfio::tidy {

/// The paths that git prints with a zero behind each, below \p Root.
static std::vector<std::string> paths(StringRef Root, StringRef Text) {
  SmallVector<StringRef> Names;
  Text.split(Names, '\0', -1, /*KeepEmpty=*/false);
  std::vector<std::string> All;
  for (StringRef Name : Names)
    All.push_back((Root + "/" + Name).str());
  return All;
}

//===- Commits ------------------------------------------------------------===//

namespace {
/// Asks git about the states of one work tree.
class History {
public:
  History(StringRef Root, StringRef Revision, git::Repository Past)
      : Root(Root), Option(("--new-since=" + Revision).str()),
        Past(std::move(Past)) {}

  Expected<TreeState> stateAt(StringRef Commit) const;
  /// Asks for the files on disk that no commit has, which takes a look at all
  /// of them: once for all states.
  Error findUnknown();
  Expected<std::vector<std::string>> names(std::vector<std::string> Args) const;
  Expected<Step> commit(StringRef Commit) const;
  Expected<Step> workingTree(StringRef Revision) const;
  Expected<std::string> ask(std::vector<std::string> Args) const {
    Expected<std::string> Said = Past.run(Args);
    if (!Said)
      return problem(Option + ": " + toString(Said.takeError()));
    return std::move(*Said);
  }

private:
  StringRef Root;
  std::string Option;
  git::Repository Past;
  std::vector<std::string> Unknown;
};
} // namespace

Expected<std::vector<std::string>>
History::names(std::vector<std::string> Args) const {
  Args.insert(Args.begin(), {"diff", "--name-only", "--no-renames",
                             "--no-ext-diff", "--ignore-submodules=all", "-z"});
  Args.push_back("--");
  Expected<std::string> Text = ask(std::move(Args));
  if (!Text)
    return Text.takeError();
  return paths(Root, *Text);
}

Expected<TreeState> History::stateAt(StringRef Commit) const {
  Expected<std::vector<std::string>> Files = names({Commit.str()});
  if (!Files)
    return Files.takeError();
  TreeState State;
  for (const std::string &File : *Files) {
    StringRef Name = StringRef(File).drop_front(Root.size() + 1);
    Expected<std::string> Text = ask({"show", (Commit + ":" + Name).str()});
    if (Text) {
      State.Texts[File] = std::move(*Text);
    } else {
      consumeError(Text.takeError());
      State.Missing.insert(File);
    }
  }
  State.Missing.insert(Unknown.begin(), Unknown.end());
  return State;
}

Error History::findUnknown() {
  Expected<std::string> New =
      ask({"ls-files", "--others", "--exclude-standard", "-z"});
  if (!New)
    return New.takeError();
  Unknown = paths(Root, *New);
  return Error::success();
}

Expected<Step> History::commit(StringRef Commit) const {
  Step Out;
  Expected<std::string> Subject =
      ask({"show", "--no-patch", "--format=%s", Commit.str()});
  if (!Subject)
    return Subject.takeError();
  Out.Subject = StringRef(*Subject).trim().str();
  Out.Title =
      ("commit " + Commit.take_front(12) + " (\"" + Out.Subject + "\")").str();
  std::string Parent = (Commit + "^").str();
  Expected<TreeState> Before = stateAt(Parent), After = stateAt(Commit);
  Expected<std::vector<std::string>> Files = names({Parent, Commit.str()});
  if (!Before || !After || !Files)
    return joinErrors(joinErrors(Before.takeError(), After.takeError()),
                      Files.takeError());
  Out.Before = std::move(*Before);
  Out.After = std::move(*After);
  Out.Changed.insert(Files->begin(), Files->end());
  return Out;
}

Expected<Step> History::workingTree(StringRef Revision) const {
  Step Out;
  Expected<TreeState> Before = stateAt(Revision);
  if (!Before)
    return Before.takeError();
  Out.Before = std::move(*Before);
  Out.Changed = Out.Before.Missing;
  for (const auto &File : Out.Before.Texts)
    Out.Changed.insert(File.first);
  return Out;
}

Expected<std::vector<Step>> stepsSince(StringRef Root, StringRef Revision) {
  if (!isRevision(Revision))
    return problem("--new-since=" + Revision + ": is no revision");
  Expected<git::Repository> Past = git::Repository::open(Root);
  if (!Past)
    return Past.takeError();
  History Git(Root, Revision, std::move(*Past));
  if (Error E = Git.findUnknown())
    return std::move(E);
  std::vector<Step> Steps;
  if (!Revision.contains("..")) {
    Expected<Step> Only = Git.workingTree(Revision);
    if (!Only)
      return Only.takeError();
    Steps.push_back(std::move(*Only));
    return Steps;
  }
  Expected<std::string> List =
      Git.ask({"rev-list", "--reverse", "--no-merges", Revision.str(), "--"});
  if (!List)
    return List.takeError();
  SmallVector<StringRef> Commits;
  StringRef(*List).split(Commits, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef Commit : Commits) {
    Expected<Step> One = Git.commit(Commit);
    if (!One)
      return One.takeError();
    Steps.push_back(std::move(*One));
  }
  return Steps;
}

//===- Patches ------------------------------------------------------------===//

/// The mails of the mail box \p Text; all of it, where it is none.
static std::vector<StringRef> mailsIn(StringRef Text) {
  std::vector<size_t> Starts;
  for (size_t At = 0; At != StringRef::npos; At = Text.find("\nFrom ", At)) {
    At += At ? 1 : 0;
    StringRef Line = Text.drop_front(At).split('\n').first;
    // "From <who> <when>", with a time of the day in it.
    if (Line.starts_with("From ") && Line.count(':') >= 2)
      Starts.push_back(At);
    if (At == 0 && Starts.empty())
      Starts.push_back(0);
  }
  std::vector<StringRef> Mails;
  for (size_t I = 0; I < Starts.size(); ++I)
    Mails.push_back(Text.slice(Starts[I], I + 1 < Starts.size() ? Starts[I + 1]
                                                                : Text.size()));
  return Mails;
}

/// The header \p Name of a mail, its lines joined; empty where it has none.
static std::string header(StringRef Mail, StringRef Name) {
  StringRef Head = Mail.split("\n\n").first;
  std::string Value;
  bool Inside = false;
  while (!Head.empty()) {
    auto [Line, Rest] = Head.split('\n');
    Head = Rest;
    if (Inside && (Line.starts_with(" ") || Line.starts_with("\t")))
      Value += " " + Line.trim().str();
    else if ((Inside = Line.consume_front_insensitive(Name) &&
                       Line.consume_front(":")))
      Value = Line.trim().str();
  }
  return Value;
}

namespace {
/// Applies patches, one after the other, to a tree that is not written to.
class Applier {
public:
  Applier(StringRef Root, std::string Option)
      : Root(Root), Option(std::move(Option)) {}
  /// None where \p Mail has no patch in it: a cover letter.
  Expected<std::optional<Step>> apply(StringRef Mail);

private:
  Error putOut(const TempFolder &Temp, ArrayRef<std::string> Names) const;
  std::string textOf(const std::string &File) const;
  Expected<std::string> gitIn(StringRef Folder,
                              std::vector<std::string> Args) const;

  StringRef Root;
  std::string Option;
  TreeState Now;
};
} // namespace

Expected<std::string> Applier::gitIn(StringRef Folder,
                                     std::vector<std::string> Args) const {
  Expected<ToolRun> Run = git::runIn(Folder, Args);
  if (!Run)
    return Run.takeError();
  if (Run->Status)
    return problem(Option +
                   ": git says: " + StringRef(Run->Errors).split('\n').first);
  return std::move(Run->Output);
}

std::string Applier::textOf(const std::string &File) const {
  auto It = Now.Texts.find(File);
  if (It != Now.Texts.end())
    return It->second;
  auto Buffer = MemoryBuffer::getFile(File);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

/// Writes the files \p Names as they are now into \p Temp.
Error Applier::putOut(const TempFolder &Temp,
                      ArrayRef<std::string> Names) const {
  for (const std::string &Name : Names) {
    std::string Text = textOf((Root + "/" + Name).str());
    if (!Text.empty())
      if (Error E = Temp.write("tree/" + Name, Text))
        return E;
  }
  return Error::success();
}

Expected<std::optional<Step>> Applier::apply(StringRef Mail) {
  if (!Mail.contains("\n+++ ") && !Mail.starts_with("--- "))
    return std::optional<Step>();
  auto Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  if (Error E = Temp->write("patch", Mail))
    return std::move(E);
  if (Error E = Temp->write("tree/.keep", ""))
    return std::move(E);
  Step Out;
  Out.Subject = header(Mail, "Subject");
  Out.MailId = StringRef(header(Mail, "Message-ID")).trim("<>").str();
  Out.Title = Out.Subject.empty() ? "" : "\"" + Out.Subject + "\"";
  Expected<std::string> List =
      gitIn(*Temp / "tree", {"apply", "--numstat", "-z", *Temp / "patch"});
  if (!List)
    return List.takeError();
  SmallVector<StringRef> Lines;
  StringRef(*List).split(Lines, '\0', -1, /*KeepEmpty=*/false);
  std::vector<std::string> Names;
  for (StringRef Line : Lines)
    Names.push_back(Line.rsplit('\t').second.str());
  if (Error E = putOut(*Temp, Names))
    return std::move(E);
  Expected<std::string> Applied =
      gitIn(*Temp / "tree", {"apply", "--whitespace=nowarn", *Temp / "patch"});
  if (!Applied)
    return Applied.takeError();
  Out.Before = Now;
  for (const std::string &Name : Names) {
    std::string File = (Root + "/" + Name).str();
    auto Buffer = MemoryBuffer::getFile(*Temp / ("tree/" + Name));
    Now.Texts[File] = Buffer ? (*Buffer)->getBuffer().str() : std::string();
    if (Buffer)
      Now.Missing.erase(File);
    else
      Now.Missing.insert(File);
    Out.Changed.insert(File);
  }
  Out.After = Now;
  return std::optional<Step>(std::move(Out));
}

Expected<std::vector<Step>> stepsOfSeries(StringRef Root,
                                          const std::string &File) {
  auto Buffer = MemoryBuffer::getFileOrSTDIN(File);
  if (!Buffer)
    return problem("--series=" + File + ": " + Buffer.getError().message());
  Applier Apply(Root, "--series=" + File);
  std::vector<Step> Steps;
  for (StringRef Mail : mailsIn((*Buffer)->getBuffer())) {
    Expected<std::optional<Step>> One = Apply.apply(Mail);
    if (!One)
      return One.takeError();
    if (*One)
      Steps.push_back(std::move(**One));
  }
  if (Steps.empty())
    return problem("--series=" + File + ": holds no patch");
  return Steps;
}

} // namespace vfio::tidy
