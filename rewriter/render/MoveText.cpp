//===- MoveText.cpp - The text of @init and @release ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/plan/Mover.h"
#include "rewriter/read/Tokens.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

std::string Mover::containerLines(const VarDecl *V) const {
  std::string Struct = "struct " + Dev.Record->getNameAsString();
  std::string Left = "\t" + Struct + " *" + V->getNameAsString() + " =";
  std::string Right =
      "container_of(" + Param + ", " + Struct + ", " + spell(Dev.Path) + ");";
  if (columnAfter(Left) + 1 + Right.size() <= 80)
    return Left + " " + Right + "\n";
  return Left + "\n\t\t" + Right + "\n";
}

/// The declarations of what \p Used names and @init derives, in their order.
std::string Mover::derivedDecls(const VarSet &Used) const {
  VarSet Need;
  // What a derivation names is needed too.
  std::function<void(const VarDecl *)> Add = [&](const VarDecl *V) {
    if (!Derived.count(V) || !Need.insert(V).second)
      return;
    if (V->hasInit() && !isa<ParmVarDecl>(V))
      for (const VarDecl *Inner : namesIn(V->getInit()).foreign())
        Add(Inner);
  };
  for (const VarDecl *V : Used)
    Add(V);
  std::string Out;
  for (const VarDecl *V : DerivedOrder) {
    if (!Need.count(V))
      continue;
    std::string Type = V->getType().getAsString();
    std::string Left = "\t" + Type +
                       (llvm::StringRef(Type).ends_with("*") ? "" : " ") +
                       V->getNameAsString() + " =";
    const std::string &How = Derived.at(V);
    bool Fits = columnAfter(Left) + How.size() + 2 <= 80 &&
                How.find('\n') == std::string::npos;
    Out += Left + (Fits ? " " : "\n\t\t") + How + ";\n";
  }
  return Out;
}

/// The puts in \p S: in @init, core ends the device where it fails.
std::vector<const CallExpr *> putsIn(const Stmt *S) {
  struct Puts : ASTVisitor<Puts> {
    std::vector<const CallExpr *> Found;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      if (roleOf(*Call) == Role::PutDevice)
        Found.push_back(Call);
      return true;
    }
  } Found;
  Found.TraverseStmt(const_cast<Stmt *>(S));
  return Found.Found;
}

/// The tests in \p S that say `== NULL` or `!= NULL`.
static std::vector<const BinaryOperator *> nullWords(const Stmt *S,
                                                     ASTContext &Ctx) {
  struct Finder : ASTVisitor<Finder> {
    ASTContext &Ctx;
    std::vector<const BinaryOperator *> Found;
    explicit Finder(ASTContext &Ctx) : Ctx(Ctx) {}
    void look(const Expr *E) {
      const auto *BO = dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts());
      if (!BO)
        return;
      if (BO->isLogicalOp()) {
        look(BO->getLHS());
        look(BO->getRHS());
      } else if (BO->isEqualityOp() &&
                 BO->getRHS()->getBeginLoc().isMacroID() &&
                 isa<MemberExpr, DeclRefExpr>(strip(BO->getLHS())) &&
                 BO->getRHS()->IgnoreParenImpCasts()->isNullPointerConstant(
                     Ctx, Expr::NPC_ValueDependentIsNotNull)) {
        Found.push_back(BO);
      }
    }
    bool VisitIfStmt(IfStmt *If) ENGINE_OVERRIDE {
      look(If->getCond());
      return true;
    }
  } F(Ctx);
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

/// The text of a moved item with its comments; ways out become returns.
std::string Mover::itemText(unsigned I) {
  FileRange R = U->range(Items[I].S->getSourceRange());
  FileRange Prev = U->range(Items[I - 1].S->getSourceRange());
  if (!know(R) || !Prev)
    return {};
  llvm::StringRef File = Edits.original(R.File);
  unsigned Begin = Edits.lineEnd(R.File, Prev.End);
  unsigned End = Edits.lineEnd(R.File, R.End);
  struct Change {
    unsigned Begin, End;
    std::string Text;
  };
  std::vector<Change> Changes;
  Names N = namesIn(Items[I].S);
  for (const GotoStmt *G : N.Gotos)
    if (std::vector<unsigned> Undo = undoOf(G, I); !Undo.empty()) {
      // Of several labels of one step the last is in @init.
      if (FileRange At = U->range(SourceRange(G->getLabelLoc())))
        Changes.push_back(
            {At.Begin, At.End, Items[Undo.front()].Labels.back()->getName()});
    } else {
      FileRange At = U->range(G->getSourceRange());
      const auto Tail = tailOf(Items, G->getLabel());
      const auto *RS =
          Tail.empty() ? nullptr : dyn_cast<ReturnStmt>(Items[Tail.back()].S);
      if (!At || !RS || !RS->getRetValue()) {
        Why = "an error path does not return a code";
        return {};
      }
      Changes.push_back({At.Begin, At.End, returnText(RS)});
    }
  for (const ReturnStmt *RS : N.Returns)
    if (codeOf(RS) != RS->getRetValue())
      if (FileRange At = U->range(RS->getSourceRange()))
        Changes.push_back({At.Begin, At.End, returnText(RS)});

  // New lines are written as new code is.
  for (const BinaryOperator *Test : nullWords(Items[I].S, U->Model->Ctx))
    if (FileRange At = U->range(Test->getSourceRange()))
      Changes.push_back(
          {At.Begin, At.End,
           (Test->getOpcode() == BO_EQ ? "!" : "") + text(Test->getLHS())});
  for (const CallExpr *Put : putsIn(Items[I].S))
    if (FileRange At = U->range(Put->getSourceRange()))
      Changes.push_back({Edits.lineStart(At.File, At.Begin),
                         Edits.lineEnd(At.File, At.End), ""});
  llvm::sort(Changes, [](const Change &A, const Change &B) {
    return A.Begin > B.Begin;
  });
  std::string Out = File.slice(Begin, End).str();
  unsigned Free = End; // up to here, nothing is changed yet
  for (const Change &C : Changes) {
    if (C.Begin < Begin || C.End > Free) {
      Why = "several statements of an error path are in one line";
      return {};
    }
    Free = C.Begin;
  }
  for (const Change &C : Changes)
    Out.replace(C.Begin - Begin, C.End - C.Begin, C.Text);
  // The edits give the new text the line ends of its file.
  llvm::erase(Out, '\r');
  return Out;
}

/// The undo items that an early way out of @init needs, with their labels.
std::string Mover::ladderText() {
  std::set<unsigned> Led, Need;
  for (unsigned M : Moved)
    for (const GotoStmt *G : namesIn(Items[M].S).Gotos)
      if (std::vector<unsigned> Undo = undoOf(G, M); !Undo.empty()) {
        Led.insert(Undo.front());
        Need.insert(Undo.begin(), Undo.end());
      }
  std::string Out;
  std::vector<unsigned> All = Ladder;
  llvm::append_range(All, Given);
  for (unsigned I : All) {
    if (!Need.count(I))
      continue;
    if (Led.count(I))
      Out += Items[I].Labels.back()->getName() + std::string(":\n");
    FileRange R = U->range(Items[I].S->getSourceRange());
    llvm::StringRef File = Edits.original(R.File);
    Out += File.slice(Edits.lineStart(R.File, R.Begin),
                      Edits.lineEnd(R.File, R.End))
               .str();
  }
  return Out;
}

/// `ret = E;` at \p Set and `return ret;` at \p Return: E. Empty where these
/// are not such lines.
static std::string returnedValue(llvm::StringRef Set, llvm::StringRef Return) {
  Tokens S = tokensOf(Set), R = tokensOf(Return);
  bool Fits = S.size() > 3 && S[1] == "=" && S.back() == ";" &&
              llvm::count(S, ";") == 1 && R.size() == 3 && R[0] == "return" &&
              R[1] == S[0] && R[2] == ";";
  return Fits ? Set.split('=').second.trim().drop_back().str() : std::string();
}

static std::string indentOf(llvm::StringRef Line) {
  return Line.take_while([](char C) { return C == '\t' || C == ' '; }).str();
}

/// `{ ret = E; return ret; }` says `return E;`.
static std::string foldReturns(llvm::StringRef Text) {
  llvm::SmallVector<llvm::StringRef, 32> Lines;
  Text.split(Lines, '\n');
  std::vector<std::string> Out;
  for (size_t I = 0; I < Lines.size(); ++I) {
    std::string Value = I + 1 < Lines.size()
                            ? returnedValue(Lines[I], Lines[I + 1])
                            : std::string();
    if (Value.empty()) {
      Out.push_back(Lines[I].str());
    } else {
      Out.push_back(indentOf(Lines[I]) + "return " + Value + ";");
      ++I;
    }
    // One statement is left: no braces.
    bool Alone = Out.size() > 1 &&
                 llvm::StringRef(Out.back()).trim().starts_with("return ") &&
                 llvm::StringRef(Out.back()).ends_with(";") &&
                 llvm::StringRef(Out[Out.size() - 2]).ends_with(" {") &&
                 I + 1 < Lines.size() && Lines[I + 1].trim() == "}";
    if (Alone) {
      Out[Out.size() - 2].resize(Out[Out.size() - 2].size() - 2);
      ++I;
    }
  }
  return llvm::join(Out, "\n");
}

/// The end of @init where nothing is to be undone: a last step that returns its
/// own code says so.
static std::string endOfInit(std::string Body) {
  llvm::SmallVector<llvm::StringRef, 32> Lines;
  llvm::StringRef(Body).split(Lines, '\n');
  constexpr size_t Longest = 4; // lines of a call, as a rule
  size_t Test = Lines.size() - 3;
  for (size_t N = 1; Lines.size() > 3 && N <= std::min(Longest, Test); ++N) {
    std::string Set =
        llvm::join(llvm::ArrayRef(Lines).slice(Test - N, N), "\n");
    std::string Value = returnedValue(Set, Lines[Test + 1]);
    Tokens T = tokensOf(Lines[Test]);
    // What is indented more is a branch of something.
    if (Value.empty() || T.size() != 4 || T[0] != "if" ||
        T[2] != tokensOf(Set).front() || indentOf(Set) != indentOf(Lines[Test]))
      continue;
    std::string Before =
        llvm::join(llvm::ArrayRef(Lines).take_front(Test - N), "\n");
    return Before + (Test > N ? "\n" : "") + indentOf(Set) + "return " + Value +
           ";\n";
  }
  // `if (ret) return ret; return 0;`.
  Tokens T = Lines.size() > 3 ? tokensOf(Lines[Test]) : Tokens();
  Tokens R = Lines.size() > 3 ? tokensOf(Lines[Test + 1]) : Tokens();
  bool Same = T.size() == 4 && T[0] == "if" && R.size() == 3 &&
              R[0] == "return" && R[1] == T[2] && R[2] == ";" &&
              indentOf(Lines[Test]) == "\t";
  if (Same)
    Body = llvm::join(llvm::ArrayRef(Lines).take_front(Test), "\n") + "\n";
  if (!llvm::StringRef(Body).ends_with("\n\n"))
    Body += "\n";
  return Body + "\treturn " + (Same ? T[2] : "0") + ";\n";
}

/// The variable that the last return of \p Items names.
static const VarDecl *returned(const std::vector<Item> &Items) {
  const auto *Last = dyn_cast<ReturnStmt>(Items.back().S);
  const Expr *Value = Last ? codeOf(Last) : nullptr;
  return Value ? namedVar(Value) : nullptr;
}

std::string Mover::initText() {
  VarSet Used, Written;
  std::string Body;
  std::vector<unsigned> All = Taken;
  llvm::append_range(All, Moved);
  for (unsigned I : All) {
    Names N = namesIn(Items[I].S);
    VarSet Foreign = N.foreign();
    Used.insert(Foreign.begin(), Foreign.end());
    Written.insert(N.Written.begin(), N.Written.end());
    Body += itemText(I);
  }
  Body = endOfInit(llvm::StringRef(foldReturns(Body)).ltrim("\n").str());
  const VarDecl *Code = returned(Items);
  if (std::string Undo = ladderText(); !Undo.empty()) {
    for (unsigned I : Given)
      for (const VarDecl *V : namesIn(Items[I].S).foreign())
        Used.insert(V);
    const auto *Last = dyn_cast<ReturnStmt>(Items.back().S);
    if (!Last)
      Why = "the error path does not end in a return";
    else
      Body += "\n" + Undo + "\t" + returnText(Last) + ";\n";
  }
  // A code that is always the same is returned as such.
  if (Code && Code->hasInit() && !Written.count(Code)) {
    std::string Before = "return " + Code->getNameAsString() + ";";
    std::string After = "return " + text(Code->getInit()) + ";";
    for (size_t At = 0; (At = Body.find(Before, At)) != std::string::npos;
         At += After.size())
      Body.replace(At, Before.size(), After);
  }
  std::string Decls = containerLines(X) + derivedDecls(Used);
  std::string CodeName;
  for (const VarDecl *V : Locals) {
    if (!hasVariable(Body, V->getName()))
      continue;
    std::string Init;
    if (V->hasInit())
      Init = " = " + text(V->getInit());
    Decls += "\t" + V->getType().getAsString() + " " + V->getNameAsString() +
             Init + ";\n";
    if (V == Code || (Code == X && !V->hasInit()))
      CodeName = V->getNameAsString();
  }
  if (Pci && !CodeName.empty() && Code->hasInit())
    Why = "an error code is set before the allocation";
  if (Pci && CodeName.empty()) {
    CodeName = "ret";
    Decls += "\tint ret;\n";
  }
  if (Pci)
    Decls += "\n\t" + CodeName + " = vfio_pci_core_init_dev(" + Param +
             ");\n\tif (" + CodeName + ")\n\t\treturn " + CodeName + ";\n";
  return "static int " + Prefix + "_init_dev(struct vfio_device *" + Param +
         ")\n{\n" + Decls + "\n" + Body + "}\n\n";
}

/// \p Text with \p Change made to each of its lines.
static std::string
onLines(llvm::StringRef Text,
        llvm::function_ref<std::string(llvm::StringRef)> Change) {
  return llvm::join(llvm::map_range(llvm::split(Text, '\n'), Change), "\n");
}

/// The lines \p Text, which come to stand as deep as a function's do: by
/// \p Unit.
static std::string outOfBlock(llvm::StringRef Text, llvm::StringRef Unit) {
  std::string Deep = indentOf(Text);
  if (llvm::StringRef(Deep).ends_with(Unit))
    Deep.resize(Deep.size() - Unit.size());
  return onLines(Text, [&](llvm::StringRef Line) {
    Line.consume_front(Deep);
    return Line.str();
  });
}

/// What probe's own lines are indented by.
std::string Mover::indentUnit() const {
  FileRange R = U->range(Items[AllocAt].S->getSourceRange());
  std::string Indent = R ? Edits.indentAt(R.File, R.Begin) : std::string();
  return Indent.empty() ? "\t" : Indent;
}

/// \p Text with the indents of our own lines, which are tabs, as probe's.
std::string Mover::asProbe(llvm::StringRef Text) const {
  return onLines(Text, [Unit = indentUnit()](llvm::StringRef Line) {
    std::string Indent;
    while (Line.consume_front("\t"))
      Indent += Unit;
    return Indent + Line.str();
  });
}

std::string Mover::releaseText() {
  VarSet Used;
  std::string Body;
  for (const Stmt *S : undoSteps()) {
    for (const VarDecl *V : namesIn(S).foreign())
      Used.insert(V);
    FileRange R = U->range(S->getSourceRange());
    llvm::StringRef File = Edits.original(R.File);
    Body += outOfBlock(File.slice(Edits.startWithComment(R.File, R.Begin),
                                  Edits.lineEnd(R.File, R.End)),
                       indentUnit());
  }
  // What only the module's variables have a part in does not name it.
  bool Named = hasUndo() || hasVariable(GivenText, X->getName());
  std::string Container =
      Named ? containerLines(Created ? RX : X) : std::string();
  if (Named && Body.empty())
    Container += "\n";
  std::string Last;
  if (Pci)
    Last = "\tvfio_pci_core_release_dev(" + Param + ");\n";
  else if (To == Target::DriverFrees)
    Last = "\tvfio_free_device(" + Param + ");\n";
  return "static void " + Prefix + "_release_dev(struct vfio_device *" + Param +
         ")\n{\n" + Container + derivedDecls(Used) +
         (Body.empty() ? "" : "\n") + Body + GivenText + Last + "}\n\n";
}

} // namespace vfio::rewriter
