//===- ChecksOn.cpp - Which checks are on ---------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/ChecksOn.h"
#include "clang-tidy/GlobList.h"
#include "contracts/Contract.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang::tidy;
using namespace llvm;

namespace vfio::tidy {

/// Those of \p Checks, globs with commas between them, that name ours.
static std::vector<std::string> ourGlobs(StringRef Checks) {
  SmallVector<StringRef> Globs;
  SplitString(Checks, Globs, ",\n");
  std::vector<std::string> Ours;
  for (StringRef Glob : Globs) {
    StringRef Name = Glob.trim();
    Name.consume_front("-");
    if (Name.starts_with("vfio"))
      Ours.push_back(Glob.trim().str());
  }
  return Ours;
}

static bool isCommandLine(StringRef Source) {
  return Source.starts_with("command-line");
}

/// Whether the .clang-tidy files (those that inherit from each other) were
/// written for a run of our checks too. Those that turn on checks and name none
/// of ours (of a project that holds a kernel tree somewhere below, say) are
/// about other runs and other code.
static bool areForUs(OptionsSources Sources) {
  bool NamesOthers = false, NamesOurs = false;
  for (const auto &[Said, Source] : Sources) {
    if (!Said.Checks || isCommandLine(Source) ||
        Source == ClangTidyOptionsProvider::OptionsSourceTypeDefaultBinary)
      continue;
    NamesOthers = true;
    NamesOurs |= !ourGlobs(*Said.Checks).empty();
  }
  return NamesOurs || !NamesOthers;
}

ClangTidyOptions withChecksOn(ClangTidyOptions Options,
                              OptionsSources Sources) {
  std::string Others = "-*", Ours = "vfio-*", Explicit;
  Options.HeaderFilterRegex = ".*"; // a driver's headers are its own
  Options.SystemHeaders = true;     // whatever they call themselves
  bool ForUs = areForUs(Sources);
  for (const auto &[Said, Source] : Sources) {
    bool ByCommand = isCommandLine(Source);
    if (Source == ClangTidyOptionsProvider::OptionsSourceTypeDefaultBinary ||
        (!ByCommand && !ForUs))
      continue;
    if (Said.HeaderFilterRegex && !Said.HeaderFilterRegex->empty())
      Options.HeaderFilterRegex = Said.HeaderFilterRegex;
    if (!Said.Checks)
      continue;
    if (ByCommand) {
      Explicit += "," + *Said.Checks;
      continue;
    }
    Others += "," + *Said.Checks;
    for (const std::string &Glob : ourGlobs(*Said.Checks))
      Ours += "," + Glob;
  }
  Options.Checks = Others + "," + Ours + Explicit;
  return Options;
}

std::vector<std::string> namesWorthParsing(StringRef Checks) {
  std::vector<std::string> Names = driverApiNames();
  GlobList On(("-*," + Checks).str());
  for (const Contract &Other : otherContracts())
    if (On.contains(("lifecycle-" + Other.Name).str()))
      append_range(Names, namesOf(Other));
  return Names;
}

} // namespace vfio::tidy
