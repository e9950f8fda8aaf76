//===- Workers.cpp - Sources, each in a process ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Workers.h"
#include "kbuild/Inputs.h"
#include "kbuild/Parse.h"
#include "kbuild/ProcessPool.h"
#include "tools/vfio-tidy/ModuleTrees.h"
#include "tools/vfio-tidy/Session.h"
#include "tools/vfio-tidy/Wire.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace vfio::tidy {

/// Calls \p Work for \p Files, those of each of \p Groups in a process of their
/// own. Returns those that came to nothing with others, each alone.
static std::vector<std::vector<size_t>>
analyseGroups(ArrayRef<std::string> Files, ArrayRef<std::vector<size_t>> Groups,
              const kbuild::WorkLimits &Limits,
              function_ref<Analysis(const std::string &)> Work,
              std::vector<Analysis> &Results) {
  std::vector<std::string> Names;
  for (const std::vector<size_t> &Group : Groups)
    Names.push_back(Files[Group.front()]);
  auto Ends = kbuild::inProcesses(Names, Limits, [&](size_t I) {
    std::string Lines;
    for (size_t File : Groups[I])
      Lines += encode(Work(Files[File])) + "\n";
    return Lines;
  });
  std::vector<std::vector<size_t>> Alone;
  for (size_t I = 0; I < Groups.size(); ++I) {
    SmallVector<StringRef, 8> Lines;
    StringRef(Ends[I].Answer).split(Lines, '\n', -1, /*KeepEmpty=*/false);
    for (size_t N = 0; N < Groups[I].size(); ++N) {
      size_t File = Groups[I][N];
      std::optional<Analysis> Result;
      if (Ends[I].End == kbuild::WorkEnd::Done && N < Lines.size())
        Result = decode(Lines[N]);
      if (!Result && Groups[I].size() > 1) {
        Alone.push_back({File});
        continue;
      }
      if (!Result) {
        Result.emplace();
        Result->File = Files[File];
        Result->Problem = Ends[I].Why;
      }
      Results[File] = std::move(*Result);
    }
  }
  return Alone;
}

std::vector<Analysis>
analyseAll(ArrayRef<std::string> Files,
           function_ref<Analysis(const std::string &)> Work) {
  const Arguments &Args = TheSession.Args;
  kbuild::WorkLimits Limits;
  Limits.Jobs = TheSession.Inputs ? TheSession.Inputs->jobs() : 1;
  if (Args.TimeLimit)
    Limits.Seconds = Args.TimeLimit;
  if (Args.MemoryLimit)
    Limits.Megabytes = Args.MemoryLimit;
  if (const kbuild::InputSet *Set = TheSession.Inputs.get())
    if (Set->sharedHeaders()) {
      std::vector<size_t> Which;
      for (size_t I = 0; I < Set->inputs().size(); ++I)
        if (is_contained(Files, Set->inputs()[I].File))
          Which.push_back(I);
      Set->sharedHeaders()->prepare(Which, checkedParse());
    }
  std::vector<Analysis> Results(Files.size());
  // Those of a module have one process, and one by one where that failed.
  std::vector<std::vector<size_t>> Alone =
      analyseGroups(Files, byModule(Files), Limits, Work, Results);
  analyseGroups(Files, Alone, Limits, Work, Results);
  return Results;
}

} // namespace vfio::tidy
