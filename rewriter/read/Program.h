//===- Program.h - The parsed TUs of a run, linked ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Several TUs seen as one program: functions, variables and records of
// different ASTs that are the same thing in the kernel get the same key.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_PROGRAM_H
#define VFIO_REWRITER_PROGRAM_H

#include "kbuild/Parse.h"
#include "lifecycle/ProgramLink.h"
#include "lifecycle/TUModel.h"
#include "rewriter/Result.h"
#include "rewriter/render/EditSet.h"
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace vfio::rewriter {

/// `#if`..`#endif` that stands in a file, by offsets of the whole construct.
struct ConditionalRange {
  std::string File;
  unsigned Begin, End;
  /// The offsets of each directive line (#if, #else, #elif, #endif).
  std::vector<unsigned> Directives;
};

/// One TU with its AST, its facts and its conditionals.
struct Unit {
  std::unique_ptr<kbuild::ParsedTU> TU;
  std::unique_ptr<TUModel> Model;
  std::vector<ConditionalRange> Conditionals;
  /// Text of the driver's files that the preprocessor left out.
  std::vector<FileRange> Skipped;
  unsigned Index = 0;
  /// What stood in for files on disk in this parse.
  std::map<std::string, std::string> Overlay;
  /// Members of vfio_device_ops that stand only there.
  std::vector<std::string> BroughtBack;
  /// Where the functions that this one only declares are looked for; null where
  /// each unit stands for itself.
  std::unique_ptr<ProgramSources> Others;
  /// The facts with what the other units have, in the same tree: for whoever
  /// follows paths. \c Model where there are no others.
  const TUModel &followed() const;
  /// The same, to be lent; null where there are no others.
  std::shared_ptr<const TUModel> shared() const;

  clang::SourceManager &sources() const { return TU->sources(); }
  const clang::LangOptions &langOpts() const;
  FileRange range(clang::SourceRange R) const;
  FileRange range(clang::CharSourceRange R) const;
  std::string text(clang::SourceRange R) const;
  Place place(clang::SourceLocation Loc) const;

private:
  mutable std::shared_ptr<const TUModel> Followed;
};

class Program {
public:
  std::vector<std::unique_ptr<Unit>> Units;

  /// The key of a function: its name; with the TU's number where it is static.
  static std::string key(const Unit &U, const clang::FunctionDecl *F);
  /// The key of a record: its tag and where it is defined.
  static std::string key(const Unit &U, const clang::RecordDecl *R);
  /// The key of a variable with a name outside of functions.
  static std::string key(const Unit &U, const clang::VarDecl *V);

  /// The definition of the function with key \p Key, and its unit.
  struct Definition {
    const Unit *U = nullptr;
    const clang::FunctionDecl *F = nullptr;
    explicit operator bool() const { return F; }
  };
  Definition definition(llvm::StringRef Key) const;
  /// The definition of what \p Call in \p U calls directly.
  Definition callee(const Unit &U, const clang::CallExpr *Call) const;

  /// Every direct call of the function with key \p Key.
  struct CallSite {
    const Unit *U;
    const clang::FunctionDecl *In;
    const clang::CallExpr *Call;
  };
  std::vector<CallSite> callsOf(llvm::StringRef Key) const;

  /// True where \p F in \p U is a function of a header that this TU has its own
  /// copy of and never calls: what it does is another TU's business.
  bool isUnusedCopy(const Unit &U, const clang::FunctionDecl *F) const;
  /// True where the copy of another unit is called.
  bool isUsedElsewhere(const Unit &U, const clang::FunctionDecl *F) const;

  /// Makes the indices; to be called once, when all units are there.
  void link();

  /// Has each unit's functions followed into the others, by \c Unit::followed.
  void followEachOther();
  bool isFollowed() const { return !Units.empty() && Units.front()->Others; }
  /// True where a function of one unit gives a function of another one a
  /// structure of the names \p Parts, or gets one from it: what each file says
  /// by itself is not all then.
  bool handsAcross(const std::set<std::string> &Parts) const;

private:
  llvm::StringMap<Definition> Definitions;
  llvm::StringMap<std::vector<CallSite>> Calls;
};

/// The assignments to the `ops` of a vfio_device in the functions of \p U: each
/// may name another table than the allocation.
struct OpsWrite {
  const clang::FunctionDecl *In;
  const clang::Expr *Table;
};
std::vector<OpsWrite> opsWrites(const Unit &U);

/// Makes units of parses, for which it has to watch these from the start. Can
/// be used from several threads.
class UnitMaker {
public:
  /// What a parse that shall become a unit is started with.
  kbuild::ParseOptions watch(kbuild::ParseOptions Options);
  /// The unit of \p TU, which was parsed with such options.
  std::unique_ptr<Unit> take(std::unique_ptr<kbuild::ParsedTU> TU);

private:
  std::mutex Lock;
  llvm::DenseMap<const clang::CompilerInstance *, std::unique_ptr<Unit>>
      Started;
};

/// Parses \p In and makes a unit of it; null where clang could not start, with
/// the reason in \p Problem.
std::unique_ptr<Unit> makeUnit(const kbuild::InputSet &Set,
                               const kbuild::Input &In,
                               kbuild::ParseOptions Options,
                               std::string &Problem);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_PROGRAM_H
