//===- TUModel.cpp - The life-cycle facts of one translation unit ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/TUModel.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/CallTargets.h"
#include "lifecycle/Damage.h"
#include "lifecycle/GlobalNames.h"
#include "lifecycle/OpenQuestions.h"
#include "lifecycle/OtherLives.h"
#include "lifecycle/PathEngine.h"
#include "lifecycle/ProgramLink.h"
#include "lifecycle/TopLevel.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio {

std::unique_ptr<TUModel> buildModel(ASTContext &Ctx, ProgramSources *Sources) {
  return std::make_unique<TUModel>(Ctx, Sources);
}

/// How far a question may lead: through so many sources, one after the other.
static constexpr unsigned MaxRounds = 12;

TUModel::TUModel(ASTContext &Ctx, ProgramSources *Sources)
    : Ctx(Ctx), Gen(generationOf(Ctx)), Files(Ctx.getSourceManager()),
      Pointers(std::make_unique<CallTargets>(*this)) {
  // A TU that never saw a VFIO header has no driver of ours in it.
  if (Gen == Generation::Unknown)
    return;
  collect();
  if (!Sources || IsCore)
    return;
  Link = std::make_unique<ProgramLink>(Ctx, *Sources);
  for (unsigned Round = 0; Round < MaxRounds && bringMissing(); ++Round)
    collect();
}

TUModel::~TUModel() = default;

bool TUModel::isBrought(const Decl *D) const {
  return Link && isBroughtHere(D->getLocation(), Ctx.getSourceManager());
}

/// Reads the tree, again where more has come into it.
void TUModel::collect() {
  Functions.clear();
  Bodies.clear();
  Damaged.clear();
  DamagedDecls.clear();
  Vars.clear();
  Records.clear();
  BusDrivers.clear();
  Sites.clear();
  Containers.clear();
  Pointers = std::make_unique<CallTargets>(*this);
  LocalValues.clear();
  collectDecls();
  IsCore = findsCore();
  Ops = std::make_unique<OpsTables>(Ctx, Vars, Functions);
  if (!Damaged.empty())
    Ops->distrustWritable();
  collectBusDrivers();
  collectSites();
}

/// Brings what the driver's other sources have and a finding may hang on; true
/// where something came.
bool TUModel::bringMissing() {
  OpenQuestions Open = openQuestions(*this);
  bool Brought = false;
  for (const NamedDecl *D : Open.Undefined)
    Brought |= Link->define(D);
  if (Link->wantsUsers())
    for (const NamedDecl *D : Open.Offered)
      Brought |= Link->bringUsers(D);
  return Brought;
}

namespace {
/// Static variables inside functions, and what is assigned to locals.
class BodyScanner : public EvaluatedVisitor<BodyScanner> {
public:
  BodyScanner(std::vector<const VarDecl *> &Statics,
              llvm::DenseMap<const VarDecl *,
                             llvm::SmallVector<const Expr *, 2>> &Values)
      : Statics(Statics), Values(Values) {}

  bool VisitVarDecl(VarDecl *Var) ENGINE_OVERRIDE {
    if (Var->isStaticLocal())
      Statics.push_back(Var);
    else if (Var->isLocalVarDecl() && Var->hasInit())
      Values[Var].push_back(Var->getInit());
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (!BO->isAssignmentOp())
      return true;
    const auto *Ref =
        dyn_cast<DeclRefExpr>(BO->getLHS()->IgnoreParenImpCasts());
    if (const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr)
      Values[Var].push_back(BO->getRHS());
    return true;
  }
  /// An out-parameter: the value comes from elsewhere.
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    if (UO->getOpcode() != UO_AddrOf)
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(UO->getSubExpr()->IgnoreParens());
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (Var && Var->isLocalVarDecl() && Var->getType()->isPointerType())
      Values[Var].push_back(nullptr);
    return true;
  }

private:
  std::vector<const VarDecl *> &Statics;
  llvm::DenseMap<const VarDecl *, llvm::SmallVector<const Expr *, 2>> &Values;
};
} // namespace

/// True where a member of \p R, which may have errors in others, is a
/// vfio_device or holds one.
static bool holdsDevice(const RecordDecl *R, const ASTContext &Ctx) {
  return llvm::any_of(R->fields(), [&](const FieldDecl *F) {
    const RecordDecl *Inner = F->getType()->getAsRecordDecl();
    return Inner && (isVfioDevice(Inner) || findDeviceRecord(Inner, Ctx));
  });
}

void TUModel::collectDecls() {
  Damage Broken(Ctx);
  for (const Decl *D : ownDecls(Ctx)) {
    if (const auto *F = dyn_cast<FunctionDecl>(D)) {
      if (!F->doesThisDeclarationHaveABody())
        continue;
      if (Broken.reaches(F)) {
        Damaged.push_back(F);
        continue;
      }
      Functions.push_back(F);
      Bodies.insert(F);
      BodyScanner(Vars, LocalValues)
          .TraverseStmt(const_cast<Stmt *>(F->getBody()));
    } else if (const auto *Var = dyn_cast<VarDecl>(D)) {
      if (Broken.reaches(Var))
        DamagedDecls.push_back(Var);
      else
        Vars.push_back(Var);
    } else if (const auto *R = dyn_cast<RecordDecl>(D)) {
      if (!R->isThisDeclarationADefinition())
        continue;
      if (Broken.reaches(R) && holdsDevice(R, Ctx))
        DamagedDecls.push_back(R);
      else if (DeviceRecord Rec = findDeviceRecord(R, Ctx))
        Records.push_back(Rec);
    }
  }
}

bool TUModel::findsCore() const {
  // It defines a function of the API, ...
  for (const FunctionDecl *F : Functions)
    if (F->getIdentifier())
      if (const ApiFunction *Api = findApi(F->getName());
          Api && Api->Kind < Role::Allocate)
        return true;
  // ... or is an IOMMU backend of core, ...
  for (const VarDecl *Var : Vars) {
    const RecordDecl *R = Var->getType()->getAsRecordDecl();
    if (R && R->getIdentifier() && R->getName() == "vfio_iommu_driver_ops")
      return true;
  }
  // ... or sees the structures of core's private header.
  return globalRecord(Ctx, "vfio_group") ||
         globalRecord(Ctx, "vfio_device_file");
}

const std::vector<Finding> &TUModel::findings() const {
  if (!Found) {
    PathStatistics Statistics;
    Found = findOnPaths(*this, &Statistics, {}, &Silent);
    llvm::append_range(Unfollowed, Statistics.GivenUp);
  }
  return *Found;
}

std::vector<NotFollowed> TUModel::takeNotFollowed() const {
  std::vector<NotFollowed> All = std::move(Unfollowed);
  Unfollowed.clear();
  llvm::erase_if(
      All, [&](const NotFollowed &N) { return !Told.insert(N.F).second; });
  return All;
}

const Remarks &TUModel::otherLives() const {
  if (!Others)
    Others = findOtherLives(*this, Unfollowed);
  return *Others;
}

const std::vector<Silence> &TUModel::silences() const {
  findings();
  return Silent;
}

bool TUModel::hasHoles() const {
  // A table may hang up functions that then look unused.
  return !Damaged.empty() ||
         llvm::any_of(DamagedDecls, [](const NamedDecl *D) {
           const auto *Var = dyn_cast<VarDecl>(D);
           return Var && Var->getType()
                             ->getBaseElementTypeUnsafe()
                             ->getAsRecordDecl();
         });
}

const FunctionDecl *TUModel::definition(const FunctionDecl *F) const {
  if (!F)
    return nullptr;
  const FunctionDecl *Def = F->getDefinition();
  // Another source may have the one that is linked.
  if (Def && Def->hasAttr<WeakAttr>())
    return nullptr;
  return Bodies.contains(Def) ? Def : nullptr;
}

const FunctionDecl *TUModel::functionAt(SourceLocation Where) const {
  if (Where.isInvalid())
    return nullptr;
  const SourceManager &SM = Ctx.getSourceManager();
  Where = SM.getExpansionLoc(Where);
  for (const FunctionDecl *F : Functions)
    if (!SM.isBeforeInTranslationUnit(Where, F->getBeginLoc()) &&
        !SM.isBeforeInTranslationUnit(F->getEndLoc(), Where))
      return F;
  return nullptr;
}

/// The `struct mdev_parent_ops` that \p D is; null where it is none.
static const RecordDecl *parentTable(const NamedDecl *D) {
  const auto *Var = dyn_cast_or_null<VarDecl>(D);
  const RecordDecl *R = Var ? Var->getType()->getAsRecordDecl() : nullptr;
  return R && R->getIdentifier() && R->getName() == "mdev_parent_ops" ? R
                                                                      : nullptr;
}

bool TUModel::hasParentTable() const {
  return llvm::any_of(Vars, parentTable) ||
         llvm::any_of(DamagedDecls, parentTable);
}

/// True where \p Call, of mdev_register_device, hands over a table of functions
/// as before 5.13: later ones have a driver in it, and that driver's probe may
/// stand in another source, as may what makes the table.
static bool givesOldParent(const CallExpr *Call, const TUModel &Model) {
  // Later headers know no such structure, so that clang knows no such value.
  if (Call->getNumArgs() > 1 && Call->getArg(1)->containsErrors())
    return Model.hasParentTable();
  const Stmt *At = Call->getNumArgs() > 1 ? Call->getArg(1) : nullptr;
  while (At && !isa<DeclRefExpr>(At))
    At = At->child_begin() == At->child_end() ? nullptr : *At->child_begin();
  const auto *Var =
      At ? dyn_cast<VarDecl>(cast<DeclRefExpr>(At)->getDecl()) : nullptr;
  const RecordDecl *R = parentTable(Var);
  if (!R)
    return false;
  const auto *Init = dyn_cast_or_null<InitListExpr>(Var->getAnyInitializer());
  const FieldDecl *Driver = nullptr;
  for (const FieldDecl *F : R->fields())
    if (F->getName() == "device_driver")
      Driver = F;
  return !Driver || !Init || Driver->getFieldIndex() >= Init->getNumInits() ||
         isa<ImplicitValueInitExpr>(Init->getInit(Driver->getFieldIndex()));
}

const Site *TUModel::tooOld() const {
  const Site *Old = nullptr;
  for (const Site &S : Sites) {
    Role R = S.Api->Kind;
    if (isOldInit(R) || R == Role::AllocDevice || R == Role::InitDevice)
      return nullptr;
    if (!Old && (R == Role::AddGroupDev ||
                 (R == Role::AddParent && givesOldParent(S.Call, *this))))
      Old = &S;
  }
  return Old;
}

std::vector<const Site *> TUModel::sitesIn(const FunctionDecl *F) const {
  std::vector<const Site *> Out;
  for (const Site &S : Sites)
    if (S.In == F)
      Out.push_back(&S);
  return Out;
}

/// The fields that \p ME's chain names, from the outside in.
static FieldPath fieldsOf(const MemberExpr *ME) {
  FieldPath Path;
  while (ME) {
    if (const auto *F = dyn_cast<FieldDecl>(ME->getMemberDecl()))
      Path.insert(Path.begin(), F);
    if (ME->isArrow())
      break;
    ME = dyn_cast<MemberExpr>(ME->getBase()->IgnoreParenImpCasts());
  }
  return Path;
}

/// The record that \p ME's chain of `.` steps starts in, and whether the chain
/// ends at a member through which a vfio_device is embedded.
static const Expr *chainBase(const MemberExpr *ME) {
  const Expr *E = ME;
  while (const auto *M = dyn_cast<MemberExpr>(E)) {
    E = M->getBase()->IgnoreParenImpCasts();
    if (M->isArrow())
      return M->getBase();
  }
  return E;
}

DeviceRef TUModel::resolve(const Expr *E) const {
  FieldPath Embedded;
  DeviceRef Out = follow(E, Embedded);
  // Of several devices in one structure, the one that is spelled out.
  if (Out.Record && Out.Record.Several && !Embedded.empty() &&
      Embedded.front()->getParent()->getCanonicalDecl() ==
          Out.Record.Record->getCanonicalDecl())
    Out.Record = deviceRecordBy(Out.Record.Record, Embedded, Ctx);
  return Out;
}

/// What the local variable \p Var is another name of; null where it gets its
/// value from a call, and so is the root itself, or more than one value.
const Expr *TUModel::aliasOf(const VarDecl *Var) const {
  auto It = LocalValues.find(Var);
  if (!Var->isLocalVarDecl() || It == LocalValues.end() ||
      It->second.size() != 1 || !It->second.front())
    return nullptr;
  const Expr *Whole = It->second.front();
  const Expr *Value = strip(Whole);
  const auto *UO = dyn_cast<UnaryOperator>(Value);
  bool Follows =
      matchContainerOf(Whole, Ctx)
          ? !matchAllocDevice(Whole, Ctx)
          : isa<DeclRefExpr>(Value) || (UO && UO->getOpcode() == UO_AddrOf);
  return Follows ? Whole : nullptr;
}

/// \p Embedded becomes the members that \p E names on its way.
DeviceRef TUModel::follow(const Expr *E, FieldPath &Embedded) const {
  DeviceRef Out;
  Out.Pointer = E;
  const Expr *At = E;
  bool Outermost = true;
  // Each round takes one step towards the root; a driver's way is short.
  for (unsigned Step = 0; At && Step < 12; ++Step) {
    if (std::optional<ContainerOf> C = matchContainerOf(At, Ctx)) {
      DeviceRecord R = findDeviceRecord(C->Record, Ctx);
      if (R && (!Out.Record || Out.Record.Path.size() <= R.Path.size())) {
        Out.Record = R;
        Out.IsContainer = Outermost;
      }
      At = C->Ptr;
      Outermost = false;
      continue;
    }
    const Expr *S = strip(At);
    if (DeviceRecord R = findDevicePointee(S->getType(), Ctx))
      if (!Out.Record || (isVfioDevice(Out.Record.Record)) ||
          Out.Record.Path.size() < R.Path.size()) {
        Out.Record = R;
        Out.IsContainer = Outermost;
      }
    if (const auto *UO = dyn_cast<UnaryOperator>(S);
        UO && UO->getOpcode() == UO_AddrOf) {
      const auto *ME = dyn_cast<MemberExpr>(UO->getSubExpr()->IgnoreParens());
      if (ME && Outermost && isVfioDevice(ME->getType()->getAsRecordDecl()))
        Embedded = fieldsOf(ME);
      Outermost = false;
      At = ME ? chainBase(ME) : UO->getSubExpr();
      if (ME && !ME->isArrow() && !At->getType()->isPointerType()) {
        // `&obj.vdev`: the object itself is the container.
        const RecordDecl *R = At->getType()->getAsRecordDecl();
        if (DeviceRecord DR = findDeviceRecord(R, Ctx))
          Out.Record = DR;
      }
      continue;
    }
    if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
      const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
      if (!Var)
        return Out;
      if (const Expr *Aliased = aliasOf(Var)) {
        At = Aliased;
        continue;
      }
      Out.Root = Var;
      return Out;
    }
    Out.RootCall = dyn_cast<CallExpr>(S);
    return Out;
  }
  return Out;
}

namespace {
/// Collects the calls of one function that have a role.
class SiteFinder : public EvaluatedVisitor<SiteFinder> {
public:
  SiteFinder(TUModel &M, const FunctionDecl *In) : M(M), In(In) {}

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const ApiFunction *Api = findApi(*Call);
    if (!Api)
      return true;
    Site S{Api, Call, In, {}, {}};
    if (Api->Subject >= 0 && Api->Subject < int(Call->getNumArgs()))
      S.Device = M.resolve(Call->getArg(Api->Subject));
    else if (Api->Size >= 0 && Api->Size < int(Call->getNumArgs()))
      S.Device.Record =
          findDeviceRecord(recordOfSize(Call->getArg(Api->Size)), M.Ctx);
    if (Api->Ops >= 0 && Api->Ops < int(Call->getNumArgs()))
      S.Ops = M.Ops->targets(Call->getArg(Api->Ops), In);
    M.Sites.push_back(std::move(S));
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    // Cheap test first: only the subtraction inside of a container_of counts.
    if (BO->getOpcode() != BO_Sub ||
        !isa<OffsetOfExpr>(BO->getRHS()->IgnoreParenCasts()))
      return true;
    std::optional<ContainerOf> C = matchContainerOf(BO, M.Ctx);
    if (!C)
      return true;
    if (std::optional<AllocDevice> A = matchAllocDevice(BO, M.Ctx))
      Allocated[A->Call] = deviceRecordBy(A->Record, A->Path, M.Ctx);
    else
      M.Containers.push_back({*C, BO, In});
    return true;
  }

  /// The structures of allocations, by the member that the macro was given.
  llvm::DenseMap<const CallExpr *, DeviceRecord> Allocated;

private:
  TUModel &M;
  const FunctionDecl *In;
};
} // namespace

void TUModel::collectSites() {
  for (const FunctionDecl *F : Functions) {
    size_t Before = Sites.size();
    SiteFinder Finder(*this, F);
    Finder.TraverseStmt(const_cast<Stmt *>(F->getBody()));
    for (Site &S : llvm::MutableArrayRef(Sites).drop_front(Before))
      if (DeviceRecord R = Finder.Allocated.lookup(S.Call))
        S.Device.Record = R;
  }
}

} // namespace vfio
