//===- ReleaseFrees.h - Where a release frees the structure ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To 6.1 the release of a driver frees the structure, from 6.2 on core does so
// right after it. The calls that free can be taken out where each way through
// the release frees once and does nothing more.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_RELEASEFREES_H
#define VFIO_REWRITER_READ_RELEASEFREES_H

#include "rewriter/read/Program.h"
#include "rewriter/read/Ways.h"
#include "llvm/ADT/DenseMap.h"

namespace vfio::rewriter {

class ReleaseFrees {
public:
  /// For the structure called \p Record.
  ReleaseFrees(const Program &P, llvm::StringRef Record)
      : P(P), Record(Record) {}

  /// Takes \p Release, of an ops table, as one of its releases.
  void add(const Unit &U, const clang::FunctionDecl *Release);

  /// A call that frees.
  struct Free {
    const Unit *U;
    const clang::FunctionDecl *In;
    const clang::CallExpr *Call;
  };
  /// All that the releases come to.
  const std::vector<Free> &frees() const { return Frees; }

  /// True where \p F of \p U does nothing but to free the structure.
  bool isAll(const Unit &U, const clang::FunctionDecl *F) const;

  /// Why the calls cannot be taken out; empty where they can.
  std::vector<Refusal> problems() const;

private:
  bool isFree(const Unit &U, const clang::CallExpr *Call) const;
  bool usesAfter(const Unit &U, const clang::FunctionDecl *F,
                 const clang::CallExpr *Call) const;
  Often often(const Unit &U, const clang::FunctionDecl *F);
  void checkStrays(std::vector<Refusal> &Out) const;

  const Program &P;
  std::string Record;
  std::vector<Free> Frees;
  std::vector<Refusal> Found;
  llvm::DenseMap<const clang::FunctionDecl *, Often> Known;
};

/// The functions of the driver that core's callbacks for the structure, init
/// and release, may come to, by a call or by what they give away.
std::set<const clang::FunctionDecl *> runInCallbacks(const Program &P);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_RELEASEFREES_H
