//===- SkippedCode.h - Life cycle code under a condition that is off ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_SKIPPEDCODE_H
#define VFIO_REWRITER_READ_SKIPPEDCODE_H

#include "rewriter/read/Program.h"
#include <optional>

namespace vfio::rewriter {

/// A call of the VFIO driver API that the preprocessor left out.
struct SkippedCall {
  Place Where;
  std::string Function;
  std::string Condition; ///< "#ifdef CONFIG_FOO", as it is written

  /// "file:3: vfio_init_group_dev() stands under ..."
  std::string str() const;
};

/// The first such call in the files of \p U.
std::optional<SkippedCall> firstSkippedCall(const Unit &U);

/// "file:3: #if LINUX_VERSION_CODE < ..." for the first condition of the
/// drivers' files that asks which kernel this is, be it by its version or by
/// what a configure step found out; empty where none does.
std::string versionSwitch(llvm::ArrayRef<const Unit *> Units);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_SKIPPEDCODE_H
