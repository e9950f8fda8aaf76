//===- Snippet.h - A few lines of driver, and what the engine says --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses C on the mock headers of a generation. What the engine should find
// stands in the snippet itself, at the end of the line it is found in:
//
//   return ret; //~ Leak
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TEST_UNIT_SNIPPET_H
#define VFIO_TEST_UNIT_SNIPPET_H

#include "lifecycle/PathEngine.h"
#include "lifecycle/TUModel.h"
#include "clang/Frontend/ASTUnit.h"
#include <memory>
#include <set>
#include <string>

namespace vfio::test {

/// Where the mock headers are; set by main.
extern std::string Inputs;

/// The name of \p Kind as the marks spell it.
llvm::StringRef nameOf(FindingKind Kind);

/// A parsed snippet. It starts with a `struct lamp` that embeds a vfio_device,
/// a `lamp_ops`, and functions of other files; see Snippet.cpp.
class Snippet {
public:
  /// \p Generation is a folder of test/Inputs.
  explicit Snippet(llvm::StringRef Code, llvm::StringRef Generation = "6.1");
  ~Snippet();

  /// False where it is no valid C: the test itself is wrong then.
  bool compiles() const { return Model != nullptr; }
  const TUModel &model() const { return *Model; }

  /// "LINE: Kind" of each finding, the lines counted from the snippet's own
  /// first one.
  std::set<std::string> findings(PathStatistics *Statistics = nullptr,
                                 const PathLimits &Limits = {}) const;
  /// The same of each mark.
  std::set<std::string> marks() const;

private:
  std::string Code;
  std::unique_ptr<clang::ASTUnit> Unit;
  std::unique_ptr<TUModel> Model;
};

/// Expects what the marks of \p Code say, and nothing else.
void expectMarks(llvm::StringRef Code, llvm::StringRef Generation = "6.1");

} // namespace vfio::test

#endif // VFIO_TEST_UNIT_SNIPPET_H
