//===- Snippet.cpp - A few lines of driver, and what the engine says ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>

namespace vfio::test {

std::string Inputs;

static constexpr llvm::StringLiteral Prelude = R"(
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>
struct lamp {
  struct vfio_device vdev;
  struct list_head entry;
  int watts;
  void *bulb;
};
extern const struct vfio_device_ops lamp_ops;
int lamp_check(struct device *dev);
bool lamp_is_new(struct device *dev);
void lamp_keep(struct lamp *l);
void lamp_shine(struct lamp *l);
#line 1
)";

llvm::StringRef nameOf(FindingKind Kind) {
  using K = FindingKind;
  static constexpr std::pair<K, llvm::StringLiteral> Names[] = {
      {K::Leak, "Leak"},
      {K::LeakRegistered, "LeakRegistered"},
      {K::LeakAfterUnregister, "LeakAfterUnregister"},
      {K::NeverUnregistered, "NeverUnregistered"},
      {K::NeverRemoved, "NeverRemoved"},
      {K::DoublePut, "DoublePut"},
      {K::UseAfterPut, "UseAfterPut"},
      {K::UseAfterFree, "UseAfterFree"},
      {K::PutWhileRegistered, "PutWhileRegistered"},
      {K::FreeWhileRegistered, "FreeWhileRegistered"},
      {K::CleanUpOutsideRelease, "CleanUpOutsideRelease"},
      {K::FreeAfterPut, "FreeAfterPut"},
      {K::PutAfterFree, "PutAfterFree"},
      {K::DoubleFree, "DoubleFree"},
      {K::RegisterUnchecked, "RegisterUnchecked"},
      {K::SucceedsUnregistered, "SucceedsUnregistered"},
      {K::RegisterUninitialised, "RegisterUninitialised"},
      {K::RegisterTwice, "RegisterTwice"},
      {K::UnregisterUnregistered, "UnregisterUnregistered"},
      {K::OldFreeWithoutUninit, "OldFreeWithoutUninit"},
      {K::OldUninitRegistered, "OldUninitRegistered"},
      {K::OldDoubleUninit, "OldDoubleUninit"},
      {K::OldLeak, "OldLeak"},
      {K::MismatchedFree, "MismatchedFree"},
      {K::FreeOutsideRelease, "FreeOutsideRelease"},
      {K::AllocatorMismatch, "AllocatorMismatch"},
      {K::DevmInModel, "DevmInModel"},
      {K::AllocUntested, "AllocUntested"},
      {K::AllocNullTest, "AllocNullTest"},
      {K::AllocErrorUsed, "AllocErrorUsed"},
      {K::AllocErrorLost, "AllocErrorLost"},
      {K::AllocErrorReplaced, "AllocErrorReplaced"},
      {K::AllocErrorOfOther, "AllocErrorOfOther"},
      {K::ReleaseNeverFrees, "ReleaseNeverFrees"},
      {K::ReleaseSometimesFrees, "ReleaseSometimesFrees"},
      {K::ReleaseFreesTwice, "ReleaseFreesTwice"},
      {K::ReleaseUsesFreed, "ReleaseUsesFreed"},
      {K::ReleaseFrees, "ReleaseFrees"},
      {K::ReleaseSkipsCore, "ReleaseSkipsCore"},
      {K::ReleasePuts, "ReleasePuts"},
      {K::ReleaseRegisters, "ReleaseRegisters"},
      {K::ReleaseUnregisters, "ReleaseUnregisters"},
      {K::ReleaseLeaks, "ReleaseLeaks"},
      {K::InitLeaks, "InitLeaks"},
      {K::InitFrees, "InitFrees"},
      {K::InitPuts, "InitPuts"},
      {K::InitRegisters, "InitRegisters"},
      {K::HandAllocatedInNewModel, "HandAllocatedInNewModel"}};
  for (const auto &[Known, Name] : Names)
    if (Known == Kind)
      return Name;
  return "?";
}

Snippet::Snippet(llvm::StringRef Text, llvm::StringRef Generation)
    : Code(Text.ltrim('\n').str()) {
  std::string Own = "-I" + Inputs + "/" + Generation.str() + "/include";
  std::string Common = "-I" + Inputs + "/common/include";
  Unit = clang::tooling::buildASTFromCodeWithArgs(
      Prelude.str() + Code,
      {"-x", "c", "-std=gnu11", "-nostdinc", "-ffreestanding", "-D__KERNEL__",
       "-Wno-everything", "-Werror=implicit-function-declaration", Own, Common},
      "driver.c");
  if (Unit && !Unit->getDiagnostics().hasErrorOccurred())
    Model = buildModel(Unit->getASTContext());
}

Snippet::~Snippet() = default;

std::set<std::string> Snippet::findings(PathStatistics *Statistics,
                                        const PathLimits &Limits) const {
  std::set<std::string> Lines;
  const clang::SourceManager &SM = Unit->getSourceManager();
  for (const Finding &F : findOnPaths(*Model, Statistics, Limits))
    Lines.insert(std::to_string(SM.getPresumedLineNumber(F.Where)) + ": " +
                 nameOf(F.Kind).str());
  return Lines;
}

std::set<std::string> Snippet::marks() const {
  std::set<std::string> Lines;
  llvm::SmallVector<llvm::StringRef, 32> Split;
  llvm::StringRef(Code).split(Split, '\n');
  for (size_t I = 0; I < Split.size(); ++I)
    if (auto [Before, Mark] = Split[I].split("//~ "); !Mark.empty())
      Lines.insert(std::to_string(I + 1) + ": " + Mark.trim().str());
  return Lines;
}

void expectMarks(llvm::StringRef Code, llvm::StringRef Generation) {
  Snippet S(Code, Generation);
  ASSERT_TRUE(S.compiles()) << Code.str();
  EXPECT_EQ(S.marks(), S.findings()) << "headers " << Generation.str() << "\n"
                                     << Code.str();
}

} // namespace vfio::test

int main(int Argc, char **Argv) {
  testing::InitGoogleTest(&Argc, Argv);
  if (Argc != 2) {
    llvm::errs() << "usage: engine-tests [options of GoogleTest] DIR, the "
                    "folder of the mock headers (test/Inputs)\n";
    return 1;
  }
  vfio::test::Inputs = Argv[1];
  return RUN_ALL_TESTS();
}
