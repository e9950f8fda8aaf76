//===- Git.h - The one place that starts git ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A repository's configuration, its hooks and its attributes can name programs
// that git then runs, and whoever sent the tree wrote them. So git never sees a
// tree's .git here: it works in a git folder of ours, made for the run, which
// has a configuration of ours and only borrows the tree's objects, references
// and index.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_GIT_H
#define VFIO_REPORT_GIT_H

#include "report/ExternalTool.h"

namespace vfio::git {

/// True where there is a git.
bool isInstalled();

/// Runs git in \p Folder, which is one of ours, without anybody's
/// configuration. \p More are variables for its environment.
llvm::Expected<ToolRun> runIn(llvm::StringRef Folder,
                              llvm::ArrayRef<std::string> Args,
                              llvm::ArrayRef<std::string> More = {});

/// The history of somebody's work tree, to be looked at. Nothing is changed or
/// run in there, nothing is fetched, and whose it is does not matter.
class Repository {
public:
  /// That of the work tree \p Root, which has a .git.
  static llvm::Expected<Repository> open(llvm::StringRef Root);

  /// What git prints; fails with one line of git's where it does not succeed.
  llvm::Expected<std::string> run(llvm::ArrayRef<std::string> Args) const;

  /// What git's environment needs, for it to look here.
  std::vector<std::string> environment() const;

private:
  Repository(TempFolder Own, llvm::StringRef Root, std::string Objects)
      : Own(std::move(Own)), Root(Root), Objects(std::move(Objects)) {}
  TempFolder Own;
  std::string Root, Objects;
};

/// "Name <address>" of who works here: of the environment, the configuration
/// of \p Here (where not null), or the user's own; empty where none says it.
std::string author(const Repository *Here);

/// True where a component of \p Path would be a repository to git.
bool isInGitFolder(llvm::StringRef Path);

} // namespace vfio::git

#endif // VFIO_REPORT_GIT_H
