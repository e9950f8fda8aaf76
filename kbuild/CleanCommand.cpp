//===- CleanCommand.cpp - A compiler's command line, made fit for clang ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/CleanCommand.h"
#include "kbuild/Compat.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/Paths.h"
#include "clang/Basic/TargetInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <mutex>

using namespace clang;
using namespace llvm;

namespace vfio::kbuild {

using Words = std::vector<std::string>;

static Error unusable(const Twine &Why) {
  return createStringError(inconvertibleErrorCode(), Why);
}

//===- Response files -----------------------------------------------------===//

namespace {

/// Replaces each @file by what the file says.
class ResponseFiles {
public:
  ResponseFiles(StringRef Directory, StringRef TreeRoot)
      : Directory(Directory), TreeRoot(TreeRoot) {}
  Error expand(Words &Args, unsigned Depth = 0);

private:
  Expected<std::string> find(const std::string &Arg) const;

  // More than a command has use for; what names itself, or others many times
  // over, would grow without end.
  static constexpr unsigned MostNested = 8, MostFiles = 64;
  static constexpr size_t MostBytes = size_t(4) << 20;

  StringRef Directory, TreeRoot;
  unsigned Files = 0;
  size_t Bytes = 0;
};

} // namespace

Expected<std::string> ResponseFiles::find(const std::string &Arg) const {
  std::string Path = realPath(absolute(StringRef(Arg).drop_front(), Directory));
  if (Path.empty())
    return unusable("its command reads " + Arg + ", which does not exist");
  if (!isBelow(Path, realPath(Directory)) &&
      (TreeRoot.empty() || !isBelow(Path, TreeRoot)))
    return unusable("its command reads " + Arg + ", outside the tree");
  return Path;
}

Error ResponseFiles::expand(Words &Args, unsigned Depth) {
  Words Out;
  for (const std::string &Arg : Args) {
    if (Arg.size() < 2 || Arg.front() != '@') {
      Out.push_back(Arg);
      continue;
    }
    Expected<std::string> Path = find(Arg);
    if (!Path)
      return Path.takeError();
    std::string Text = readText(*Path);
    Bytes += Text.size();
    if (Depth == MostNested || ++Files > MostFiles || Bytes > MostBytes)
      return unusable("its command reads more @files than any compiler's");
    BumpPtrAllocator Alloc;
    StringSaver Saver(Alloc);
    SmallVector<const char *, 64> Tokens;
    cl::TokenizeGNUCommandLine(Text, Saver, Tokens);
    Words Inner(Tokens.begin(), Tokens.end());
    if (Error E = expand(Inner, Depth + 1))
      return E;
    Out.insert(Out.end(), Inner.begin(), Inner.end());
  }
  Args = std::move(Out);
  return Error::success();
}

//===- The compiler's name ------------------------------------------------===//

/// Drops programs that only call the compiler.
static ArrayRef<std::string> withoutWrappers(ArrayRef<std::string> Command) {
  while (Command.size() > 1 &&
         is_contained({"ccache", "distcc", "sccache", "icecc", "gomacc", "env"},
                      sys::path::filename(Command[0])) &&
         !StringRef(Command[1]).starts_with("-"))
    Command = Command.drop_front();
  return Command;
}

/// The machine that the name of a cross compiler tells
/// ("aarch64-linux-gnu-gcc-12"); empty where it tells none.
static std::string tripleOf(StringRef Compiler) {
  StringRef Name = sys::path::filename(Compiler);
  Name = Name.rtrim("0123456789.");
  Name.consume_back("-");
  if (!Name.consume_back("-gcc") && !Name.consume_back("-cc") &&
      !Name.consume_back("-clang"))
    return {};
  bool Known = Triple(Name).getArch() != Triple::UnknownArch;
  return Known ? Name.str() : std::string();
}

//===- What passes --------------------------------------------------------===//

/// Options that take effect in the preprocessor or the language.
static bool isLanguage(StringRef Name) {
  return is_contained({"I", "D", "U", "include", "imacros", "isystem", "iquote",
                       "idirafter", "isysroot", "--sysroot=", "sysroot=",
                       "nostdinc", "nobuiltininc", "undef"},
                      Name);
}

/// Options of the f and machine kinds that change types, macros or what is an
/// error. They are tried before they are used.
static bool isMachine(const opt::Option &Option, StringRef Name) {
  if (is_contained({"std=", "ansi", "target=", "target"}, Name) ||
      Option.matches(compat::machineGroup()))
    return true;
  if (!Name.consume_front("f"))
    return false;
  Name.consume_front("no-");
  return Name.starts_with("builtin") ||
         Name.starts_with("strict-flex-arrays") ||
         is_contained({"freestanding", "hosted", "short-wchar", "signed-char",
                       "unsigned-char", "short-enums", "ms-extensions",
                       "ms-anonymous-structs", "gnu89-inline", "pack-struct",
                       "pack-struct=", "common", "strict-aliasing", "wrapv",
                       "delete-null-pointer-checks", "pic", "PIC", "pie",
                       "PIE"},
                      Name);
}

//===- Trying -------------------------------------------------------------===//

/// True where clang takes \p Args without a word.
static bool isUnderstood(const Words &Args) {
  class Listener : public DiagnosticConsumer {
  public:
    bool Heard = false;
    void HandleDiagnostic(DiagnosticsEngine::Level,
                          const clang::Diagnostic &) override {
      Heard = true;
    }
  } Client;
  Words Command = {"clang", "-fsyntax-only"};
  Command.insert(Command.end(), Args.begin(), Args.end());
  Command.insert(Command.end(), {"-x", "c", "/vfio-kbuild/empty.c"});
  std::vector<const char *> Pointers;
  for (const std::string &Arg : Command)
    Pointers.push_back(Arg.c_str());

  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> FS(new vfs::InMemoryFileSystem);
  FS->addFile("/vfio-kbuild/empty.c", 0, MemoryBuffer::getMemBuffer(""));
  compat::StartDiagnostics Start(Client);
  CreateInvocationOptions How;
  How.Diags = Start.Engine;
  How.VFS = FS;
  std::shared_ptr<CompilerInvocation> Invocation =
      createInvocation(Pointers, How);
  if (!Invocation || Client.Heard)
    return false;
  std::unique_ptr<CompilerInstance> CI =
      compat::makeCompiler(std::move(Invocation), Client, FS);
  return CI->createTarget() && !Client.Heard;
}

/// The part of \p Options (each a group of words) that clang understands. All
/// commands of a kernel build have the same ones, so answers are kept.
static Words understood(const std::vector<Words> &Options) {
  static std::mutex Lock;
  static StringMap<Words> Answers;
  Words All;
  for (const Words &Option : Options)
    All.insert(All.end(), Option.begin(), Option.end());
  std::string Key = llvm::join(All, "\n");
  std::lock_guard<std::mutex> Guard(Lock);
  auto [It, New] = Answers.try_emplace(Key);
  if (!New)
    return It->second;
  if (isUnderstood(All))
    return It->second = std::move(All);
  Words Kept;
  for (const Words &Option : Options) {
    size_t Before = Kept.size();
    Kept.insert(Kept.end(), Option.begin(), Option.end());
    if (!isUnderstood(Kept))
      Kept.resize(Before);
  }
  return It->second = std::move(Kept);
}

//===- Cleaner ------------------------------------------------------------===//

namespace {

/// Sorts the options of one command.
class Cleaner {
public:
  Error take(const opt::InputArgList &Args, StringRef Compiler);
  Words result(StringRef File) const;

private:
  Error takeOne(const opt::Arg &Arg, const opt::InputArgList &Args);
  void takePreprocessor(const opt::Arg &Arg);
  void takeLanguage(StringRef Name, Words Option);

  std::vector<Words> Machine;
  Words Rest;
  bool NoStdInc = false, HasTarget = false;
  std::string Optimize;
};

} // namespace

/// The architecture whose headers the command includes, in the kernel's words.
static StringRef archOfInclude(StringRef Dir) {
  size_t At = Dir.find("arch/");
  if (At == StringRef::npos || (At && Dir[At - 1] != '/'))
    return {};
  auto [Arch, Below] = Dir.substr(At + 5).split('/');
  return Below.starts_with("include") ? Arch : StringRef();
}

void Cleaner::takeLanguage(StringRef Name, Words Option) {
  StringRef Value = Option.back();
  if (Name == "nostdinc")
    NoStdInc = true;
  // Older kernels name gcc's own headers; clang has its own.
  if (Name == "isystem" &&
      (Value.contains("/lib/gcc") || Value.contains("/gcc/")))
    return;
  if (Name == "I" && !HasTarget)
    if (StringRef Arch = archOfInclude(Value); !Arch.empty()) {
      std::string Target = targetOf(Arch);
      if (!Target.empty() &&
          Triple(Target).getArch() !=
              Triple(sys::getDefaultTargetTriple()).getArch())
        Machine.insert(Machine.begin(), {"--target=" + Target});
      HasTarget = true;
    }
  Rest.insert(Rest.end(), Option.begin(), Option.end());
}

/// -Wp,... carries options for the preprocessor, mostly where to write
/// dependencies.
void Cleaner::takePreprocessor(const opt::Arg &Arg) {
  for (StringRef Value : Arg.getValues())
    if (Value.size() > 2 &&
        (Value.starts_with("-D") || Value.starts_with("-U")))
      Rest.push_back(Value.str());
}

Error Cleaner::takeOne(const opt::Arg &Arg, const opt::InputArgList &Args) {
  const opt::Option Option = Arg.getOption().getUnaliasedOption();
  StringRef Name = Option.getName();
  opt::ArgStringList Rendered;
  Arg.render(Args, Rendered);
  Words Text(Rendered.begin(), Rendered.end());
  if (Name == "x" && StringRef(Arg.getValue()) != "c")
    return unusable("its command compiles no C");
  if (Name == "Wp,")
    takePreprocessor(Arg);
  else if (Name == "O")
    Optimize = "-O2"; // only whether, not how
  else if (isLanguage(Name))
    takeLanguage(Name, std::move(Text));
  else if (isMachine(Option, Name))
    Machine.push_back(std::move(Text));
  return Error::success();
}

Error Cleaner::take(const opt::InputArgList &Args, StringRef Compiler) {
  std::string Triple = tripleOf(Compiler);
  for (const opt::Arg *Arg : Args)
    HasTarget |= is_contained({"target=", "target", "-target="},
                              Arg->getOption().getUnaliasedOption().getName());
  if (!HasTarget && !Triple.empty()) {
    Machine.push_back({"--target=" + Triple});
    HasTarget = true;
  }
  for (const opt::Arg *Arg : Args)
    if (Error E = takeOne(*Arg, Args))
      return E;
  return Error::success();
}

Words Cleaner::result(StringRef File) const {
  const std::string Resources = clangResourceDir();
  Words Out = {"clang", "-fsyntax-only", "-resource-dir=" + Resources};
  auto Append = [&Out](const Words &More) {
    Out.insert(Out.end(), More.begin(), More.end());
  };
  Append(understood(Machine));
  if (!Optimize.empty())
    Out.push_back(Optimize);
  Append(Rest);
  if (NoStdInc)
    Append({"-isystem", pathIn(Resources, "include")});
  Append(lenientFlags());
  Out.push_back(File.str());
  return Out;
}

/// The result refers to the words of \p Args.
static opt::InputArgList parsed(const Words &Args) {
  std::vector<const char *> Pointers;
  for (const std::string &Arg : Args)
    Pointers.push_back(Arg.c_str());
  unsigned MissingIndex, MissingCount;
  return compat::driverOptions().ParseArgs(Pointers, MissingIndex, MissingCount,
                                           compat::clangVisibility());
}

Expected<Words> cleanCommand(ArrayRef<std::string> Command, StringRef Directory,
                             StringRef File, StringRef TreeRoot) {
  Command = withoutWrappers(Command);
  if (Command.empty())
    return unusable("its command is empty");
  Words Args(Command.begin() + 1, Command.end());
  if (Error E = ResponseFiles(Directory, TreeRoot).expand(Args))
    return std::move(E);
  opt::InputArgList Parsed = parsed(Args);
  Cleaner C;
  if (Error E = C.take(Parsed, Command[0]))
    return std::move(E);
  return C.result(File);
}

/// A -W flag that is about warnings, not about what another program is told.
static bool isWarning(const opt::Option &Option, StringRef Name) {
  return Name == "w" || (Option.matches(compat::warningGroup()) &&
                         !is_contained({"Wp,", "Wa,", "Wl,"}, Name));
}

Words cleanFlags(ArrayRef<std::string> Args, Words *Dropped) {
  Words All(Args.begin(), Args.end()), Out;
  opt::InputArgList Parsed = parsed(All);
  std::vector<Words> Machine;
  for (const opt::Arg *Arg : Parsed) {
    const opt::Option Option = Arg->getOption().getUnaliasedOption();
    StringRef Name = Option.getName();
    opt::ArgStringList Rendered;
    Arg->render(Parsed, Rendered);
    Words Text(Rendered.begin(), Rendered.end());
    if (isLanguage(Name) || isWarning(Option, Name) || Name == "ferror-limit=")
      append_range(Out, Text);
    else if (Name == "O")
      Out.push_back("-O2");
    else if (isMachine(Option, Name))
      Machine.push_back(std::move(Text));
    else if (Dropped)
      Dropped->push_back(llvm::join(Text, " "));
  }
  append_range(Out, understood(Machine));
  return Out;
}

} // namespace vfio::kbuild
