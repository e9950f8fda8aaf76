//===- Verify.cpp - Does the edited driver hold? --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Verify.h"
#include "rewriter/RunChecks.h"
#include "rewriter/TargetHeaders.h"

using namespace clang;

namespace vfio::rewriter {

std::vector<std::string> verifyingArgs() {
  return {"-Wunused-variable",
          "-Wunused-label",
          "-Wunused-function",
          "-Wunused-but-set-variable",
          "-Wuninitialized",
          "-Wsometimes-uninitialized",
          "-Wimplicit-function-declaration",
          "-Wvisibility",
          "-Wincompatible-pointer-types",
          "-Wint-conversion",
          "-Wreturn-type"};
}

std::unique_ptr<Program> reparse(const kbuild::InputSet &Set,
                                 llvm::ArrayRef<const Unit *> Before,
                                 const NewTexts &Texts, Target To,
                                 std::string &Problem) {
  auto After = std::make_unique<Program>();
  for (const Unit *U : Before) {
    kbuild::ParseOptions Options;
    Options.Overlay = U->Overlay;
    for (auto &[Path, Text] : targetHeaders(*U, To))
      Options.Overlay[Path] = Text;
    for (const auto &[Path, Text] : Texts)
      Options.Overlay[Path] = Text;
    Options.ExtraArgs = verifyingArgs();
    std::unique_ptr<Unit> New =
        makeUnit(Set, U->TU->input(), std::move(Options), Problem);
    if (!New)
      return nullptr;
    After->Units.push_back(std::move(New));
  }
  After->link();
  return After;
}

/// What a message says without the names of places: how two parses compare.
static std::string essence(const kbuild::Diagnostic &D) {
  return std::to_string(D.Level) + D.Message;
}

static Verdict compare(const Unit &Before, const Unit &After, bool Tidy) {
  std::map<std::string, int> Old;
  for (const kbuild::Diagnostic &D : Before.TU->diagnostics())
    ++Old[essence(D)];
  for (const kbuild::Diagnostic &D : After.TU->diagnostics()) {
    if (D.Level == kbuild::Diagnostic::Note || isKernelHeaderPath(D.File))
      continue;
    llvm::StringRef Message(D.Message);
    if (!Tidy && (Message.starts_with("unused label") ||
                  Message.starts_with("unused variable")))
      continue;
    // A function that these headers lack is lacking as often as it is called.
    auto Known = Old.find(essence(D));
    if (Known != Old.end() &&
        Message.starts_with("call to undeclared function"))
      continue;
    if (--Old[essence(D)] >= 0)
      continue;
    return {D.Message, {D.File, D.Line, D.Column}};
  }
  return {};
}

/// What these checks are about was there before, and the conversion leaves it
/// as it was: it is for vfio-tidy to tell.
static bool isOfOtherLives(llvm::StringRef Check) {
  static constexpr llvm::StringLiteral Others[] = {
      "vfio-core-rules", "vfio-open-contract", "vfio-probe-contract",
      "vfio-runs-late",  "vfio-given-twice",   "vfio-locking"};
  return llvm::is_contained(Others, Check);
}

Verdict verify(const OldDriver &D, const Program &After, bool Tidy) {
  for (size_t I = 0; I < D.Units.size(); ++I)
    if (Verdict V = compare(*D.Units[I], *After.Units[I], Tidy); !V)
      return V;
  for (const auto &U : After.Units)
    for (const Site &S : U->Model->Sites)
      if ((isOldInit(S.Api->Kind) || isOldUninit(S.Api->Kind)) &&
          !findApi(S.In->getName()) && !After.isUnusedCopy(*U, S.In) &&
          !D.OthersFunctions.count(S.In->getNameAsString()))
        return {"a call of the old model is left: " + S.Api->Name.str(),
                U->place(S.Call->getBeginLoc())};
  for (const auto &U : After.Units)
    for (const CheckFinding &F : runChecks(*U)) {
      // Calls of the old model were looked for above, where a helper in a
      // header that is another driver's is told apart.
      if (F.Check == "vfio-deprecated-lifecycle" || isOfOtherLives(F.Check) ||
          isOthers(F, D))
        continue;
      return {F.Check + " says: " + F.Message, F.Where};
    }
  return {};
}

} // namespace vfio::rewriter
