//===- SpecialMemory.cpp - Memory that core does not give -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/SpecialMemory.h"
#include "contracts/Heaps.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/AST/RecordLayout.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::rewriter {

/// The argument of \p Name that must be contiguous; -1 for none.
static int physicalArgument(llvm::StringRef Name) {
  static const llvm::StringMap<int> Table = {
#define PHYSICAL(function, argument) {#function, argument},
#include "rewriter/read/MemoryTable.def"
  };
  auto It = Table.find(Name);
  return It == Table.end() ? -1 : It->second;
}

static bool wipes(llvm::StringRef Name) {
  static const llvm::StringSet<> Table = {
#define WIPES(function) #function,
#include "rewriter/read/MemoryTable.def"
  };
  return Table.contains(Name);
}

namespace {
/// A GFP flag that is not as core's allocation has it.
struct FlagRow {
  uint64_t Bit;
  bool Loses; ///< the driver has it and core has not
  const char *Reason, *WhatToDo;
};
} // namespace

static constexpr FlagRow Flags[] = {
#define LOSES(bit, reason, what_to_do) {bit, true, reason, what_to_do},
#define LACKS(bit, reason, what_to_do) {bit, false, reason, what_to_do},
#include "rewriter/read/MemoryTable.def"
};

/// Adds the values of \p E, in \p In, also those that its callers give.
static void addValues(const Program &P, const Unit &U, const FunctionDecl *In,
                      const Expr *E, unsigned Depth,
                      std::vector<uint64_t> &Out) {
  constexpr unsigned Deepest = 4;
  Expr::EvalResult Value;
  if (E->EvaluateAsInt(Value, U.Model->Ctx)) {
    Out.push_back(Value.Val.getInt().getZExtValue());
    return;
  }
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(namedVar(E));
  if (!Param || Depth > Deepest)
    return;
  unsigned I = Param->getFunctionScopeIndex();
  for (const Program::CallSite &C : P.callsOf(Program::key(U, In)))
    if (I < C.Call->getNumArgs())
      addValues(P, *C.U, C.In, C.Call->getArg(I), Depth + 1, Out);
}

std::vector<uint64_t> gfpFlagsOf(const Program &P, const Unit &U,
                                 const CallExpr *Alloc) {
  std::vector<uint64_t> Out;
  const FunctionDecl *F = Alloc->getDirectCallee();
  const FunctionDecl *In = U.Model->functionAt(Alloc->getBeginLoc());
  for (unsigned I = 0;
       F && In && I < std::min(F->getNumParams(), Alloc->getNumArgs()); ++I) {
    const auto *Type = F->getParamDecl(I)->getType()->getAs<TypedefType>();
    if (Type && Type->getDecl()->getName() == "gfp_t")
      addValues(P, U, In, Alloc->getArg(I), 0, Out);
  }
  return Out;
}

namespace {
/// The calls in which a function gives something to the hardware.
struct HardwareCalls : EvaluatedVisitor<HardwareCalls> {
  std::vector<std::pair<const CallExpr *, const Expr *>> Found;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    int Arg = F && F->getIdentifier() ? physicalArgument(F->getName()) : -1;
    if (Arg >= 0 && Arg < int(Call->getNumArgs()))
      Found.push_back({Call, Call->getArg(Arg)});
    return true;
  }
};
} // namespace

/// True where kvzalloc can give the structure memory that is not contiguous,
/// and the driver's own allocator cannot.
static bool losesContiguity(const AllocSite &A) {
  // Up to a page kvzalloc is kzalloc. No architecture has smaller ones.
  constexpr int64_t SmallestPage = 4096;
  Heap Of = heapOf(A.Api->Name).Of;
  bool Virtual = Of == Heap::Vmalloc || Of == Heap::Either;
  const ASTRecordLayout &Layout =
      A.U->Model->Ctx.getASTRecordLayout(A.Record.Record);
  return !Virtual && Layout.getSize().getQuantity() > SmallestPage;
}

static void checkHardware(const Program &P, const AllocFlow &Flow,
                          const OldDriver &D, std::vector<Refusal> &Out) {
  auto Matters = [&](unsigned A) {
    return D.Allocs.count(A) && losesContiguity(Flow.allocs()[A]);
  };
  if (llvm::none_of(D.Allocs, Matters))
    return;
  for (const auto &U : P.Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      HardwareCalls Calls;
      Calls.TraverseStmt(F->getBody());
      for (const auto &[Call, Arg] : Calls.Found)
        if (llvm::any_of(Flow.pointsTo(*U, F, Arg), Matters))
          Out.push_back(
              {RefusalId::SpecialMemory, U->place(Call->getExprLoc()),
               "a part of the structure is given to the hardware by its "
               "physical address, and the structure is bigger than a page: "
               "core allocates by kvzalloc, whose memory need not be "
               "contiguous",
               "keep what is given to the hardware in an allocation of its "
               "own"});
    }
}

std::vector<Refusal> specialMemory(const Program &P, const AllocFlow &Flow,
                                   const OldDriver &D) {
  std::vector<Refusal> Out;
  for (unsigned I : D.Allocs) {
    const AllocSite &A = Flow.allocs()[I];
    for (uint64_t Value : gfpFlagsOf(P, *A.U, A.Call))
      for (const FlagRow &Row : Flags)
        if (bool(Value & Row.Bit) == Row.Loses)
          Out.push_back({RefusalId::SpecialMemory,
                         A.U->place(A.Call->getBeginLoc()),
                         std::string(Row.Reason) +
                             ", and vfio_alloc_device() takes GFP_KERNEL",
                         Row.WhatToDo});
  }
  for (const SiteRef &R : D.Frees)
    if (wipes(R.S->Api->Name))
      Out.push_back({RefusalId::SpecialMemory,
                     R.U->place(R.S->Call->getBeginLoc()),
                     "the structure is wiped when it is freed, and core frees "
                     "it as it is",
                     "keep what must be wiped in an allocation of its own, or "
                     "wipe it by memzero_explicit() before the structure is "
                     "freed"});
  checkHardware(P, Flow, D, Out);
  return Out;
}

std::vector<std::string> memoryRemarks(const Program &P, const AllocFlow &Flow,
                                       const OldDriver &D) {
  constexpr uint64_t Account = 0x400000; // ___GFP_ACCOUNT
  std::vector<std::string> Out;
  for (unsigned I : D.Allocs) {
    const AllocSite &A = Flow.allocs()[I];
    std::string Line =
        "line " + std::to_string(A.U->place(A.Call->getBeginLoc()).Line) + ": ";
    if (llvm::any_of(gfpFlagsOf(P, *A.U, A.Call),
                     [](uint64_t F) { return F & Account; }))
      Out.push_back(Line + "the structure was charged to its user "
                           "(GFP_KERNEL_ACCOUNT), which core does not do");
    if (heapOf(A.Api->Name).NearNode)
      Out.push_back(Line + "the structure was allocated near its device "
                           "(kzalloc_node); core allocates it anywhere");
  }
  return Out;
}

} // namespace vfio::rewriter
