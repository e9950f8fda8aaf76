//===- CoreTimeRules.cpp - What must be there before it is used ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"
#include "lifecycle/CoreRules.h"
#include "lifecycle/OtherLives.h"
#include "lifecycle/Owners.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace vfio {

//===-- IOMMU groups ------------------------------------------------------===//

static bool isMdevDriver(const BusDriver &B) {
  const RecordDecl *R = B.Var->getASTContext()
                            .getBaseElementType(B.Var->getType())
                            ->getAsRecordDecl();
  return R && R->getIdentifier() && R->getName() == "mdev_driver";
}

/// A mediated device has no IOMMU, so no group: core makes one in the emulated
/// registration, or the driver does.
static void judgeGroup(const TUModel &Model, const BusDriver &B, Remarks &Out) {
  if (!isMdevDriver(B) || !Model.definition(B.Probe) ||
      !declaresAny(Model.Ctx, functionsThat(Tell::MakesGroup)))
    return;
  Story S(Model, B.Probe);
  const StoryStep *Register = S.find(Tell::WantsGroup);
  if (!Register || !S.isWhole() || S.find(Tell::KnowsGroup) ||
      S.find(Tell::MakesGroup))
    return;
  Out.push_back({RemarkKind::NoIommuGroup,
                 Register->At->getExprLoc(),
                 nullptr,
                 nullptr,
                 B.Probe,
                 Register->At,
                 {}});
}

//===-- Members -----------------------------------------------------------===//

namespace {
/// Where all of the driver writes the members of its structures.
struct Writers {
  explicit Writers(const TUModel &Model) {
    for (const FunctionDecl *F : Model.Functions) {
      Story Own(Model, F);
      for (const StoryStep &S : Own.steps())
        if (S.In == F &&
            (S.What == StoryStep::Write || S.What == StoryStep::Address))
          Of[S.Field->getCanonicalDecl()].push_back(S.At);
    }
  }
  llvm::DenseMap<const FieldDecl *, llvm::SmallVector<const Expr *, 4>> Of;

  /// True where nothing writes \p Field but what \p Known has.
  bool onlyBy(const FieldDecl *Field,
              const llvm::SmallPtrSetImpl<const Expr *> &Known) const {
    auto It = Of.find(Field->getCanonicalDecl());
    return It != Of.end() && llvm::all_of(It->second, [&](const Expr *E) {
             return Known.contains(E);
           });
  }
};

/// Members by where they are first written.
using Late = llvm::MapVector<const FieldDecl *, const StoryStep *>;
} // namespace

static bool isZero(const Expr *E, const ASTContext &Ctx) {
  Expr::EvalResult R;
  return E && ((E->EvaluateAsInt(R, Ctx) && R.Val.getInt() == 0) ||
               E->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                                        Expr::NPC_ValueDependentIsNotNull));
}

/// The members of \p Record that \p S writes after \p From, and that nothing
/// else of the driver writes.
static Late writtenAfter(const TUModel &Model, const Story &S,
                         const StoryStep *From, const RecordDecl *Record,
                         const Writers &All) {
  llvm::SmallPtrSet<const Expr *, 16> After;
  Late Out;
  for (const StoryStep &Step : S.steps()) {
    if (&Step <= From ||
        (Step.What != StoryStep::Write && Step.What != StoryStep::Address))
      continue;
    After.insert(Step.At);
    if (Step.What == StoryStep::Write && !Step.Later &&
        Step.Field->getParent()->getCanonicalDecl() ==
            Record->getCanonicalDecl() &&
        !isZero(Step.Value, Model.Ctx))
      Out.insert({Step.Field->getCanonicalDecl(), &Step});
  }
  Out.remove_if(
      [&](const auto &Item) { return !All.onlyBy(Item.first, After); });
  return Out;
}

static void judgeInitReads(const TUModel &Model, const FunctionDecl *Init,
                           const Late &After, Remarks &Out) {
  Story S(Model, Init);
  llvm::SmallPtrSet<const FieldDecl *, 4> Said;
  for (const StoryStep &Step : S.steps()) {
    if (Step.What != StoryStep::Read || Step.Later || Step.Tests)
      continue;
    auto It = After.find(Step.Field->getCanonicalDecl());
    if (It == After.end() || !Said.insert(It->first).second)
      continue;
    Out.push_back({RemarkKind::InitReads,
                   Step.At->getExprLoc(),
                   nullptr,
                   It->first,
                   Init,
                   Step.At,
                   {{RemarkNote::SetHere, It->second->At->getExprLoc()}}});
  }
}

/// The locks that are held at \p At: taken before it, and given back only on
/// ways that do not come there.
static llvm::SmallVector<Named, 2> locksAt(const Story &Told,
                                           const StoryStep &At) {
  llvm::SmallVector<std::pair<Named, unsigned>, 2> Held;
  for (const StoryStep &S : Told.steps()) {
    if (&S == &At)
      break;
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !D->Row || D->Row->Kind != ResourceKind::Lock)
      continue;
    if (!D->Gives)
      Held.push_back({D->What, S.Around});
    else
      llvm::erase_if(Held, [&](const auto &Lock) {
        return Lock.second == S.Around && Lock.first.mayBe(D->What);
      });
  }
  llvm::SmallVector<Named, 2> Out;
  for (const auto &[Lock, Around] : Held)
    Out.push_back(Lock);
  return Out;
}

namespace {
/// How a probe function keeps others from what it has not set yet.
class Gates {
public:
  Gates(const TUModel &Model, const Story &Probe, const StoryStep *Register)
      : Model(Model), Probe(Probe), Register(Register) {
    for (const StoryStep &S : Probe.steps())
      if (std::optional<Deed> D = deedOf(Probe, S);
          D && D->Row && D->Row->Kind == ResourceKind::Lock && D->What.Field)
        Locks.insert(D->What.Field->getCanonicalDecl());
  }

  /// The last step behind the registration by which probe tells something in
  /// \p Field; null where it tells nothing there.
  const StoryStep *lastTold(const FieldDecl *Field) const {
    const StoryStep *Last = nullptr;
    // The device itself is named by whoever uses anything of it; and what the
    // kernel has in its structures, a struct device say, by who only prints.
    if (Locks.contains(Field->getCanonicalDecl()) ||
        !Model.isDriverFile(Field->getLocation()) ||
        findDeviceRecord(Field->getType()->getAsRecordDecl(),
                         Field->getASTContext()))
      return nullptr;
    for (const StoryStep &S : Probe.steps())
      if (&S > Register && !S.Later &&
          (S.What == StoryStep::Write || S.What == StoryStep::Address) &&
          S.Field->getCanonicalDecl() == Field->getCanonicalDecl())
        Last = &S;
    return Last;
  }

  /// True where \p Callback comes to \p Use only where it is told that \p Set
  /// was done, or finds it done.
  bool areAsked(const Story &Callback, const StoryStep &Use,
                const StoryStep &Set) const {
    Asked A = askedBefore(Model, Callback, Use);
    if (A.Called)
      for (const StoryStep &S : Callback.steps())
        if (&S < &Use && asks(S))
          A.Members.push_back(S.Field);
    return llvm::any_of(A.Members, [&](const FieldDecl *Field) {
      const StoryStep *Told = lastTold(Field);
      return Told && Told >= &Set;
    });
  }

  /// True where \p S looks at a member.
  static bool asks(const StoryStep &S) {
    return (S.What == StoryStep::Read || S.What == StoryStep::Address) &&
           !S.Later;
  }

  /// True where \p Use, in \p Callback, waits for a lock that probe holds from
  /// before the registration until it has done \p Set.
  bool locksOut(const StoryStep &Set, const Story &Callback,
                const StoryStep &Use) const {
    llvm::SmallVector<Named, 2> Before = locksAt(Probe, *Register);
    llvm::SmallVector<Named, 2> Then = locksAt(Probe, Set);
    llvm::SmallVector<Named, 2> There = locksAt(Callback, Use);
    return llvm::any_of(There, [&](const Named &Lock) {
      auto Is = [&](const Named &Other) { return Other.mayBe(Lock); };
      return llvm::any_of(Before, Is) && llvm::any_of(Then, Is);
    });
  }

private:
  const TUModel &Model;
  const Story &Probe;
  const StoryStep *Register;
  llvm::SmallPtrSet<const FieldDecl *, 2> Locks;
};
} // namespace

/// The last of the steps of probe that writes what `.open_device` asks: until
/// then no other callback can run.
static const StoryStep *readyStep(const TUModel &Model, const OpsTable &Table,
                                  const Gates &Known) {
  const FunctionDecl *Open = Model.definition(Table.callback("open_device"));
  const StoryStep *Last = nullptr;
  if (!Open)
    return nullptr;
  Story S(Model, Open);
  for (const StoryStep &Step : S.steps())
    if (const StoryStep *Told =
            Gates::asks(Step) ? Known.lastTold(Step.Field) : nullptr;
        Told && Told > Last)
      Last = Told;
  return Last;
}

static void judgeSetLate(const TUModel &Model, const OpsTable &Table,
                         const Story &Probe, const StoryStep *Register,
                         const Late &After, Remarks &Out) {
  if (After.empty())
    return;
  llvm::SmallPtrSet<const FieldDecl *, 4> Said;
  Gates Known(Model, Probe, Register);
  const StoryStep *Ready = readyStep(Model, Table, Known);
  for (const OpsTable::Member &M : Table.Members) {
    llvm::StringRef Name = M.Field->getName();
    if (!M.Callback || Name == "init" || Name == "release")
      continue;
    Story S(Model, M.Callback);
    for (const StoryStep &Step : S.steps()) {
      if (Step.What != StoryStep::Read || Step.Later || Step.Tests)
        continue;
      auto It = After.find(Step.Field->getCanonicalDecl());
      // A flag may say that the device is ready.
      if (It == After.end() || It->first->getType()->isBooleanType() ||
          (Ready && It->second < Ready && Name != "open_device") ||
          Known.areAsked(S, Step, *It->second) ||
          Known.locksOut(*It->second, S, Step) ||
          !Said.insert(It->first).second)
        continue;
      Out.push_back({RemarkKind::SetLate,
                     It->second->At->getExprLoc(),
                     nullptr,
                     It->first,
                     M.Callback,
                     It->second->At,
                     {{RemarkNote::RegisteredHere, Register->At->getExprLoc()},
                      {RemarkNote::UsedHere, Step.At->getExprLoc()}}});
    }
  }
}

/// The first step of \p S that registers a device.
static const StoryStep *registration(const Story &S) {
  auto It = llvm::find_if(
      S.steps(), [](const StoryStep &Step) { return isRegister(Step.role()); });
  return It == S.steps().end() ? nullptr : &*It;
}

static void judgeMembers(const TUModel &Model, const BusDriver &B,
                         const Writers &All, Remarks &Out) {
  const FunctionDecl *Probe = Model.definition(B.Probe);
  if (!Probe)
    return;
  Story S(Model, Probe);
  const StoryStep *Alloc = S.find(Role::AllocDevice);
  const StoryStep *Register = registration(S);
  for (const Site &At : Model.Sites) {
    if (!Alloc || At.Call != Alloc->At || !At.Ops.Complete ||
        !At.Device.Record.Record)
      continue;
    const RecordDecl *Record = At.Device.Record.Record;
    for (const OpsTable *Table : At.Ops.Tables) {
      const FunctionDecl *Init = Model.definition(Table->callback("init"));
      if (Init)
        judgeInitReads(Model, Init, writtenAfter(Model, S, Alloc, Record, All),
                       Out);
      if (Register)
        judgeSetLate(Model, *Table, S, Register,
                     writtenAfter(Model, S, Register, Record, All), Out);
    }
  }
}

void judgeTooLate(const TUModel &Model, Remarks &Out) {
  if (!hasNewModel(Model.Gen) || Model.BusDrivers.empty())
    return;
  Writers All(Model);
  for (const BusDriver &B : Model.BusDrivers) {
    judgeGroup(Model, B, Out);
    judgeMembers(Model, B, All, Out);
  }
}

} // namespace vfio
