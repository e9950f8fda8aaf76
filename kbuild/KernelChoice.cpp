//===- KernelChoice.cpp - Which kernel a source is compiled against -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelChoice.h"
#include "kbuild/GeneratedHeaders.h"
#include "kbuild/Paths.h"
#include "kbuild/SourceArch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

/// The kernel for sources of the tree \p Root, where the user named none.
Expected<KernelHeaders> KernelChoice::bestFor(StringRef Root) {
  if (Root.empty())
    return newestKernel();
  Expected<KernelHeaders> Tree = openKernel(Root);
  if (Tree && !Tree->Unconfigured)
    return Tree;
  Expected<KernelHeaders> Same = newestKernelOf(sourceTreeVersion(Root));
  if (Same) {
    consumeError(Tree.takeError());
    return Same;
  }
  consumeError(Same.takeError());
  return Tree;
}

const KernelHeaders *KernelChoice::keep(const std::string &Key,
                                        KernelHeaders K) {
  if (K.Unconfigured)
    generateHeaders(K, Generated);
  passAllocations(K, Generated);
  Kernels.push_back(std::move(K));
  return Known[Key] = &Kernels.back();
}

Expected<const KernelHeaders *> KernelChoice::choose(StringRef Root) {
  std::string Key = Given.empty() ? Root.str() : "";
  auto It = Known.find(Key);
  if (It != Known.end())
    return It->second;
  Expected<KernelHeaders> K = Given.empty() ? bestFor(Root) : openKernel(Given);
  if (!K)
    return K.takeError();
  if (Given.empty())
    Note = "using the kernel headers in " + K->Name;
  return keep(Key, std::move(*K));
}

/// \p K for another architecture: that needs only headers, which the sources in
/// \p SrcTree or a package's common part have.
const KernelHeaders *KernelChoice::forArch(const KernelHeaders &K,
                                           StringRef SrcTree,
                                           const std::string &Arch) {
  std::string Key = (SrcTree + " " + Arch).str();
  auto It = Known.find(Key);
  if (It != Known.end())
    return It->second;
  KernelHeaders Other = K;
  Other.Name = (SrcTree + " (" + Arch + ")").str();
  Other.SrcTree = SrcTree.str();
  Other.Arch = Arch;
  Other.Unconfigured = true;
  return keep(Key, std::move(Other));
}

Expected<const KernelHeaders *> KernelChoice::kernelFor(StringRef File,
                                                        std::string &Doubt) {
  std::string Root = sourceTreeOf(sys::path::parent_path(File));
  Expected<const KernelHeaders *> K = choose(Root);
  if (!K)
    return K;
  bool SameSeries =
      !Root.empty() && sourceTreeVersion(Root).sameSeries((*K)->Version);
  StringRef SrcTree = SameSeries ? StringRef(Root) : StringRef((*K)->SrcTree);
  auto IsGenerated = [&](StringRef Name) {
    std::string Folder =
        pathIn((*K)->ObjTree, "arch", (*K)->Arch, "include/generated");
    return any_of(ArrayRef<StringRef>{"asm", "uapi/asm"}, [&](StringRef Sub) {
      std::string Path = pathIn(Folder, Sub, Name);
      return isFile(Path) || Generated.count(Path);
    });
  };
  SourceArch Need = archOfSource(File, SrcTree, (*K)->Arch, IsGenerated);
  if (!Need.Missing.empty())
    Doubt = "includes <" + Need.Missing + ">, which " + SrcTree.str() +
            " does not have";
  if (Need.Arch == (*K)->Arch)
    return K;
  // A header package has no Kconfig files to make a configuration from.
  if (isFile(pathIn(SrcTree, "Kconfig")))
    return forArch(**K, SrcTree, Need.Arch);
  Doubt =
      "is for " + Need.Arch + ", and " + (*K)->Name + " is for " + (*K)->Arch;
  return K;
}

} // namespace vfio::kbuild
