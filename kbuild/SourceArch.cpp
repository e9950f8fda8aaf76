//===- SourceArch.cpp - Which architecture a source is written for --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/SourceArch.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <vector>

using namespace llvm;

namespace vfio::kbuild {

/// "s390" for .../drivers/s390/..., "arm64" for .../arch/arm64/...
static std::string archOfPlace(StringRef File, StringRef SrcTree) {
  SmallVector<StringRef, 24> Parts;
  File.split(Parts, '/');
  for (size_t I = 0; I + 2 < Parts.size(); ++I)
    if ((Parts[I] == "arch" ||
         (Parts[I] == "drivers" && Parts[I + 1] == "s390")) &&
        isDirectory(pathIn(SrcTree, "arch", Parts[I + 1])))
      return Parts[I + 1].str();
  return {};
}

/// The architecture that a line of a Kconfig file asks for: "s390" for
/// `depends on S390 && PCI`; empty where it asks for none, or for one of many.
static std::string archAskedFor(StringRef Line, StringRef SrcTree) {
  Line = Line.trim();
  if (!Line.consume_front("depends on ") || Line.contains("||"))
    return {};
  std::string Name = Line.trim().split(' ').first.lower();
  return !Name.empty() && isDirectory(pathIn(SrcTree, "arch", Name)) ? Name
                                                                     : "";
}

/// The architecture that all options of the Kconfig file beside \p File depend
/// on, if there is one.
static std::string archOfOptions(StringRef File, StringRef SrcTree) {
  std::string Text = readText(pathIn(sys::path::parent_path(File), "Kconfig"));
  std::string Arch;
  unsigned Options = 0, Asking = 0;
  for (StringRef Line : split(Text, '\n')) {
    Options += Line.starts_with("config ") || Line.starts_with("menuconfig ");
    std::string Asked = archAskedFor(Line, SrcTree);
    if (Asked.empty())
      continue;
    if (!Arch.empty() && Arch != Asked)
      return {};
    Arch = Asked;
    ++Asking;
  }
  return Options == Asking ? Arch : "";
}

/// True where a source for \p Arch finds asm/\p Name.
static bool hasHeader(StringRef SrcTree, StringRef Arch, StringRef Name) {
  std::string Include = pathIn(SrcTree, "arch", Arch, "include");
  return isFile(pathIn(Include, "asm", Name)) ||
         isFile(pathIn(Include, "uapi/asm", Name)) ||
         isFile(pathIn(SrcTree, "include/asm-generic", Name)) ||
         isFile(pathIn(SrcTree, "include/uapi/asm-generic", Name));
}

/// The <asm/...> headers that \p File includes under no condition: what stands
/// in an #if may be meant for an architecture that is not the one at hand.
static std::vector<std::string> asmHeaders(StringRef File) {
  std::vector<std::string> Names;
  std::string Text = readText(File);
  unsigned Conditions = 0;
  for (StringRef Line : split(Text, '\n')) {
    Line = Line.trim();
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    if (Line.starts_with("if"))
      ++Conditions;
    else if (Line.starts_with("endif"))
      Conditions -= Conditions != 0;
    else if (!Conditions && Line.consume_front("include") &&
             (Line = Line.ltrim()).consume_front("<asm/"))
      Names.push_back(Line.take_until([](char C) { return C == '>'; }).str());
  }
  return Names;
}

SourceArch archOfSource(StringRef File, StringRef SrcTree, StringRef Default,
                        function_ref<bool(StringRef)> IsGenerated) {
  for (auto *Of : {archOfPlace, archOfOptions})
    if (std::string Arch = Of(File, SrcTree); !Arch.empty())
      return {Arch, ""};
  SourceArch Result{Default.str(), ""};
  std::vector<std::string> Needed = asmHeaders(File);
  erase_if(Needed, [&](const std::string &Name) {
    return hasHeader(SrcTree, Default, Name) || IsGenerated(Name);
  });
  if (Needed.empty())
    return Result;
  Result.Missing = "asm/" + Needed.front();
  std::vector<std::string> Candidates = listDirectory(pathIn(SrcTree, "arch"));
  erase_if(Candidates, [&](const std::string &Arch) {
    return any_of(Needed, [&](const std::string &Name) {
      return !hasHeader(SrcTree, Arch, Name);
    });
  });
  if (Candidates.size() == 1)
    Result = {Candidates.front(), ""};
  return Result;
}

} // namespace vfio::kbuild
