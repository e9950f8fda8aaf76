//===- ExternalTool.cpp - Running other programs
//----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/ExternalTool.h"
#include "kbuild/Interrupt.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

llvm::Error problem(const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Text);
}

llvm::Expected<TempFolder> TempFolder::create() {
  llvm::SmallString<64> Path;
  if (std::error_code EC = fs::createUniqueDirectory("vfio-migrate", Path))
    return problem("cannot make a temporary folder: " + EC.message());
  noteTemporary(Path);
  return TempFolder(Path);
}

TempFolder::~TempFolder() {
  if (Path.empty())
    return;
  fs::remove_directories(Path);
  forgetTemporary(Path);
}

std::string TempFolder::operator/(const llvm::Twine &Name) const {
  llvm::SmallString<128> Result(Path);
  path::append(Result, Name);
  return std::string(Result);
}

llvm::Error TempFolder::write(const llvm::Twine &Name,
                              llvm::StringRef Text) const {
  std::string File = *this / Name;
  std::error_code EC = fs::create_directories(path::parent_path(File));
  if (!EC) {
    llvm::raw_fd_ostream OS(File, EC);
    if (!EC) {
      OS << Text;
      OS.close();
      EC = OS.error();
      OS.clear_error();
    }
  }
  if (EC)
    return problem(File + ": " + EC.message());
  return llvm::Error::success();
}

bool haveTool(llvm::StringRef Name) {
  return bool(llvm::sys::findProgramByName(Name));
}

static std::string readAll(const std::string &File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

llvm::Expected<ToolRun> runTool(llvm::StringRef Name,
                                llvm::ArrayRef<std::string> Args,
                                std::optional<llvm::ArrayRef<std::string>> Env,
                                unsigned Seconds) {
  llvm::ErrorOr<std::string> Program = llvm::sys::findProgramByName(Name);
  if (!Program)
    return problem(Name + ": not found in the PATH");
  llvm::Expected<TempFolder> Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  std::string Out = *Temp / "out", Err = *Temp / "err";
  std::optional<llvm::StringRef> Redirects[] = {
      llvm::StringRef(""), llvm::StringRef(Out), llvm::StringRef(Err)};
  std::vector<llvm::StringRef> Argv = {Name};
  Argv.insert(Argv.end(), Args.begin(), Args.end());
  std::vector<llvm::StringRef> Variables;
  if (Env)
    Variables.assign(Env->begin(), Env->end());

  ToolRun Run;
  std::string Problem;
  bool Failed = false;
  llvm::sys::ProcessInfo Child = llvm::sys::ExecuteNoWait(
      *Program, Argv,
      Env ? std::optional<llvm::ArrayRef<llvm::StringRef>>(Variables)
          : std::nullopt,
      Redirects, /*MemoryLimit=*/0, &Problem, &Failed);
  if (Failed)
    return problem(Name + ": " + Problem);
  noteChild(Child.Pid);
  Run.Status =
      llvm::sys::Wait(Child,
                      Seconds ? std::optional<unsigned>(Seconds) : std::nullopt,
                      &Problem)
          .ReturnCode;
  forgetChild(Child.Pid);
  if (Run.Status < 0)
    return problem(Name + ": " + Problem);
  Run.Output = readAll(Out);
  Run.Errors = readAll(Err);
  return Run;
}

} // namespace vfio
