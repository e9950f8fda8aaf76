//===- PointedFunctions.h - What a call by a pointer can call -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver with backends calls them by the members of a structure of its own.
// Where all that is ever stored in such a member stands in the files that were
// read, and no such structure comes from elsewhere, the functions that a call
// by it can reach are known.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_POINTEDFUNCTIONS_H
#define VFIO_REWRITER_READ_POINTEDFUNCTIONS_H

#include "rewriter/read/Program.h"
#include "llvm/ADT/StringSet.h"

namespace vfio::rewriter {

class PointedFunctions {
public:
  explicit PointedFunctions(const Program &P);

  /// The driver's functions that \p Call, which is one by a pointer, can call;
  /// empty where not all of them are known.
  std::vector<Program::Definition> of(const Unit &U,
                                      const clang::CallExpr *Call) const;

private:
  friend class StoreCollector;
  struct Values {
    std::vector<Program::Definition> Functions;
    bool All = true; ///< nothing else is ever stored there
  };
  llvm::StringMap<Values> ByMember;
  /// Structures of which some come from where nothing was read, by key.
  llvm::StringSet<> Foreign;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_POINTEDFUNCTIONS_H
