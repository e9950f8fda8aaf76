//===- VfioClangd.cpp - The vfio-clangd program -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Database.h"
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

static constexpr char HelpText[] =
    R"(usage: vfio-clangd [options]      a language server, for an editor to start
Shows life-cycle mistakes in Linux VFIO drivers while they are written: clangd with
the vfio-* checks in it, which are on unless a .clang-tidy or .clangd file takes one
out by name. What a check can mend, and the migration of a driver to the new life
cycle, are code actions.
  --kernel=DIR       kernel headers for drivers that are in no database:
                     /usr/src/linux-headers-*, a kernel tree,
                     /lib/modules/*/build (default: the newest installed)
  --compile-commands-dir=DIR
                     where compile_commands.json is (default: above the file)
  --help, --version
  --help-clangd      the options of clangd, which all work here
Exit status: 0 after the editor said so, 1 could not work.
)";

/// Takes our options out of \p Args, or fails with one line.
static llvm::Error takeOptions(std::vector<char *> &Args) {
  std::vector<char *> Others = {Args.front()};
  for (auto It = Args.begin() + 1; It != Args.end(); ++It) {
    llvm::StringRef Arg = *It;
    if (!Arg.consume_front("--kernel=")) {
      Others.push_back(*It);
      continue;
    }
    auto Kernel = vfio::kbuild::openKernel(Arg);
    if (!Kernel)
      return Kernel.takeError();
    vfio::clangd::setKernel(Arg.str());
  }
  Args = std::move(Others);
  return llvm::Error::success();
}

/// clangd goes on without a database that it was told of; we do not.
static llvm::Error checkDatabase(llvm::ArrayRef<char *> Args) {
  for (llvm::StringRef Arg : Args.drop_front()) {
    if (!Arg.consume_front("--compile-commands-dir="))
      continue;
    if (auto Database = vfio::kbuild::readDatabase(Arg); !Database)
      return Database.takeError();
  }
  return llvm::Error::success();
}

int main(int Argc, char *Argv[]) {
  std::vector<char *> Args(Argv, Argv + Argc);
  for (char *&Arg : Args) {
    static char Theirs[] = "--help";
    if (llvm::StringRef(Arg) == "--help") {
      llvm::outs() << HelpText;
      return 0;
    }
    if (llvm::StringRef(Arg) == "--help-clangd")
      Arg = Theirs;
  }
  llvm::Error Problem = takeOptions(Args);
  if (!Problem)
    Problem = checkDatabase(Args);
  if (Problem) {
    llvm::errs() << "vfio-clangd: error: " << toString(std::move(Problem))
                 << '\n';
    return 1;
  }
  Args.push_back(nullptr);
  return clang::clangd::clangdMain(int(Args.size()) - 1, Args.data());
}
