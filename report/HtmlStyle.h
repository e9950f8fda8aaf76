//===- HtmlStyle.h - How the HTML report looks --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_HTMLSTYLE_H
#define VFIO_REPORT_HTMLSTYLE_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// The style sheet that the page carries with it.
extern const llvm::StringLiteral HtmlStyle;

} // namespace vfio

#endif // VFIO_REPORT_HTMLSTYLE_H
