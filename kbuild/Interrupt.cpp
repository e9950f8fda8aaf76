//===- Interrupt.cpp - Ending in good order -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Interrupt.h"
#include "kbuild/PlainText.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <atomic>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <new>
#include <pthread.h>
#include <set>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace llvm;

namespace vfio {

namespace {

/// What is to be ended or removed with the program.
struct Remains {
  std::string Program;
  bool IsWorker = false;
  /// Held while a write must not be broken off.
  std::recursive_mutex Writing;
  std::atomic<int> Pending{0}; ///< a signal that waits for it
  std::mutex Lock;             ///< for these
  std::set<pid_t> Children;
  std::set<std::string> Folders;
};

} // namespace

/// Never destroyed: the thread that waits for signals outlives main.
static Remains &remains() {
  static Remains &R = *new Remains;
  return R;
}

//===- Ends ---------------------------------------------------------------===//

/// Prints without memory of its own, and without LLVM's streams.
static void sayLast(const char *What) {
  const Remains &R = remains();
  if (R.IsWorker)
    return;
  for (const char *Part : {R.Program.c_str(), ": error: ", What, "\n"})
    if (::write(STDERR_FILENO, Part, strlen(Part)) < 0)
      return;
}

static void endChildren() {
  Remains &R = remains();
  std::lock_guard<std::mutex> Guard(R.Lock);
  for (pid_t Child : R.Children)
    ::kill(Child, SIGKILL);
}

static void removeTemporaries() {
  Remains &R = remains();
  std::lock_guard<std::mutex> Guard(R.Lock);
  for (const std::string &Folder : R.Folders)
    sys::fs::remove_directories(Folder);
}

[[noreturn]] static void noMemory() {
  sayLast("out of memory");
  if (!remains().IsWorker)
    endChildren();
  ::_exit(remains().IsWorker ? OutOfMemoryStatus : 1);
}

static void onBadAlloc(void *, const char *, bool) { noMemory(); }

[[noreturn]] static void onFatal(void *, const char *Reason, bool) {
  sayLast(plainText(Reason).c_str());
  if (!remains().IsWorker)
    endChildren();
  ::_exit(1);
}

/// No exception is thrown on purpose: this is a thread that cannot be had.
[[noreturn]] static void onTerminate() {
  if (remains().IsWorker)
    std::abort();
  onFatal(nullptr, "a thread cannot be started, or something else is missing",
          false);
}

/// Waits for signals, with all others running: unlike a handler, it may lock
/// and remove files.
static void *waitForSignals(void *) {
  sigset_t Wanted;
  sigemptyset(&Wanted);
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&Wanted, Signal);
  int Signal = 0;
  while (sigwait(&Wanted, &Signal) != 0)
    ;
  Remains &R = remains();
  R.Pending = Signal;
  std::lock_guard<std::recursive_mutex> Guard(R.Writing);
  endChildren();
  sys::RunInterruptHandlers(); // files that LLVM is writing
  removeTemporaries();
  ::_exit(128 + Signal);
}

static void setSignals(int How) {
  sigset_t Set;
  sigemptyset(&Set);
  for (int Signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&Set, Signal);
  pthread_sigmask(How, &Set, nullptr);
}

/// A file that is opened must not be taken for standard output.
static void openStandardFiles() {
  bool HasOutput = ::fcntl(STDOUT_FILENO, F_GETFD) >= 0;
  for (int FD = ::open("/dev/null", O_RDWR); FD >= 0; FD = ::dup(FD))
    if (FD > STDERR_FILENO) {
      ::close(FD);
      break;
    }
  if (HasOutput)
    return;
  sayLast("standard output is closed");
  ::_exit(1);
}

/// A header that cannot be opened for want of a descriptor would be one that is
/// not there: so there are enough of them, or there is no run.
static void needFiles() {
  constexpr rlim_t Least = 32, Enough = 4096;
  rlimit Limit;
  if (::getrlimit(RLIMIT_NOFILE, &Limit))
    return;
  if (Limit.rlim_cur < Enough && Limit.rlim_cur < Limit.rlim_max) {
    Limit.rlim_cur = std::min(Limit.rlim_max, Enough);
    ::setrlimit(RLIMIT_NOFILE, &Limit);
    ::getrlimit(RLIMIT_NOFILE, &Limit);
  }
  if (Limit.rlim_cur >= Least)
    return;
  sayLast("no more than a few files may be open at a time: raise the limit "
          "(ulimit -n 1024)");
  ::_exit(1);
}

void startProgram(StringRef Program) {
  remains().Program = Program.str();
  openStandardFiles();
  needFiles();
  std::signal(SIGXFSZ, SIG_IGN); // a limit on files is an error of a write
  std::signal(SIGPIPE, SIG_IGN); // so is a reader that went away
  std::set_new_handler(noMemory);
  std::set_terminate(onTerminate);
  install_bad_alloc_error_handler(onBadAlloc);
  install_fatal_error_handler(onFatal);
  setSignals(SIG_BLOCK);
  pthread_t Watcher;
  if (pthread_create(&Watcher, nullptr, waitForSignals, nullptr) == 0)
    pthread_detach(Watcher);
  else
    setSignals(SIG_UNBLOCK);
}

void startWorker() {
  remains().IsWorker = true;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#if !LLVM_ADDRESS_SANITIZER_BUILD
  // The parent tells of a crash; LLVM's handlers would start a program for a
  // trace of the stack that nobody sees.
  for (int Signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP})
    std::signal(Signal, SIG_DFL);
#endif
  setSignals(SIG_UNBLOCK);
}

int checkOutput(int Status) {
  raw_fd_ostream &Out = outs();
  Out.flush();
  std::error_code Problem = Out.error();
  Out.clear_error();
  if (!Problem || Problem == std::errc::broken_pipe)
    return Status;
  sayLast(("standard output: " + Problem.message()).c_str());
  return 1;
}

//===- What must not be broken off, or left -------------------------------===//

HoldInterrupts::HoldInterrupts() {
  while (remains().Pending)
    ::pause(); // the signal came first, and ends us
  remains().Writing.lock();
}

HoldInterrupts::~HoldInterrupts() { remains().Writing.unlock(); }

void noteChild(pid_t Child) {
  std::lock_guard<std::mutex> Guard(remains().Lock);
  remains().Children.insert(Child);
}

void forgetChild(pid_t Child) {
  std::lock_guard<std::mutex> Guard(remains().Lock);
  remains().Children.erase(Child);
}

void noteTemporary(StringRef Folder) {
  std::lock_guard<std::mutex> Guard(remains().Lock);
  remains().Folders.insert(Folder.str());
}

void forgetTemporary(StringRef Folder) {
  std::lock_guard<std::mutex> Guard(remains().Lock);
  remains().Folders.erase(Folder.str());
}

} // namespace vfio
