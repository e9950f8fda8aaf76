//===- KernelHeaders.cpp - Finding and validating a kernel folder ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelHeaders.h"
#include "kbuild/InstalledKernels.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <optional>
#include <vector>

using namespace llvm;

namespace vfio::kbuild {

std::string KernelVersion::str() const {
  return (Twine(Major) + "." + Twine(Minor) + "." + Twine(Patch)).str();
}

/// The number that follows \p Key ("VERSION =", "#define X") at a line's start.
static unsigned numberAfter(StringRef Text, StringRef Key) {
  for (StringRef Line : split(Text, '\n')) {
    if (!Line.consume_front(Key))
      continue;
    unsigned Value = 0;
    Line.trim().consumeInteger(10, Value);
    return Value;
  }
  return 0;
}

KernelVersion sourceTreeVersion(StringRef Root) {
  std::string Text = readText(pathIn(Root, "Makefile"));
  return {numberAfter(Text, "VERSION ="), numberAfter(Text, "PATCHLEVEL ="),
          numberAfter(Text, "SUBLEVEL =")};
}

/// An empty \p Dir is no folder: it would be the working directory, which is
/// often a kernel tree.
static bool isSourceTree(StringRef Dir) {
  return !Dir.empty() && isFile(pathIn(Dir, "include/linux/kconfig.h")) &&
         isFile(pathIn(Dir, "Makefile")) && isDirectory(pathIn(Dir, "arch"));
}

std::string sourceTreeOf(StringRef Path) {
  for (StringRef Dir = Path; !Dir.empty(); Dir = sys::path::parent_path(Dir))
    if (isSourceTree(Dir))
      return Dir.str();
  return {};
}

/// The version that the build wrote down; LINUX_VERSION_CODE has eight bits for
/// the last number, so the source's Makefile is asked first where it agrees.
static KernelVersion builtVersion(const KernelHeaders &K) {
  std::string Text =
      readText(pathIn(K.ObjTree, "include/generated/uapi/linux/version.h"));
  unsigned Code = numberAfter(Text, "#define LINUX_VERSION_CODE");
  KernelVersion Built{Code >> 16, (Code >> 8) & 255, Code & 255};
  KernelVersion Stated = sourceTreeVersion(K.SrcTree);
  return Stated.sameSeries(Built) || !Code ? Stated : Built;
}

/// The source tree that the object tree \p Dir was made from: itself, or what
/// its "source" link or its Makefile points at (a Debian header package's, or
/// the one that an O= build writes). Where a package was unpacked elsewhere the
/// folder that its Makefile names is looked for beside it.
static std::string sourceOf(StringRef Dir) {
  if (isSourceTree(Dir))
    return Dir.str();
  std::string Link = realPath(pathIn(Dir, "source"));
  if (isSourceTree(Link))
    return Link;
  std::string Text = readText(pathIn(Dir, "Makefile"));
  for (StringRef Line : split(Text, '\n')) {
    if (!Line.consume_front("include ") || !Line.consume_back("/Makefile"))
      continue;
    std::string Stated = absolute(Line.trim(), Dir);
    std::string Source = realPath(Stated);
    if (isSourceTree(Source))
      return Source;
    // A package that was unpacked elsewhere, its common part beside it.
    Source = realPath(
        pathIn(sys::path::parent_path(Dir), sys::path::filename(Stated)));
    if (isSourceTree(Source))
      return Source;
  }
  return {};
}

/// The arch whose generated headers are in \p Dir, by the first line of its
/// .config ("# Linux/x86 6.1.0 Kernel Configuration") or by the folders.
static std::string archOf(StringRef Dir) {
  std::string Config = readText(pathIn(Dir, ".config"));
  size_t At = StringRef(Config).find("# Linux/");
  if (At != StringRef::npos) {
    StringRef Name = StringRef(Config).substr(At + 8);
    return Name.take_until([](char C) { return C == ' ' || C == '\n'; }).str();
  }
  for (const std::string &Arch : listDirectory(pathIn(Dir, "arch")))
    if (isDirectory(pathIn(Dir, "arch", Arch, "include/generated")))
      return Arch;
  return {};
}

static Expected<KernelHeaders> installedKernel(const KernelVersion &Wanted);

static Error badFolder(StringRef Dir, const Twine &Why) {
  return createStringError(inconvertibleErrorCode(),
                           Twine(Dir) + ": " + Why +
                               ": give a linux-headers-* folder, "
                               "/lib/modules/VERSION/build or a kernel tree");
}

/// The version that \p Text is: "6.1", "6.1.119"; none where it is none.
static std::optional<KernelVersion> versionFrom(StringRef Text,
                                                bool &OnlySeries) {
  KernelVersion V;
  if (Text.consumeInteger(10, V.Major) || !Text.consume_front(".") ||
      Text.consumeInteger(10, V.Minor))
    return std::nullopt;
  OnlySeries = Text.empty();
  if (!OnlySeries &&
      (!Text.consume_front(".") || Text.getAsInteger(10, V.Patch)))
    return std::nullopt;
  return V;
}

Expected<KernelHeaders> openKernel(StringRef Dir) {
  bool OnlySeries = false;
  if (!sys::fs::exists(Dir))
    if (auto Version = versionFrom(Dir, OnlySeries))
      return OnlySeries ? newestKernelOf(*Version) : installedKernel(*Version);
  KernelHeaders K;
  K.Name = Dir.str();
  if (!isDirectory(Dir))
    return badFolder(Dir, sys::fs::exists(Dir) ? "is no folder"
                                               : "there is no such folder");
  K.ObjTree = realPath(Dir);
  std::string Build = realPath(pathIn(Dir, "build"));
  if (!isFile(pathIn(K.ObjTree, "Makefile")) && isDirectory(Build))
    K.ObjTree = Build; // /lib/modules/VERSION itself

  bool Configured = isFile(pathIn(K.ObjTree, "include/generated/autoconf.h"));
  K.SrcTree = sourceOf(K.ObjTree);
  if (K.SrcTree.empty())
    return badFolder(Dir, Configured ? "its kernel sources are not found"
                                     : "holds no kernel headers");
  if (!Configured && !isFile(pathIn(K.SrcTree, "Kconfig")))
    return badFolder(Dir, "is only the common part of a header package");
  K.Unconfigured = !Configured;
  K.Arch = Configured ? archOf(K.ObjTree) : "x86";
  if (!isDirectory(pathIn(K.SrcTree, "arch", K.Arch, "include")))
    return badFolder(Dir, "its architecture is not known");
  K.Version = Configured ? builtVersion(K) : sourceTreeVersion(K.SrcTree);
  K.Config = std::make_shared<KernelConfig>(
      readText(pathIn(K.ObjTree, "include/generated/autoconf.h")));
  return K;
}

/// Every kernel that is installed here, each once, in no order.
static std::vector<KernelHeaders> installedKernels() {
  std::vector<KernelHeaders> Found;
  auto Add = [&](const std::string &Dir) {
    std::string Real = realPath(Dir);
    if (!isFile(pathIn(Real, "include/generated/autoconf.h")) ||
        any_of(Found,
               [&](const KernelHeaders &K) { return K.ObjTree == Real; }))
      return;
    if (Expected<KernelHeaders> K = openKernel(Dir))
      Found.push_back(std::move(*K));
    else
      consumeError(K.takeError());
  };
  for (const std::string &Entry : listDirectory("/usr/src"))
    if (StringRef(Entry).starts_with("linux-headers-"))
      Add(pathIn("/usr/src", Entry));
  for (const std::string &Entry : listDirectory("/lib/modules"))
    Add(pathIn("/lib/modules", Entry, "build"));
  return Found;
}

/// Orders kernels by version. Of one version the shorter name is the newer:
/// the plain kernel, not its -rt- or -cloud- flavour.
static bool isOlder(const KernelHeaders &A, const KernelHeaders &B) {
  if (A.Version < B.Version || B.Version < A.Version)
    return A.Version < B.Version;
  if (A.Name.size() != B.Name.size())
    return A.Name.size() > B.Name.size();
  return StringRef(A.Name).compare_numeric(B.Name) < 0;
}

static Expected<KernelHeaders>
newest(function_ref<bool(const KernelHeaders &)> Fits, const Twine &Which) {
  std::vector<KernelHeaders> All = installedKernels();
  erase_if(All, [&](const KernelHeaders &K) { return !Fits(K); });
  if (All.empty())
    return createStringError(inconvertibleErrorCode(),
                             "no kernel headers" + Which +
                                 " in /usr/src or /lib/modules: install "
                                 "linux-headers-amd64 or give --kernel=DIR");
  return *std::max_element(All.begin(), All.end(), isOlder);
}

static Expected<KernelHeaders> installedKernel(const KernelVersion &Wanted) {
  return newest(
      [&](const KernelHeaders &K) {
        return !(K.Version < Wanted) && !(Wanted < K.Version);
      },
      " of " + Twine(Wanted.str()));
}

std::vector<KernelHeaders> allKernels() {
  std::vector<KernelHeaders> All = installedKernels();
  llvm::sort(All, isOlder);
  return All;
}

std::string objectTreeFor(StringRef SrcTree) {
  std::string Real = realPath(SrcTree);
  for (const KernelHeaders &K : installedKernels())
    if (K.SrcTree == Real)
      return K.ObjTree;
  return {};
}

Expected<KernelHeaders> newestKernel() {
  return newest([](const KernelHeaders &) { return true; }, "");
}

Expected<KernelHeaders> newestKernelOf(const KernelVersion &Wanted) {
  return newest(
      [&](const KernelHeaders &K) { return K.Version.sameSeries(Wanted); },
      " of " + Twine(Wanted.Major) + "." + Twine(Wanted.Minor));
}

} // namespace vfio::kbuild
