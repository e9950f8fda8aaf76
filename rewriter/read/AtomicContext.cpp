//===- AtomicContext.cpp - Where a driver must not sleep ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/AtomicContext.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/SpecialMemory.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::rewriter {

/// 1 where \p Name opens a section, -1 where it closes one, else 0.
static int sectionOf(llvm::StringRef Name) {
  static const llvm::StringMap<int> Table = {
#define BEGIN(function) {#function, 1},
#define END(function) {#function, -1},
#define SCOPE(guard)                                                           \
  {"class_" #guard "_constructor", 1}, {"class_" #guard "_destructor", -1},
#include "rewriter/read/AtomicTable.def"
  };
  return Table.lookup(Name);
}

/// True where \p Name opens a section when it says yes.
static bool triesToOpen(llvm::StringRef Name) {
  static const llvm::StringSet<> Table = {
#define TRIES(function) #function,
#include "rewriter/read/AtomicTable.def"
  };
  return Table.contains(Name);
}

/// The argument of \p Name that is called where nothing may sleep; -1 for none.
static int callbackOf(llvm::StringRef Name) {
  if (int Argument = handlerOf(Name); Argument >= 0)
    return Argument;
  static const llvm::StringMap<int> Table = {
#define CALLBACK(function, argument) {#function, argument},
#include "rewriter/read/AtomicTable.def"
  };
  auto It = Table.find(Name);
  return It == Table.end() ? -1 : It->second;
}

static llvm::StringRef calleeName(const CallExpr *Call) {
  const FunctionDecl *F = Call->getDirectCallee();
  return F && F->getIdentifier() ? F->getName() : llvm::StringRef();
}

/// Walks one function, block by block, until nothing changes. What is counted
/// is the most sections that can be open.
class SectionWalk {
public:
  SectionWalk(AtomicContext &C, const Unit &U, const FunctionDecl *F)
      : C(C), U(U), F(F) {}

  /// The count at the end of the function.
  int run() {
    CFG::BuildOptions Options;
    Options.AddImplicitDtors = true; // for __attribute__((cleanup))
    std::unique_ptr<CFG> Graph =
        CFG::buildCFG(F, F->getBody(), &U.Model->Ctx, Options);
    if (!Graph)
      return 0;
    std::vector<std::optional<int>> At(Graph->getNumBlockIDs());
    std::vector<const CFGBlock *> Work = {&Graph->getEntry()};
    At[Graph->getEntry().getBlockID()] = 0;
    while (!Work.empty()) {
      const CFGBlock *B = Work.back();
      Work.pop_back();
      int Out = through(*B, *At[B->getBlockID()]);
      std::optional<bool> Yes = openingSide(*B);
      bool Side = true;
      for (const CFGBlock *Next : B->succs()) {
        int Here = Out + (Yes == Side);
        Side = false;
        std::optional<int> *There = Next ? &At[Next->getBlockID()] : nullptr;
        if (!There || (*There && **There >= Here))
          continue;
        *There = Here;
        Work.push_back(Next);
      }
    }
    return At[Graph->getExit().getBlockID()].value_or(0);
  }

private:
  /// A loop that opens more than it closes shall come to an end.
  static constexpr int Most = 4, Least = -4;

  int through(const CFGBlock &B, int Open) {
    for (const CFGElement &Element : B) {
      if (auto S = Element.getAs<CFGStmt>())
        Open += change(S->getStmt(), Open);
      else if (auto End = Element.getAs<CFGCleanupFunction>())
        Open += sectionOf(End->getFunctionDecl()->getName());
      Open = std::clamp(Open, Least, Most);
    }
    return Open;
  }

  /// On which side of \p B's question a section is open that it asked for;
  /// none where it asked for none.
  static std::optional<bool> openingSide(const CFGBlock &B) {
    const Expr *Asks = dyn_cast_or_null<Expr>(B.getTerminatorCondition());
    bool Yes = true;
    for (Asks = Asks ? strip(Asks) : nullptr; Asks;) {
      const auto *Not = dyn_cast<UnaryOperator>(Asks);
      if (!Not || Not->getOpcode() != UO_LNot)
        break;
      Yes = !Yes;
      Asks = strip(Not->getSubExpr());
    }
    const auto *Call = dyn_cast_or_null<CallExpr>(Asks);
    return Call && triesToOpen(calleeName(Call)) ? std::optional(Yes)
                                                 : std::nullopt;
  }

  int change(const Stmt *S, int Open) {
    const auto *Call = dyn_cast<CallExpr>(S);
    if (!Call)
      return 0;
    if (Open > 0)
      C.Atomic.insert(Call);
    if (int Own = sectionOf(calleeName(Call)))
      return Own;
    Program::Definition D = C.P.callee(U, Call);
    return D ? C.netOf(*D.U, D.F) : 0;
  }

  AtomicContext &C;
  const Unit &U;
  const FunctionDecl *F;
};

int AtomicContext::netOf(const Unit &U, const FunctionDecl *F) {
  auto [It, New] = Net.try_emplace(F, 0);
  if (!New)
    return It->second;
  int Count = SectionWalk(*this, U, F).run();
  return Net[F] = Count;
}

namespace {
/// The calls of a function, and the callbacks that it names for places where
/// nothing may sleep.
struct CallFinder : EvaluatedVisitor<CallFinder> {
  std::vector<const CallExpr *> Calls;
  std::vector<const FunctionDecl *> Callbacks;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Calls.push_back(Call);
    int Arg = callbackOf(calleeName(Call));
    if (Arg >= 0 && Arg < int(Call->getNumArgs()))
      if (const FunctionDecl *F = namedFunction(Call->getArg(Arg)))
        Callbacks.push_back(F);
    return true;
  }
  /// `x->timer.function = f` of a struct hrtimer.
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    const auto *ME = dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts());
    const auto *Field = ME && BO->getOpcode() == BO_Assign
                            ? dyn_cast<FieldDecl>(ME->getMemberDecl())
                            : nullptr;
    if (Field && Field->getParent()->getName() == "hrtimer")
      if (const FunctionDecl *F = namedFunction(BO->getRHS()))
        Callbacks.push_back(F);
    return true;
  }
};
} // namespace

AtomicContext::AtomicContext(const Program &P) : P(P) {
  for (const auto &U : P.Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      netOf(*U, F);
      CallFinder Finder;
      Finder.TraverseStmt(F->getBody());
      CallsIn[F].assign(Finder.Calls.begin(), Finder.Calls.end());
      for (const FunctionDecl *Callback : Finder.Callbacks)
        if (Program::Definition D = P.definition(Program::key(*U, Callback)))
          Entered.push_back(D);
      for (const CallExpr *Call : Finder.Calls)
        if (Atomic.contains(Call))
          if (Program::Definition D = P.callee(*U, Call))
            Entered.push_back(D);
    }
  spread();
}

/// A function that is called where nothing may sleep must not sleep either, nor
/// may what it calls.
void AtomicContext::spread() {
  llvm::DenseSet<const FunctionDecl *> Seen;
  while (!Entered.empty()) {
    Program::Definition D = Entered.pop_back_val();
    if (!Seen.insert(D.F).second)
      continue;
    for (const CallExpr *Call : CallsIn.lookup(D.F)) {
      Atomic.insert(Call);
      if (Program::Definition Callee = P.callee(*D.U, Call))
        Entered.push_back(Callee);
    }
  }
}

bool AtomicContext::mustNotSleep(const Unit &U, const CallExpr *Alloc) const {
  // ___GFP_DIRECT_RECLAIM, the right to wait for memory, has been this bit
  // since 4.4 (include/linux/gfp.h, gfp_types.h).
  constexpr uint64_t DirectReclaim = 0x400;
  return llvm::any_of(gfpFlagsOf(P, U, Alloc),
                      [](uint64_t Flags) { return !(Flags & DirectReclaim); });
}

} // namespace vfio::rewriter
