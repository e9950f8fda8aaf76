//===- HtmlText.h - Text and source code as HTML --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_HTMLTEXT_H
#define VFIO_REPORT_HTMLTEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio {

/// \p Text so that a browser shows it as it is, whatever bytes it has.
std::string htmlEscaped(llvm::StringRef Text);

/// The same for a path, which a browser may break behind its slashes, and not
/// in the middle of a name.
std::string htmlPath(llvm::StringRef Path);

/// The lines of C source \p Text, without line ends, each a piece of HTML in
/// which comments, strings, keywords and the life cycle's functions are marked.
std::vector<std::string> highlightedLines(llvm::StringRef Text);

/// The start of a page that carries all it needs with it, up to its first
/// heading; \p Heading is HTML.
std::string htmlHead(llvm::StringRef Title, llvm::StringRef Heading);

} // namespace vfio

#endif // VFIO_REPORT_HTMLTEXT_H
