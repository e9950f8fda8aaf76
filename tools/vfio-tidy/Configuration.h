//===- Configuration.h - Whether the configuration makes sense
//--------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_CONFIGURATION_H
#define VFIO_TOOLS_VFIOTIDY_CONFIGURATION_H

#include "tools/vfio-tidy/Session.h"

namespace vfio::tidy {

/// Fails with one line for a check or an option of a check that there is not,
/// or a configuration that cannot be read: on the command line of \p S, or in
/// the .clang-tidy files of its sources. A wrong name must not pass for a clean
/// run.
llvm::Error checkConfiguration(const Session &S);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_CONFIGURATION_H
