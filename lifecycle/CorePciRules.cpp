//===- CorePciRules.cpp - What core asks of a PCI driver ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/CoreRules.h"
#include "lifecycle/Owners.h"
#include "lifecycle/Story.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace vfio {

static bool isNullConstant(const Expr *E, const ASTContext &Ctx) {
  return E->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                                  Expr::NPC_ValueDependentIsNotNull);
}

static bool isFunctionOf(const FunctionDecl *F, Role R) {
  const ApiFunction *Api = F->getIdentifier() ? findApi(F->getName()) : nullptr;
  return Api && Api->Kind == R;
}

static bool isCoreClose(const FunctionDecl *F) {
  return F && F->getIdentifier() && tellOf(F->getName()) == Tell::ClosesCore;
}

//===-- .init -------------------------------------------------------------===//

static void judgeInit(const TUModel &Model, const OpsTable &Table,
                      const Owners &Known, Remarks &Out) {
  if (!declaresAny(Model.Ctx, functionsOf(Role::PciInitDev)))
    return;
  const Site *User = nullptr;
  for (const Owners::Owner &O : Known.List)
    if (O.Origin && O.Origin->Api->Kind == Role::AllocDevice)
      User = O.Origin;
  if (!User)
    return;
  const OpsTable::Member *M = Table.find("init");
  if (M) {
    if (!M->Callback || isFunctionOf(M->Callback, Role::PciInitDev) ||
        !Model.definition(M->Callback))
      return;
    Story S(Model, M->Callback);
    if (!S.isWhole() || S.find(Role::PciInitDev))
      return;
  }
  // Probe itself may do it, late but before anything is used.
  for (const BusDriver &B : Model.BusDrivers)
    if (B.Probe && Story(Model, B.Probe).find(Role::PciInitDev))
      return;
  Out.push_back({RemarkKind::PciNoInit,
                 M ? M->Value->getExprLoc() : Table.Var->getLocation(),
                 Table.Var,
                 nullptr,
                 M ? M->Callback : nullptr,
                 nullptr,
                 {{RemarkNote::AllocatedHere, User->Call->getExprLoc()}}});
}

namespace {
/// Whether a function writes to one of its variables, or lets others.
struct Writes : EvaluatedVisitor<Writes> {
  const VarDecl *Var;
  bool Any = false;
  explicit Writes(const VarDecl *Var) : Var(Var) {}
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    Any |= BO->isAssignmentOp() && namedVar(BO->getLHS()) == Var;
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    Any |= (UO->isIncrementDecrementOp() || UO->getOpcode() == UO_AddrOf) &&
           namedVar(UO->getSubExpr()) == Var;
    return true;
  }
};
} // namespace

static bool writes(const FunctionDecl *F, const VarDecl *Var) {
  Writes Found(Var);
  Found.TraverseStmt(F->getBody());
  return Found.Any;
}

//===-- Opened and closed -------------------------------------------------===//

/// What the branch at the end of \p B, in \p F, is decided by: a parameter for
/// which \p Via, the call that led there, has a number. Nothing where it is
/// not.
static std::optional<bool> decidedBy(const CallExpr *Via, const FunctionDecl *F,
                                     const CFGBlock *B, const ASTContext &Ctx) {
  const Expr *Asked = B->succ_size() == 2 ? B->getLastCondition() : nullptr;
  if (!Via || !Asked || isa<SwitchStmt>(B->getTerminatorStmt()))
    return std::nullopt;
  bool Truth = true;
  Asked = Asked->IgnoreParenImpCasts();
  while (const auto *UO = dyn_cast<UnaryOperator>(Asked)) {
    if (UO->getOpcode() != UO_LNot)
      return std::nullopt;
    Truth = !Truth;
    Asked = UO->getSubExpr()->IgnoreParenImpCasts();
  }
  // One that can be written to may have another value by then.
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(namedVar(Asked));
  Expr::EvalResult Given;
  if (!Param || writes(F, Param) ||
      Param->getFunctionScopeIndex() >= Via->getNumArgs() ||
      !Via->getArg(Param->getFunctionScopeIndex())->EvaluateAsInt(Given, Ctx))
    return std::nullopt;
  return (Given.Val.getInt() != 0) == Truth;
}

/// True where some way through \p F, from its beginning to its end, meets no
/// call of core's close, in \p F or in a helper that always calls it. \p Via
/// is what called it; null for the callback itself.
static bool canSkip(const TUModel &Model, const FunctionDecl *F, unsigned Depth,
                    const CallExpr *Via = nullptr) {
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(F, F->getBody(), &Model.Ctx, CFG::BuildOptions());
  if (!Graph || Depth > 4)
    return false;
  auto Calls = [&](const CFGBlock *B) {
    return llvm::any_of(*B, [&](const CFGElement &E) {
      auto S = E.getAs<CFGStmt>();
      const auto *Call = S ? dyn_cast<CallExpr>(S->getStmt()) : nullptr;
      const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
      if (!Callee)
        return false;
      if (isCoreClose(Callee))
        return true;
      const FunctionDecl *Def = Model.definition(Callee);
      if (!Def || Def == F)
        return false;
      return Story(Model, Def).find(Tell::ClosesCore) &&
             !canSkip(Model, Def, Depth + 1, Call);
    });
  };
  llvm::SmallVector<const CFGBlock *, 16> Work{&Graph->getEntry()};
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  while (!Work.empty()) {
    const CFGBlock *B = Work.pop_back_val();
    if (!Seen.insert(B).second || B->hasNoReturnElement() || Calls(B))
      continue;
    if (B == &Graph->getExit())
      return true;
    std::optional<bool> Way = decidedBy(Via, F, B, Model.Ctx);
    for (auto Next = B->succ_begin(); Next != B->succ_end(); ++Next)
      if (const CFGBlock *To = Next->getReachableBlock();
          To && (!Way || *Way == (Next == B->succ_begin())))
        Work.push_back(To);
  }
  return false;
}

static void judgeClose(const TUModel &Model, const OpsTable &Table,
                       SourceLocation Enabled, Remarks &Out) {
  const OpsTable::Member *M = Table.find("close_device");
  if (!M) {
    Out.push_back({RemarkKind::CloseMissing,
                   Table.Var->getLocation(),
                   Table.Var,
                   nullptr,
                   nullptr,
                   nullptr,
                   {{RemarkNote::EnabledHere, Enabled}}});
    return;
  }
  const FunctionDecl *Def = Model.definition(M->Callback);
  if (!Def || isCoreClose(M->Callback))
    return;
  Story S(Model, Def);
  Remark R{RemarkKind::CloseNotCore,
           Def->getLocation(),
           Table.Var,
           nullptr,
           Def,
           nullptr,
           {{RemarkNote::EnabledHere, Enabled}}};
  if (S.find(Tell::ClosesCore)) {
    if (!canSkip(Model, Def, 0))
      return;
    R.Kind = RemarkKind::CloseSkipsCore;
  } else if (!S.isWhole() || S.find(Tell::DisablesCore)) {
    return;
  }
  Out.push_back(R);
}

static void judgeOpen(const TUModel &Model, const OpsTable &Table,
                      Remarks &Out) {
  const FunctionDecl *Open = Model.definition(Table.callback("open_device"));
  if (!Open)
    return;
  Story S(Model, Open);
  const StoryStep *Enable = S.find(Tell::EnablesCore);
  if (!Enable)
    return;
  if (S.isWhole() && !S.find(Tell::FinishesEnable))
    Out.push_back({RemarkKind::OpenNoFinish,
                   Open->getLocation(),
                   Table.Var,
                   nullptr,
                   Open,
                   nullptr,
                   {{RemarkNote::EnabledHere, Enable->At->getExprLoc()}}});
  judgeClose(Model, Table, Enable->At->getExprLoc(), Out);
}

//===-- drvdata -----------------------------------------------------------===//

/// True where \p E, kept as drvdata, is surely not the address of the core
/// device: another member of its structure, or a pointer to another structure.
static bool isOtherThanCore(const TUModel &Model, const Expr *E) {
  const Expr *S = strip(E);
  const auto *UO = dyn_cast<UnaryOperator>(S);
  // `x->label`, an array, is its address as well.
  if ((UO && UO->getOpcode() == UO_AddrOf) ||
      (isa<MemberExpr>(S) && S->getType()->isArrayType())) {
    const auto *M =
        dyn_cast<MemberExpr>(UO ? UO->getSubExpr()->IgnoreParens() : S);
    int64_t Offset = 0;
    const RecordDecl *R = nullptr;
    for (; M; M = dyn_cast<MemberExpr>(M->getBase()->IgnoreParenImpCasts())) {
      const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl());
      if (!Field || Field->getParent()->isInvalidDecl())
        return false;
      Offset += Model.Ctx.getFieldOffset(Field);
      R = Field->getParent();
      if (M->isArrow())
        break;
    }
    DeviceRecord D = findDeviceRecord(R, Model.Ctx);
    return D && embedsPciCore(D) && Offset != D.Offset * 8;
  }
  QualType Pointee = S->getType()->getPointeeType();
  if (isa<DeclRefExpr, MemberExpr>(S) && !Pointee.isNull() &&
      Pointee->isArithmeticType())
    return true;
  const RecordDecl *R = pointeeRecord(S->getType());
  if (!R || !isa<DeclRefExpr, MemberExpr>(S))
    return false;
  if (R->getDefinition())
    return !findDeviceRecord(R->getDefinition(), Model.Ctx);
  // A structure that is only declared, and that the device's points to, is not
  // the device's.
  const auto *M = dyn_cast<MemberExpr>(S);
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  DeviceRecord Around = Field && !Field->getParent()->isInvalidDecl()
                            ? findDeviceRecord(Field->getParent(), Model.Ctx)
                            : DeviceRecord();
  return Around && embedsPciCore(Around);
}

/// True where the device of \p Step, a call that sets drvdata, is surely what
/// the bus calls \p F for: it is reached from the first parameter.
static bool isOwnDevice(const Story &S, const StoryStep &Step,
                        const FunctionDecl *F) {
  Named N = S.nameOf(Step.call()->getArg(Step.api()->Device), Step.Frame);
  return N.Root && F->getNumParams() && N.Root == F->getParamDecl(0);
}

static bool setsElsewhere(const TUModel &Model, const Story &S) {
  return llvm::any_of(Model.Sites, [&](const Site &At) {
    return At.Api->Kind == Role::SetDrvdata &&
           llvm::none_of(S.steps(), [&](const StoryStep &Step) {
             return Step.At == At.Call;
           });
  });
}

/// What is kept as drvdata by \p Step: a local that only ever is the address of
/// one thing stands for that.
static const Expr *keptBy(const Story &S, const StoryStep &Step) {
  const Expr *What =
      S.sourceOf(Step.call()->getArg(Step.api()->Subject), Step.Frame);
  const VarDecl *Var = namedVar(What);
  const Expr *Only = Var ? S.onlyValueOf(Var) : nullptr;
  const auto *UO = Only ? dyn_cast<UnaryOperator>(strip(Only)) : nullptr;
  return UO && UO->getOpcode() == UO_AddrOf ? Only : What;
}

/// The member that \p Condition asks, and nothing else; null where it asks
/// something else.
static const FieldDecl *askedMember(const Expr *Condition) {
  const Expr *E = Condition ? strip(Condition) : nullptr;
  if (const auto *UO = dyn_cast_or_null<UnaryOperator>(E))
    E = UO->getOpcode() == UO_LNot ? strip(UO->getSubExpr()) : nullptr;
  const auto *M = dyn_cast_or_null<MemberExpr>(E);
  return M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
}

/// The member on which \p Set depends, where \p Register, further down in the
/// same function, does not depend on it as well; null where there is none.
static const FieldDecl *onlyWhere(const Story &S, const StoryStep &Set,
                                  const StoryStep &Register) {
  if (Set.Frame != Register.Frame)
    return nullptr;
  auto Others = S.conditionsOf(Register);
  for (const auto &[Condition, Frame] : S.conditionsOf(Set)) {
    const FieldDecl *Field = askedMember(Condition);
    if (Field && llvm::none_of(Others, [&](const auto &Other) {
          return !Other.first || askedMember(Other.first) == Field;
        }))
      return Field;
  }
  return nullptr;
}

/// \p Set is the last before \p Register that sets drvdata, or the \p Only one.
static void judgeKept(const TUModel &Model, const Story &S,
                      const FunctionDecl *Probe, const StoryStep &Set,
                      const StoryStep &Register, bool Only, Remarks &Out) {
  if (!isOwnDevice(S, Set, Probe))
    return;
  Remark R{RemarkKind::DrvdataWrong,
           Set.At->getExprLoc(),
           nullptr,
           nullptr,
           Probe,
           Set.At,
           {{RemarkNote::RegisteredHere, Register.At->getExprLoc()}}};
  if (Only && S.isWhole() && !setsElsewhere(Model, S))
    R.Member = onlyWhere(S, Set, Register);
  if (R.Member) {
    R.Kind = RemarkKind::DrvdataSometimes;
  } else {
    R.At = keptBy(S, Set);
    R.Where = R.At->getExprLoc();
    if (!isOtherThanCore(Model, R.At))
      return;
  }
  Out.push_back(R);
}

static void judgeProbe(const TUModel &Model, const FunctionDecl *Probe,
                       Remarks &Out) {
  Story S(Model, Probe);
  const StoryStep *Register = S.find(Role::PciRegister);
  if (!Register)
    return;
  const StoryStep *Last = nullptr, *Later = nullptr;
  unsigned Before = 0;
  for (const StoryStep &Step : S.steps()) {
    if (Step.role() != Role::SetDrvdata || Step.Later)
      continue;
    const Expr *What = Step.call()->getArg(Step.api()->Subject);
    if (isNullConstant(What, Model.Ctx))
      continue;
    (&Step < Register ? Last : Later) = &Step;
    Before += &Step < Register;
  }
  if (Last)
    return judgeKept(Model, S, Probe, *Last, *Register, Before == 1, Out);
  if (!S.isWhole() || setsElsewhere(Model, S))
    return;
  Remark R{RemarkKind::DrvdataNever,
           Register->At->getExprLoc(),
           nullptr,
           nullptr,
           Probe,
           Register->At,
           {}};
  if (Later) {
    R.Kind = RemarkKind::DrvdataLate;
    R.Notes.push_back({RemarkNote::SetHere, Later->At->getExprLoc()});
  }
  Out.push_back(R);
}

static void judgeRemove(const TUModel &Model, const FunctionDecl *Remove,
                        Remarks &Out) {
  Story S(Model, Remove);
  const StoryStep *End = S.find(Role::PciUnregister);
  if (!End)
    return;
  const StoryStep *Cleared = nullptr;
  for (const StoryStep &Step : S.steps()) {
    if (&Step == End)
      break;
    if (Step.role() != Role::SetDrvdata || Step.Later ||
        !isOwnDevice(S, Step, Remove))
      continue;
    bool Null =
        isNullConstant(Step.call()->getArg(Step.api()->Subject), Model.Ctx);
    Cleared = Null ? &Step : nullptr;
  }
  if (Cleared)
    Out.push_back({RemarkKind::DrvdataCleared,
                   Cleared->At->getExprLoc(),
                   nullptr,
                   nullptr,
                   Remove,
                   Cleared->At,
                   {{RemarkNote::UsedHere, End->At->getExprLoc()}}});
}

void judgePciRules(const TUModel &Model, Remarks &Out) {
  if (!hasNewModel(Model.Gen))
    return;
  for (const OpsTable &Table : Model.Ops->tables()) {
    if (Table.Opaque || Table.CopyOf)
      continue;
    Owners Known = ownersOfTable(Model, Table);
    if (llvm::any_of(Known.List, [](const Owners::Owner &O) {
          return embedsPciCore(O.Record);
        }))
      judgeInit(Model, Table, Known, Out);
    judgeOpen(Model, Table, Out);
  }
  llvm::SmallPtrSet<const FunctionDecl *, 4> Seen;
  for (const BusDriver &B : Model.BusDrivers) {
    if (const FunctionDecl *F = Model.definition(B.Probe);
        F && Seen.insert(F).second)
      judgeProbe(Model, F, Out);
    if (const FunctionDecl *F = Model.definition(B.Remove);
        F && Seen.insert(F).second)
      judgeRemove(Model, F, Out);
  }
}

} // namespace vfio
