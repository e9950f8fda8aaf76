//===- DriverFiles.cpp - Whose file a location is in ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/DriverFiles.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace vfio {

bool isKernelHeaderPath(llvm::StringRef Path) {
  // The folders that stand directly in the kernel's include/ and
  // arch/*/include/ (6.12). A driver's private include/ has none of them.
  static const llvm::StringSet<> Folders = {
      "acpi",  "asm",         "asm-generic", "clocksource", "crypto",
      "drm",   "dt-bindings", "generated",   "keys",        "kunit",
      "kvm",   "linux",       "math-emu",    "media",       "memory",
      "misc",  "net",         "pcmcia",      "ras",         "rdma",
      "rv",    "scsi",        "soc",         "sound",       "target",
      "trace", "uapi",        "ufs",         "vdso",        "video",
      "xen"};
  if (Path.contains("/lib/clang/"))
    return true;
  llvm::StringRef Previous;
  for (auto I = llvm::sys::path::begin(Path), E = llvm::sys::path::end(Path);
       I != E; ++I) {
    if (Previous == "include" && Folders.contains(*I))
      return true;
    Previous = *I;
  }
  return false;
}

bool isBroughtHere(SourceLocation Loc, const SourceManager &SM) {
  if (Loc.isInvalid())
    return false;
  SourceLocation Start = SM.getLocForStartOfFile(SM.getMainFileID());
  for (FileID File = SM.getFileID(SM.getExpansionLoc(Loc)); File.isValid();) {
    SourceLocation From = SM.getIncludeLoc(File);
    if (From == Start)
      return true;
    File = From.isValid() ? SM.getFileID(From) : FileID();
  }
  return false;
}

bool DriverFiles::contains(SourceLocation Loc) {
  if (Loc.isInvalid())
    return false;
  FileID FID = SM.getFileID(SM.getExpansionLoc(Loc));
  if (FID == SM.getMainFileID())
    return true;
  auto [It, New] = Known.try_emplace(FID, false);
  if (New) {
    OptionalFileEntryRef File = SM.getFileEntryRefForID(FID);
    It->second = File && !isKernelHeaderPath(File->getName());
  }
  return It->second;
}

} // namespace vfio
