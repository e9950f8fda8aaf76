//===- PairRules.cpp - What an opener takes, its closer gives back --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Iommufd.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

Remark takenRemark(RemarkKind Kind, SourceLocation Where,
                   const FieldDecl *Member, const FunctionDecl *In,
                   const Expr *At, const Holding &H) {
  Remark Found{Kind,
               Where,
               nullptr,
               Member,
               In,
               At,
               {{RemarkNote::TakenHere, H.At->getExprLoc()}}};
  Found.Resource = H.Kind;
  Found.TakenBy = H.At;
  return Found;
}

/// \p E without the 1 that \p Op adds or subtracts last; null where none is.
static const Expr *withoutOne(const Expr *E, BinaryOperatorKind Op,
                              const ASTContext &Ctx) {
  const auto *BO = dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts());
  Expr::EvalResult By;
  return BO && BO->getOpcode() == Op && BO->getRHS()->EvaluateAsInt(By, Ctx) &&
                 By.Val.getInt() == 1
             ? BO->getLHS()
             : nullptr;
}

/// The member that has the id which the call of \p S, by \p Row, takes where it
/// takes any; null where that is not known.
static const Expr *onlyIdOf(const Story &Told, const StoryStep &S,
                            const ResourceRow &Row) {
  if (Row.First < 0 || Row.Last >= int(S.call()->getNumArgs()))
    return nullptr;
  const ASTContext &Ctx = S.Callee->getASTContext();
  const Expr *First = S.call()->getArg(Row.First);
  const Expr *Last = S.call()->getArg(Row.Last);
  if (Row.Past)
    Last = withoutOne(Last, BO_Add, Ctx);
  else if (const Expr *End = withoutOne(Last, BO_Sub, Ctx))
    Last = withoutOne(End, BO_Add, Ctx);
  if (!Last)
    return nullptr;
  const FieldDecl *A = Told.nameOf(First, S.Frame).Field;
  const FieldDecl *B = Told.nameOf(Last, S.Frame).Field;
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl() ? First
                                                                  : nullptr;
}

std::optional<Deed> deedOf(const Story &Told, const StoryStep &S) {
  if (S.What != StoryStep::Call || !S.Callee || !S.Callee->getIdentifier())
    return std::nullopt;
  Deed D;
  D.Step = &S;
  int Key = -1;
  if (const ApiFunction *Api = findApi(S.Callee->getName())) {
    D.Gives = Api->Kind == Role::Free;
    if (!D.Gives && Api->Kind != Role::Allocate)
      return std::nullopt;
    Key = D.Gives ? Api->Subject : -1;
    // The structure with the device in it is no member of another; a second one
    // that a member points to is but memory.
    if (D.Gives && Key < int(S.call()->getNumArgs()) &&
        !isa<MemberExpr>(S.call()->getArg(Key)->IgnoreParenCasts()) &&
        findDevicePointee(
            S.call()->getArg(Key)->IgnoreParenImpCasts()->getType(),
            S.Callee->getASTContext()))
      return std::nullopt;
  } else if ((D.Row = findHolding(S.Callee->getName()))) {
    if (!givesAsWritten(*D.Row, S.call()))
      return std::nullopt;
    D.Gives = D.Row->Gives;
    Key = D.Row->Key;
    D.Given = onlyIdOf(Told, S, *D.Row);
  } else {
    return std::nullopt;
  }
  if (Key >= 0 && Key < int(S.call()->getNumArgs()))
    D.Given = S.call()->getArg(Key);
  if (D.Given)
    D.What = Told.nameOf(D.Given, S.Frame,
                         D.Row && (D.Row->Kind == ResourceKind::Work ||
                                   D.Row->Kind == ResourceKind::File));
  return D;
}

bool gives(const Deed &D, unsigned Group) {
  const ResourceRow *Also =
      D.Row && !D.Row->Also.empty() ? findHolding(D.Row->Also) : nullptr;
  return D.Gives && (groupOf(D) == Group || (Also && Also->Group == Group));
}

/// True where what \p S stores is what \p Call returned, itself or by a local
/// or a parameter.
static bool stores(const Story &Told, const StoryStep &S,
                   const CallExpr *Call) {
  // `x->on = p;` of a bool only says that there is one.
  if (!S.Value || (S.Field && S.Field->getType()->isBooleanType()))
    return false;
  Named N = Told.nameOf(S.Value, S.Frame);
  return N.RootCall == Call && !N.Field;
}

Named nameOfTaken(const Lives &L, const FunctionDecl *Root,
                  const CallExpr *Call) {
  const Story &Told = L.Known.story(Root);
  Named ByArgument;
  for (const StoryStep &S : Told.steps())
    if (S.At == Call)
      if (std::optional<Deed> D = deedOf(Told, S)) {
        ByArgument = D->What;
        // A reference has no name: what was taken by one pointer is given back
        // by another.
        if (D->What.Field && D->Row)
          return D->Row->Kind == ResourceKind::Reference ? Named() : D->What;
        // What is returned is not the thing, but how many of them there are.
        if (D->Row && D->Row->Key >= 0 && !Call->getType()->isPointerType())
          return ByArgument;
      }
  Named Out;
  for (const StoryStep &S : Told.steps())
    if (S.What == StoryStep::Write && stores(Told, S, Call))
      Out.Field = S.Field;
  if (Out.Field)
    return Out;
  for (const StoryStep &S : Told.steps())
    if (S.What == StoryStep::WriteGlobal && stores(Told, S, Call))
      Out.Root = S.Global;
  return Out.Root ? Out : ByArgument;
}

/// True where \p Outer begins with \p Inner, or is it.
static bool beginsWith(const RecordDecl *Outer, const RecordDecl *Inner) {
  while (Outer && Outer->getCanonicalDecl() != Inner->getCanonicalDecl()) {
    Outer = Outer->getDefinition();
    Outer = Outer && !Outer->field_empty()
                ? (*Outer->field_begin())->getType()->getAsRecordDecl()
                : nullptr;
  }
  return Outer;
}

/// True where a pointer of type \p Given is not what \p Field holds: they point
/// to different structures.
static bool areOfOtherKinds(QualType Given, const FieldDecl *Field,
                            const ASTContext &Ctx) {
  auto Pointee = [&](QualType T) {
    T = Ctx.getBaseElementType(T);
    return T->isPointerType() ? T->getPointeeType().getCanonicalType()
                              : QualType();
  };
  QualType A = Pointee(Given), B = Pointee(Field->getType());
  if (A.isNull() || B.isNull() || A->isVoidType() || B->isVoidType() ||
      A->isCharType() || B->isCharType())
    return false;
  const RecordDecl *RA = A->getAsRecordDecl(), *RB = B->getAsRecordDecl();
  if (RA && RB)
    return !beginsWith(RA, RB) && !beginsWith(RB, RA);
  return (RA && B->isPointerType()) || (RB && A->isPointerType());
}

bool givesBack(const Lives &L, const FunctionDecl *F, unsigned Group,
               const Named &What, bool Many) {
  const Story &Told = L.Known.story(F);
  if (!Told.isWhole())
    return true;
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    return D && gives(*D, Group) && L.Moved.mayBe(D->What, What) &&
           !(Many && isOnlyOnce(Told, S, D->Given)) &&
           (D->Row || !D->Given || !What.Field || D->What.Field ||
            !areOfOtherKinds(D->Given->IgnoreParenCasts()->getType(),
                             What.Field, L.Model.Ctx));
  });
}

/// True where \p Opener makes a structure that counts its references, others
/// take some, and \p Other only drops one of those.
static bool dropsAnothers(const Lives &L, const Stages::Root &Opener,
                          const Stages::Root &Other) {
  if (Other.When != Stage::Later ||
      !L.Known.story(Opener.F).find(Tell::BeginsCount))
    return false;
  auto Some = [&](llvm::function_ref<bool(const StoryStep &)> Is) {
    return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
      return llvm::any_of(L.Known.story(R.F).steps(), Is);
    });
  };
  bool IsEnd = Some([&](const StoryStep &S) {
    return S.tells(Tell::DropsShare) && S.call()->getNumArgs() > 1 &&
           L.Model.definition(namedFunction(S.call()->getArg(1))) == Other.F;
  });
  return (IsEnd || L.Known.story(Other.F).find(Tell::DropsShare)) &&
         Some([](const StoryStep &S) { return S.tells(Tell::TakesShare); });
}

bool mayGiveBack(const Lives &L, const Stages::Root &Opener,
                 const Stages::Root &Other, unsigned Group, const Named &What,
                 bool Many) {
  bool OfModule = Opener.When == Stage::ModuleInit;
  // What a device has goes before its module; what a module has, with it.
  if (OfModule ? Other.When != Stage::ModuleExit && Other.When != Stage::Later
               : What.Field && (Other.When == Stage::ModuleExit ||
                                Other.When == Stage::ModuleInit))
    return false;
  // A local of another driver's is none of ours, whatever it is.
  if (!OfModule && !L.Known.mayMeet(Other.F, Opener.F))
    return false;
  return !dropsAnothers(L, Opener, Other) &&
         givesBack(L, Other.F, Group, What, Many);
}

/// True where the kernel itself may take \p H's end on: a file, a parent.
static bool isPlain(ResourceKind Kind) {
  return Kind != ResourceKind::Lock && Kind != ResourceKind::Counter;
}

//===-- An opener that fails ----------------------------------------------===//

static std::optional<RemarkKind> failureOf(Stage When) {
  switch (When) {
  case Stage::Init:
    return RemarkKind::InitKeeps;
  case Stage::Open:
    return RemarkKind::OpenKeeps;
  case Stage::Probe:
    return RemarkKind::ProbeKeeps;
  case Stage::ModuleInit:
    return RemarkKind::ModuleKeeps;
  default:
    return std::nullopt;
  }
}

/// True where \p H, taken in \p When, is another rule's: what `.init` takes of
/// the plain kinds is judged with `.release`, path by path. An element that has
/// no device in it may leave its list by its own end, or with the list.
static bool isForOthers(const Lives &L, Stage When, const Holding &H,
                        const Named &What) {
  if (When == Stage::Init)
    if (const ResourceRow *Row =
            H.Group == MemoryGroup
                ? nullptr
                : findHolding(H.At->getDirectCallee()->getName());
        !Row || !Row->OtherLives)
      return true;
  return H.Kind == ResourceKind::Entry &&
         !(What.Field && isOfDevice(L.Model, What.Field));
}

/// `x->up & IRQ_UP`
static bool isMask(const Expr *E) {
  const auto *BO = dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts());
  return BO && BO->getOpcode() == BO_And &&
         isa<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts());
}

/// True where \p Opener gives such a thing back where a bit of a member says
/// so: what the bits are, a path does not tell.
static bool isGivenByBooks(const Lives &L, const FunctionDecl *Opener,
                           unsigned Group, const Named &What) {
  const Story &Told = L.Known.story(Opener);
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !gives(*D, Group) || !L.Moved.mayBe(D->What, What))
      return false;
    return llvm::any_of(Told.conditionsOf(S), [](const auto &On) {
      return On.first && isMask(On.first);
    });
  });
}

bool isGivenByGuess(const Story &Told, const WayOut &W, const Holding &H,
                    const Named &What) {
  return llvm::any_of(W.Guesses, [&](const Expr *By) {
    return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
      std::optional<Deed> D = deedOf(Told, S);
      return D && gives(*D, H.Group) && D->What.mayBe(What) &&
             Told.isUnder(S, By);
    });
  });
}

static void judgeFailures(const Lives &L, const Stages::Root &R,
                          llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  std::optional<RemarkKind> Kind = failureOf(R.When);
  if (!Kind)
    return;
  llvm::DenseSet<std::pair<const Stmt *, const Stmt *>> Said;
  for (const WayOut &W : Ways) {
    if (!W.Fails)
      continue;
    for (const Holding &H : W.Held) {
      // How many pages were pinned, a sign does not tell.
      if (!isPlain(H.Kind) || H.Kind == ResourceKind::Pin || !H.At ||
          !Said.insert({W.Return, H.At}).second)
        continue;
      Named What = nameOfTaken(L, R.F, H.At);
      // What nothing points to any more nobody else can give back.
      bool Gone = llvm::any_of(
          W.Lost, [&](const Holding &Lost) { return Lost.At == H.At; });
      if (isForOthers(L, R.When, H, What) ||
          isCountedBack(L, R.F, H.At, H.Group) ||
          (W.Guessed && isGivenByBooks(L, R.F, H.Group, What)) ||
          isGivenByGuess(L.Known.story(R.F), W, H, What) ||
          (!Gone &&
           llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
             return !isSkippedWhenFailed(R.When, Other.When) &&
                    mayGiveBack(L, R, Other, H.Group, What);
           })))
        continue;
      Out.push_back(takenRemark(*Kind, W.Where, What.Field, R.F, nullptr, H));
    }
  }
}

//===-- A closer that keeps -----------------------------------------------===//

static std::optional<RemarkKind> keptKind(Stage When) {
  switch (When) {
  case Stage::Open:
  case Stage::Anytime:
    return RemarkKind::CloseKeeps;
  case Stage::Init:
    return RemarkKind::ReleaseKeeps;
  case Stage::Probe:
    return RemarkKind::RemoveKeeps;
  case Stage::ModuleInit:
    return RemarkKind::ExitKeeps;
  default:
    return std::nullopt;
  }
}

static bool isSame(const FunctionDecl *A, const FunctionDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// The closer of \p Opener, if the driver has one, for the message.
static const FunctionDecl *closerOf(const Lives &L,
                                    const Stages::Root &Opener) {
  for (const OpsTable &Table : L.Model.Ops->tables())
    for (const OpsTable::Member &M : Table.Members)
      if (isSame(M.Callback, Opener.F))
        return L.Model.definition(Table.callback(
            Opener.When == Stage::Init ? "release" : "close_device"));
  for (const BusDriver &B : L.Model.BusDrivers)
    if (isSame(B.Probe, Opener.F))
      return L.Model.definition(B.Remove);
  for (const Stages::Root &R : L.Known.roots())
    if (R.When == Stage::ModuleExit && Opener.When == Stage::ModuleInit)
      return R.F;
  return nullptr;
}

bool isForClosers(const Holding &H) {
  return isPlain(H.Kind) && H.Kind != ResourceKind::Work && H.At &&
         H.Kind != ResourceKind::CoreDevice;
}

/// True where \p Other is the operation of an ops table that undoes \p F.
static bool isUndoneBy(const Lives &L, const FunctionDecl *F,
                       const FunctionDecl *Other) {
  return llvm::any_of(L.Model.Ops->tables(), [&](const OpsTable &Table) {
    return llvm::any_of(Table.Members, [&](const OpsTable::Member &M) {
      llvm::StringRef By =
          isSame(M.Callback, F) ? undoneBy(M.Field->getName()) : "";
      return !By.empty() && isSame(Table.callback(By), Other);
    });
  });
}

/// True where something that runs besides the opener, and surely, may give it
/// back. An ioctl that could is none: user space need not call it.
static bool isGivenBack(const Lives &L, const Stages::Root &Opener,
                        const Holding &H, const Named &What, bool Many) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
    if (Other.F == Opener.F ||
        (Other.When == Stage::Anytime && !isUndoneBy(L, Opener.F, Other.F)) ||
        ((Opener.When == Stage::Probe || Opener.When == Stage::Init) &&
         Other.When == Stage::Open) ||
        (Opener.When == Stage::Init && Other.When == Stage::Probe))
      return false;
    return mayGiveBack(L, Opener, Other, H.Group, What, Many);
  });
}

bool endsByItself(const Lives &L, const Holding &H) {
  if (groupIsOf(H.Group) != GroupOf::Thread || !H.At->getNumArgs())
    return false;
  const FunctionDecl *F = L.Model.definition(namedFunction(H.At->getArg(0)));
  if (!F || !L.Known.story(F).isWhole() ||
      L.Known.story(F).find(Tell::AsksToStop))
    return false;
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    return llvm::any_of(L.Known.story(R.F).steps(), [](const StoryStep &S) {
      return S.wait() == Wait::Awaits;
    });
  });
}

/// True where a closer frees the structures that \p H is a share of outright,
/// whatever their count.
static bool goesWithOwner(const Lives &L, const Holding &H) {
  const auto *Arg = H.Kind == ResourceKind::Reference && H.At->getNumArgs()
                        ? dyn_cast<UnaryOperator>(strip(H.At->getArg(0)))
                        : nullptr;
  const auto *M =
      Arg ? dyn_cast<MemberExpr>(Arg->getSubExpr()->IgnoreParens()) : nullptr;
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return Field && llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
           if (R.When != Stage::Close && R.When != Stage::Release &&
               R.When != Stage::Remove && R.When != Stage::ModuleExit)
             return false;
           const Story &Told = L.Known.story(R.F);
           return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
             std::optional<Deed> D = deedOf(Told, S);
             const RecordDecl *Freed =
                 D && D->Gives && !D->Row && D->Given && !S.Later
                     ? pointeeRecord(D->Given->IgnoreParenCasts()->getType())
                     : nullptr;
             return Freed && Freed->getCanonicalDecl() ==
                                 Field->getParent()->getCanonicalDecl();
           });
         });
}

static void judgeClosers(const Lives &L, const Stages::Root &R,
                         llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  std::optional<RemarkKind> Kind = keptKind(R.When);
  if (!Kind)
    return;
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  for (const WayOut &W : Ways) {
    if (W.Fails)
      continue;
    for (const Holding &H : W.Held) {
      if (!isForClosers(H) || !Said.insert(H.At).second)
        continue;
      Named What = nameOfTaken(L, R.F, H.At);
      // What is kept in no member that is known may be anywhere.
      bool ByResult = H.Group == MemoryGroup ||
                      findHolding(H.At->getDirectCallee()->getName())->Key < 0;
      if (ByResult && !What.Field && !What.Root)
        continue;
      bool Many = takesMany(L, R.F, H.At);
      if (isForOthers(L, R.When, H, What) || isGivenBack(L, R, H, What, Many) ||
          endsByItself(L, H) || goesWithOwner(L, H))
        continue;
      const FunctionDecl *Closer = closerOf(L, R);
      Remark Found{*Kind, H.At->getExprLoc(), nullptr, What.Field, Closer, H.At,
                   {}};
      Found.Resource = H.Kind;
      Found.TakenBy = H.At;
      Found.OnlyFirst = Many && isGivenBack(L, R, H, What, false);
      if (Closer)
        Found.Notes.push_back({RemarkNote::GivenHere, Closer->getLocation()});
      Out.push_back(Found);
    }
  }
}

void judgePairs(const Lives &L, Remarks &Out) {
  for (const Stages::Root &R : L.Known.roots()) {
    auto Ways = L.Held.Ways.find(R.F);
    if (Ways == L.Held.Ways.end())
      continue;
    judgeFailures(L, R, Ways->second, Out);
    judgeClosers(L, R, Ways->second, Out);
    judgeConditions(L, R, Ways->second, Out);
    judgeLosses(L, R, Ways->second, Out);
  }
  judgeMembers(L, Out);
}

} // namespace vfio
