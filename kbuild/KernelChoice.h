//===- KernelChoice.h - Which kernel a source is compiled against ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel that --kernel names, or else the one that fits the source best;
// and the same kernel for another architecture, where a source needs that.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_KERNELCHOICE_H
#define VFIO_KBUILD_KERNELCHOICE_H

#include "kbuild/KernelHeaders.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <deque>
#include <map>
#include <string>

namespace vfio::kbuild {

class KernelChoice {
public:
  /// \p Given is the folder that --kernel names; empty for none.
  explicit KernelChoice(std::string Given) : Given(std::move(Given)) {}

  /// The kernel for the source \p File: the one that was given; else the tree
  /// that the file is in, if that was configured; else an installed one of the
  /// same series; else the tree as it is; for an out-of-tree driver the newest
  /// installed one. Where the file is for another architecture, the same
  /// kernel's headers for that one. The pointer stays valid.
  ///
  /// \p Doubt says why the file can hardly be compiled with that kernel, in one
  /// clause; empty where nothing speaks against it.
  llvm::Expected<const KernelHeaders *> kernelFor(llvm::StringRef File,
                                                  std::string &Doubt);

  const std::deque<KernelHeaders> &kernels() const { return Kernels; }
  /// The generated headers of unconfigured kernels, by path.
  std::map<std::string, std::string> takeGenerated() {
    return std::move(Generated);
  }
  /// A line that says which kernel was chosen; empty where the user did.
  const std::string &note() const { return Note; }

private:
  llvm::Expected<const KernelHeaders *> choose(llvm::StringRef Root);
  llvm::Expected<KernelHeaders> bestFor(llvm::StringRef Root);
  const KernelHeaders *forArch(const KernelHeaders &K, llvm::StringRef SrcTree,
                               const std::string &Arch);
  const KernelHeaders *keep(const std::string &Key, KernelHeaders K);

  std::string Given;
  std::deque<KernelHeaders> Kernels;
  std::map<std::string, const KernelHeaders *> Known;
  std::map<std::string, std::string> Generated;
  std::string Note;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_KERNELCHOICE_H
