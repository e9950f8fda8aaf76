//===- Ledger.cpp - What became of every source -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Ledger.h"
#include "tools/vfio-tidy/Report.h"
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

/// Writes the files that the user asked for.
static Error writeFiles(const Session &S) {
  if (!S.Args.WriteBaseline.empty())
    if (Error E = Baseline::write(S.Found, S.Args.WriteBaseline))
      return E;
  return S.Args.Report.empty() ? Error::success() : writeReport(S);
}

int closeLedger(const Session &S, int TidyStatus) {
  outs().flush();
  if (Error E = writeFiles(S)) {
    sayError(toString(std::move(E)));
    return 1;
  }
  std::string Skipped = listAll("skipped", S.Inputs->skipped());
  std::string Failed = listAll("failed", S.Failed);
  unsigned Known = countKnown(S), New = unsigned(S.Found.size()) - Known;
  std::string More;
  if (S.Known)
    More +=
        ", known " + std::to_string(Known) + ", gone " + std::to_string(S.Gone);
  sayNote("analysed " + Twine(S.Analysed) +
          (S.Changed ? ", unchanged " + std::to_string(S.Unchanged) : "") +
          ", " + Skipped + ", " + Failed + "; findings: " + Twine(New) + More);
  if (!S.Args.WriteBaseline.empty())
    return S.Failed.empty() ? 0 : 1; // from now on these are known
  if (New)
    return 2;
  return TidyStatus || !S.Failed.empty() ? 1 : 0;
}

} // namespace vfio::tidy
