//===- ReadScope.cpp - Which files may be read ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ReadScope.h"
#include "kbuild/HeaderBodies.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/KernelHeaders.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace llvm;

namespace vfio::kbuild {

bool isConfigurationName(StringRef Name) {
  return is_contained({".clang-tidy", ".clangd", ".clang-format",
                       "compile_commands.json", "compile_flags.txt"},
                      Name);
}

static bool hasMakefile(StringRef Folder) {
  return isFile(pathIn(Folder, "Makefile")) || isFile(pathIn(Folder, "Kbuild"));
}

/// True where the Makefile above \p Folder, which has none, says "common/led.o".
static bool isNamedAbove(StringRef Folder) {
  std::string Words = (sys::path::filename(Folder) + "/").str();
  StringRef Above = sys::path::parent_path(Folder);
  return !hasMakefile(Folder) &&
         (StringRef(readText(pathIn(Above, "Makefile"))).contains(Words) ||
          StringRef(readText(pathIn(Above, "Kbuild"))).contains(Words));
}

std::string treeFolderOf(StringRef Path) {
  std::string Real = realPath(Path);
  if (Real.empty())
    return {};
  StringRef Folder = Real;
  if (!isDirectory(Folder))
    Folder = sys::path::parent_path(Folder);
  for (StringRef Dir = Folder; Dir.size() > 1;
       Dir = sys::path::parent_path(Dir))
    if (sys::fs::exists(pathIn(Dir, ".git")))
      return Dir.str();
  if (std::string Kernel = sourceTreeOf(Folder); !Kernel.empty())
    return Kernel;
  StringRef Top = isNamedAbove(Folder) ? sys::path::parent_path(Folder) : Folder;
  for (StringRef Dir = Top; Dir.size() > 1 && hasMakefile(Dir);
       Dir = sys::path::parent_path(Dir))
    Top = Dir;
  return Top.str();
}

ReadScope::ReadScope() {
  for (StringRef Folder : {"/usr/include", "/usr/local/include", "/usr/lib/gcc",
                           "/usr/lib/gcc-cross", "/usr/lib/clang"})
    allow(Folder);
  allow(clangResourceDir());
}

void ReadScope::allowLocked(StringRef Real) {
  if (Real.size() > 1 && !isInside(Real))
    Roots.push_back(Real.str());
}

void ReadScope::allow(StringRef Path) {
  std::string Real = realPath(Path);
  std::lock_guard<std::mutex> Guard(Lock);
  allowLocked(Real);
}

void ReadScope::allowTreeOf(StringRef Path) {
  std::string Tree = treeFolderOf(Path);
  std::lock_guard<std::mutex> Guard(Lock);
  allowLocked(Tree);
  StringRef Beside = sys::path::parent_path(Tree);
  if (Beside.size() > 1 && !is_contained(Around, Beside))
    Around.push_back(Beside.str());
}

/// Calls \p Each with every path that \p Args name, and whether it is a folder
/// that is searched.
static void forEachPath(ArrayRef<std::string> Args, StringRef Base,
                        function_ref<void(const std::string &)> Each) {
  static constexpr StringLiteral Flags[] = {
      "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I"};
  for (size_t I = 0; I != Args.size(); ++I)
    for (StringRef Flag : Flags) {
      StringRef Word = Args[I];
      if (!Word.consume_front(Flag))
        continue;
      if (Word.empty() && I + 1 != Args.size())
        Word = Args[++I];
      Each(absolute(Word, Base));
      break;
    }
}

void ReadScope::allowIncludesOf(ArrayRef<std::string> Args, StringRef Base) {
  forEachPath(Args, Base, [&](const std::string &Path) { allow(Path); });
}

void ReadScope::allowKernelsOf(ArrayRef<std::string> Args, StringRef Base) {
  IntrusiveRefCntPtr<vfs::FileSystem> Disk = vfs::getRealFileSystem();
  forEachPath(Args, Base, [&](const std::string &Path) {
    if (!isDirectory(Path) || !isKernelDir(*Disk, Path, clangResourceDir()))
      return;
    allow(Path);
    if (std::string Kernel = sourceTreeOf(realPath(Path)); !Kernel.empty())
      allow(Kernel);
  });
}

bool ReadScope::isInside(StringRef Real) const {
  return any_of(Roots, [&](StringRef Root) { return isBelow(Real, Root); });
}

/// True for a header of a folder `include` that lies beside a driver's tree, as
/// `ccflags-y := -I$(src)/../include` has it.
bool ReadScope::isSharedHeader(StringRef Real) const {
  return Real.ends_with(".h") && any_of(Around, [&](StringRef Folder) {
           return isBelow(Real, pathIn(Folder, "include"));
         });
}

/// The real path of \p Path; the lock is held. Nearly all files of a parse are
/// in a few folders, and no links.
std::string ReadScope::realFile(StringRef Path) const {
  if (sys::fs::is_symlink_file(Path))
    return realPath(Path);
  StringRef Folder = sys::path::parent_path(Path);
  auto [It, New] = Folders.try_emplace(Folder);
  if (New)
    It->second = realPath(Folder);
  return It->second.empty() ? std::string()
                            : pathIn(It->second, sys::path::filename(Path));
}

bool ReadScope::holds(StringRef Path) const {
  std::lock_guard<std::mutex> Guard(Lock);
  std::string Real = realFile(Path);
  return isInside(Real) || isSharedHeader(Real);
}

bool ReadScope::holdsConfiguration(StringRef Path) const {
  if (!sys::fs::is_symlink_file(Path))
    return true;
  std::string Real = realPath(Path);
  return holds(Path) ||
         isBelow(Real, treeFolderOf(sys::path::parent_path(Path)));
}

} // namespace vfio::kbuild
