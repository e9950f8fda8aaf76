//===- Workers.cpp - A process for each source --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Workers.h"
#include "kbuild/ProgressLine.h"
#include "tools/vfio-tidy/Wire.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace vfio::tidy {

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
  Pool(ArrayRef<std::string> Files, const WorkerOptions &Options,
       const std::function<Analysis(const std::string &)> &Work)
      : Files(Files), Options(Options), Work(Work), Results(Files.size()),
        Line(Files.size(), /*Wanted=*/true) {}

  std::vector<Analysis> run();

private:
  void start(size_t Index);
  [[noreturn]] void work(size_t Index, int Pipe);
  int pollTimeout() const;
  void endOverdue();
  bool readFrom(Worker &W);
  void finish(Worker &W);
  void fail(size_t Index, const Twine &Why);

  ArrayRef<std::string> Files;
  const WorkerOptions &Options;
  const std::function<Analysis(const std::string &)> &Work;
  std::vector<Analysis> Results;
  std::vector<Worker> Running;
  size_t Done = 0;
  kbuild::ProgressLine Line;
};

} // namespace

void Pool::fail(size_t Index, const Twine &Why) {
  Results[Index] = Analysis();
  Results[Index].File = Files[Index];
  Results[Index].Problem = Why.str();
}

void Pool::start(size_t Index) {
  int Ends[2];
  if (pipe2(Ends, O_CLOEXEC)) {
    fail(Index, Twine("no pipe to a process: ") + std::strerror(errno));
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
    fail(Index, Twine("no process for it: ") + std::strerror(errno));
    ++Done;
    return;
  }
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
  std::string Text = encode(Work(Files[Index]));
  raw_fd_ostream(Pipe, /*shouldClose=*/true) << Text;
  _exit(0); // the memory goes faster with the process
}

/// How long to wait for output before somebody is overdue.
int Pool::pollTimeout() const {
  if (!Options.TimeLimit)
    return -1;
  auto Soonest = Clock::time_point::max();
  for (const Worker &W : Running)
    if (!W.TimedOut)
      Soonest = std::min(Soonest, W.Start);
  if (Soonest == Clock::time_point::max())
    return -1;
  auto Left = Soonest + std::chrono::seconds(Options.TimeLimit) - Clock::now();
  auto Milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(Left).count();
  return int(std::max<long long>(Milliseconds + 1, 0));
}

void Pool::endOverdue() {
  if (!Options.TimeLimit)
    return;
  auto Latest = Clock::now() - std::chrono::seconds(Options.TimeLimit);
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
  ++Done;
  if (W.TimedOut)
    return fail(W.Index, "not done within " + Twine(Options.TimeLimit) + " s");
  if (std::optional<Analysis> Result = decode(W.Text))
    Results[W.Index] = std::move(*Result);
  else if (WIFSIGNALED(Status))
    fail(W.Index, Twine("crashed: ") + strsignal(WTERMSIG(Status)));
  else
    fail(W.Index,
         "ended without a result, status " + Twine(WEXITSTATUS(Status)));
}

std::vector<Analysis> Pool::run() {
  size_t Next = 0;
  while (Next < Files.size() || !Running.empty()) {
    while (Next < Files.size() && Running.size() < Options.Jobs)
      start(Next++);
    if (Running.empty())
      continue; // none could be started
    Line.show(Done + 1, Files[Running.front().Index]);
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

std::vector<Analysis>
analyseAll(ArrayRef<std::string> Files, const WorkerOptions &Options,
           const std::function<Analysis(const std::string &)> &Work) {
  return Pool(Files, Options, Work).run();
}

} // namespace vfio::tidy
