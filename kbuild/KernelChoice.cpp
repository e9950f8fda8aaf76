//===- KernelChoice.cpp - Which kernel a source is compiled against -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelChoice.h"
#include "kbuild/Paths.h"
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

Expected<const KernelHeaders *> KernelChoice::kernelFor(StringRef File) {
  return choose(sourceTreeOf(sys::path::parent_path(File)));
}

} // namespace vfio::kbuild
