//===- HeaderChoice.cpp - Which headers are worth sharing ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/HeaderChoice.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace vfio::kbuild {

/// A precompiled header takes the time of one parse and two thirds to make, and
/// a parse with it a fifth.
static constexpr unsigned WorthIt = 3;

namespace {
/// A header that some sources begin with, and how many read it.
struct Candidate {
  StringRef Name; ///< a kernel header's, or the path of one of the driver's
  std::optional<unsigned> Number; ///< of a kernel header, in the graph
  size_t Readers = 0;

  bool isReadBy(const Opening &Begin) const {
    return Number ? Begin.Read.contains(*Number)
                  : any_of(Begin.Own,
                           [&](const OwnHeader &H) { return H.Path == Name; });
  }
};
} // namespace

/// All that can be shared, of what sources name themselves, in that order.
static std::vector<Candidate>
candidatesOf(ArrayRef<const PlannedSource *> Among, HeaderGraph &Graph) {
  std::vector<Candidate> Out;
  StringSet<> Seen;
  for (const PlannedSource *S : Among)
    for (const std::string &Name : S->Begin->Named)
      if (Seen.insert(Name).second)
        Out.push_back({Name, *Graph.find(Name)});
  for (const PlannedSource *S : Among)
    for (const OwnHeader &H : S->Begin->Own)
      if (H.Text->ReadOnce && Seen.insert(H.Path).second)
        Out.push_back({H.Path, std::nullopt});
  for (Candidate &C : Out)
    C.Readers = count_if(
        Among, [&](const PlannedSource *S) { return C.isReadBy(*S->Begin); });
  return Out;
}

/// How many of its readers a header must have that is shared, so that most is
/// spared; 0 where nothing is worth it. Each header more leaves fewer sources
/// that begin with all of them.
static size_t bestReaders(ArrayRef<const PlannedSource *> Among,
                          ArrayRef<Candidate> All, HeaderGraph &Graph) {
  std::vector<const Candidate *> ByReaders;
  for (const Candidate &C : All)
    ByReaders.push_back(&C);
  llvm::sort(ByReaders, [](const Candidate *A, const Candidate *B) {
    return A->Readers > B->Readers;
  });
  std::vector<const PlannedSource *> Fitting = Among.vec();
  DenseSet<unsigned> Read;
  size_t Own = 0, Best = 0, BestGain = 0;
  for (size_t I = 0; I != ByReaders.size(); ++I) {
    const Candidate &C = *ByReaders[I];
    if (C.Number)
      Graph.addAll(*C.Number, Read);
    else
      ++Own;
    erase_if(Fitting,
             [&](const PlannedSource *S) { return !C.isReadBy(*S->Begin); });
    if (I + 1 != ByReaders.size() && ByReaders[I + 1]->Readers == C.Readers)
      continue;
    size_t Parses = 0;
    for (const PlannedSource *S : Fitting)
      Parses += S->Parses;
    size_t Gain =
        Parses < WorthIt ? 0 : (Parses - WorthIt + 1) * (Read.size() + Own);
    if (Gain && Gain >= BestGain) {
      BestGain = Gain;
      Best = C.Readers;
    }
  }
  return Best;
}

std::optional<HeaderChoice> chooseHeaders(ArrayRef<const PlannedSource *> Among,
                                          HeaderGraph &Graph) {
  std::vector<Candidate> All = candidatesOf(Among, Graph);
  size_t AtLeast = bestReaders(Among, All, Graph);
  if (!AtLeast)
    return std::nullopt;
  HeaderChoice Best;
  DenseSet<unsigned> Read;
  for (const Candidate &C : All) {
    if (C.Readers < AtLeast)
      continue;
    if (!C.Number) {
      Best.Own.push_back(C.Name.str());
      continue;
    }
    Best.Names.push_back(C.Name.str());
    Best.Numbers.push_back(*C.Number);
    Graph.addAll(*C.Number, Read);
  }
  Best.Weight = Read.size() + Best.Own.size();
  return Best;
}

} // namespace vfio::kbuild
