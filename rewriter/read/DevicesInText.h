//===- DevicesInText.h - The devices that a source's text prepares --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of a driver of the new model a migration tells which one it is, and does
// nothing else: its tokens say that, where no macro stands between.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_DEVICESINTEXT_H
#define VFIO_REWRITER_READ_DEVICESINTEXT_H

#include <optional>
#include <string>
#include <vector>

namespace vfio::rewriter {

/// The tags of the structures that \p Text allocates by vfio_alloc_device(),
/// each once; an empty one for a device that is prepared in another way. What
/// core does in its own functions does not count. None where the tokens do not
/// tell, or do not show all of the new model: a put, a release in each table,
/// no free of such a structure.
std::optional<std::vector<std::string>> devicesInText(const std::string &Text);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_DEVICESINTEXT_H
