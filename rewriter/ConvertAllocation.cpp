//===- ConvertAllocation.cpp - kzalloc and init become vfio_alloc_device --===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/GlobalNames.h"
#include "rewriter/Conversion.h"
#include "rewriter/render/KernelDoc.h"
#include "clang/AST/ParentMapContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

using namespace clang;

namespace vfio::rewriter {

void Conversion::checkRecord() {
  if (D.Allocs.empty())
    return;
  const AllocSite &A = Flow.allocs()[*D.Allocs.begin()];
  const RecordDecl *R = A.Record.Record;
  SourceLocation Loc = A.Call->getBeginLoc();
  if (!R->getIdentifier() || !R->isStruct()) {
    refuse("unnamed-structure", *A.U, Loc,
           "the device structure has no struct tag, which vfio_alloc_device "
           "needs",
           "give the structure a tag");
    return;
  }
  if (A.Record.Several) {
    refuse("several-instances", *A.U, R->getLocation(),
           "the structure embeds more than one vfio_device, and one allocation "
           "can only carry one life cycle",
           "allocate each vfio_device in a structure of its own");
    return;
  }
  if (A.Record.Offset != 0)
    moveMemberFirst(*A.U, A.Record);
}

bool Conversion::checkAllocator(const AllocSite &A) {
  SourceLocation Loc = A.Call->getBeginLoc();
  llvm::StringRef Name = A.Api->Name;
  if (A.Api->Kind == Role::AllocDevice) {
    refuse("half-migrated", *A.U, Loc,
           "the structure is allocated by vfio_alloc_device(), which prepares "
           "its device, and the old model's init prepares it a second time",
           "drop the init and the uninit, and end the device by "
           "vfio_put_device() alone");
    return false;
  }
  if (Name.starts_with("kmem_cache")) {
    refuse("slab-cache", *A.U, Loc,
           "the structure comes from a slab cache of the driver's own",
           "allocate it by kzalloc and drop the cache first");
    return false;
  }
  if (Name.contains("memdup")) {
    refuse("structure-overwritten", *A.U, Loc,
           "the structure is a copy of another one, with the vfio_device of "
           "that",
           "allocate it by kzalloc and copy the members that are the driver's "
           "own");
    return false;
  }
  int Size = A.Api->Size;
  const Expr *SizeArg = Size >= 0 && Size < int(A.Call->getNumArgs())
                            ? strip(A.Call->getArg(Size))
                            : nullptr;
  bool Exact = SizeArg && isa<UnaryExprOrTypeTraitExpr>(SizeArg) &&
               recordOfSize(SizeArg);
  // kcalloc(1, size): one of it.
  if (Exact && (Name.contains("calloc") || Name.contains("_array"))) {
    Expr::EvalResult N;
    Exact = Size > 0 &&
            A.Call->getArg(Size - 1)->EvaluateAsInt(N, A.U->Model->Ctx) &&
            N.Val.getInt() == 1;
  }
  if (!Exact) {
    refuse("variable-size", *A.U, Loc,
           "the allocation asks for another size than the structure's own, and "
           "vfio_alloc_device gives exactly that",
           "keep what is behind the structure in an allocation of its own");
    return false;
  }
  return true;
}

std::vector<Program::CallSite>
Conversion::findChain(const Program::Definition &From,
                      const Program::Definition &ToF, unsigned Depth) const {
  // The calls that lead from one function down to another, the caller first.
  if (Depth > 4)
    return {};
  for (const Program::CallSite &C : P.callsOf(Program::key(*ToF.U, ToF.F))) {
    if (C.In == From.F && C.U == From.U)
      return {C};
    if (C.In == ToF.F)
      continue;
    std::vector<Program::CallSite> Up = findChain(From, {C.U, C.In}, Depth + 1);
    if (!Up.empty()) {
      Up.push_back(C);
      return Up;
    }
  }
  return {};
}

/// The text of the init's device argument, as a `struct device *`.
std::string Conversion::deviceArgument(const SiteRef &Init) {
  const ApiFunction &Api = *Init.S->Api;
  if (Api.Device >= int(Init.S->Call->getNumArgs()))
    return {};
  const Expr *E = Init.S->Call->getArg(Api.Device);
  std::string Text = Init.U->text(E->getSourceRange());
  if (Text.empty() || Api.Kind != Role::PciInitDevice)
    return Text;
  const Expr *S = E->IgnoreImpCasts();
  bool Simple = isa<DeclRefExpr, MemberExpr, CallExpr, ParenExpr>(S);
  return Simple ? "&" + Text + "->dev" : "&(" + Text + ")->dev";
}

/// True where every variable of \p E has, at \p At, the value that it has
/// where \p E is evaluated now.
bool Conversion::availableAt(const Unit &U, const FunctionDecl *F,
                             const Expr *E, SourceLocation At) const {
  struct Vars : ASTVisitor<Vars> {
    llvm::SmallVector<const VarDecl *, 4> Found;
    bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
      if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
        if (!V->hasGlobalStorage())
          Found.push_back(V);
      return true;
    }
  } V;
  V.TraverseStmt(const_cast<Expr *>(E));
  struct Writes : ASTVisitor<Writes> {
    const VarDecl *Var;
    llvm::SmallVector<SourceLocation, 4> Found;
    void note(const Expr *LHS, SourceLocation Loc) {
      const auto *Ref = dyn_cast<DeclRefExpr>(LHS->IgnoreParenImpCasts());
      if (Ref && Ref->getDecl() == Var)
        Found.push_back(Loc);
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      if (BO->isAssignmentOp())
        note(BO->getLHS(), BO->getBeginLoc());
      return true;
    }
    bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
      if (UO->isIncrementDecrementOp() || UO->getOpcode() == UO_AddrOf)
        note(UO->getSubExpr(), UO->getBeginLoc());
      return true;
    }
  };
  SourceManager &SM = U.sources();
  auto Before = [&](SourceLocation A, SourceLocation B) {
    return SM.isBeforeInTranslationUnit(SM.getFileLoc(A), SM.getFileLoc(B));
  };
  for (const VarDecl *Var : V.Found) {
    Writes W;
    W.Var = Var;
    W.TraverseStmt(F->getBody());
    bool Set = isa<ParmVarDecl>(Var) ||
               (Var->hasInit() && Before(Var->getLocation(), At));
    for (SourceLocation Loc : W.Found) {
      if (!Before(Loc, At) && Before(Loc, E->getBeginLoc()))
        return false;
      Set |= Before(Loc, At);
    }
    if (!Set)
      return false;
  }
  return true;
}

std::optional<Conversion::Arguments>
Conversion::sameFunction(const AllocSite &A,
                         const std::vector<SiteRef> &Inits) {
  // Where several tables are chosen from by branches, the last one named is
  // what the allocation gets; the other branches then set their own.
  const SiteRef &Default = Inits.back();
  const ApiFunction &Api = *Default.S->Api;
  const CallExpr *Call = Default.S->Call;
  SourceLocation At = A.Call->getBeginLoc();
  const Expr *Dev = Call->getArg(Api.Device), *Ops = Call->getArg(Api.Ops);
  if ((!availableAt(*A.U, A.In, Dev, At) ||
       !availableAt(*A.U, A.In, Ops, At)) &&
      !(Inits.size() == 1 && hoistChoice(A, Default))) {
    refuse("init-arguments", *A.U, Call->getBeginLoc(),
           "the device or the ops table is not known yet where the structure "
           "is allocated",
           "allocate the structure after both are known");
    return std::nullopt;
  }
  Arguments Out{deviceArgument(Default),
                Default.U->text(Ops->getSourceRange())};
  for (const SiteRef &Init : Inits) {
    Handled.insert(Init.S->Call);
    if (&Init == &Default) {
      removeCall(*Init.U, Init.S->Call);
      continue;
    }
    if (deviceArgument(Init) != Out.Device) {
      refuse("several-instances", *Init.U, Init.S->Call->getBeginLoc(),
             "the structure is prepared for one of several devices",
             "choose the device before the structure is allocated");
      return std::nullopt;
    }
    std::string Table =
        Init.U->text(Init.S->Call->getArg(Init.S->Api->Ops)->getSourceRange());
    if (Table == Out.Ops) {
      removeCall(*Init.U, Init.S->Call);
      continue;
    }
    FileRange R = callRange(*Init.U, Init.S->Call);
    std::string Vdev = vdevText(*Init.U, Init.S->Call->getArg(0));
    if (!edit(*Init.U, R, Init.S->Call->getBeginLoc()) || Vdev.empty())
      return std::nullopt;
    std::string Object = llvm::StringRef(Vdev).starts_with("&")
                             ? Vdev.substr(1) + ".ops"
                             : Vdev + "->ops";
    std::string Text = Object + " = " + Table;
    if (columnOf(R) + Text.size() + 1 > 80)
      Text = Object + " =\n" + indentTo(columnOf(R) + 8) + Table;
    Edits.replace(R, Text);
    step("ChooseTable", *Init.U, Init.S->Call->getBeginLoc(),
         "set the ops table of this branch in the device",
         "the ops member is the driver's to set until the device is "
         "registered, and both tables have the same init and release");
    Remarks.push_back(
        "line " +
        std::to_string(Init.U->place(Init.S->Call->getBeginLoc()).Line) +
        ": the ops table of this branch is set after the "
        "allocation; a table chosen before it reads better");
  }
  return Out;
}

std::optional<std::string>
Conversion::lift(const Unit &U, const FunctionDecl *F, const Expr *E,
                 const Program::CallSite &Call, std::string Text) {
  // Replaces the parameters that E names by the caller's arguments.
  struct Refs : ASTVisitor<Refs> {
    std::vector<const DeclRefExpr *> Found;
    bool Local = false;
    bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
      if (isa<ParmVarDecl>(Ref->getDecl()))
        Found.push_back(Ref);
      else if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
        Local |= !V->hasGlobalStorage();
      return true;
    }
  } R;
  R.TraverseStmt(const_cast<Expr *>(E));
  if (R.Local || !availableAt(U, F, E, F->getBody()->getBeginLoc()))
    return std::nullopt;
  FileRange Whole = U.range(E->getSourceRange());
  if (!Whole)
    return std::nullopt;
  std::string Out = U.text(E->getSourceRange());
  // From the back, so that offsets stay right.
  llvm::sort(R.Found, [](const DeclRefExpr *A, const DeclRefExpr *B) {
    return A->getLocation().getRawEncoding() >
           B->getLocation().getRawEncoding();
  });
  for (const DeclRefExpr *Ref : R.Found) {
    unsigned I = cast<ParmVarDecl>(Ref->getDecl())->getFunctionScopeIndex();
    FileRange At = U.range(Ref->getSourceRange());
    if (!At || I >= Call.Call->getNumArgs())
      return std::nullopt;
    const Expr *Arg = Call.Call->getArg(I);
    std::string ArgText = Call.U->text(Arg->getSourceRange());
    bool Alone = Ref == E->IgnoreParenImpCasts();
    if (!Alone &&
        !isa<DeclRefExpr, MemberExpr, CallExpr>(Arg->IgnoreParenImpCasts()))
      ArgText = "(" + ArgText + ")";
    Out.replace(At.Begin - Whole.Begin, At.End - At.Begin, ArgText);
  }
  return Out;
}

/// The table that the init in another function names, made visible where the
/// allocation is.
bool Conversion::exposeTable(const AllocSite &A, const SiteRef &Init) {
  std::vector<TableRef> Tables;
  if (!tablesOf(Init, Tables) || Tables.size() != 1) {
    refuse("unknown-ops", *Init.U, Init.S->Call->getBeginLoc(),
           "the ops table is chosen in another function than the allocation",
           "pass the table to where the structure is allocated");
    return false;
  }
  const VarDecl *Var = Tables.front().T->Var;
  if (Var->getStorageClass() != SC_Static && Tables.front().U != A.U)
    return true; // a header declares it already, or the parse will say so
  if (Init.U == A.U) {
    SourceManager &SM = A.U->sources();
    for (const VarDecl *Redecl : Var->redecls())
      if (SM.isBeforeInTranslationUnit(Redecl->getLocation(),
                                       A.In->getLocation()))
        return true;
    FileRange R = A.U->range(A.In->getSourceRange());
    if (!edit(*A.U, R, A.In->getLocation()))
      return false;
    Edits.insertLinesBefore(
        R.File, R.Begin,
        std::string(Var->getStorageClass() == SC_Static ? "static "
                                                        : "extern ") +
            "const struct vfio_device_ops " + Var->getNameAsString() + ";\n\n");
    return true;
  }
  std::string Name = Var->getNameAsString();
  if (!Exposed.insert(Program::key(*Init.U, Var)).second)
    return true;
  // Not static any more, exported as the function that used it is.
  for (const VarDecl *Redecl : Var->redecls()) {
    FileRange R = Init.U->range(Redecl->getSourceRange());
    if (!edit(*Init.U, R, Redecl->getLocation()))
      return false;
    llvm::StringRef Text = Edits.original(R.File).slice(R.Begin, R.End);
    if (Text.starts_with("static "))
      Edits.replace({R.File, R.Begin, R.Begin + 7}, "");
  }
  const VarDecl *Def = Var;
  FileRange DefRange = Init.U->range(Def->getSourceRange());
  llvm::StringRef FileText = Edits.original(DefRange.File);
  std::string Export;
  for (const char *Macro : {"EXPORT_SYMBOL_GPL", "EXPORT_SYMBOL"})
    if (Export.empty() &&
        FileText.contains(std::string(Macro) + "(" +
                          Init.S->In->getNameAsString() + ")"))
      Export = std::string(Macro) + "(" + Name + ");\n";
  if (!Export.empty())
    Edits.insertLinesAfter(DefRange.File, DefRange.End, Export);
  // Declared where the function that prepared the device is declared.
  for (const FunctionDecl *Redecl : Init.S->In->redecls()) {
    FileRange R = Init.U->range(Redecl->getSourceRange());
    if (!R || R.File == DefRange.File || Redecl->isThisDeclarationADefinition())
      continue;
    if (!edit(*Init.U, R, Redecl->getLocation()))
      return false;
    Edits.insertLinesBefore(R.File, R.Begin,
                            "extern const struct vfio_device_ops " + Name +
                                ";\n\n");
    step("ExposeTable", *Init.U, Def->getLocation(),
         "declare the ops table " + Name + " for the files that allocate",
         "vfio_alloc_device needs the table where the structure is allocated");
    return true;
  }
  refuse("unknown-ops", *Init.U, Def->getLocation(),
         "no header of the driver declares the function that prepares the "
         "device, so the ops table cannot be declared beside it",
         "declare the table in a header by hand");
  return false;
}

std::optional<Conversion::Arguments>
Conversion::fromCallee(const AllocSite &A, const SiteRef &Init,
                       llvm::ArrayRef<Program::CallSite> Chain) {
  const ApiFunction &Api = *Init.S->Api;
  const CallExpr *Call = Init.S->Call;
  Program::Definition Here{Init.U, Init.S->In};
  const Expr *E = Call->getArg(Api.Device);
  std::string Suffix = Api.Kind == Role::PciInitDevice ? "->dev" : "";
  std::optional<std::string> Dev;
  for (const Program::CallSite &C : llvm::reverse(Chain)) {
    Dev = lift(*Here.U, Here.F, E, C, "");
    if (!Dev)
      break;
    Here = {C.U, C.In};
    // One more level up needs an expression of the caller again.
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    const auto *Param = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (&C == &Chain.front())
      break;
    if (!Param)
      return std::nullopt;
    E = C.Call->getArg(Param->getFunctionScopeIndex());
  }
  SourceLocation Loc = Call->getBeginLoc();
  if (!Dev || Here.F != A.In) {
    refuse("init-arguments", *Init.U, Loc,
           "the device argument is not known where the structure is allocated",
           "pass the struct device to where the structure is allocated");
    return std::nullopt;
  }
  // The table may come from the caller, as the device does.
  std::optional<std::string> OpsLifted =
      Chain.size() == 1
          ? lift(*Init.U, Init.S->In, Call->getArg(Api.Ops), Chain.front(), "")
          : std::nullopt;
  std::string OpsText;
  const Expr *OpsArg = Call->getArg(Api.Ops)->IgnoreParenImpCasts();
  if (OpsLifted && isa<DeclRefExpr>(OpsArg)) {
    OpsText = *OpsLifted;
  } else {
    if (!exposeTable(A, Init))
      return std::nullopt;
    std::vector<TableRef> Tables;
    tablesOf(Init, Tables);
    OpsText = "&" + Tables.front().T->name().str();
  }
  std::string DevText = *Dev;
  if (!Suffix.empty())
    DevText = (llvm::StringRef(DevText).contains_insensitive("(") ||
                       llvm::StringRef(DevText).starts_with("&")
                   ? "&(" + DevText + ")"
                   : "&" + DevText) +
              Suffix;
  if (Handled.insert(Call).second)
    removeCall(*Init.U, Call);
  return Arguments{DevText, OpsText};
}

/// Appends \p Pieces to the list between the parentheses at \p Open and
/// \p Close, in lines as the list has them.
static void appendToList(EditSet &Edits, const std::string &File, unsigned Open,
                         unsigned Close, llvm::ArrayRef<std::string> Pieces) {
  llvm::StringRef Text = Edits.original(File);
  unsigned Line = Edits.lineStart(File, Close);
  std::string Indent =
      Line > Open ? Edits.indentAt(File, Close)
                  : indentTo(columnAfter(
                        Text.slice(Edits.lineStart(File, Open), Open + 1)));
  unsigned Column = columnAfter(Text.slice(Line, Close));
  bool Empty = Text.slice(Open + 1, Close).trim().empty();
  std::string New;
  for (size_t I = 0; I < Pieces.size(); ++I) {
    bool First = I == 0 && Empty;
    unsigned Room =
        Pieces[I].size() + (First ? 0 : 2) + (I + 1 < Pieces.size() ? 1 : 2);
    if (Column + Room > 80 && !First) {
      New += ",\n" + Indent + Pieces[I];
      Column = columnAfter(Indent + Pieces[I]);
    } else {
      New += (First ? "" : ", ") + Pieces[I];
      Column += Pieces[I].size() + (First ? 0 : 2);
    }
  }
  Edits.replace({File, Close, Close}, New);
}

/// The names for the parent device and the ops table as parameters of \p F:
/// those that the kernel uses, unless \p F has them for something else.
static Conversion::Arguments parameterNames(const Program::Definition &F) {
  std::string Text = F.U->text(F.F->getSourceRange());
  auto Pick = [&](llvm::StringRef Name) {
    return llvm::Regex(("[^a-zA-Z0-9_]" + Name + "[^a-zA-Z0-9_]").str())
                   .match(Text)
               ? ("vfio_" + Name).str()
               : Name.str();
  };
  return {Pick("dev"), Pick("ops")};
}

/// The name of the parameter that is given \p Value at \p Call and keeps it;
/// empty where there is none.
std::string Conversion::givenAs(const Program::CallSite &Call,
                                llvm::StringRef Value) const {
  Program::Definition F = P.callee(*Call.U, Call.Call);
  for (unsigned I = 0;
       I < std::min(Call.Call->getNumArgs(), F.F->getNumParams()); ++I) {
    if (Call.U->text(Call.Call->getArg(I)->getSourceRange()) != Value)
      continue;
    std::string Name = F.F->getParamDecl(I)->getNameAsString();
    llvm::Regex Set("[^a-zA-Z0-9_>.]" + Name + "[ \t\n]*=[^=]");
    llvm::Regex Taken("&[ \t]*" + Name + "[^a-zA-Z0-9_>.\\[-]");
    std::string Text = F.U->text(F.F->getBody()->getSourceRange());
    if (!Name.empty() && !Text.empty() && !Set.match(Text) &&
        !Taken.match(Text))
      return Name;
  }
  return {};
}

/// Appends the parameters \p Names to every declaration of what \p Call calls,
/// and the arguments \p Values to the call. What the call passes already is
/// not passed twice.
void Conversion::addParameters(const Program::CallSite &Call,
                               const Arguments &Values,
                               const Arguments &Names) {
  FileRange R = callRange(*Call.U, Call.Call);
  if (!edit(*Call.U, R, Call.Call->getBeginLoc()))
    return;
  unsigned Open =
      R.Begin + Edits.original(R.File).slice(R.Begin, R.End).find('(');
  bool PassDevice = givenAs(Call, Values.Device).empty();
  std::vector<std::string> Args, Params;
  std::vector<DocLine> Docs;
  if (PassDevice) {
    Args.push_back(Values.Device);
    Params.push_back("struct device *" + Names.Device);
    Docs.push_back({Names.Device, "parent of the vfio_device"});
  }
  Args.push_back(Values.Ops);
  Params.push_back("const struct vfio_device_ops *" + Names.Ops);
  Docs.push_back({Names.Ops, "operations of the vfio_device"});
  appendToList(Edits, R.File, Open, R.End - 1, Args);
  Program::Definition F = P.callee(*Call.U, Call.Call);
  for (const auto &U : P.Units) {
    const FunctionDecl *Found = nullptr;
    for (const Decl *Top : globals(U->Model->Ctx, F.F->getName()))
      if (const auto *FD = dyn_cast<FunctionDecl>(Top);
          FD && Program::key(*U, FD) == Program::key(*F.U, F.F))
        Found = FD;
    if (!Found)
      continue;
    for (const FunctionDecl *Redecl : Found->redecls()) {
      if (Redecl->isImplicit())
        continue;
      FunctionTypeLoc FTL = Redecl->getFunctionTypeLoc();
      FileRange List =
          FTL ? U->range(SourceRange(FTL.getLParenLoc(), FTL.getRParenLoc()))
              : FileRange();
      if (!edit(*U, List, Redecl->getLocation()))
        return;
      if (Redecl->getNumParams() == 0)
        Edits.replace(List, "(" + llvm::join(Params, ", ") + ")");
      else
        appendToList(Edits, List.File, List.Begin, List.End - 1, Params);
      ForBoth.addFile(List.File, Edits.original(List.File));
      for (EditSet *Set : {&Edits, &ForBoth})
        describeParameters(*Set, List.File,
                           U->range(SourceRange(Redecl->getBeginLoc())).Begin,
                           Docs);
    }
  }
}

std::optional<Conversion::Arguments>
Conversion::fromCaller(const AllocSite &A, const SiteRef &Init,
                       llvm::ArrayRef<Program::CallSite> Chain) {
  const ApiFunction &Api = *Init.S->Api;
  const CallExpr *Call = Init.S->Call;
  SourceLocation At = Chain.front().Call->getBeginLoc();
  if (!availableAt(*Init.U, Init.S->In, Call->getArg(Api.Device), At) ||
      !availableAt(*Init.U, Init.S->In, Call->getArg(Api.Ops), At)) {
    refuse("init-arguments", *Init.U, Call->getBeginLoc(),
           "the device or the ops table is not known yet where the structure "
           "is created",
           "create the structure after both are known");
    return std::nullopt;
  }
  // Every function on the way must be called for this purpose only.
  for (const Program::CallSite &C : Chain) {
    Program::Definition F = P.callee(*C.U, C.Call);
    if (P.callsOf(Program::key(*F.U, F.F)).size() != 1) {
      refuse("mixed-allocation", *C.U, C.Call->getBeginLoc(),
             "the function that creates the structure is also called for "
             "something that is no vfio device",
             "split the function: one that allocates for vfio, one that does "
             "not");
      return std::nullopt;
    }
  }
  Arguments Values{deviceArgument(Init),
                   Init.U->text(Call->getArg(Api.Ops)->getSourceRange())};
  for (const Program::CallSite &C : Chain) {
    Arguments Names = parameterNames(P.callee(*C.U, C.Call));
    if (std::string Given = givenAs(C, Values.Device); !Given.empty())
      Names.Device = Given;
    addParameters(C, Values, Names);
    Values = Names;
  }
  step("PassDevice", *Init.U, Call->getBeginLoc(),
       "pass the parent device and the ops table to where the structure is "
       "allocated",
       "vfio_alloc_device allocates and prepares in one call");
  if (Handled.insert(Call).second)
    removeCall(*Init.U, Call);
  return Values;
}

std::optional<Conversion::Arguments>
Conversion::argumentsFor(const AllocSite &A,
                         const std::vector<SiteRef> &Inits) {
  std::vector<SiteRef> Same;
  for (const SiteRef &I : Inits)
    if (I.S->In == A.In && I.U == A.U)
      Same.push_back(I);
  if (!Same.empty())
    return sameFunction(A, Same);
  const SiteRef &Init = Inits.front();
  if (Inits.size() > 1) {
    refuse("several-instances", *Init.U, Init.S->Call->getBeginLoc(),
           "several functions prepare what one place allocates",
           "prepare the device in one function");
    return std::nullopt;
  }
  Program::Definition Alloc{A.U, A.In}, Prepare{Init.U, Init.S->In};
  std::vector<Program::CallSite> Down = findChain(Alloc, Prepare);
  if (!Down.empty())
    return fromCallee(A, Init, Down);
  std::vector<Program::CallSite> Up = findChain(Prepare, Alloc);
  if (!Up.empty())
    return fromCaller(A, Init, Up);
  refuse("escaping-pointer", *Init.U, Init.S->Call->getBeginLoc(),
         "how the structure comes from its allocation to this place could not "
         "be followed",
         "pass the structure as an argument");
  return std::nullopt;
}

void Conversion::removeMemset(const AllocSite &A, llvm::StringRef X) {
  // memset is a macro with a body of its own in many configurations, so that
  // the statement is known by what the driver wrote.
  struct Finder : ASTVisitor<Finder> {
    std::vector<const Stmt *> Found;
    bool VisitCompoundStmt(CompoundStmt *Block) ENGINE_OVERRIDE {
      for (const Stmt *S : Block->body())
        Found.push_back(S);
      return true;
    }
  } F;
  F.TraverseStmt(A.In->getBody());
  static const llvm::Regex Clears("^[ \t\r\n]*,[ \t\r\n]*(0|0x0+)[ \t\r\n]*,");
  for (const Stmt *S : F.Found) {
    FileRange R = A.U->range(S->getSourceRange());
    std::string Own = R ? textOf(R, A.U->sources()) : std::string();
    llvm::StringRef Text = Own;
    if (!Text.consume_front("memset("))
      continue;
    Text = Text.ltrim();
    if (!Text.consume_front(X) || !Clears.match(Text))
      continue;
    if (!edit(*A.U, R, S->getBeginLoc()))
      return;
    Edits.removeStatement(R);
    step("RemoveMemset", *A.U, S->getBeginLoc(),
         "drop the memset of the new structure",
         "vfio_alloc_device returns zeroed memory, and clearing it later would "
         "wipe the vfio_device");
  }
}

void Conversion::convertAllocation(unsigned Index) {
  const AllocSite &A = Flow.allocs()[Index];
  if (!checkAllocator(A))
    return;
  std::vector<SiteRef> Inits;
  for (const SiteRef &I : D.Inits)
    if (I.From.count(Index))
      Inits.push_back(I);
  if (Inits.empty())
    return;
  ASTContext &Ctx = A.U->Model->Ctx;
  const VarDecl *Declared = nullptr;
  const Expr *Outermost = nullptr;
  const Expr *LHS = resultOf(Ctx, A.Call, Declared, Outermost);
  SourceLocation Loc = A.Call->getBeginLoc();
  std::string X = LHS        ? A.U->text(LHS->getSourceRange())
                  : Declared ? Declared->getNameAsString()
                             : "";
  if (X.empty()) {
    refuse("escaping-pointer", *A.U, Loc,
           "the result of the allocation is not kept in a variable here",
           "keep it in a local variable first");
    return;
  }
  // A failed allocation leaves an error pointer, where NULL was: only a local
  // variable is sure to be seen by nobody else.
  const auto *Local =
      LHS ? dyn_cast<DeclRefExpr>(LHS->IgnoreParens()) : nullptr;
  const auto *Var = Local ? dyn_cast<VarDecl>(Local->getDecl()) : Declared;
  if (!Var || !Var->hasLocalStorage()) {
    if (A.Record.Path.empty())
      refuse("pointer-not-embedded", *A.U, Loc,
             "the driver keeps a pointer to the vfio_device in " + X,
             "embed struct vfio_device in the driver's own structure");
    else
      refuse("escaping-pointer", *A.U, Loc,
             "the allocation is kept in " + X +
                 ", which other code may test against NULL",
             "allocate into a local variable, and store it when that "
             "succeeded");
    return;
  }
  std::optional<Arguments> Args = argumentsFor(A, Inits);
  if (!Args)
    return;
  if (Args->Device.empty() || Args->Ops.empty()) {
    refuse("call-in-macro", *A.U, Loc,
           "the arguments of the init come from a macro",
           "write the macro out, then run vfio-migrate again");
    return;
  }
  FileRange R = callRange(*A.U, Outermost);
  if (!edit(*A.U, R, Loc))
    return;
  std::string Member = spell(A.Record.Path);
  std::string New;
  if (Member.empty())
    // The macro needs a member; a bare vfio_device has none.
    New = wrapCall("_vfio_alloc_device(",
                   {"sizeof(*" + X + ")", Args->Device, Args->Ops}, ");",
                   columnOf(R));
  else
    New = wrapCall(
        "vfio_alloc_device(",
        {A.Record.Record->getNameAsString(), Member, Args->Device, Args->Ops},
        ");", columnOf(R));
  New.pop_back(); // the old statement's semicolon stays
  Edits.replace(R, New);
  step("ReplaceAllocation", *A.U, Loc,
       "allocate " + X + " by vfio_alloc_device",
       "core allocates the structure zeroed and prepares its vfio_device in "
       "the same call");
  removeMemset(A, X);
  Spot S = spotOf(Ctx, A.Call);
  convertNullCheck(A, S.S, A.Call, X);
}

} // namespace vfio::rewriter
