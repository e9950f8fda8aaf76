//===- Verify.cpp - Does the edited driver hold? --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/Verify.h"
#include "rewriter/prove/RunChecks.h"
#include "rewriter/prove/TargetHeaders.h"
#include "rewriter/read/HiddenCode.h"
#include "clang/Basic/DiagnosticSema.h"

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
  bool Follow =
      llvm::any_of(Before, [](const Unit *U) { return U->Others != nullptr; });
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
  if (Follow)
    After->followEachOther();
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
    if (!Tidy &&
        (D.Id == diag::warn_unused_label || D.Id == diag::warn_unused_variable))
      continue;
    // A function that these headers lack is lacking as often as it is called.
    auto Known = Old.find(essence(D));
    if (Known != Old.end() && isUndeclaredCall(D))
      continue;
    if (--Old[essence(D)] >= 0)
      continue;
    return {D.Message, {D.File, D.Line, D.Column}};
  }
  return {};
}

/// A call of the old model that is left and is not another old driver's.
static Verdict findOldCalls(const OldDriver &D, const Program &After) {
  for (const auto &U : After.Units)
    for (const Site &S : U->Model->Sites)
      if ((isOldInit(S.Api->Kind) || isOldUninit(S.Api->Kind)) &&
          !findApi(S.In->getName()) && !After.isUnusedCopy(*U, S.In) &&
          !D.OthersOldFunctions.count(S.In->getNameAsString()))
        return {"a call of the old model is left: " + S.Api->Name.str(),
                U->place(S.Call->getBeginLoc())};
  return {};
}

/// What these checks are about can have been there before: then the conversion
/// leaves it as it was.
static bool isOfOtherLives(llvm::StringRef Check) {
  static constexpr llvm::StringLiteral Others[] = {
      "vfio-core-rules", "vfio-open-contract", "vfio-probe-contract",
      "vfio-runs-late",  "vfio-given-twice",   "vfio-locking"};
  return llvm::is_contained(Others, Check);
}

/// Of these, the checks for which a conversion can be the reason: it writes
/// rows of tables, and it decides what frees the structure.
static bool mayBeOurs(llvm::StringRef Check) {
  return Check == "vfio-core-rules" || Check == "vfio-given-twice";
}

/// True for what is said of a registration: a conversion leaves these as they
/// are, but for one that it has a step for.
static bool isOfRegistration(const Unit &U, const CheckFinding &F) {
  return llvm::any_of(U.Model->Sites, [&](const Site &S) {
    Place At = U.place(S.Call->getBeginLoc());
    return isRegister(S.Api->Kind) && At.File == F.Where.File &&
           At.Line == F.Where.Line;
  });
}

/// What a check says of the new text, and did not say, word for word, of the
/// old text where that is another device's.
static Verdict findFindings(const OldDriver &D, const OldBugs &Old,
                            const Program &After, Proof &P) {
  P.Left.clear();
  for (const auto &U : After.Units)
    for (const CheckFinding &F : runChecks(*U)) {
      // Calls of the old model were looked for before, where a helper in a
      // header that is another driver's is told apart.
      if (F.Check == "vfio-deprecated-lifecycle" || Old.isOthers(F, D))
        continue;
      bool Other = isOfOtherLives(F.Check) &&
                   (!mayBeOurs(F.Check) || isOfRegistration(*U, F));
      bool Same =
          Old.wasSaid(F) && (isOfOtherLives(F.Check) ||
                             // the conversion does not touch that
                             isOfKind(*U, F, FindingKind::RegisterUnchecked));
      if (Other || Same) {
        P.Left.push_back({F.Check, F.Where, F.Message, {}});
        continue;
      }
      Verdict V{F.Check + " says: " + F.Message, F.Where, {}};
      if (F.In && F.Check == "vfio-lifecycle")
        V.OldBug = Old.inFunction(F.In->getNameAsString());
      return V;
    }
  return {};
}

Verdict verifyParse(const OldDriver &D, llvm::ArrayRef<const Unit *> Before,
                    const Program &After, bool Tidy) {
  for (size_t I = 0; I < Before.size(); ++I)
    if (Verdict V = compare(*Before[I], *After.Units[I], Tidy); !V)
      return V;
  return findOldCalls(D, After);
}

Verdict verify(const OldDriver &D, llvm::ArrayRef<const Unit *> Before,
               const OldBugs &Old, const Program &After, bool Tidy, Proof &P) {
  if (Verdict V = verifyParse(D, Before, After, Tidy); !V)
    return V;
  P.Parsed = After.Units.size();
  if (Verdict V = findFindings(D, Old, After, P); !V)
    return V;
  P.Checked = After.Units.size();
  P.Apart = !After.isFollowed() && After.handsAcross(D.PartNames);
  return {};
}

std::vector<Step> remainingErrors(const Program &After) {
  std::vector<Step> Out;
  std::set<std::tuple<std::string, unsigned, unsigned>> Seen;
  for (const auto &U : After.Units)
    for (const kbuild::Diagnostic &E : U->TU->diagnostics())
      if ((E.Level == kbuild::Diagnostic::Error ||
           (isUndeclaredCall(E) && !isKernelHeaderPath(E.File))) &&
          Seen.insert({E.File, E.Line, E.Column}).second)
        Out.push_back({"Remains", {E.File, E.Line, E.Column}, E.Message, {}});
  return Out;
}

Verdict runAgain(const OldDriver &D, const Program &After, Target To,
                 Proof &P) {
  AllocFlow Flow(After);
  for (const OldDriver &Again : findOldDrivers(After, Flow, To)) {
    const SiteRef &Init = Again.first();
    if (Again.RecordName == D.RecordName ||
        !D.OthersOldFunctions.count(Init.S->In->getNameAsString()))
      return {"a second run finds struct " + Again.RecordName +
                  " in the old model",
              Init.U->place(Init.S->Call->getBeginLoc())};
  }
  P.SecondRun = true;
  return {};
}

} // namespace vfio::rewriter
