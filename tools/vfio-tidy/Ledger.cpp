//===- Ledger.cpp - What became of every source -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Ledger.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace vfio::tidy {

/// "skipped 3", after a line for each that says why.
static std::string listAll(StringRef Verb,
                           ArrayRef<kbuild::SkippedInput> Inputs) {
  for (const kbuild::SkippedInput &In : Inputs)
    errs() << "  " << Verb << ": "
           << (StringRef(In.Reason).starts_with(In.File) ? "" : In.File + ": ")
           << In.Reason << '\n';
  return (Verb + " " + Twine(Inputs.size())).str();
}

int closeLedger(const Session &S, int TidyStatus) {
  outs().flush();
  std::string Skipped = listAll("skipped", S.Inputs->skipped());
  std::string Failed = listAll("failed", S.Failed);
  sayNote("analysed " + Twine(S.Analysed) + ", " + Skipped + ", " + Failed +
          "; findings: " + Twine(S.Findings));
  if (S.Findings)
    return 2;
  return TidyStatus || !S.Failed.empty() ? 1 : 0;
}

} // namespace vfio::tidy
