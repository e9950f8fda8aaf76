//===- Handing.h - What other files do to a structure they are given ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The path engine follows a structure through the functions of one file. Where
// it is handed to a function of another file, that may end it: then a missing
// put in the caller is no leak, and one that were added would be the second.
// So each such function is looked at as a whole, and what cannot be told from
// that is a reason to leave the driver as it is.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_HANDING_H
#define VFIO_REWRITER_READ_HANDING_H

#include "rewriter/read/OldDriver.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace vfio::rewriter {

/// What a function does to the structure that it is given.
enum class Ending {
  Never,     ///< it is still there
  Always,    ///< it is gone, whichever way the function went
  Sometimes, ///< that depends on the way
  Unread     ///< not all of what it does is there to be looked at
};

class Handing {
public:
  Handing(const Program &P, const AllocFlow &Flow, const OldDriver &D)
      : P(P), Flow(Flow), D(D) {}

  /// Why the structure of the driver cannot be followed through the functions
  /// of its other files; none where it can.
  std::vector<Refusal> problems();
  /// What only a comparison of both sides' paths can tell; where that does not
  /// hold, these say why.
  std::vector<Refusal> Doubts;

private:
  /// A call that is given the structure.
  struct Given {
    const Unit *U;
    const clang::FunctionDecl *In;
    const clang::CallExpr *Call;
    const clang::Expr *Arg;
  };

  Ending endingOf(const Program::Definition &F);
  Ending endingOf(const Unit &U, const clang::CallExpr *Call);
  Ending endingByPointer(const Unit &U, const clang::CallExpr *Call);
  Given unreadOf(const Given &G) const;
  Refusal unread(const Given &G) const;
  Refusal neverUnregistered() const;
  bool isStructure(const Unit &U, const clang::FunctionDecl *In,
                   const clang::Expr *E) const;
  bool handles(const Unit &U, const clang::FunctionDecl *F) const;
  std::vector<Given> givenIn(const Unit &U, const clang::FunctionDecl *F) const;
  const std::vector<SiteRef> &ends() const;
  bool isEnd(const Unit &U, const clang::CallExpr *Call);
  bool unregistersBefore(const Given &G) const;
  void check(const Given &G, std::vector<Refusal> &Out);

  const Program &P;
  const AllocFlow &Flow;
  const OldDriver &D;
  llvm::DenseMap<const clang::FunctionDecl *, Ending> Known;
  /// The call of each function that is \c Unread that made it so.
  llvm::DenseMap<const clang::FunctionDecl *, Given> Unread;
  /// Such calls that a refusal was made of.
  llvm::DenseSet<const clang::CallExpr *> Refused;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_HANDING_H
