//===- WorthParsing.h - Which sources a migration has to understand -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most sources of a tree that name VFIO belong to drivers that are on the new
// model, or to the core. Where no word of a driver says anything else, there is
// nothing to understand.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_WORTHPARSING_H
#define VFIO_REWRITER_WORTHPARSING_H

#include "kbuild/Inputs.h"
#include "rewriter/Result.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vfio::rewriter {

/// What the text of the inputs says of them.
struct Worth {
  /// For each input, whether it must be parsed: it, or a header of its own,
  /// names a function that prepares a device; or a source of its folder names
  /// one of the old model, with which it may share a structure. Where a header
  /// is not found by its name, the answer is yes.
  std::vector<bool> Parse;
  /// Those that are of the new model for certain, by number: the tags of their
  /// structures, empty ones where the text does not say them; and the headers
  /// of their own.
  struct New {
    std::vector<std::string> Structures, Headers;
  };
  std::map<size_t, New> AlreadyNew;
};

/// Reads the text of the inputs of \p Set. \p To is the target that was asked
/// for; none is that of the headers. Where core is to free the structure, no
/// text shows that a driver needs nothing.
Worth worthParsing(const kbuild::InputSet &Set, std::optional<Target> To);

/// For each input of \p Set, whether it must be parsed where core is to free
/// the structure: a source of its folder, or a header of that, frees it by
/// itself.
std::vector<bool> besideFrees(const kbuild::InputSet &Set);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_WORTHPARSING_H
