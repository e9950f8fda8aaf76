//===- Git.cpp - The one place that starts git ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/Git.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

namespace vfio::git {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using llvm::StringRef;

/// Longer than any history takes; an odd file must not hold us for ever.
static constexpr unsigned Seconds = 300;

/// What no configuration is needed for is said here, too, for a git that would
/// find one all the same.
static const char *const Disarmed[] = {"core.fsmonitor=false",
                                       "core.hooksPath=/dev/null",
                                       "core.sshCommand=false",
                                       "core.pager=cat",
                                       "core.editor=false",
                                       "core.askPass=false",
                                       "core.quotePath=false",
                                       "core.alternateRefsCommand=false",
                                       "credential.helper=",
                                       "protocol.allow=never",
                                       "diff.external=",
                                       "diff.ignoreSubmodules=all",
                                       "diff.autoRefreshIndex=false",
                                       "submodule.recurse=false",
                                       "log.showSignature=false",
                                       "commit.gpgSign=false",
                                       "gc.auto=0",
                                       "maintenance.auto=false"};

/// Of a tree's configuration only this is taken over: how its files compare
/// with its index, and what its objects are. None of it names anything to run.
static const char *const TakenOver[] = {
    "core.autocrlf",   "core.eol",      "core.filemode",
    "core.ignorecase", "core.symlinks", "extensions.objectformat",
    "user.name",       "user.email"};

bool isInstalled() { return haveTool("git"); }

static std::vector<std::string> plainEnvironment() {
  auto Path = llvm::sys::Process::GetEnv("PATH");
  return {"PATH=" + Path.value_or("/usr/bin:/bin"),
          "HOME=/nonexistent",
          "LC_ALL=C.UTF-8",
          "GIT_CONFIG_NOSYSTEM=1",
          "GIT_CONFIG_GLOBAL=/dev/null",
          "GIT_ATTR_NOSYSTEM=1",
          "GIT_TERMINAL_PROMPT=0",
          "GIT_OPTIONAL_LOCKS=0",
          "GIT_NO_LAZY_FETCH=1",
          "GIT_ALLOW_PROTOCOL=",
          "GIT_LITERAL_PATHSPECS=1"};
}

static llvm::Expected<ToolRun> run(StringRef Folder,
                                   llvm::ArrayRef<std::string> Args,
                                   llvm::ArrayRef<std::string> Environment) {
  std::vector<std::string> All = {"-C", Folder.str()};
  for (const char *Setting : Disarmed)
    All.insert(All.end(), {"-c", Setting});
  llvm::append_range(All, Args);
  return runTool("git", All, Environment, Seconds);
}

llvm::Expected<ToolRun> runIn(StringRef Folder,
                              llvm::ArrayRef<std::string> Args,
                              llvm::ArrayRef<std::string> More) {
  std::vector<std::string> Environment = plainEnvironment();
  // Not into a repository that the temporary folder happens to be in.
  Environment.push_back("GIT_CEILING_DIRECTORIES=" +
                        path::parent_path(Folder).str());
  llvm::append_range(Environment, More);
  return run(Folder, Args, Environment);
}

//===- Somebody's repository ----------------------------------------------===//

/// The folder that the file .git of a linked work tree or a submodule names;
/// \p Git itself where it is a folder.
static std::string gitFolder(const std::string &Git) {
  if (kbuild::isDirectory(Git))
    return kbuild::realPath(Git);
  std::string Text = kbuild::readText(Git);
  StringRef Name = StringRef(Text).trim();
  if (!Name.consume_front("gitdir:"))
    return {};
  return kbuild::realPath(
      kbuild::absolute(Name.trim(), path::parent_path(Git)));
}

/// Where the references and objects of all work trees of \p Git are.
static std::string commonFolder(const std::string &Git) {
  std::string Text = kbuild::readText(kbuild::pathIn(Git, "commondir"));
  StringRef Name = StringRef(Text).trim();
  return Name.empty() ? Git : kbuild::realPath(kbuild::absolute(Name, Git));
}

/// Has our folder borrow the file \p Name of \p From. No folder is ever linked:
/// ours is removed with all that is in it. What is no plain file is left: git
/// would wait for ever on a pipe.
static void borrow(const TempFolder &Own, const std::string &From,
                   StringRef Name) {
  std::string There = kbuild::pathIn(From, Name);
  if (kbuild::isFile(There))
    (void)fs::create_link(There, Own / Name);
}

/// Copies the index: git writes what it learns of files into it, through any
/// link. It keeps its time, against which git holds that of each file.
static llvm::Error copyIndex(const TempFolder &Own, const std::string &From) {
  std::string There = kbuild::pathIn(From, "index");
  fs::file_status Status;
  if (!kbuild::isFile(There) || fs::status(There, Status))
    return llvm::Error::success(); // of a repository without a commit
  if (llvm::Error E = Own.write("index", kbuild::readText(There)))
    return E;
  llvm::Expected<fs::file_t> File = fs::openNativeFileForWrite(
      Own / "index", fs::CD_OpenExisting, fs::OF_None);
  if (!File)
    return File.takeError();
  std::error_code Problem = fs::setLastAccessAndModificationTime(
      *File, Status.getLastModificationTime());
  fs::closeFile(*File);
  return llvm::errorCodeToError(Problem);
}

/// Copies the references below \p Folder of \p From, which are small files.
static llvm::Error copyReferences(const TempFolder &Own,
                                  const std::string &From,
                                  const std::string &Folder, unsigned Depth) {
  for (const std::string &Name :
       kbuild::listDirectory(kbuild::pathIn(From, Folder))) {
    std::string Path = Folder + "/" + Name;
    std::string There = kbuild::pathIn(From, Path);
    if (fs::is_symlink_file(There))
      continue;
    llvm::Error E = llvm::Error::success();
    if (kbuild::isDirectory(There) && Depth < 16)
      E = copyReferences(Own, From, Path, Depth + 1);
    else if (kbuild::isFile(There))
      E = Own.write(Path, kbuild::readText(There));
    if (E)
      return E;
  }
  return llvm::Error::success();
}

/// The value of \p Key in the file \p Config, without what that includes.
static std::string setting(const TempFolder &Own, const std::string &Config,
                           StringRef Key) {
  auto Run = runIn(Own.path(), {"config", "--file", Config, "--no-includes",
                                "--get", Key.str()});
  if (!Run) {
    llvm::consumeError(Run.takeError());
    return {};
  }
  return Run->Status ? "" : StringRef(Run->Output).trim().str();
}

/// A value as a configuration file has it.
static std::string quoted(StringRef Value) {
  std::string Out = "\"";
  for (char C : Value)
    if (C == '"' || C == '\\')
      (Out += '\\') += C;
    else if (static_cast<unsigned char>(C) >= ' ')
      Out += C;
  return Out + "\"";
}

static llvm::Error writeConfiguration(const TempFolder &Own,
                                      const std::string &Theirs) {
  std::string Text = "[core]\n\tbare = false\n";
  std::string Format = "0";
  for (StringRef Key : TakenOver) {
    if (!kbuild::isFile(Theirs))
      break;
    std::string Value = setting(Own, Theirs, Key);
    if (Value.empty())
      continue;
    auto [Section, Name] = Key.split('.');
    if (Section == "extensions")
      Format = "1";
    Text +=
        ("[" + Section + "]\n\t" + Name + " = ").str() + quoted(Value) + "\n";
  }
  Text += "[core]\n\trepositoryformatversion = " + Format + "\n";
  return Own.write("config", Text);
}

llvm::Expected<Repository> Repository::open(StringRef Root) {
  std::string Git = gitFolder(kbuild::pathIn(Root, ".git"));
  std::string Common = Git.empty() ? "" : commonFolder(Git);
  std::string Head = kbuild::readText(kbuild::pathIn(Git, "HEAD"));
  if (Common.empty() || Head.empty())
    return problem(Root + ": its .git is no repository");
  llvm::Expected<TempFolder> Own = TempFolder::create();
  if (!Own)
    return Own.takeError();
  if (llvm::Error E =
          writeConfiguration(*Own, kbuild::pathIn(Common, "config")))
    return std::move(E);
  if (llvm::Error E = Own->write("HEAD", Head))
    return std::move(E);
  if (llvm::Error E = Own->write("refs/README", ""))
    return std::move(E);
  if (llvm::Error E = copyReferences(*Own, Common, "refs", 0))
    return std::move(E);
  if (llvm::Error E = Own->write("logs/README", ""))
    return std::move(E);
  for (StringRef Name : {"packed-refs", "shallow"})
    borrow(*Own, Common, Name);
  for (StringRef Name : {"logs/HEAD", "ORIG_HEAD", "FETCH_HEAD"})
    borrow(*Own, Git, Name);
  if (llvm::Error E = copyIndex(*Own, Git))
    return std::move(E);
  for (const std::string &Name : kbuild::listDirectory(Git))
    if (StringRef(Name).starts_with("sharedindex."))
      borrow(*Own, Git, Name);
  if (std::string Exclude = kbuild::pathIn(Common, "info/exclude");
      kbuild::isFile(Exclude))
    if (llvm::Error E = Own->write("info/exclude", kbuild::readText(Exclude)))
      return std::move(E);
  return Repository(std::move(*Own), Root, kbuild::pathIn(Common, "objects"));
}

std::vector<std::string> Repository::environment() const {
  return {"GIT_DIR=" + Own.path().str(), "GIT_WORK_TREE=" + Root,
          "GIT_OBJECT_DIRECTORY=" + Objects};
}

llvm::Expected<std::string>
Repository::run(llvm::ArrayRef<std::string> Args) const {
  llvm::Expected<ToolRun> Run = runIn(Root, Args, environment());
  if (!Run)
    return Run.takeError();
  if (Run->Status)
    return problem("git says: " + StringRef(Run->Errors).split('\n').first);
  return std::move(Run->Output);
}

std::string author(const Repository *Here) {
  // The one question that is about the user, whose own configuration may
  // answer it. It runs nothing.
  std::vector<std::string> Environment;
  if (Here)
    Environment = Here->environment();
  for (StringRef Name : {"PATH", "HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL",
                         "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
                         "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"})
    if (auto Value = llvm::sys::Process::GetEnv(Name))
      Environment.push_back((Name + "=" + *Value).str());
  auto Run = run("/", {"var", "GIT_AUTHOR_IDENT"}, Environment);
  if (!Run) {
    llvm::consumeError(Run.takeError());
    return "";
  }
  return Run->Status ? "" : StringRef(Run->Output).trim().str();
}

//===- Names
//---------------------------------------------------------------===//

bool isInGitFolder(StringRef Path) {
  return llvm::any_of(llvm::make_range(path::begin(Path), path::end(Path)),
                      [](StringRef Part) {
                        // As other file systems spell it: a short name, blanks
                        // and dots at the end, a stream, characters that are
                        // left out.
                        std::string Seen;
                        for (char C : Part.split(':').first.rtrim(". "))
                          if (static_cast<unsigned char>(C) < 0x80)
                            Seen += llvm::toLower(C);
                        return Seen == ".git" || Seen == "git~1";
                      });
}

} // namespace vfio::git
