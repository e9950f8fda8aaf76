//===- Cleanup.cpp - What a conversion leaves behind ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/Cleanup.h"
#include "contracts/Declared.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Statements.h"
#include "rewriter/read/Tokens.h"
#include "rewriter/render/LabelNames.h"
#include "clang/AST/ParentMapContext.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// The labels, gotos and ifs of a function.
struct Jumps : ASTVisitor<Jumps> {
  std::vector<const GotoStmt *> Gotos;
  std::vector<const LabelStmt *> Labels;
  std::vector<const IfStmt *> Ifs;
  bool VisitGotoStmt(GotoStmt *G) ENGINE_OVERRIDE {
    Gotos.push_back(G);
    return true;
  }
  bool VisitLabelStmt(LabelStmt *L) ENGINE_OVERRIDE {
    Labels.push_back(L);
    return true;
  }
  bool VisitIfStmt(IfStmt *I) ENGINE_OVERRIDE {
    Ifs.push_back(I);
    return true;
  }
};

/// Tidies one changed function.
class FunctionCleanup {
public:
  FunctionCleanup(const Unit &OldU, const FunctionDecl *OldF, const Unit &U,
                  const FunctionDecl *F, EditSet &Edits)
      : U(U), F(F), Edits(Edits) {
    OldText = OldU.text(OldF->getSourceRange());
    New.TraverseStmt(F->getBody());
    Jumps Old;
    Old.TraverseStmt(OldF->getBody());
    for (const LabelStmt *L : Old.Labels)
      OldTarget[L->getName()] = firstText(OldU, L);
    OldVars = namesOf(OldF);
    OldOverwritten = overwritten(OldF);
    FileRange Whole = U.range(F->getSourceRange());
    for (const FileRange &S : U.Skipped)
      if (Whole && S.File == Whole.File && S.Begin >= Whole.Begin &&
          S.End <= Whole.End)
        Hidden += textOf(S, U.sources());
  }

  void run() {
    mergeLabels();
    for (const LabelStmt *L : New.Labels) {
      if (Gone.count(L) || isHidden(L->getName()))
        continue;
      if (!Wanted.count(L->getDecl()) && gotosTo(L).empty())
        removeLabel(L);
      else if (changed(L) && !returnInstead(L))
        rename(L);
    }
    removeEmptyBranches();
    removeSameReturns();
    unwrapBraces();
    removeVariables();
    removeInitialisers();
  }

private:
  /// Code that this configuration leaves out names \p Word.
  bool isHidden(llvm::StringRef Word) const { return hasWord(Hidden, Word); }

  static std::string firstText(const Unit &U, const LabelStmt *L) {
    const Stmt *S = L->getSubStmt();
    while (const auto *Inner = dyn_cast<LabelStmt>(S))
      S = Inner->getSubStmt();
    return U.text(S->getSourceRange());
  }

  /// The label led to another statement before the conversion.
  bool changed(const LabelStmt *L) const {
    auto It = OldTarget.find(L->getName());
    return It != OldTarget.end() && It->second != firstText(U, L);
  }

  bool know(const FileRange &R) { return Edits.addFile(R, U.sources()); }

  std::vector<const GotoStmt *> gotosTo(const LabelStmt *L) const {
    std::vector<const GotoStmt *> Out;
    for (const GotoStmt *G : New.Gotos)
      if (G->getLabel() == L->getDecl())
        Out.push_back(G);
    return Out;
  }

  void removeLabel(const LabelStmt *L) {
    FileRange R = U.range(SourceRange(L->getIdentLoc()));
    if (!know(R))
      return;
    llvm::StringRef Text = Edits.original(R.File);
    size_t Colon = Text.find(':', R.End);
    Edits.removeStatement({R.File, R.Begin, unsigned(Colon) + 1});
    Gone.insert(L);
  }

  void retarget(const LabelStmt *L, llvm::StringRef Name) {
    for (const GotoStmt *G : gotosTo(L))
      if (FileRange R = U.range(SourceRange(G->getLabelLoc())); know(R))
        Edits.replace(R, Name);
  }

  /// `a: b: statement`: one of them is enough.
  void mergeLabels() {
    for (const LabelStmt *L : New.Labels) {
      const auto *Inner = dyn_cast<LabelStmt>(L->getSubStmt());
      if (!Inner || !OldTarget.count(L->getName()) || isHidden(L->getName()) ||
          OldTarget[L->getName()] == firstText(U, L))
        continue;
      // Of a stack of labels the last one stays.
      while (const auto *Next = dyn_cast<LabelStmt>(Inner->getSubStmt()))
        Inner = Next;
      retarget(L, newName(Inner));
      if (Wanted.count(L->getDecl()) || !gotosTo(L).empty())
        Wanted.insert(Inner->getDecl());
      removeLabel(L);
    }
  }

  std::string newName(const LabelStmt *L) const {
    return labelName(L, New.Labels,
                     [this](const LabelStmt *Other) { return changed(Other); });
  }

  void rename(const LabelStmt *L) {
    std::string Name = newName(L);
    if (Name == L->getName())
      return;
    FileRange R = U.range(SourceRange(L->getIdentLoc()));
    if (!know(R))
      return;
    Edits.replace(R, Name);
    retarget(L, Name);
  }

  /// A label that only returns: its gotos can return themselves.
  bool returnInstead(const LabelStmt *L) {
    const auto *Ret = dyn_cast<ReturnStmt>(L->getSubStmt());
    if (!Ret)
      return false;
    std::string Text = U.text(Ret->getSourceRange());
    if (Text.empty())
      return false;
    for (const GotoStmt *G : gotosTo(L))
      replaceGoto(G, Ret, Text);
    bool Reached = fallsInto(L);
    removeLabel(L);
    if (!Reached)
      if (FileRange R = U.range(Ret->getSourceRange()); know(R))
        Edits.removeStatement(R);
    return true;
  }

  bool fallsInto(const LabelStmt *L) const {
    const Stmt *Previous = nullptr;
    for (const Item &I : itemsOf(F)) {
      if (llvm::is_contained(I.Labels, L))
        return Previous && !isa<ReturnStmt, GotoStmt>(Previous);
      Previous = I.S;
    }
    return true;
  }

  /// `{ ret = E; goto out; }` becomes `return E;`, a plain goto the return.
  void replaceGoto(const GotoStmt *G, const ReturnStmt *Ret,
                   const std::string &Text) {
    FileRange R = U.range(G->getSourceRange());
    if (!know(R))
      return;
    const VarDecl *Var =
        Ret->getRetValue() ? namedVar(Ret->getRetValue()) : nullptr;
    auto Parents = U.Model->Ctx.getParents(*static_cast<const Stmt *>(G));
    const auto *Block =
        Parents.empty() ? nullptr : Parents[0].get<CompoundStmt>();
    const BinaryOperator *Set = nullptr;
    if (Block && Var && Block->size() >= 2 && Block->body_back() == G) {
      Set = dyn_cast<BinaryOperator>(*(Block->body_end() - 2));
      if (Set &&
          (Set->getOpcode() != BO_Assign || namedVar(Set->getLHS()) != Var ||
           mentions(Set->getRHS(), Var)))
        Set = nullptr;
    }
    if (!Set) {
      Edits.replace(R, Text);
      return;
    }
    std::string Value = U.text(Set->getRHS()->getSourceRange());
    FileRange SetRange = U.range(Set->getSourceRange());
    if (Value.empty() || !know(SetRange))
      return;
    if (Block->size() == 2 && unwrap(Block, SetRange, "return " + Value + ";"))
      return;
    Edits.removeStatement(SetRange);
    Edits.replace(R, "return " + Value);
  }

  /// Replaces ` {` lines `}` by the one statement \p Text.
  bool unwrap(const CompoundStmt *Block, const FileRange &First,
              llvm::StringRef Text) {
    auto Parents = U.Model->Ctx.getParents(*static_cast<const Stmt *>(Block));
    const auto *If = Parents.empty() ? nullptr : Parents[0].get<IfStmt>();
    if (!If || If->getElse() || If->getThen() != Block)
      return false;
    FileRange R = U.range(Block->getSourceRange());
    if (!know(R))
      return false;
    llvm::StringRef File = Edits.original(R.File);
    llvm::StringRef Inside = File.slice(R.Begin, R.End);
    if (Inside.contains("/*") || Inside.contains("//"))
      return false;
    unsigned Begin = R.Begin;
    while (Begin && (File[Begin - 1] == ' ' || File[Begin - 1] == '\t'))
      --Begin;
    // `if (x) { y; }` has the indent of the whole.
    bool OneLine = Edits.lineStart(R.File, First.Begin) < R.Begin;
    Edits.replace({R.File, Begin, R.End},
                  ("\n" + Edits.indentAt(First.File, First.Begin) +
                   (OneLine ? "\t" : "") + Text)
                      .str());
    return true;
  }

  /// A branch that lost all of its statements goes; with it the condition,
  /// where that does nothing and has no other branch.
  void removeEmptyBranches() {
    auto Emptied = [&](const Stmt *Branch) {
      const auto *Block = dyn_cast_or_null<CompoundStmt>(Branch);
      return Block && Block->body_empty();
    };
    for (const IfStmt *If : New.Ifs) {
      FileRange Whole = U.range(If->getSourceRange());
      if (!know(Whole))
        continue;
      llvm::StringRef Text =
          Edits.original(Whole.File).slice(Whole.Begin, Whole.End);
      if (llvm::StringRef(OldText).contains(Text))
        continue;
      if (Emptied(If->getElse())) {
        FileRange Then = U.range(If->getThen()->getSourceRange());
        llvm::StringRef Gone =
            Edits.original(Whole.File).slice(Then.End, Whole.End);
        if (!Gone.contains("/*") && !Gone.contains("//"))
          Edits.replace({Whole.File, Then.End, Whole.End}, "");
      } else if (Emptied(If->getThen()) && !If->getElse() &&
                 !If->getCond()->HasSideEffects(U.Model->Ctx) &&
                 !Text.contains("/*") && !Text.contains("//")) {
        Edits.removeStatement(Whole);
      }
    }
  }

  /// `if (IS_ERR(x)) return x; return x;` says the same twice.
  void removeSameReturns() {
    std::vector<Item> Items = itemsOf(F);
    for (size_t I = 0; I + 1 < Items.size(); ++I) {
      const auto *If = dyn_cast<IfStmt>(Items[I].S);
      const auto *Next = dyn_cast<ReturnStmt>(Items[I + 1].S);
      const auto *Own = If ? dyn_cast<ReturnStmt>(If->getThen()) : nullptr;
      std::string Text = Own ? U.text(Own->getSourceRange()) : std::string();
      FileRange Whole = If ? U.range(If->getSourceRange()) : FileRange();
      if (Next && !Text.empty() && !If->getElse() &&
          Items[I + 1].Labels.empty() &&
          Text == U.text(Next->getSourceRange()) && isIsErr(If->getCond()) &&
          know(Whole) &&
          !llvm::StringRef(OldText).contains(U.text(If->getSourceRange())))
        Edits.removeStatement(Whole);
    }
  }

  static bool isIsErr(const Expr *Cond) {
    const auto *Call = dyn_cast<CallExpr>(strip(Cond));
    return Call && roleOf(*Call) == Role::IsErr;
  }

  /// A block that lost all of its statements but one needs no braces.
  void unwrapBraces() {
    for (const IfStmt *If : New.Ifs) {
      const auto *Block = dyn_cast<CompoundStmt>(If->getThen());
      if (!Block || Block->size() != 1 || If->getElse() ||
          isa<IfStmt, DeclStmt, ForStmt, WhileStmt>(Block->body_front()))
        continue;
      std::string Whole = U.text(If->getSourceRange());
      if (Whole.empty() || llvm::StringRef(OldText).contains(Whole))
        continue;
      FileRange R = U.range(Block->body_front()->getSourceRange());
      std::string Text = U.text(Block->body_front()->getSourceRange());
      if (R && know(R))
        unwrap(Block, R, Text + ";");
    }
  }

  /// The local variables that \p F uses.
  static std::set<std::string> namesOf(const FunctionDecl *F) {
    struct Uses : ASTVisitor<Uses> {
      std::set<std::string> Found;
      bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
        Found.insert(E->getDecl()->getNameAsString());
        return true;
      }
    } U;
    U.TraverseStmt(F->getBody());
    return U.Found;
  }

  /// Variables that were used before and are not now.
  void removeVariables() {
    std::set<std::string> Used = namesOf(F);
    for (const Item &I : itemsOf(F)) {
      const auto *DS = dyn_cast<DeclStmt>(I.S);
      const auto *Var = DS && DS->isSingleDecl()
                            ? dyn_cast<VarDecl>(DS->getSingleDecl())
                            : nullptr;
      if (!Var || Used.count(Var->getNameAsString()) ||
          isHidden(Var->getName()) || !OldVars.count(Var->getNameAsString()))
        continue;
      if (FileRange R = U.range(DS->getSourceRange()); know(R))
        Edits.removeStatement(R);
    }
  }

  /// The variables of \p F whose first value nothing reads: the first
  /// statement that names one sets it, and nothing jumps past that.
  static std::map<std::string, const VarDecl *>
  overwritten(const FunctionDecl *F) {
    std::map<std::string, const VarDecl *> Open, Out;
    for (const Item &I : itemsOf(F)) {
      const auto *DS = dyn_cast<DeclStmt>(I.S);
      const auto *Var = DS && DS->isSingleDecl()
                            ? dyn_cast<VarDecl>(DS->getSingleDecl())
                            : nullptr;
      const auto *Set = dyn_cast<BinaryOperator>(I.S);
      for (auto It = Open.begin(); It != Open.end();) {
        const VarDecl *V = It->second;
        bool Sets = Set && Set->getOpcode() == BO_Assign &&
                    namedVar(Set->getLHS()) == V && !mentions(Set->getRHS(), V);
        if (Sets)
          Out.insert(*It);
        It = Sets || mentions(I.S, V) ? Open.erase(It) : std::next(It);
      }
      Jumps J;
      J.TraverseStmt(const_cast<Stmt *>(I.S));
      if (!J.Gotos.empty())
        return Out;
      if (Var && Var->getType()->isIntegerType() && Var->hasInit() &&
          !Var->getInit()->HasSideEffects(Var->getASTContext()))
        Open[Var->getNameAsString()] = Var;
    }
    return Out;
  }

  /// `int ret = -ENOMEM;` of which nothing is read any more.
  void removeInitialisers() {
    for (const auto &[Name, Var] : overwritten(F)) {
      FileRange R =
          U.range(SourceRange(Var->getLocation(), Var->getInit()->getEndLoc()));
      if (!OldOverwritten.count(Name) && !isHidden(Name) && know(R))
        Edits.replace(R, Name);
    }
  }

  const Unit &U;
  const FunctionDecl *F;
  EditSet &Edits;
  std::set<std::string> OldVars;
  std::map<std::string, const VarDecl *> OldOverwritten;
  std::set<const LabelDecl *> Wanted; ///< labels that gotos were led to
  std::string OldText;
  std::string Hidden; ///< what this configuration leaves out of the function
  Jumps New;
  std::map<std::string, std::string> OldTarget;
  std::set<const LabelStmt *> Gone;
};

} // namespace

EditSet cleanUp(llvm::ArrayRef<const Unit *> Before, const Program &After) {
  EditSet Edits;
  for (size_t I = 0; I < Before.size(); ++I) {
    const Unit &Old = *Before[I], &New = *After.Units[I];
    std::map<std::string, const FunctionDecl *> Known;
    for (const FunctionDecl *F : Old.Model->Functions)
      Known[F->getNameAsString()] = F;
    for (const FunctionDecl *F : New.Model->Functions) {
      auto It = Known.find(F->getNameAsString());
      if (It == Known.end() || Old.text(It->second->getSourceRange()) ==
                                   New.text(F->getSourceRange()))
        continue;
      FunctionCleanup(Old, It->second, New, F, Edits).run();
    }
  }
  return Edits;
}

std::string dropUnusedIncludes(llvm::StringRef Old, std::string New) {
  struct {
    llvm::StringRef Include;
    bool (*Uses)(llvm::StringRef);
  } const Headers[] = {{"#include <linux/slab.h>\n", isOfSlab},
                       {"#include <linux/vmalloc.h>\n", isOfVmalloc}};
  for (const auto &H : Headers) {
    size_t At = New.find(H.Include);
    if (At == std::string::npos || !Old.contains(H.Include) ||
        llvm::none_of(tokensOf(Old), H.Uses) ||
        llvm::any_of(tokensOf(New), H.Uses))
      continue;
    New.erase(At, H.Include.size());
  }
  return New;
}

} // namespace vfio::rewriter
