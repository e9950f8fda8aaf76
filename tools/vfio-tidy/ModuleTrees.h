//===- ModuleTrees.h - Each source is parsed once -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A source is checked, and the other sources of its module are linked with it:
// both from one tree.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_MODULETREES_H
#define VFIO_TOOLS_VFIOTIDY_MODULETREES_H

#include "kbuild/Parse.h"
#include "tools/vfio-tidy/SkippedCode.h"
#include "llvm/ADT/ArrayRef.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vfio::tidy {

/// How a source is parsed that is to be checked, for \c SharedHeaders::prepare.
kbuild::ParseOptions checkedParse();

/// The syntax trees of one process.
class ModuleTrees {
public:
  explicit ModuleTrees(const kbuild::InputSet &Set) : Set(Set) {}

  /// The tree of \p File; null where it is no source of the run, or does not
  /// parse, which \p Problem then tells.
  kbuild::ParsedTU *of(llvm::StringRef File, std::string &Problem);

  /// The tree of \p File, which \p Asker, a source of the run, is linked with:
  /// as above, or compiled like the asker where it starts from headers that the
  /// sources of the run share, and costs little to keep.
  kbuild::ParsedTU *linked(llvm::StringRef Asker, llvm::StringRef File,
                           std::string &Problem);

  /// What the parse of \p File, whose tree is here, left out.
  const LeftOut &skippedIn(llvm::StringRef File) const;

  /// True where there are other sources that \p File may be linked with.
  bool isLinked(llvm::StringRef File) const;

private:
  struct Entry {
    std::unique_ptr<kbuild::ParsedTU> TU;
    std::string Problem;
    LeftOut Skipped;
  };
  kbuild::ParsedTU *parsed(const std::string &Key, const kbuild::Input &In,
                           std::string &Problem);

  const kbuild::InputSet &Set;
  std::map<std::string, Entry> Entries; ///< by file, or by command
};

/// \p Files by module, each as a list of places in it: those that are linked
/// with each other are best analysed by one process.
std::vector<std::vector<size_t>> byModule(llvm::ArrayRef<std::string> Files);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_MODULETREES_H
