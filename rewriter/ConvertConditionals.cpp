//===- ConvertConditionals.cpp - Edits and #if ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parse sees one side of each condition. A conversion is sound where it lies
// in one side as a whole, or touches no condition at all; what the parse did
// not see is read as text.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "rewriter/read/Tokens.h"

using namespace clang;

namespace vfio::rewriter {

/// The side of \p C that \p R is in: its number, or -1 for none.
static int sideOf(const ConditionalRange &C, const FileRange &R) {
  for (size_t I = 0; I + 1 < C.Directives.size(); ++I)
    if (C.Directives[I] < R.Begin && R.End <= C.Directives[I + 1])
      return I;
  return -1;
}

/// True where \p R is part of a statement that ends the device: it ends what is
/// there, whichever side of a condition it stands on.
bool Conversion::isEnd(const FileRange &R) const {
  for (const auto *Refs : {&D.Uninits, &D.Frees})
    for (const SiteRef &Ref : *Refs) {
      Spot S = spotOf(Ref.U->Model->Ctx, Ref.S->Call);
      FileRange At = S.S ? Ref.U->range(S.S->getSourceRange()) : FileRange();
      if (At && At.File == R.File &&
          Edits.startWithComment(At.File, At.Begin) <= R.Begin &&
          R.End <= Edits.lineEnd(At.File, At.End))
        return true;
    }
  return false;
}

/// True where \p Text ends or makes a device in the new way.
static bool speaksNew(llvm::StringRef Text) {
  return llvm::any_of(tokensOf(Text), [](llvm::StringRef Word) {
    const ApiFunction *Api = findApi(Word);
    return Word == "vfio_alloc_device" || (Api && Api->Kind == Role::PutDevice);
  });
}

/// True where each call that would change stands on one side of a condition of
/// which another side is the new model already: nothing is left to do.
bool Conversion::isNewAlready() const {
  unsigned Inside = 0, All = 0;
  for (const std::string &File : Edits.files())
    for (const FileRange &R : Edits.ranges(File)) {
      bool Covered = false;
      for (const Unit *U : D.Units)
        for (const ConditionalRange &C : U->Conditionals) {
          int Side = C.File == File ? sideOf(C, R) : -1;
          for (size_t I = 0; Side >= 0 && I + 1 < C.Directives.size(); ++I)
            Covered |=
                int(I) != Side && speaksNew(Edits.original(File).slice(
                                      C.Directives[I], C.Directives[I + 1]));
        }
      Inside += Covered;
      // Rows of a table are added, not changed.
      All += R.Begin != R.End;
    }
  return Inside && Inside >= All;
}

void Conversion::checkConditional(const ConditionalRange &C) {
  std::set<int> Sides, Steps;
  for (const FileRange &R : Edits.ranges(C.File)) {
    Sides.insert(sideOf(C, R));
    if (!isEnd(R))
      Steps.insert(sideOf(C, R));
  }
  bool Outside = Sides.erase(-1);
  Steps.erase(-1);
  if (Sides.empty())
    return;
  llvm::StringRef Text = Edits.original(C.File);
  if (!Outside && Sides.size() == 1) {
    // All of it is in one side. The other may be the new model already.
    for (size_t I = 0; I + 1 < C.Directives.size(); ++I)
      if (int(I) != *Sides.begin() &&
          Text.slice(C.Directives[I], C.Directives[I + 1])
              .contains("vfio_alloc_device("))
        NewSideExists = true;
    return;
  }
  // `#if ... uninit #endif`: the condition goes with what it held.
  unsigned FirstLine = Edits.lineEnd(C.File, C.Begin);
  unsigned LastLine = Edits.lineStart(C.File, C.End);
  if (C.Directives.size() == 2 &&
      Edits.removeIfEmptied(C.File, FirstLine, LastLine, C.Begin, C.End))
    return;
  // A device may end on one side only, as it did.
  if (Steps.empty())
    return;
  unsigned Line = 1 + Text.substr(0, C.Begin).count('\n');
  Refusals.push_back(
      {RefusalId::ConditionalCode,
       {C.File, Line, 1},
       "a preprocessor condition holds a part of what must change, and the "
       "rest stands outside of it",
       "settle the condition by hand, then run vfio-migrate again"});
}

/// True where \p Text names the old model, or has a free of one of \p Freed.
static bool speaksOld(llvm::StringRef Text,
                      const std::set<std::string> &Freed) {
  Tokens Words = tokensOf(Text);
  for (size_t I = 0; I < Words.size(); ++I) {
    const ApiFunction *Api = findApi(Words[I]);
    if (!Api)
      continue;
    if (isOldInit(Api->Kind) || isOldUninit(Api->Kind))
      return true;
    if (isFree(Api->Kind) && I + 3 < Words.size() && Words[I + 1] == "(" &&
        Words[I + 3] == ")" && Freed.count(Words[I + 2]))
      return true;
  }
  return false;
}

/// The old model in text that the preprocessor left out.
void Conversion::checkSkipped(const Unit &U) {
  std::set<std::string> Freed;
  for (const SiteRef &F : D.Frees)
    if (const VarDecl *X = namedVar(F.S->Call->getArg(F.S->Api->Subject));
        F.U == &U && X)
      Freed.insert(X->getNameAsString());
  for (const FileRange &R : U.Skipped) {
    if (!Edits.knows(R.File))
      continue;
    llvm::StringRef Text = Edits.original(R.File).slice(R.Begin, R.End);
    if (!speaksOld(Text, Freed))
      continue;
    unsigned Line = 1 + Edits.original(R.File).substr(0, R.Begin).count('\n');
    Refusals.push_back(
        {RefusalId::ConditionalCode,
         {R.File, Line, 1},
         "code that this configuration leaves out speaks the old model too",
         "settle the condition by hand, then run vfio-migrate again"});
    return;
  }
}

void Conversion::checkConditionals() {
  NewSideExists = isNewAlready();
  if (NewSideExists)
    return;
  std::set<std::pair<std::string, unsigned>> Seen;
  for (const Unit *U : D.Units) {
    for (const ConditionalRange &C : U->Conditionals)
      if (Edits.knows(C.File) && Seen.insert({C.File, C.Begin}).second)
        checkConditional(C);
    if (!NewSideExists)
      checkSkipped(*U);
  }
}

} // namespace vfio::rewriter
