//===- VfioClangd.cpp - The vfio-clangd program -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelHeaders.h"
#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Flags.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

namespace clang::clangd {

class SymbolIndex;

namespace remote {

/// Stands in for the library of clangd's remote index, which a driver's author
/// has no use for, and which would bring all of gRPC with it. None is made
/// here, so none is ever deleted.
struct NeverDeleted {
  void operator()(SymbolIndex *) const {}
};
std::unique_ptr<SymbolIndex, NeverDeleted>
    noClient(llvm::StringRef, llvm::StringRef) asm(VFIO_GET_CLIENT);
std::unique_ptr<SymbolIndex, NeverDeleted> noClient(llvm::StringRef,
                                                    llvm::StringRef) {
  return nullptr;
}

} // namespace remote
} // namespace clang::clangd

/// Takes our one option, --kernel=DIR, out of \p Args. False, with a message,
/// where the folder holds no kernel.
static bool takeKernel(std::vector<char *> &Args) {
  for (auto It = Args.begin() + 1; It != Args.end(); ++It) {
    llvm::StringRef Arg = *It;
    if (!Arg.consume_front("--kernel="))
      continue;
    auto Kernel = vfio::kbuild::openKernel(Arg);
    if (!Kernel) {
      llvm::errs() << "vfio-clangd: error: " << toString(Kernel.takeError())
                   << '\n';
      return false;
    }
    vfio::clangd::setKernel(Arg.str());
    Args.erase(It);
    return true;
  }
  return true;
}

int main(int Argc, char *Argv[]) {
  std::vector<char *> Args(Argv, Argv + Argc);
  if (!takeKernel(Args))
    return 1;
  Args.push_back(nullptr);
  return clang::clangd::clangdMain(int(Args.size()) - 1, Args.data());
}
