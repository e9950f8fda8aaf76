//===- ProgramLink.h - One program in one syntax tree ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver does not end where a file ends. What a source only declares is
// brought from the source that defines it into this tree, so that everybody
// meets it as if it stood here; and so are the functions and tables of other
// sources that use what this one defines. Which sources there are, and how they
// are parsed, is the programs' business: they lend a ProgramSources.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_PROGRAMLINK_H
#define VFIO_LIFECYCLE_PROGRAMLINK_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <memory>

namespace clang {
class ASTContext;
class Decl;
class NamedDecl;
} // namespace clang

namespace vfio {

/// Why what a function does is not known.
enum class Unread {
  NoSource,    ///< no source of the module defines it
  Unparsed,    ///< a source that names it does not parse
  Several,     ///< more than one source defines it
  NotImported, ///< clang could not bring it over
  OverBudget   ///< too many sources would have to be parsed
};

/// One clause that tells a person.
llvm::StringRef textOf(Unread Why);

/// The syntax trees of the sources that are linked with the one at hand. They
/// live as long as this.
class ProgramSources {
public:
  virtual ~ProgramSources();

  struct Answer {
    /// The sources that name it: those of the same module.
    llvm::SmallVector<clang::ASTContext *, 2> Own;
    /// Others of the driver, to be asked where none of the first defines it.
    llvm::SmallVector<clang::ASTContext *, 2> Near;
    /// Sources that name it could not be read.
    bool Unparsed = false, OverBudget = false;
  };
  /// The trees of the sources that have the word \p Name.
  virtual Answer naming(llvm::StringRef Name) = 0;
  /// Those of the sources that can define \p Name, which are fewer.
  virtual Answer defining(llvm::StringRef Name) = 0;
  /// True where those who use what this source defines are wanted as well.
  virtual bool wantsUsers() const = 0;
};

/// Brings declarations into one tree.
class ProgramLink {
public:
  ProgramLink(clang::ASTContext &Ctx, ProgramSources &Sources);
  ~ProgramLink();

  bool wantsUsers() const { return Sources.wantsUsers(); }
  /// Brings the definition of \p D, a function or variable that is only
  /// declared here. True where it was brought now.
  bool define(const clang::NamedDecl *D);
  /// Brings the functions and variables of other sources that use \p D, which
  /// has a name that they can see. True where something was brought now.
  bool bringUsers(const clang::NamedDecl *D);
  /// Why \p D was not brought; none where it was, or nobody asked for it.
  const Unread *reason(const clang::NamedDecl *D) const;

private:
  struct Tree;
  Tree &treeOf(clang::ASTContext &From);
  clang::NamedDecl *definitionIn(Tree &T, const clang::NamedDecl *D);

  clang::ASTContext &Ctx;
  ProgramSources &Sources;
  llvm::MapVector<clang::ASTContext *, std::unique_ptr<Tree>> Trees;
  llvm::StringMap<Unread> Reasons;
  llvm::StringSet<> Asked, AskedUsers;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_PROGRAMLINK_H
