//===- Series.cpp - A patch series as maintainers take it -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The patches are made by git itself: a scratch repository gets the old files
// and one commit a driver, and git format-patch writes them out.
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Series.h"
#include "kbuild/Interrupt.h"
#include "kbuild/PlainText.h"
#include "report/Git.h"
#include "report/WholeFile.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/Fixes.h"
#include "rewriter/deliver/Summary.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using llvm::StringRef;

/// What maintainers ask for: "do not send more than 15 patches at once".
static constexpr size_t LongestSeries = 15;

llvm::Error checkPatchFolder(const std::string &Dir) {
  if (!git::isInstalled())
    return problem("--patches needs git: apt-get install git");
  if (fs::exists(Dir) && !fs::is_directory(Dir))
    return problem(Dir + ": not a folder, cannot hold patches");
  std::error_code EC;
  for (fs::directory_iterator It(Dir, EC), End; !EC && It != End;
       It.increment(EC)) {
    StringRef Name = path::filename(It->path());
    if (Name.ends_with(".patch") || Name.starts_with("series-"))
      return problem(Dir + ": holds " + Name +
                     " already: remove it or name another folder");
  }
  return llvm::Error::success();
}

namespace {
/// The repository in which the commits are made.
class ScratchRepository {
public:
  ScratchRepository(const TempFolder &T, StringRef Name, StringRef Email)
      : Dir(T / "tree") {
    for (StringRef Who : {"AUTHOR", "COMMITTER"}) {
      Env.push_back(("GIT_" + Who + "_NAME=" + Name).str());
      Env.push_back(("GIT_" + Who + "_EMAIL=" + Email).str());
    }
  }

  llvm::Error git(llvm::ArrayRef<std::string> Args) const {
    std::vector<std::string> All = {"-c", "core.autocrlf=false"};
    llvm::append_range(All, Args);
    llvm::Expected<ToolRun> Run = git::runIn(Dir, All, Env);
    if (!Run)
      return Run.takeError();
    if (Run->Status)
      return problem("git " + Args.front() +
                     " failed: " + StringRef(Run->Errors).split('\n').first);
    return llvm::Error::success();
  }

  std::string Dir;

private:
  std::vector<std::string> Env;
};

/// The pieces of one run of --patches.
class SeriesWriter {
public:
  SeriesWriter(const MigrationResult &Result, const std::string &Dir)
      : Result(Result), Dir(Dir) {}

  llvm::Error write(llvm::ArrayRef<ChangeUnit> All, llvm::raw_ostream &Hints);

private:
  llvm::Error choose(llvm::ArrayRef<ChangeUnit> All);
  llvm::Error commitAll(const TempFolder &Temp, const ScratchRepository &Repo);
  llvm::Error format(const TempFolder &Temp, const ScratchRepository &Repo,
                     size_t Part, size_t Parts);
  llvm::Error copyOut(const std::string &From, const std::string &To);
  std::string coverLetter(size_t Part, size_t Parts) const;
  std::string driverList() const;
  std::string remainingList() const;
  std::string baseCommit() const;
  std::vector<std::string> fixedBy(const ChangeUnit &Unit) const;
  void identity();
  void hint(llvm::raw_ostream &OS, size_t Parts) const;

  const MigrationResult &Result;
  const std::string &Dir;
  SourceTree Tree;
  std::optional<git::Repository> Past; ///< the tree's own
  std::vector<const ChangeUnit *> Units;
  std::vector<std::string> Prefixes;
  std::string Name, Email;
  bool NamelessAuthor = false;
};
} // namespace

/// Units with changes, in the order of their paths. They must share a tree.
llvm::Error SeriesWriter::choose(llvm::ArrayRef<ChangeUnit> All) {
  for (const ChangeUnit &Unit : All) {
    if (Unit.Files.empty())
      continue;
    SourceTree Its = sourceTreeOf(Unit.Files.front().Path, Result.Root);
    if (Units.empty())
      Tree = Its;
    if (Its.Root != Tree.Root)
      return problem("the drivers are in two trees, " + Tree.Root + " and " +
                     Its.Root +
                     ": make the patches of each in a run of its "
                     "own");
    Units.push_back(&Unit);
  }
  llvm::sort(Units, [](const ChangeUnit *A, const ChangeUnit *B) {
    return A->Drivers.front()->MainFile < B->Drivers.front()->MainFile;
  });
  if (Tree.IsGit && !Units.empty()) {
    llvm::Expected<git::Repository> Found = git::Repository::open(Tree.Root);
    if (Found)
      Past.emplace(std::move(*Found));
    else
      llvm::consumeError(Found.takeError()); // the patches need none
  }
  Prefixes = subjectPrefixes(Units, Tree, Past ? &*Past : nullptr);
  return llvm::Error::success();
}

void SeriesWriter::identity() {
  std::string Ident = git::author(Past ? &*Past : nullptr);
  auto [Who, Rest] = StringRef(Ident).split(" <");
  Name = Who.str();
  Email = Rest.split('>').first.str();
  NamelessAuthor = Name.empty() || Email.empty();
  if (NamelessAuthor) {
    Name = "Your Name";
    Email = "you@example.com";
  }
}

llvm::Error SeriesWriter::commitAll(const TempFolder &Temp,
                                    const ScratchRepository &Repo) {
  auto Put = [&](const FileChange &F, StringRef Text) -> llvm::Error {
    if (git::isInGitFolder(Tree.relative(F.Path)))
      return problem(F.Path + ": is in a .git folder, and can be no part of a "
                              "patch");
    std::string File = "tree/" + Tree.relative(F.Path);
    if (llvm::Error E = Temp.write(File, Text))
      return E;
    if (fs::can_execute(F.Path))
      fs::setPermissions(Temp / File, fs::all_all);
    return llvm::Error::success();
  };
  if (std::error_code EC = fs::create_directories(Repo.Dir))
    return problem(Repo.Dir + ": " + EC.message());
  if (llvm::Error E = Repo.git({"init", "-q", "--template=", "-b", "part-0"}))
    return E;
  for (const ChangeUnit *Unit : Units)
    for (const FileChange &F : Unit->Files)
      if (llvm::Error E = Put(F, F.Before))
        return E;
  if (llvm::Error E = Repo.git({"add", "-A", "-f"}))
    return E;
  if (llvm::Error E = Repo.git({"commit", "-q", "-m", "before"}))
    return E;
  for (size_t I = 0; I < Units.size(); ++I) {
    for (const FileChange &F : Units[I]->Files)
      if (llvm::Error E = Put(F, F.After))
        return E;
    if (llvm::Error E =
            Temp.write("message", commitMessage(*Units[I], Result, Prefixes[I],
                                                fixedBy(*Units[I]))))
      return E;
    // Each series ends on a branch of its own.
    if (I % LongestSeries == 0)
      if (llvm::Error E =
              Repo.git({"checkout", "-q", "-b",
                        "part-" + llvm::utostr(I / LongestSeries + 1)}))
        return E;
    if (llvm::Error E = Repo.git({"commit", "-q", "-a", "--cleanup=verbatim",
                                  "-F", Temp / "message"}))
      return E;
  }
  return llvm::Error::success();
}

/// The commits that brought the lines in which \p Unit removes bugs, as a Fixes
/// line names them; none without a history.
std::vector<std::string> SeriesWriter::fixedBy(const ChangeUnit &Unit) const {
  std::vector<std::string> Out;
  for (const DriverResult *D : Unit.Drivers)
    for (const Step &Bug : D->BugsRemoved) {
      if (!Past || !Bug.Where.Line)
        continue;
      std::string Line = llvm::utostr(Bug.Where.Line);
      auto Blame = Past->run({"blame", "-s", "-l", "-L", Line + "," + Line,
                              "--", Tree.relative(Bug.Where.File)});
      StringRef Commit =
          Blame ? StringRef(*Blame).ltrim('^').split(' ').first : StringRef();
      bool Known =
          Commit.find_if([](char C) { return C != '0'; }) != StringRef::npos;
      auto Named =
          Past->run({"log", "-1", "--abbrev=12", "--format=%h (\"%s\")",
                     Known ? Commit.str() : "HEAD"});
      if (Known && Named) {
        std::string Text = StringRef(*Named).trim().str();
        if (!Text.empty() && !llvm::is_contained(Out, Text))
          Out.push_back(Text);
      }
      if (!Blame)
        llvm::consumeError(Blame.takeError()); // no file of that history
      if (!Named)
        llvm::consumeError(Named.takeError());
    }
  return Out;
}

/// The commit that the patches were made on, where the files are as it has
/// them.
std::string SeriesWriter::baseCommit() const {
  if (!Past)
    return "";
  std::vector<std::string> Args = {"status", "--porcelain", "--"};
  for (const ChangeUnit *Unit : Units)
    for (const FileChange &F : Unit->Files)
      Args.push_back(Tree.relative(F.Path));
  auto Changed = Past->run(Args);
  if (!Changed || !Changed->empty()) {
    llvm::consumeError(Changed.takeError());
    return "";
  }
  auto Head = Past->run({"rev-parse", "HEAD"});
  if (Head)
    return StringRef(*Head).trim().str();
  llvm::consumeError(Head.takeError()); // a tree without a commit
  return "";
}

std::string SeriesWriter::driverList() const {
  static constexpr struct {
    Status Outcome;
    StringRef Title;
  } Groups[] = {{Status::Converted, "Converted"},
                {Status::AlreadyNew, "Already on the new model"},
                {Status::Refused, "Not converted"}};
  std::string Text;
  for (const auto &Group : Groups) {
    std::string List;
    for (const DriverResult &D : Result.Drivers) {
      if (D.Outcome != Group.Outcome)
        continue;
      std::string Line = Tree.relative(D.MainFile);
      if (!D.Record.empty())
        Line += " (struct " + D.Record + ")";
      for (const Refusal &R : D.Refusals)
        Line += "; " + refusalKind(R.Id).Id.str() + ": " +
                placeText(R.Where, Tree.relative(R.Where.File)) + ": " +
                StringRef(R.Reason).rtrim(". ").str();
      List += wrapped(Line, " - ", "   ");
    }
    if (!List.empty())
      Text += "\n" + (Group.Title + ":\n\n").str() + List;
  }
  std::string Unparsed;
  for (const NotParsed &F : Result.Failed)
    Unparsed += wrapped(Tree.relative(F.File) + ": " + F.Reason, " - ", "   ");
  if (!Unparsed.empty())
    Text += "\nNot parsed:\n\n" + Unparsed;
  return Text + remainingList();
}

/// What else keeps the drivers from building on the target, with its lines.
std::string SeriesWriter::remainingList() const {
  std::string Text;
  for (const DriverResult &D : Result.Drivers) {
    if (D.Remaining.empty())
      continue;
    Text += "\n" +
            wrapped(Tree.relative(D.MainFile) + ": " +
                    remainingText(D, targetName(Result.To)) + ":") +
            "\n";
    for (const Step &E : D.Remaining)
      Text += wrapped(placeText(E.Where, Tree.relative(E.Where.File)) + ": " +
                          E.What,
                      " - ", "   ");
  }
  return Text;
}

std::string SeriesWriter::coverLetter(size_t Part, size_t Parts) const {
  std::string Cover = coverText(Units);
  auto [Subject, Body] =
      StringRef(Cover).split('\n'); // an empty line stands between the two
  std::string Text = Subject.str();
  if (Parts > 1)
    Text += llvm::formatv(" (part {0} of {1})", Part, Parts).str();
  Text += "\n" + Body.str();
  Text += driverList();
  Text += "\n" + wrapped("The patches were made by vfio-migrate " VFIO_VERSION
                         ". How each was verified stands in its own text. None "
                         "was run with a device.");
  if (std::string Base = baseCommit(); !Base.empty())
    Text += "\nbase-commit: " + Base + "\n";
  return Text;
}

llvm::Error SeriesWriter::copyOut(const std::string &From,
                                  const std::string &To) {
  if (std::error_code EC = fs::create_directories(To))
    return problem(To + ": " + EC.message());
  std::error_code EC;
  for (fs::directory_iterator It(From, EC), End; !EC && It != End;
       It.increment(EC)) {
    auto Text = llvm::MemoryBuffer::getFile(It->path());
    if (!Text)
      return problem(It->path() + ": " + Text.getError().message());
    llvm::SmallString<128> Name(To);
    path::append(Name, path::filename(It->path()));
    if (llvm::Error E = writeWholeFile(std::string(Name), (*Text)->getBuffer()))
      return E;
  }
  return EC ? problem(From + ": " + EC.message()) : llvm::Error::success();
}

llvm::Error SeriesWriter::format(const TempFolder &Temp,
                                 const ScratchRepository &Repo, size_t Part,
                                 size_t Parts) {
  std::string Branch = "part-" + llvm::utostr(Part);
  std::string Out = Temp / ("out-" + llvm::utostr(Part));
  if (llvm::Error E = Repo.git({"config", "branch." + Branch + ".description",
                                coverLetter(Part, Parts)}))
    return E;
  if (llvm::Error E =
          Repo.git({"format-patch", "-q", "-o", Out, "--numbered",
                    "--cover-letter", "--cover-from-description=subject",
                    "--no-signoff", ("--signature=vfio-migrate " VFIO_VERSION),
                    "part-" + llvm::utostr(Part - 1) + ".." + Branch}))
    return E;
  return copyOut(Out, Parts == 1 ? Dir : Dir + "/series-" + llvm::utostr(Part));
}

void SeriesWriter::hint(llvm::raw_ostream &OS, size_t Parts) const {
  llvm::SmallString<128> Folder(Dir);
  fs::make_absolute(Folder); // the commands run in the tree
  if (Parts > 1)
    path::append(Folder, "series-1");
  std::string Patches; // all but the cover letter
  for (const ChangeUnit *U : Units) {
    std::string These =
        (" " + Folder + "/*-" + subjectVerb(*U) + "-*.patch").str();
    if (!StringRef(Patches).contains(These))
      Patches += These;
  }
  OS << "vfio-migrate: " << Units.size()
     << (Units.size() == 1 ? " patch" : " patches") << " in " << plainText(Dir)
     << ". Read and test them; then, in " << plainText(Tree.Root) << ":\n"
     << "  git am -s --empty=drop " << Folder << "/*.patch\n"
     << "  scripts/checkpatch.pl --strict --no-signoff" << Patches << "\n"
     << "  scripts/get_maintainer.pl" << Patches << "\n";
  if (NamelessAuthor)
    OS << "  git config user.name and user.email are not set: the patches are "
          "from \"Your Name\"\n";
  bool CarriageReturns = llvm::any_of(Units, [](const ChangeUnit *U) {
    return llvm::any_of(U->Files, [](const FileChange &F) {
      return F.Before.find('\r') != std::string::npos;
    });
  });
  if (CarriageReturns)
    OS << "  some files have CRLF line ends: git am needs --keep-cr\n";
}

llvm::Error SeriesWriter::write(llvm::ArrayRef<ChangeUnit> All,
                                llvm::raw_ostream &Hints) {
  if (llvm::Error E = choose(All))
    return E;
  if (Units.empty())
    return llvm::Error::success(); // the summary says so
  identity();
  llvm::Expected<TempFolder> Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  ScratchRepository Repo(*Temp, Name, Email);
  if (llvm::Error E = commitAll(*Temp, Repo))
    return E;
  // A series is there as a whole or not at all.
  HoldInterrupts WhileWriting;
  size_t Parts = (Units.size() + LongestSeries - 1) / LongestSeries;
  for (size_t Part = 1; Part <= Parts; ++Part)
    if (llvm::Error E = format(*Temp, Repo, Part, Parts))
      return E;
  hint(Hints, Parts);
  return llvm::Error::success();
}

llvm::Error writeSeries(const MigrationResult &Result,
                        llvm::ArrayRef<ChangeUnit> Units,
                        const std::string &Dir, llvm::raw_ostream &Hints) {
  return SeriesWriter(Result, Dir).write(Units, Hints);
}

} // namespace vfio::rewriter
