//===- PassArguments.cpp - The arguments on their way to a callee
//-----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/GlobalNames.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/Tokens.h"
#include "rewriter/render/KernelDoc.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

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
    return (hasWord(Text, Name) ? "vfio_" + Name : Name).str();
  };
  return {Pick("dev"), Pick("ops")};
}

/// The name of the parameter that is given \p Value at \p Call and keeps it;
/// empty where there is none.
std::string Conversion::givenAs(const Program::CallSite &Call,
                                llvm::StringRef Value) const {
  Program::Definition F = P.callee(*Call.U, Call.Call);
  Names Body = namesIn(F.F->getBody());
  for (unsigned I = 0;
       I < std::min(Call.Call->getNumArgs(), F.F->getNumParams()); ++I) {
    const ParmVarDecl *Param = F.F->getParamDecl(I);
    if (Call.U->text(Call.Call->getArg(I)->getSourceRange()) == Value &&
        !Body.Written.count(Param))
      return Param->getNameAsString();
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
    refuse(RefusalId::InitArguments, *Init.U, Call->getBeginLoc(),
           "the device or the ops table is not known yet where the structure "
           "is created",
           "create the structure after both are known");
    return std::nullopt;
  }
  // Every function on the way must be called for this purpose only.
  for (const Program::CallSite &C : Chain) {
    Program::Definition F = P.callee(*C.U, C.Call);
    if (P.callsOf(Program::key(*F.U, F.F)).size() != 1) {
      refuse(RefusalId::MixedAllocation, *C.U, C.Call->getBeginLoc(),
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
  step(StepId::PassDevice, *Init.U, Call->getBeginLoc());
  if (Handled.insert(Call).second)
    removeCall(*Init.U, Call);
  return Values;
}

} // namespace vfio::rewriter
