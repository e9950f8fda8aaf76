//===- Steps.h - From one state of a tree to the next -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is checked out: a state is the files that differ from those on disk.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_STEPS_H
#define VFIO_TOOLS_VFIOTIDY_STEPS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vfio::tidy {

/// How a tree differs from the one on disk. Paths are absolute.
struct TreeState {
  std::map<std::string, std::string> Texts; ///< of files that are not as there
  std::set<std::string> Missing;            ///< files that are only there
  bool empty() const { return Texts.empty() && Missing.empty(); }
};

/// A change: a commit, a patch, or what the working tree has.
struct Step {
  std::string Title;   ///< for a person; empty for the working tree
  std::string Subject; ///< of the commit or the mail
  std::string MailId;  ///< of the mail, without its brackets
  TreeState Before, After;
  std::set<std::string> Changed; ///< absolute paths
};

/// The steps of --new-since=\p Revision, in the work tree \p Root: one for a
/// revision, one a commit for a range.
llvm::Expected<std::vector<Step>> stepsSince(llvm::StringRef Root,
                                             llvm::StringRef Revision);

/// The steps of --series=\p File ("-": standard input), a patch, a mail box or
/// a series: applied to the tree \p Root in memory, one after the other.
llvm::Expected<std::vector<Step>> stepsOfSeries(llvm::StringRef Root,
                                                const std::string &File);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_STEPS_H
