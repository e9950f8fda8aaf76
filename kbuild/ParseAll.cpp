//===- ParseAll.cpp - Parsing many inputs at a time -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Parse.h"
#include "kbuild/ProgressLine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ThreadPool.h"
#include <mutex>

using namespace llvm;

namespace vfio::kbuild {

namespace {

/// What the threads of one parseAll share.
struct Run {
  const InputSet &Set;
  const ParseOptions &Options;
  const std::function<void(std::unique_ptr<ParsedTU>)> &Each;
  ProgressLine Line;
  ParseSummary Summary;
  size_t Started = 0;
  std::mutex Lock;

  void one(const Input &In);
};

} // namespace

void Run::one(const Input &In) {
  {
    std::lock_guard<std::mutex> Guard(Lock);
    Line.show(++Started, In.File);
  }
  std::string Problem;
  std::unique_ptr<ParsedTU> TU;
  // Only the parser: the caller's code may hold locks, which a recovery would
  // leave locked.
  bool Crashed;
  {
    // It catches what it can only while it stands: a crash in the caller's
    // code would jump into a call that has returned.
    CrashRecoveryContext Recovery;
    Crashed =
        !Recovery.RunSafely([&] { TU = parse(Set, In, Options, Problem); });
  }
  if (Crashed)
    Problem = "the parser crashed on it";
  else if (TU && TU->timedOut())
    Problem = "not parsed within " + std::to_string(Options.TimeLimit) + " s";
  if (Problem.empty())
    Each(std::move(TU));
  std::lock_guard<std::mutex> Guard(Lock);
  if (Problem.empty())
    ++Summary.Parsed;
  else
    Summary.Failed.push_back({In.File, Problem});
}

/// One file that makes the parser crash must not cost the others. A sanitizer
/// reports better where it happens.
static void recoverFromCrashes() {
#if !LLVM_ADDRESS_SANITIZER_BUILD
  CrashRecoveryContext::Enable();
#endif
}

ParseSummary
parseAll(const InputSet &Set, const ParseOptions &Options,
         const std::function<void(std::unique_ptr<ParsedTU>)> &Each,
         bool Progress, const std::vector<bool> &Wanted) {
  recoverFromCrashes();
  Run R{Set, Options, Each, {Set.inputs().size(), Progress}, {}, 0, {}};
  DefaultThreadPool Pool(hardware_concurrency(Set.jobs()));
  for (size_t I = 0; I != Set.inputs().size(); ++I)
    if (Wanted.empty() || Wanted[I])
      Pool.async([&R, &In = Set.inputs()[I]] { R.one(In); });
  Pool.wait();
  llvm::sort(R.Summary.Failed,
             [](const SkippedInput &A, const SkippedInput &B) {
               return A.File < B.File;
             });
  return std::move(R.Summary);
}

} // namespace vfio::kbuild
