//===- KeepOld.h - Both models in one source ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver outside of the kernel's tree must still build on older kernels. Its
// result carries the new lines and the old ones under LINUX_VERSION_CODE, so
// that the preprocessor leaves exactly the old text for an old kernel.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_KEEPOLD_H
#define VFIO_REWRITER_KEEPOLD_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace vfio::rewriter {

/// A version as KERNEL_VERSION takes it: "6, 1, 0".
struct VersionWords {
  unsigned Major, Minor;
};

/// One text that is \p New from kernel \p Since on and \p Old before. Uses
/// diff's own group formats; fails where diff cannot be run.
llvm::Expected<std::string>
mergeVersions(llvm::StringRef Old, llvm::StringRef New, VersionWords Since);

/// \p Text with two conditions around the same lines joined into one.
std::string joinConditions(std::string Text);

/// \p Text with `#include <linux/version.h>` among its includes, where it has a
/// LINUX_VERSION_CODE and not that include.
std::string includeVersion(std::string Text);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_KEEPOLD_H
