//===- Shards.h - A run in parts, on several machines -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SHARDS_H
#define VFIO_TOOLS_VFIOTIDY_SHARDS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace vfio::tidy {

/// One part of a run.
class Shard {
public:
  /// Reads "K/N", with K from 1 to N.
  static llvm::Expected<Shard> parse(llvm::StringRef Text);
  /// True where \p File belongs to it: by its path in its tree, so that each
  /// machine comes to the same answer, and no source changes its part because
  /// of another.
  bool has(const std::string &File) const;

private:
  unsigned Number = 1, Of = 1;
};

/// Joins the reports \p Parts, all .json or all .sarif, in \p Out.
llvm::Error mergeReports(const std::string &Out,
                         llvm::ArrayRef<std::string> Parts);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SHARDS_H
