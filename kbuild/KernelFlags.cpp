//===- KernelFlags.cpp - The command line for a driver source -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelFlags.h"
#include "kbuild/BuiltCommand.h"
#include "kbuild/DriverMakefiles.h"
#include "kbuild/IncludeFinder.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/Paths.h"
#include "kbuild/ReadScope.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

std::string clangResourceDir() {
  static const std::string Dir = [] {
    static int Anchor;
    std::string Self = sys::fs::getMainExecutable(nullptr, &Anchor);
    StringRef Prefix = sys::path::parent_path(sys::path::parent_path(Self));
    std::string Own = pathIn(Prefix, "lib/clang", CLANG_VERSION_MAJOR_STRING);
    if (isFile(pathIn(Own, "include/stddef.h")))
      return Own;
    return std::string(VFIO_CLANG_RESOURCE_DIR);
  }();
  return Dir;
}

const std::vector<std::string> &lenientFlags() {
  // What clang calls an error of its own accord and gcc, or a driver for other
  // headers, does not: kept as warnings, since the rewriter must see when an
  // edit makes a call to something that is not there.
  static const std::vector<std::string> Flags = [] {
    // Nor is a name that is not there taken for another, as clang's guess has
    // it: vfio_free_device is no misspelt vfio_put_device.
    std::vector<std::string> All = {"-Wno-everything", "-Wno-error",
                                    "-ferror-limit=0", "-fno-spell-checking"};
    for (StringRef W :
         {"implicit-function-declaration", "implicit-int", "int-conversion",
          "incompatible-pointer-types", "incompatible-function-pointer-types",
          "return-type", "return-mismatch"}) {
      All.push_back(("-W" + W).str());
      All.push_back(("-Wno-error=" + W).str());
    }
    return All;
  }();
  return Flags;
}

std::string targetOf(StringRef Arch) {
  return StringSwitch<std::string>(Arch)
      .Case("x86", "x86_64-linux-gnu")
      .Case("arm64", "aarch64-linux-gnu")
      .Case("arm", "arm-linux-gnueabi")
      .Case("s390", "s390x-linux-gnu")
      .Case("powerpc", "powerpc64le-linux-gnu")
      .Case("riscv", "riscv64-linux-gnu")
      .Case("loongarch", "loongarch64-linux-gnu")
      .Case("mips", "mips64el-linux-gnuabi64")
      .Default("");
}

/// What an architecture's Makefile asks the compiler for, as far as it can be
/// seen in an AST: sizes, alignment, predefined macros, register sets.
static std::vector<std::string> machineFlags(StringRef Arch) {
  if (Arch == "x86")
    return {"-m64",
            "-mno-sse",
            "-mno-mmx",
            "-mno-sse2",
            "-mno-3dnow",
            "-mno-avx",
            "-mno-80387",
            "-mstack-alignment=8",
            "-mno-red-zone",
            "-mcmodel=kernel",
            "-DCC_USING_FENTRY"};
  if (Arch == "arm64")
    return {"-mgeneral-regs-only", "-mlittle-endian"};
  if (Arch == "arm")
    return {"-mlittle-endian", "-march=armv7-a", "-msoft-float",
            "-D__LINUX_ARM_ARCH__=7", "-Uarm"};
  if (Arch == "s390")
    return {"-m64", "-march=z13", "-mbackchain"};
  if (Arch == "powerpc")
    return {"-m64", "-mcpu=power8", "-mno-altivec", "-mno-vsx", "-msoft-float"};
  if (Arch == "riscv")
    return {"-mabi=lp64", "-march=rv64imac", "-mcmodel=medany"};
  if (Arch == "loongarch")
    return {"-mabi=lp64s"};
  return {};
}

/// The flags of the architecture that \p K is built for.
static std::vector<std::string> archFlags(const KernelHeaders &K) {
  if (K.Arch == "x86" && !K.Config->isSet("CONFIG_64BIT"))
    return {"--target=i386-linux-gnu",
            "-m32",
            "-msoft-float",
            "-mregparm=3",
            "-freg-struct-return",
            "-mno-sse",
            "-mno-mmx",
            "-mstack-alignment=4",
            "-DCC_USING_FENTRY"};
  std::vector<std::string> Flags = machineFlags(K.Arch);
  std::string Target = targetOf(K.Arch);
  if (!Target.empty())
    Flags.insert(Flags.begin(), "--target=" + Target);
  return Flags;
}

/// The include folders in the order of Kbuild's LINUXINCLUDE.
static std::vector<std::string> kernelIncludeDirs(const KernelHeaders &K) {
  const std::string Arch = pathIn("arch", K.Arch, "include");
  std::vector<std::string> Dirs = {pathIn(K.SrcTree, Arch),
                                   pathIn(K.ObjTree, Arch, "generated"),
                                   pathIn(K.SrcTree, "include")};
  if (K.ObjTree != K.SrcTree)
    Dirs.push_back(pathIn(K.ObjTree, "include"));
  Dirs.insert(Dirs.end(), {pathIn(K.SrcTree, Arch, "uapi"),
                           pathIn(K.ObjTree, Arch, "generated/uapi"),
                           pathIn(K.SrcTree, "include/uapi"),
                           pathIn(K.ObjTree, "include/generated/uapi")});
  return Dirs;
}

static void append(std::vector<std::string> &To,
                   const std::vector<std::string> &More) {
  To.insert(To.end(), More.begin(), More.end());
}

/// The kernel's include folders and the headers that Kbuild forces into each
/// source.
static void addKernelHeaders(const KernelHeaders &K,
                             std::vector<std::string> &Args) {
  for (const std::string &Dir : kernelIncludeDirs(K))
    Args.push_back("-I" + Dir);
  for (StringRef Forced :
       {"compiler-version.h", "kconfig.h", "compiler_types.h"}) {
    std::string Header = pathIn(K.SrcTree, "include/linux", Forced);
    if (isFile(Header)) // compiler-version.h came with 5.13
      append(Args, {"-include", Header});
  }
}

/// KBUILD_MODNAME and KBUILD_BASENAME as Kbuild would make them.
static void addNames(StringRef File, StringRef Module,
                     std::vector<std::string> &Args) {
  auto Fixed = [](StringRef Name) {
    std::string Out = Name.str();
    for (char &C : Out)
      if (!isAlnum(C)) // '-', ',' and '.' to Kbuild, which knows no others
        C = '_';
    return Out;
  };
  std::string Base = Fixed(sys::path::stem(File));
  std::string Mod = Module.empty() ? Base : Fixed(Module);
  Args.push_back("-DKBUILD_BASENAME=\"" + Base + "\"");
  Args.push_back("-DKBUILD_MODNAME=\"" + Mod + "\"");
  Args.push_back("-D__KBUILD_MODNAME=kmod_" + Mod);
}

/// The flags of the driver's own Makefiles, and what they leave out.
static void addDriverFlags(StringRef File, const KernelHeaders &K,
                           StringRef SourceRoot, const MakefileFacts &Facts,
                           ArrayRef<std::string> Generated,
                           std::vector<std::string> &Args) {
  append(Args, Facts.After);
  std::vector<std::string> Built;
  if (SourceRoot.empty())
    Built = builtFlags(File, K, Facts.Makefile);
  append(Args, Built);
  // A driver that this configuration leaves out is parsed as if it were chosen.
  if (!SourceRoot.empty())
    for (const std::string &Symbol : Facts.Unset)
      Args.push_back("-D" + Symbol + "=1");
  StringRef Folder = sys::path::parent_path(File);
  Args.push_back("-I" + Folder.str());

  std::vector<std::string> Searched = kernelIncludeDirs(K);
  for (const std::vector<std::string> &Flags : {Facts.After, Built})
    for (size_t I = 0; I + 1 < Flags.size(); ++I)
      if (Flags[I] == "-I")
        Searched.push_back(Flags[I + 1]);
  for (const std::string &Dir : Generated) {
    append(Args, {"-I", Dir});
    Searched.push_back(Dir);
  }
  StringRef Top = !Facts.Top.empty() && SourceRoot.empty()
                      ? StringRef(Facts.Top)
                      : sys::path::parent_path(Folder);
  // Else anywhere in the tree that the user has, as where a build's own folder
  // of headers stands beside all of its drivers.
  std::string Tree = SourceRoot.empty() ? treeFolderOf(File) : "";
  SmallVector<StringRef, 4> Folders = {Top};
  if (!Tree.empty() && Tree != Top)
    Folders.push_back(Tree);
  Folders.append(Generated.begin(), Generated.end());
  for (StringRef Below : Folders)
    for (const std::string &Dir : missingIncludeDirs(File, Below, Searched)) {
      Args.push_back("-I" + Dir);
      Searched.push_back(Dir);
    }
}

/// \p Kernel as it is for a source of the tree \p SourceRoot: a tree of the
/// same series has the same headers as the package, and more.
static KernelHeaders withSourceTree(KernelHeaders Kernel,
                                    StringRef SourceRoot) {
  if (!SourceRoot.empty() &&
      sourceTreeVersion(SourceRoot).sameSeries(Kernel.Version))
    Kernel.SrcTree = SourceRoot.str();
  return Kernel;
}

std::vector<std::string> kernelCommandLine(StringRef File,
                                           const KernelHeaders &Kernel,
                                           ArrayRef<std::string> Generated) {
  const std::string Resources = clangResourceDir();
  const std::string SourceRoot = sourceTreeOf(sys::path::parent_path(File));
  const KernelHeaders K = withSourceTree(Kernel, SourceRoot);
  MakefileFacts Facts = readMakefiles(File, K, SourceRoot);
  std::vector<std::string> Args = {
      "clang",     "-fsyntax-only", "-resource-dir=" + Resources,
      "-nostdinc", "-isystem",      pathIn(Resources, "include")};
  append(Args, archFlags(K));
  append(Args, Facts.Before);
  addKernelHeaders(K, Args);
  append(Args, {"-D__KERNEL__", "-DMODULE", "-std=gnu11", "-ffreestanding",
                "-fshort-wchar", "-funsigned-char", "-fno-strict-aliasing",
                "-fno-common", "-fno-PIE", "-O2"});
  if (!(K.Version < KernelVersion{6, 19, 0}))
    Args.push_back("-fms-extensions");
  addDriverFlags(File, K, SourceRoot, Facts, Generated, Args);
  // A source of another kernel's tree may include what K no longer has.
  if (!SourceRoot.empty() && K.SrcTree != SourceRoot)
    append(Args, {"-idirafter", pathIn(SourceRoot, "include")});
  addNames(File, Facts.Module, Args);
  append(Args, lenientFlags());
  Args.push_back(File.str());
  return Args;
}

} // namespace vfio::kbuild
