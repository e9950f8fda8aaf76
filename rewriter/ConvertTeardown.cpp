//===- ConvertTeardown.cpp - uninit and kfree become vfio_put_device ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "rewriter/read/MayBeNull.h"
#include "rewriter/read/NullTest.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

/// True where all allocations of \p Site are given back by devm.
static bool isDevm(const std::set<unsigned> &From, const AllocFlow &Flow) {
  return !From.empty() && llvm::all_of(From, [&](unsigned I) {
    return Flow.allocs()[I].Api->Kind == Role::DevmAllocate;
  });
}

/// True where the structure is freed in the same function, after the uninit:
/// the free is then the place of the put.
bool Conversion::freedLater(const SiteRef &Uninit) const {
  SourceManager &SM = Uninit.U->sources();
  for (const SiteRef &F : D.Frees)
    if (F.U == Uninit.U && F.S->In == Uninit.S->In &&
        SM.isBeforeInTranslationUnit(Uninit.S->Call->getBeginLoc(),
                                     F.S->Call->getBeginLoc()))
      return true;
  return false;
}

/// What must be true for the free at \p R to be a put: kfree(NULL) does
/// nothing. Empty where there is always a structure; none where that cannot be
/// said in a condition.
std::optional<std::string> Conversion::guardOf(const SiteRef &R,
                                               const Expr *Arg) {
  const Unit &U = *R.U;
  const CallExpr *Call = R.S->Call;
  // What is asked for anew is there: its device was uninit'ed just now.
  bool Anew = R.By && isa<CallExpr>(strip(Arg));
  bool Null = !Anew && !NeverNull.count(Call) && isFree(R.S->Api->Kind) &&
              (R.By ? mayBeNull(P, U, R.S->In, R.By, Call)
                    : mayBeNull(P, U, R.S->In, Arg, Call));
  if (!Null && !Guarded.count(Call))
    return std::string();
  SourceLocation Loc = Call->getBeginLoc();
  Spot S = spotOf(U.Model->Ctx, Call);
  const auto *If = dyn_cast_or_null<IfStmt>(S.Parent);
  if (!S.Whole || Arg->HasSideEffects(U.Model->Ctx)) {
    refuse(
        RefusalId::CallInExpression, U, Loc,
        "what is freed may be NULL, which vfio_put_device() cannot be given, "
        "and it is not a plain variable",
        "keep it in a local variable and test that, then run again");
    return std::nullopt;
  }
  if (S.Kind == Spot::Then && If && If->getElse()) {
    refuse(
        RefusalId::UnpairedCleanup, U, Loc,
        "what is freed may be NULL, which vfio_put_device() cannot be given, "
        "and the condition that it stands in has another side",
        "test the pointer in that condition, then run again");
    return std::nullopt;
  }
  std::string X = U.text(Arg->getSourceRange());
  // A local variable that was allocated here may have the allocation's error.
  const VarDecl *Local = namedVar(Arg);
  bool Error = Local && Local->hasLocalStorage() &&
               llvm::any_of(R.From, [&](unsigned A) {
                 return Flow.allocs()[A].In == R.S->In;
               });
  return Error || Guarded.count(Call) ? "!IS_ERR_OR_NULL(" + X + ")" : X;
}

void Conversion::putInstead(const SiteRef &R, int Argument, StepId Id) {
  const Unit &U = *R.U;
  const CallExpr *Call = R.S->Call;
  const Expr *Arg = Call->getArg(Argument);
  FileRange Range = callRange(U, Call);
  if (!edit(U, Range, Call->getBeginLoc()))
    return;
  std::string Vdev = R.By ? vdevText(U, *R.By) : vdevText(U, Arg);
  // An uninit that these headers lack is given what it always was.
  if (Vdev.empty() && R.S->Api->Kind == Role::UninitGroupDev && namedVar(Arg))
    Vdev = namedVar(Arg)->getNameAsString();
  if (Vdev.empty()) {
    // A devm action gets a void *: the type is that of the function it is
    // given to.
    const VarDecl *Data = namedVar(Arg);
    const FunctionDecl *Callee = Call->getDirectCallee();
    DeviceRecord Rec =
        Callee && Callee->getNumParams() > unsigned(Argument)
            ? findDevicePointee(Callee->getParamDecl(Argument)->getType(),
                                U.Model->Ctx)
            : DeviceRecord();
    FileRange Body = U.range(R.S->In->getBody()->getSourceRange());
    if (!Data || !Rec || !edit(U, Body, Call->getBeginLoc())) {
      refuse(RefusalId::EscapingPointer, U, Call->getBeginLoc(),
             "the structure is freed through an untyped pointer",
             "use a pointer of the structure's type");
      return;
    }
    std::string Struct = "struct " + Rec.Record->getNameAsString();
    std::string Local = "vdev";
    if (Data->getName() == Local)
      Local = "core_vdev";
    Edits.insertLinesAfter(Body.File, Body.Begin,
                           "\t" + Struct + " *" + Local + " = " +
                               Data->getNameAsString() + ";\n\n");
    std::string Path = spell(Rec.Path);
    Vdev = Path.empty() ? Local : "&" + Local + "->" + Path;
  }
  std::string Put = "vfio_put_device(" + Vdev + ")";
  std::optional<std::string> Guard = guardOf(R, Arg);
  if (!Guard)
    return;
  if (!Guard->empty())
    Put = "if (" + *Guard + ")\n" + Edits.indentAt(Range.File, Range.Begin) +
          "\t" + Put;
  Edits.replace(Range, Put);
  step(Id, U, Call->getBeginLoc(),
       {Call->getDirectCallee()->getNameAsString()});
}

/// `if (x) { ...; uninit; } kfree(x);`: the condition knows that there is a
/// structure, so that the put takes the place of the uninit. Null where the
/// code is not like that.
const SiteRef *Conversion::guardedUninit(const SiteRef &Free) const {
  ASTContext &Ctx = Free.U->Model->Ctx;
  const Expr *Arg = Free.S->Call->getArg(Free.S->Api->Subject);
  std::string X = Free.U->text(Arg->getSourceRange());
  Spot S = spotOf(Ctx, Free.S->Call);
  const auto *Block = dyn_cast_or_null<CompoundStmt>(S.Parent);
  if (X.empty() || !S.Whole || S.Kind != Spot::InBlock || !Block)
    return nullptr;
  auto It = llvm::find(Block->body(), S.S);
  const auto *If =
      It == Block->body_begin() ? nullptr : dyn_cast<IfStmt>(*std::prev(It));
  NullTest T = If && !If->getElse()
                   ? nullTest(*Free.U, If->getCond(), X, nullptr)
                   : NullTest();
  if (!T || T.WhenNull || hasExit(If->getThen()))
    return nullptr;
  for (const SiteRef &R : D.Uninits) {
    Spot Place = spotOf(Ctx, R.S->Call);
    const auto *Then = dyn_cast<CompoundStmt>(If->getThen());
    if (R.U == Free.U && Place.Whole && !Handled.count(R.S->Call) &&
        (If->getThen() == Place.S ||
         (Then && Place.Parent == Then && Then->body_back() == Place.S)))
      return &R;
  }
  return nullptr;
}

void Conversion::putInCondition(const SiteRef &Free, const SiteRef &Uninit) {
  FileRange R = callRange(*Uninit.U, Uninit.S->Call);
  std::string Vdev = vdevText(*Uninit.U, Uninit.S->Call->getArg(0));
  if (Vdev.empty() || !edit(*Uninit.U, R, Uninit.S->Call->getBeginLoc()))
    return;
  Edits.replace(R, "vfio_put_device(" + Vdev + ")");
  removeCall(*Free.U, Free.S->Call);
  Handled.insert(Uninit.S->Call);
  Handled.insert(Free.S->Call);
  step(StepId::PutInCondition, *Uninit.U, Uninit.S->Call->getBeginLoc());
}

/// The last statement behind \p Call, in its block, that names \p X, where the
/// way there is plain; null where there is none.
static const Stmt *lastUse(ASTContext &Ctx, const CallExpr *Call,
                           const VarDecl *X) {
  const Stmt *At = spotOf(Ctx, Call).S;
  const CompoundStmt *Block = nullptr;
  while (At && !Block) {
    auto Parents = Ctx.getParents(*At);
    const auto *Up = Parents.empty() ? nullptr : Parents[0].get<Stmt>();
    Block = dyn_cast_or_null<CompoundStmt>(Up);
    if (!Block && !isa_and_nonnull<LabelStmt>(Up))
      return nullptr;
    At = Block ? At : Up;
  }
  if (!Block)
    return nullptr;
  const Stmt *Last = nullptr;
  bool Behind = false;
  for (const Stmt *S : Block->body()) {
    if (Behind && (isa<LabelStmt>(S) || hasExit(S)))
      break;
    if (Behind && mentions(S, X))
      Last = S;
    Behind |= S == At;
  }
  return Last;
}

/// devm freed the structure when all of the function was done: what stands
/// behind the uninit may still use it, and the put comes after that.
bool Conversion::putBehindUses(const SiteRef &R) {
  const Unit &U = *R.U;
  const Expr *Arg = R.S->Call->getArg(0);
  const VarDecl *X = structureOf(Arg);
  const Stmt *Last = X ? lastUse(U.Model->Ctx, R.S->Call, X) : nullptr;
  FileRange At = Last ? U.range(Last->getSourceRange()) : FileRange();
  std::string Vdev = vdevText(U, Arg);
  if (!Last || Vdev.empty() || !edit(U, At, Last->getBeginLoc()))
    return false;
  removeCall(U, R.S->Call);
  Edits.insertLinesAfter(At.File, At.End,
                         Edits.indentAt(At.File, At.Begin) +
                             "vfio_put_device(" + Vdev + ");\n");
  step(StepId::PutDevmDevice, U, R.S->Call->getBeginLoc(),
       {R.S->Api->Name.str()});
  return true;
}

void Conversion::convertUninits() {
  for (const SiteRef &F : D.Frees)
    if (const SiteRef *Uninit = Outliving ? nullptr : guardedUninit(F))
      putInCondition(F, *Uninit);

  for (const SiteRef &R : D.Uninits) {
    if (Outliving) {
      putAndWait(R);
      continue;
    }
    if (R.From.empty()) {
      refuse(RefusalId::UnpairedCleanup, *R.U, R.S->Call->getBeginLoc(),
             "which allocation is ended here could not be followed",
             "pass the structure as an argument or by drvdata");
      continue;
    }
    if (Handled.count(R.S->Call))
      continue;
    // devm frees the memory on its own: the end of the device is the uninit.
    if (isDevm(R.From, Flow) && !freedLater(R)) {
      if (!putBehindUses(R))
        putInstead(R, 0, StepId::PutDevmDevice);
      continue;
    }
    if (isHalfDone(R) && !freedLater(R) && !putLater(R)) {
      putInstead(R, 0, StepId::PutInsteadOfFree);
      continue;
    }
    removeCall(*R.U, R.S->Call);
    step(StepId::RemoveUninit, *R.U, R.S->Call->getBeginLoc());
  }
}

/// True where \p Free frees what a member of the structure points to, and its
/// function uninits no device there: another instance, which may be none.
bool Conversion::isOtherInstance(const SiteRef &Free) const {
  const Expr *Arg = strip(Free.S->Call->getArg(Free.S->Api->Subject));
  const auto *Member = dyn_cast<MemberExpr>(Arg);
  if (!Member || !Member->isArrow() ||
      pointeeRecord(Member->getBase()->getType()) !=
          pointeeRecord(Arg->getType()))
    return false;
  std::string Text = Free.U->text(Arg->getSourceRange());
  return llvm::none_of(D.Uninits, [&](const SiteRef &R) {
    return R.U == Free.U && R.S->In == Free.S->In &&
           llvm::StringRef(R.U->text(R.S->Call->getArg(0)->getSourceRange()))
               .contains(Text);
  });
}

void Conversion::convertFrees() {
  bool Any = false;
  for (const SiteRef &R : D.Frees) {
    SourceLocation Loc = R.S->Call->getBeginLoc();
    if (R.From.empty()) {
      refuse(RefusalId::UnpairedCleanup, *R.U, Loc,
             "which allocation is freed here could not be followed",
             "pass the structure as an argument or by drvdata");
      continue;
    }
    bool Device = false, Other = false;
    for (unsigned A : R.From)
      (D.Allocs.count(A) ? Device : Other) = true;
    if (!Device)
      continue;
    Any = true;
    if (Handled.count(R.S->Call))
      continue;
    if (Other) {
      refuse(RefusalId::MixedAllocation, *R.U, Loc,
             "both a vfio device and a structure that is none are freed here",
             "free the two in functions of their own");
      continue;
    }
    if (isOtherInstance(R)) {
      refuse(
          RefusalId::MixedAllocation, *R.U, Loc,
          "what is freed here is kept in a member of the structure and is of "
          "its type, and nothing ends a device in it",
          "give what is no device a type of its own");
      continue;
    }
    putInstead(R, R.S->Api->Subject, StepId::PutInsteadOfFree);
  }
  bool Devm = isDevm(D.Allocs, Flow);
  if (!Any && !Devm && Handled.empty() && !D.Lacking.U)
    refuse(RefusalId::UnpairedCleanup, *D.first().U,
           D.first().S->Call->getBeginLoc(),
           "the structure is never freed in the files that were read",
           "give vfio-migrate all files of the driver");
  if (Devm && D.Uninits.empty())
    refuse(RefusalId::UnpairedCleanup, *D.first().U,
           D.first().S->Call->getBeginLoc(),
           "devm frees the structure and nothing ends its device",
           "add the uninit call where the driver unbinds");
}

/// The member of the structure that \p S frees, as text; empty where \p S is
/// anything else.
static std::string freedMember(const Unit &U, const Stmt *S) {
  const auto *Call = dyn_cast<CallExpr>(S);
  const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
  if (!Api || Api->Kind != Role::Free ||
      Api->Subject >= int(Call->getNumArgs()))
    return {};
  const auto *Member = dyn_cast<MemberExpr>(strip(Call->getArg(Api->Subject)));
  DeviceRecord R =
      Member ? findDevicePointee(Member->getBase()->getType(), U.Model->Ctx)
             : DeviceRecord();
  return R ? U.text(Member->getSourceRange()) : std::string();
}

/// What remove frees while an open file can still reach it is freed after the
/// unregister, which waits for the users.
void Conversion::freeAfterUnregister(const SiteRef &R) {
  const Unit &U = *R.U;
  std::vector<Item> Items = itemsOf(R.S->In);
  auto Unregister = llvm::find_if(
      Items, [&](const Item &I) { return holds(I.S, R.S->Call); });
  FileRange After = Unregister == Items.end()
                        ? FileRange()
                        : U.range(Unregister->S->getSourceRange());
  for (auto It = Items.begin(); After && It != Unregister; ++It) {
    std::string Freed = freedMember(U, It->S);
    // One that is set to NULL, or looked at again, has a story of its own.
    if (Freed.empty() || !It->Labels.empty() ||
        std::any_of(std::next(It), std::next(Unregister), [&](const Item &I) {
          return hasExit(I.S) || !I.Labels.empty() ||
                 llvm::StringRef(U.text(I.S->getSourceRange())).contains(Freed);
        }))
      continue;
    FileRange Free = U.range(It->S->getSourceRange());
    if (!edit(U, Free, It->S->getBeginLoc()) ||
        !edit(U, After, R.S->Call->getBeginLoc()))
      return;
    unsigned Begin = Edits.startWithComment(Free.File, Free.Begin);
    unsigned End = Edits.lineEnd(Free.File, Free.End);
    std::string Lines = Edits.original(Free.File).slice(Begin, End).str();
    Edits.removeStatement({Free.File, Begin, End - 1});
    Edits.insertLinesAfter(After.File, After.End, Lines);
    step(StepId::FreeAfterUnregister, U, It->S->getBeginLoc(), {Freed});
    Bugs.push_back({"OldBug",
                    U.place(It->S->getBeginLoc()),
                    Freed + " is freed while the device is still registered "
                            "and user space can reach it",
                    {}});
  }
}

} // namespace vfio::rewriter
