//===- CoreTableRules.cpp - What core asks of a table -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Iommufd.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/CoreRules.h"
#include "lifecycle/GlobalNames.h"
#include "lifecycle/Owners.h"
#include "lifecycle/Story.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio {

bool declaresAny(const ASTContext &Ctx, llvm::ArrayRef<llvm::StringRef> Names) {
  return llvm::any_of(Names, [&](llvm::StringRef Name) {
    return llvm::any_of(globals(const_cast<ASTContext &>(Ctx), Name),
                        [](const NamedDecl *D) {
                          return isa<FunctionDecl>(D) && !D->isImplicit();
                        });
  });
}

bool embedsPciCore(const DeviceRecord &R) {
  return isPciCoreDevice(R.Record) ||
         llvm::any_of(R.Path, [](const FieldDecl *F) {
           return isPciCoreDevice(F->getType()->getAsRecordDecl());
         });
}

/// The member \p Name of \p R; null where these headers have none.
static const FieldDecl *memberOf(const RecordDecl *R, llvm::StringRef Name) {
  if (R && R->getDefinition())
    for (const FieldDecl *F : R->getDefinition()->fields())
      if (F->getIdentifier() && F->getName() == Name)
        return F;
  return nullptr;
}

/// A NULL that the driver wrote is no operation. One that a header casts to the
/// operation's type stands where the kernel has the option off.
static bool isSet(const Expr *Value, const ASTContext &Ctx) {
  if (!Value || isa<ImplicitValueInitExpr>(Value))
    return false;
  const Expr *Bare = Value->IgnoreImpCasts()->IgnoreParens();
  return Bare->getType()->isFunctionPointerType() ||
         !Value->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                                       Expr::NPC_ValueDependentIsNotNull);
}

static bool isSet(const OpsTable &Table, llvm::StringRef Name,
                  const ASTContext &Ctx) {
  const OpsTable::Member *M = Table.find(Name);
  return M && isSet(M->Value, Ctx);
}

//===-- iommufd -----------------------------------------------------------===//

static constexpr llvm::StringLiteral Iommufd[] = {
    "bind_iommufd", "unbind_iommufd", "attach_ioas", "detach_ioas"};

using Family = IommufdFamily;

/// How the devices that use \p Table are registered, where all are alike.
static Family familyOf(const TUModel &Model, const Owners &Known) {
  Family Out = Family::Unknown;
  for (const Site &S : Model.Sites) {
    if (!isRegister(S.Api->Kind) || !S.Device.Record ||
        !Known.contains(S.Device.Record.Record))
      continue;
    Family One = tellOf(S.Api->Name) == Tell::MakesGroup ? Family::Emulated
                                                         : Family::Physical;
    if (Out != Family::Unknown && Out != One)
      return Family::Unknown;
    Out = One;
  }
  return Out;
}

/// The family of the operation \p M. Where the kernel has the option off, its
/// helpers are macros.
static Family familyOf(const OpsTable::Member &M, const ASTContext &Ctx) {
  const FunctionDecl *F = M.Callback;
  if (F)
    return F->getIdentifier() && isKernelFunction(F)
               ? iommufdFamilyOf(F->getName())
               : Family::Unknown;
  SourceLocation Loc = M.Value->getBeginLoc();
  return Loc.isMacroID() ? iommufdFamilyOf(Lexer::getImmediateMacroName(
                               Loc, Ctx.getSourceManager(), Ctx.getLangOpts()))
                         : Family::Unknown;
}

/// True where core takes a table without `.bind_iommufd`, whatever else it has:
/// in 6.2 and 6.3, in which each vfio_device still has iommufd's context
/// (__vfio_register_dev() in drivers/vfio/vfio_main.c of 6.3 and 6.4).
static bool mayDoWithoutBind(const RecordDecl *Ops) {
  const FieldDecl *Bind = memberOf(Ops, Iommufd[0]);
  const auto *Type = Bind ? Bind->getType()
                                ->getPointeeType()
                                .IgnoreParens()
                                ->getAs<FunctionProtoType>()
                          : nullptr;
  if (!Type || Type->getNumParams() == 0)
    return false;
  const RecordDecl *Device =
      Type->getParamType(0)->getPointeeType()->getAsRecordDecl();
  Device = Device ? Device->getDefinition() : nullptr;
  return Device && memberOf(Device, "iommufd_ictx");
}

/// Of the operations that these headers have, all or none are set. None will do
/// only where the kernel has the option off, as then the helpers are no
/// functions, and where core takes that.
static void judgeIommufd(const TUModel &Model, const OpsTable &Table,
                         const Owners &Known, Remarks &Out) {
  llvm::SmallVector<const FieldDecl *, 4> Missing;
  bool Any = false;
  bool OptionIsOn = declaresAny(Model.Ctx, iommufdBinders());
  const auto *Ops =
      Model.Ctx.getBaseElementType(Table.Var->getType())->getAsRecordDecl();
  if (!isVfioDeviceOps(Ops))
    return;
  Family Wanted = familyOf(Model, Known);
  for (llvm::StringRef Name : Iommufd) {
    const FieldDecl *Field = memberOf(Ops, Name);
    if (!Field)
      continue;
    if (!isSet(Table, Name, Model.Ctx)) {
      Missing.push_back(Field);
      continue;
    }
    Any = true;
    const OpsTable::Member *M = Table.find(Name);
    Family Has = familyOf(*M, Model.Ctx);
    if (Wanted != Family::Unknown && Has != Family::Unknown && Has != Wanted)
      Out.push_back({RemarkKind::IommufdFamily,
                     M->Value->getExprLoc(),
                     Table.Var,
                     Field,
                     M->Callback,
                     M->Value,
                     {}});
  }
  if (Missing.empty() || (!Any && !OptionIsOn) ||
      (Missing.front()->getName() == Iommufd[0] && mayDoWithoutBind(Ops)))
    return;
  Out.push_back({Any ? RemarkKind::IommufdHalf : RemarkKind::IommufdMissing,
                 Table.Var->getLocation(),
                 Table.Var,
                 Missing.front(),
                 nullptr,
                 nullptr,
                 {}});
}

//===-- Pinned pages ------------------------------------------------------===//

static void judgePins(const TUModel &Model, const OpsTable &Table,
                      Remarks &Out) {
  const auto *Ops =
      Model.Ctx.getBaseElementType(Table.Var->getType())->getAsRecordDecl();
  if (!memberOf(Ops, "dma_unmap") || isSet(Table, "dma_unmap", Model.Ctx))
    return;
  for (const OpsTable::Member &M : Table.Members) {
    if (!M.Callback)
      continue;
    Story S(Model, M.Callback);
    const StoryStep *Pin = S.find(Tell::PinsPages);
    if (!Pin)
      continue;
    Out.push_back({RemarkKind::PinsNoUnmap,
                   Table.Var->getLocation(),
                   Table.Var,
                   memberOf(Ops, "dma_unmap"),
                   nullptr,
                   nullptr,
                   {{RemarkNote::PinnedHere, Pin->At->getExprLoc()}}});
    return;
  }
}

//===-- Migration ---------------------------------------------------------===//

namespace {
/// What the driver stores to the members of a vfio_device that migration uses.
class MigrationWrites : public EvaluatedVisitor<MigrationWrites> {
public:
  llvm::SmallVector<std::pair<const BinaryOperator *, const VarDecl *>, 2>
      Tables;
  llvm::SmallVector<const BinaryOperator *, 2> Flags;

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (!BO->isAssignmentOp())
      return true;
    const auto *M = dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParens());
    const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
    if (!Field || !isVfioDevice(Field->getParent()))
      return true;
    if (Field->getName() == "migration_flags")
      Flags.push_back(BO);
    if (Field->getName() == "mig_ops" || Field->getName() == "log_ops")
      Tables.push_back({BO, tableIn(BO->getRHS())});
    return true;
  }

private:
  static const VarDecl *tableIn(const Expr *E) {
    const auto *UO = dyn_cast<UnaryOperator>(strip(E));
    return UO && UO->getOpcode() == UO_AddrOf ? namedVar(UO->getSubExpr())
                                              : nullptr;
  }
};
} // namespace

/// The bits that core wants, by the name that the headers give them.
static constexpr uint64_t StopCopy = 1 << 0;

static void judgeOperations(const TUModel &Model, const VarDecl *Table,
                            const BinaryOperator *Use,
                            llvm::ArrayRef<llvm::StringRef> Names,
                            RemarkKind Kind, Remarks &Out) {
  const VarDecl *Def = Table->getInitializingDeclaration();
  const auto *List =
      dyn_cast_or_null<InitListExpr>(Def ? Def->getInit() : nullptr);
  if (!List)
    return;
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  const RecordDecl *R = List->getType()->getAsRecordDecl();
  if (!R || !R->getDefinition())
    return;
  unsigned I = 0;
  for (const FieldDecl *F : R->getDefinition()->fields()) {
    const Expr *Value = I < List->getNumInits() ? List->getInit(I) : nullptr;
    ++I;
    if (!llvm::is_contained(Names, F->getName()) || isSet(Value, Model.Ctx))
      continue;
    Out.push_back(
        {Kind,
         Model.isBrought(Def) ? Use->getExprLoc() : Def->getLocation(),
         Def,
         F,
         nullptr,
         nullptr,
         {{RemarkNote::SetHere, Use->getExprLoc()}}});
    return;
  }
}

/// True where what \p BO stores surely lacks the bit.
static bool lacksStopCopy(const BinaryOperator *BO, const ASTContext &Ctx) {
  Expr::EvalResult R;
  return BO->getOpcode() == BO_Assign && BO->getRHS()->EvaluateAsInt(R, Ctx) &&
         !(R.Val.getInt().getZExtValue() & StopCopy);
}

static void judgeMigration(const TUModel &Model, Remarks &Out) {
  MigrationWrites W;
  for (const FunctionDecl *F : Model.Functions)
    W.TraverseStmt(F->getBody());
  const BinaryOperator *Sets = nullptr;
  for (const auto &[BO, Table] : W.Tables) {
    const auto *Field = cast<FieldDecl>(
        cast<MemberExpr>(BO->getLHS()->IgnoreParens())->getMemberDecl());
    bool Migration = Field->getName() == "mig_ops";
    if (Migration && Table)
      Sets = BO;
    // Another file may write to one that is not constant.
    bool MayChange = Table && Table->isExternallyVisible() &&
                     !Table->getType().isConstQualified();
    if (!Table || MayChange || llvm::is_contained(Model.DamagedDecls, Table))
      continue;
    if (Migration)
      judgeOperations(Model, Table, BO,
                      {"migration_get_state", "migration_set_state",
                       "migration_get_data_size"},
                      RemarkKind::MigrationOp, Out);
    else
      judgeOperations(Model, Table, BO,
                      {"log_start", "log_stop", "log_read_and_clear"},
                      RemarkKind::LogOp, Out);
  }
  if (!Sets ||
      !memberOf(globalRecord(Model.Ctx, "vfio_device"), "migration_flags"))
    return;
  if (W.Flags.empty())
    Out.push_back({RemarkKind::MigrationNoFlags,
                   Sets->getExprLoc(),
                   nullptr,
                   nullptr,
                   nullptr,
                   nullptr,
                   {}});
  else if (llvm::all_of(W.Flags, [&](const BinaryOperator *BO) {
             return lacksStopCopy(BO, Model.Ctx);
           }))
    Out.push_back({RemarkKind::MigrationNoStop,
                   W.Flags.front()->getExprLoc(),
                   nullptr,
                   nullptr,
                   nullptr,
                   nullptr,
                   {}});
}

void judgeCoreTables(const TUModel &Model, Remarks &Out) {
  for (const OpsTable &Table : Model.Ops->tables()) {
    if (Table.Opaque || Table.CopyOf || !Table.Init)
      continue;
    Owners Known = ownersOfTable(Model, Table);
    if (Known.List.empty() && !leavesTheUnit(Model, Table))
      continue;
    judgeIommufd(Model, Table, Known, Out);
    judgePins(Model, Table, Out);
  }
  judgeMigration(Model, Out);
}

} // namespace vfio
