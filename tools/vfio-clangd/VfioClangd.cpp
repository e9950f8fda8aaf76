//===- VfioClangd.cpp - The vfio-clangd program -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ModuleReader.h"
#include "kbuild/Database.h"
#include "kbuild/KernelHeaders.h"
#include "kbuild/PlainText.h"
#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Flags.h"
#include "tools/vfio-clangd/Presentation.h"
#include "llvm/Config/llvm-config.h"
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
  --docs=ADDRESS     where the pages of the checks are (default: those installed)
  --help, --version
  --help-clangd      the options of clangd, which all work here
Exit status: 0 after the editor said so, 1 could not work.
)";

static llvm::Error useKernel(llvm::StringRef Folder) {
  auto Kernel = vfio::kbuild::openKernel(Folder);
  if (!Kernel)
    return Kernel.takeError();
  vfio::clangd::setKernel(Folder.str());
  return llvm::Error::success();
}

/// clangd goes on without a database that it was told of; we do not.
static llvm::Error checkDatabase(llvm::StringRef Folder) {
  auto Database = vfio::kbuild::readDatabase(Folder);
  return Database ? llvm::Error::success() : Database.takeError();
}

/// Takes our options out of \p Args, and looks at what others say, in each form
/// that clangd takes (--name=VALUE, -name VALUE); or fails with one line.
static llvm::Error takeOptions(std::vector<char *> &Args) {
  std::vector<char *> Others = {Args.front()};
  for (auto It = Args.begin() + 1; It != Args.end(); ++It) {
    auto [Name, Value] = llvm::StringRef(*It).split('=');
    llvm::StringRef Bare = Name.ltrim('-');
    if (Bare == "help-clangd")
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     Name + " takes no value");
    bool Docs = Bare == "docs";
    bool Ours = Bare == "kernel" || Docs,
         Theirs = Bare == "compile-commands-dir";
    if (!Ours)
      Others.push_back(*It);
    if (!(Ours || Theirs) || Name == Bare)
      continue;
    if (Name == *It && It + 1 != Args.end()) {
      Value = *++It;
      if (Theirs)
        Others.push_back(*It);
    }
    if (Value.empty())
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     Name + " needs a value");
    if (Docs) {
      vfio::clangd::setPages(Value.str());
      continue;
    }
    if (llvm::Error E = Ours ? useKernel(Value) : checkDatabase(Value))
      return E;
  }
  Args = std::move(Others);
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
    if (llvm::StringRef(Arg) == "--version") {
      llvm::outs() << "vfio-clangd " VFIO_VERSION ", LLVM " LLVM_VERSION_STRING
                      "\n";
      return 0;
    }
    if (llvm::StringRef(Arg) == "--help-clangd")
      Arg = Theirs;
  }
  if (llvm::Error Problem = takeOptions(Args)) {
    llvm::errs() << "vfio-clangd: error: "
                 << vfio::plainText(toString(std::move(Problem))) << '\n';
    return 1;
  }
  // The driver's other sources are read while somebody waits: what there is no
  // time for is read after the next edit, and until then nothing hangs on it.
  vfio::checks::readingPolicy().Milliseconds = 1000;
  vfio::checks::readingPolicy().KeptTrees = 4;
  Args.push_back(nullptr);
  return clang::clangd::clangdMain(int(Args.size()) - 1, Args.data());
}
