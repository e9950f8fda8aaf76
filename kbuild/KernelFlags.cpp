//===- KernelFlags.cpp - The command line for a driver source -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelFlags.h"
#include "kbuild/Paths.h"
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
    std::vector<std::string> All = {"-Wno-everything", "-Wno-error",
                                    "-ferror-limit=0"};
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

/// What an architecture's Makefile asks the compiler for, as far as it can be
/// seen in an AST: sizes, alignment, predefined macros, register sets.
static std::vector<std::string> archFlags(StringRef Arch, bool Is64Bit) {
  if (Arch == "x86" && Is64Bit)
    return {"--target=x86_64-linux-gnu",
            "-m64",
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
  if (Arch == "x86")
    return {"--target=i386-linux-gnu",
            "-m32",
            "-msoft-float",
            "-mregparm=3",
            "-freg-struct-return",
            "-mno-sse",
            "-mno-mmx",
            "-mstack-alignment=4",
            "-DCC_USING_FENTRY"};
  if (Arch == "arm64")
    return {"--target=aarch64-linux-gnu", "-mgeneral-regs-only",
            "-mlittle-endian", "-DKASAN_SHADOW_SCALE_SHIFT="};
  if (Arch == "arm")
    return {"--target=arm-linux-gnueabi",
            "-mlittle-endian",
            "-march=armv7-a",
            "-msoft-float",
            "-D__LINUX_ARM_ARCH__=7",
            "-Uarm"};
  if (Arch == "s390")
    return {"--target=s390x-linux-gnu", "-m64", "-march=z13", "-mbackchain"};
  if (Arch == "powerpc")
    return {"--target=powerpc64le-linux-gnu",
            "-m64",
            "-mcpu=power8",
            "-mno-altivec",
            "-mno-vsx",
            "-msoft-float"};
  if (Arch == "riscv")
    return {"--target=riscv64-linux-gnu", "-mabi=lp64", "-march=rv64imac",
            "-mcmodel=medany"};
  if (Arch == "loongarch")
    return {"--target=loongarch64-linux-gnu", "-mabi=lp64s"};
  return {};
}

/// The include folders in the order of Kbuild's LINUXINCLUDE, and the headers
/// that it forces into each source.
static void addKernelHeaders(const KernelHeaders &K,
                             std::vector<std::string> &Args) {
  const std::string Arch = pathIn("arch", K.Arch, "include");
  auto Include = [&](StringRef Tree, const Twine &Dir) {
    Args.push_back("-I" + pathIn(Tree, Dir));
  };
  Include(K.SrcTree, Arch);
  Include(K.ObjTree, Arch + "/generated");
  Include(K.SrcTree, "include");
  if (K.ObjTree != K.SrcTree)
    Include(K.ObjTree, "include");
  Include(K.SrcTree, Arch + "/uapi");
  Include(K.ObjTree, Arch + "/generated/uapi");
  Include(K.SrcTree, "include/uapi");
  Include(K.ObjTree, "include/generated/uapi");
  for (StringRef Forced :
       {"compiler-version.h", "kconfig.h", "compiler_types.h"}) {
    std::string Header = pathIn(K.SrcTree, "include/linux", Forced);
    if (isFile(Header)) // compiler-version.h came with 5.13
      Args.insert(Args.end(), {"-include", Header});
  }
}

/// KBUILD_MODNAME and KBUILD_BASENAME as Kbuild would make them.
static void addNames(StringRef File, std::vector<std::string> &Args) {
  std::string Name = sys::path::stem(File).str();
  for (char &C : Name)
    if (C == '-' || C == ',' || C == '.')
      C = '_';
  Args.push_back("-DKBUILD_BASENAME=\"" + Name + "\"");
  Args.push_back("-DKBUILD_MODNAME=\"" + Name + "\"");
  Args.push_back("-D__KBUILD_MODNAME=kmod_" + Name);
}

std::vector<std::string> kernelCommandLine(StringRef File,
                                           const KernelHeaders &K) {
  const std::string Resources = clangResourceDir();
  std::vector<std::string> Args = {
      "clang",     "-fsyntax-only", "-resource-dir=" + Resources,
      "-nostdinc", "-isystem",      pathIn(Resources, "include")};
  for (const std::string &Flag : archFlags(K.Arch, /*Is64Bit=*/true))
    Args.push_back(Flag);
  addKernelHeaders(K, Args);
  Args.insert(Args.end(),
              {"-D__KERNEL__", "-DMODULE", "-std=gnu11", "-ffreestanding",
               "-fshort-wchar", "-funsigned-char", "-fno-strict-aliasing",
               "-fno-common", "-fno-PIE", "-O2"});
  Args.push_back("-I" + sys::path::parent_path(File).str());
  addNames(File, Args);
  Args.insert(Args.end(), lenientFlags().begin(), lenientFlags().end());
  Args.push_back(File.str());
  return Args;
}

} // namespace vfio::kbuild
