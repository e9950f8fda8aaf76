//===- OwnTables.cpp - An ops table for each module that allocates --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A library module prepares the devices of several bus drivers by a table of
// its own. vfio_alloc_device is given the table in the bus drivers: each gets
// one, and the library exports the callbacks instead of a data symbol.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Tokens.h"

using namespace clang;

namespace vfio::rewriter {

/// The macro by which \p File exports the function that prepares the device;
/// empty where it does not.
std::string Conversion::exportMacro(const SiteRef &Init,
                                    const std::string &File) const {
  Tokens Words = tokensOf(Edits.original(File));
  for (size_t I = 0; I + 2 < Words.size(); ++I)
    if ((Words[I] == "EXPORT_SYMBOL_GPL" || Words[I] == "EXPORT_SYMBOL") &&
        Words[I + 2] == Init.S->In->getName())
      return Words[I];
  return {};
}

/// The functions that \p T names.
static std::vector<const FunctionDecl *> callbacksOf(const OpsTable &T) {
  struct Finder : ASTVisitor<Finder> {
    std::vector<const FunctionDecl *> Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl()))
        if (!llvm::is_contained(Found, F))
          Found.push_back(F);
      return true;
    }
  } F;
  F.TraverseStmt(const_cast<InitListExpr *>(T.Init));
  return F.Found;
}

/// How often the functions of \p U name \p Var.
static unsigned usesOf(const Unit &U, const VarDecl *Var) {
  struct Counter : ASTVisitor<Counter> {
    const VarDecl *Var;
    unsigned N = 0;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      N += E->getDecl()->getCanonicalDecl() == Var->getCanonicalDecl();
      return true;
    }
  } C;
  C.Var = Var;
  for (const FunctionDecl *F : U.Model->Functions)
    C.TraverseStmt(F->getBody());
  return C.N;
}

/// True where the table can stand in another module: it names functions alone,
/// of which those of the library have its name in theirs.
bool Conversion::canBeCopied(const SiteRef &Init, const OpsTable &T) const {
  if (!T.Init || T.Var->getStorageClass() != SC_Static ||
      usesOf(*Init.U, T.Var) != 1)
    return false;
  struct Data : ASTVisitor<Data> {
    bool Found = false;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      Found |= isa<VarDecl>(E->getDecl());
      return true;
    }
  } Names;
  Names.TraverseStmt(const_cast<InitListExpr *>(T.Init));
  llvm::StringRef Library = Init.S->In->getName();
  Library = Library.take_front(Library.find('_') + 1);
  return !Names.Found && !Library.empty() &&
         llvm::all_of(callbacksOf(T), [&](const FunctionDecl *F) {
           return F->getStorageClass() != SC_Static ||
                  (F->hasBody() && F->getName().starts_with(Library));
         });
}

/// \p Text without its `static `, with the lines below it as they stood under
/// its parameters.
static std::string withoutStatic(llvm::StringRef Text) {
  constexpr unsigned Gone = 7;
  llvm::SmallVector<llvm::StringRef, 8> Lines;
  Text.drop_front(Gone).split(Lines, '\n');
  std::string Out = Lines.front().str();
  for (llvm::StringRef Line : llvm::drop_begin(Lines)) {
    unsigned Column = columnAfter(
        Line.take_until([](char C) { return C != ' ' && C != '\t'; }));
    Out += "\n" + indentTo(Column < Gone ? 0 : Column - Gone) +
           Line.ltrim(" \t").str();
  }
  return Out;
}

/// Exports the callbacks of \p T and declares them where the function that
/// prepares the device is declared.
bool Conversion::shareCallbacks(const SiteRef &Init, const OpsTable &T) {
  FileRange Header;
  for (const FunctionDecl *Redecl : Init.S->In->redecls())
    if (FileRange R = Init.U->range(Redecl->getSourceRange());
        R && !Redecl->isThisDeclarationADefinition() &&
        edit(*Init.U, R, Redecl->getLocation()))
      Header = R;
  if (!Header)
    return false;
  FileRange Def = Init.U->range(T.Var->getSourceRange());
  std::string Macro = exportMacro(Init, Def.File), Declared;
  for (const FunctionDecl *F : callbacksOf(T)) {
    if (F->getStorageClass() != SC_Static)
      continue;
    FunctionTypeLoc Type = F->getDefinition()->getFunctionTypeLoc();
    FileRange Head = Init.U->range(
        SourceRange(F->getDefinition()->getBeginLoc(), Type.getRParenLoc()));
    FileRange Whole = Init.U->range(F->getDefinition()->getSourceRange());
    if (F->getFirstDecl() != F->getDefinition() ||
        !edit(*Init.U, Head, F->getLocation()))
      return false;
    llvm::StringRef Text =
        Edits.original(Head.File).slice(Head.Begin, Head.End);
    if (!Text.starts_with("static "))
      return false;
    std::string New = withoutStatic(Text);
    Edits.replace(Head, New);
    Edits.insertLinesAfter(Whole.File, Whole.End,
                           Macro + "(" + F->getNameAsString() + ");\n");
    Declared += New + ";\n";
  }
  if (!Declared.empty())
    Edits.insertLinesBefore(Header.File, Header.Begin, Declared);
  return true;
}

/// The name of the table that the module of \p A gets for what \p Init prepares
/// by \p T; empty where it gets none.
std::string Conversion::ownTable(const AllocSite &A, const SiteRef &Init,
                                 const OpsTable &T) {
  FileRange Def = Init.U->range(T.Var->getSourceRange());
  if (!edit(*Init.U, Def, T.Var->getLocation()) ||
      exportMacro(Init, Def.File).empty() || !canBeCopied(Init, T))
    return {};
  std::vector<OwnTable> &Tables = Owned[Program::key(*Init.U, T.Var)];
  llvm::StringRef Stem = A.In->getName();
  for (llvm::StringRef Suffix : {"_probe", "_create", "_add"})
    Stem.consume_back(Suffix);
  FileRange Before = A.U->range(A.In->getSourceRange());
  std::string Name = Stem.str() + "_ops";
  if (!edit(*A.U, Before, A.In->getLocation()) ||
      hasWord(Edits.original(Before.File), Name) ||
      (Tables.empty() && !shareCallbacks(Init, T))) {
    refuse(RefusalId::UnknownOps, *Init.U, T.Var->getLocation(),
           "the ops table is another module's than the allocation, and its "
           "callbacks cannot be shared",
           "give each module that allocates a table of its own");
    return {};
  }
  Tables.push_back({A.U, A.In, Name});
  step(StepId::OwnTable, *A.U, A.In->getLocation(),
       {A.In->getNameAsString(), Name});
  return Name;
}

/// Writes the copies of \p T as the target has the table, and drops it.
void Conversion::writeOwnTables(const Unit &U, const OpsTable &T) {
  FileRange Def = U.range(T.Var->getSourceRange());
  FileRange Named = U.range(SourceRange(T.Var->getLocation()));
  if (!edit(U, Def, T.Var->getLocation()))
    return;
  llvm::StringRef Old = Edits.original(Def.File);
  // As it would be where it stands.
  EditSet Here;
  Here.addFile(Def.File, Old);
  std::swap(Edits, Here);
  addCallbacks(U, T);
  addIommufd(U, T);
  std::swap(Edits, Here);
  std::map<std::string, std::string> Changed = Here.apply();
  std::string New = Changed.count(Def.File) ? Changed.at(Def.File) : Old.str();
  unsigned End = Edits.lineEnd(Def.File, Def.End) + New.size() - Old.size();
  for (const OwnTable &Own : Owned.at(Program::key(U, T.Var))) {
    std::string Text = New.substr(Def.Begin, End - Def.Begin);
    Text.replace(Named.Begin - Def.Begin, Named.End - Named.Begin, Own.Name);
    FileRange Before = Own.U->range(Own.Before->getSourceRange());
    Edits.insertLinesBefore(Before.File,
                            Edits.startWithComment(Before.File, Before.Begin),
                            Text + "\n");
  }
  Edits.removeStatement(
      {Def.File, Edits.startWithComment(Def.File, Def.Begin), Def.End});
}

} // namespace vfio::rewriter
