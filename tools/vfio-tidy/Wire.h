//===- Wire.h - An analysis as text, from a process to its parent -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_WIRE_H
#define VFIO_TOOLS_VFIOTIDY_WIRE_H

#include "tools/vfio-tidy/Analysis.h"
#include <optional>

namespace vfio::tidy {

/// \p Result as text.
std::string encode(const Analysis &Result);

/// The analysis that \p Text is; none where it is incomplete.
std::optional<Analysis> decode(llvm::StringRef Text);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_WIRE_H
