//===- ProcessPool.cpp - A process for each piece of work -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ProcessPool.h"
#include "kbuild/Interrupt.h"
#include "kbuild/ProgressLine.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/thread.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace vfio::kbuild {

namespace {

using Clock = std::chrono::steady_clock;

/// A process at work, and what it has written so far.
struct Worker {
  pid_t Pid = -1;
  int Pipe = -1;
  size_t Index = 0;
  Clock::time_point Start;
  std::string Text;
  bool TimedOut = false;
};

class Pool {
public:
  Pool(ArrayRef<std::string> Names, const WorkLimits &Limits,
       const std::function<std::string(size_t)> &Work)
      : Names(Names), Limits(Limits), Work(Work), Results(Names.size()),
        Line(Names.size(), /*Wanted=*/true) {}

  std::vector<WorkResult> run();

private:
  void start(size_t Index);
  [[noreturn]] void work(size_t Index, int Pipe);
  int pollTimeout() const;
  void endOverdue();
  bool readFrom(Worker &W);
  void finish(Worker &W);
  void limitMemory() const;
  void judge(const Worker &W, int Status);
  void fail(size_t Index, WorkEnd End, const Twine &Why);

  ArrayRef<std::string> Names;
  const WorkLimits &Limits;
  const std::function<std::string(size_t)> &Work;
  std::vector<WorkResult> Results;
  std::vector<Worker> Running;
  size_t Done = 0;
  ProgressLine Line;
};

} // namespace

/// Deep expressions are walked by calls that go as deep.
static constexpr unsigned StackSize = 1u << 30;

/// What a worker writes when all of its answer is out: a process that ends
/// before has none.
static constexpr StringLiteral Complete = "\n=complete";

//===- Where a worker crashed ---------------------------------------------===//

/// What a worker that crashes writes before the place.
static constexpr StringLiteral CrashedAt = "\n=crashed at ";

#if !LLVM_ADDRESS_SANITIZER_BUILD // which tells by itself
static int CrashPipe = -1;

static constexpr int Crashes[] = {SIGSEGV, SIGBUS, SIGABRT,
                                  SIGILL,  SIGFPE, SIGTRAP};

/// Tells of the innermost thing that clang or we were at. What crashed may hold
/// a lock or be broken itself: a second crash, or two seconds, end it.
static void tellPlace(int) {
  for (int Signal : Crashes)
    std::signal(Signal, SIG_DFL);
  ::alarm(2);
  const void *Innermost = SavePrettyStackState();
  if (!Innermost)
    return;
  raw_fd_ostream OS(CrashPipe, /*shouldClose=*/false, /*unbuffered=*/true);
  OS << CrashedAt;
  static_cast<const PrettyStackTraceEntry *>(Innermost)->print(OS);
}

/// Has a crash of this thread told of, whose stack may be used up.
static void watchForCrashes(int Pipe) {
  alignas(16) static char Stack[1 << 18];
  CrashPipe = Pipe;
  stack_t Alternate = {};
  Alternate.ss_sp = Stack;
  Alternate.ss_size = sizeof(Stack);
  ::sigaltstack(&Alternate, nullptr);
  struct sigaction Tell = {};
  Tell.sa_handler = tellPlace;
  Tell.sa_flags = SA_ONSTACK;
  for (int Signal : Crashes)
    ::sigaction(Signal, &Tell, nullptr);
}
#else
static void watchForCrashes(int) {}
#endif

/// ", in x.c:12:3: ...", where \p Text, of a worker that crashed, says so.
static std::string placeIn(StringRef Text) {
  size_t At = Text.rfind(CrashedAt);
  if (At == StringRef::npos)
    return "";
  StringRef Place =
      Text.drop_front(At + CrashedAt.size()).split('\n').first.trim();
  return Place.empty() ? "" : ", at " + Place.take_front(300).str();
}

//===- The pool -----------------------------------------------------------===//

void Pool::fail(size_t Index, WorkEnd End, const Twine &Why) {
  Results[Index] = {"", End, Why.str()};
}

void Pool::start(size_t Index) {
  int Ends[2];
  if (pipe2(Ends, O_CLOEXEC)) {
    fail(Index, WorkEnd::NotStarted,
         Twine("no pipe to a process: ") + std::strerror(errno));
    ++Done;
    return;
  }
  outs().flush();
  pid_t Pid = fork();
  if (Pid == 0) {
    close(Ends[0]);
    work(Index, Ends[1]);
  }
  close(Ends[1]);
  if (Pid < 0) {
    close(Ends[0]);
    fail(Index, WorkEnd::NotStarted,
         Twine("no process for it: ") + std::strerror(errno));
    ++Done;
    return;
  }
  noteChild(Pid);
  Running.push_back({Pid, Ends[0], Index, Clock::now(), "", false});
}

/// The process' side: whatever clang prints is not for the user, who gets the
/// result from the parent.
void Pool::work(size_t Index, int Pipe) {
  for (const Worker &W : Running)
    close(W.Pipe);
  int Null = open("/dev/null", O_WRONLY);
  dup2(Null, STDOUT_FILENO);
  dup2(Null, STDERR_FILENO);
  startWorker();
  limitMemory();
  llvm::thread Thread(std::optional<unsigned>(StackSize), [&] {
    watchForCrashes(Pipe);
    std::string Text = Work(Index);
    raw_fd_ostream(Pipe, /*shouldClose=*/true) << Text << Complete;
    _exit(0); // the memory goes faster with the process
  });
  Thread.join();
  _exit(1);
}

/// How long to wait for output before somebody is overdue.
void Pool::limitMemory() const {
#if !LLVM_ADDRESS_SANITIZER_BUILD // which takes all addresses for itself
  rlim_t Bytes = rlim_t(Limits.Megabytes) << 20;
  // The stack is reserved, not used.
  rlimit Limit = {Bytes + StackSize, Bytes + StackSize};
  if (Limits.Megabytes)
    ::setrlimit(RLIMIT_AS, &Limit);
#endif
  rlimit NoCore = {0, 0};
  ::setrlimit(RLIMIT_CORE, &NoCore);
}

int Pool::pollTimeout() const {
  if (!Limits.Seconds)
    return -1;
  auto Soonest = Clock::time_point::max();
  for (const Worker &W : Running)
    if (!W.TimedOut)
      Soonest = std::min(Soonest, W.Start);
  if (Soonest == Clock::time_point::max())
    return -1;
  auto Left = Soonest + std::chrono::seconds(Limits.Seconds) - Clock::now();
  auto Milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(Left).count();
  return int(std::max<long long>(Milliseconds + 1, 0));
}

void Pool::endOverdue() {
  if (!Limits.Seconds)
    return;
  auto Latest = Clock::now() - std::chrono::seconds(Limits.Seconds);
  for (Worker &W : Running)
    if (!W.TimedOut && W.Start <= Latest) {
      W.TimedOut = true;
      kill(W.Pid, SIGKILL);
    }
}

/// False where \p W has said all it will.
bool Pool::readFrom(Worker &W) {
  char Buffer[16384];
  ssize_t Size = read(W.Pipe, Buffer, sizeof(Buffer));
  if (Size > 0)
    W.Text.append(Buffer, size_t(Size));
  return Size > 0 || (Size < 0 && (errno == EINTR || errno == EAGAIN));
}

void Pool::finish(Worker &W) {
  close(W.Pipe);
  int Status = 0;
  while (waitpid(W.Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  forgetChild(W.Pid);
  ++Done;
  judge(W, Status);
}

void Pool::judge(const Worker &W, int Status) {
  StringRef Answer = W.Text;
  if (W.TimedOut)
    fail(W.Index, WorkEnd::TooSlow,
         "not done within " + Twine(Limits.Seconds) + " s");
  else if (Answer.consume_back(Complete))
    Results[W.Index].Answer = Answer.str();
  else if (WIFEXITED(Status) && WEXITSTATUS(Status) == OutOfMemoryStatus)
    fail(W.Index, WorkEnd::TooLarge,
         "wants more than " + Twine(Limits.Megabytes) + " MiB of memory");
  else if (WIFSIGNALED(Status))
    fail(W.Index, WorkEnd::Crashed,
         Twine("crashed: ") + strsignal(WTERMSIG(Status)) + placeIn(Answer));
  else
    fail(W.Index, WorkEnd::Crashed,
         "ended without a result, status " + Twine(WEXITSTATUS(Status)));
}

std::vector<WorkResult> Pool::run() {
  size_t Next = 0;
  while (Next < Names.size() || !Running.empty()) {
    while (Next < Names.size() && Running.size() < Limits.Jobs)
      start(Next++);
    if (Running.empty())
      continue; // none could be started
    Line.show(Done + 1, Names[Running.front().Index]);
    std::vector<pollfd> Waiting;
    for (const Worker &W : Running)
      Waiting.push_back({W.Pipe, POLLIN, 0});
    if (poll(Waiting.data(), Waiting.size(), pollTimeout()) < 0)
      continue; // interrupted
    endOverdue();
    for (size_t I = Waiting.size(); I-- > 0;)
      if (Waiting[I].revents && !readFrom(Running[I])) {
        finish(Running[I]);
        Running.erase(Running.begin() + ptrdiff_t(I));
      }
  }
  return std::move(Results);
}

std::vector<WorkResult>
inProcesses(ArrayRef<std::string> Names, const WorkLimits &Limits,
            const std::function<std::string(size_t)> &Work) {
  return Pool(Names, Limits, Work).run();
}

} // namespace vfio::kbuild
