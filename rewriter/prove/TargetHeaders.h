//===- TargetHeaders.h - The target API where the headers lack it ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A migrated driver is parsed against the API that it was migrated to. Where
// the headers at hand are of another generation, their text is amended in
// memory for that parse: members and functions of the target are added, those
// that the target does not have are put out of sight.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_TARGETHEADERS_H
#define VFIO_REWRITER_TARGETHEADERS_H

#include "rewriter/read/Program.h"
#include <map>

namespace vfio::rewriter {

/// The files to overlay (absolute path to text) so that \p U parses against
/// \p To; empty where its headers are of that generation already.
std::map<std::string, std::string> targetHeaders(const Unit &U, Target To);

/// The members of vfio_device_ops that \p U uses and its headers do not have
/// any more, and "vfio_free_device" where it calls that and they lack it.
std::vector<std::string> lackingMembers(const Unit &U);

/// The generation of \p U's headers, what was brought back left aside.
Generation ownGeneration(const Unit &U);

/// The files to overlay so that \p U's headers have \p Members again; empty
/// where there are none.
std::map<std::string, std::string>
bringBack(const Unit &U, llvm::ArrayRef<std::string> Members);

/// The generation of \p To.
Generation generationOf(Target To);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_TARGETHEADERS_H
