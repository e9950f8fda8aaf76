//===- Presentation.h - How our diagnostics look in an editor -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_PRESENTATION_H
#define VFIO_TOOLS_VFIOCLANGD_PRESENTATION_H

#include "tools/vfio-clangd/Drafts.h"
#include "llvm/Support/JSON.h"

namespace vfio::clangd {

/// Points what links one of our checks to its page, anywhere in \p Message:
/// clangd links all of clang-tidy's checks to clang's web site.
void linkPages(llvm::json::Value &Message);

/// Drops what the diagnostics of \p Params say a second time: what several
/// callers in other files do wrong shows in this one as the same.
void dropRepeated(llvm::json::Value &Params);

/// Where links to the pages of checks lead: an address, to which "/NAME.md" is
/// added. Without it, to the pages that are installed.
void setPages(std::string Address);

/// Drops the quick fixes among \p Actions that change a name of the life cycle
/// into another: what clang takes for a misspelling belongs to another kernel.
void dropSpellingFixes(llvm::json::Value &Actions, const Drafts &Open);

/// Puts \p Action in front of \p Actions, as the only one that is preferred.
void prefer(llvm::json::Array &Actions, llvm::json::Value Action);

/// Names the quick fixes among \p Actions by check and effect, where clangd
/// only knows to say which text is inserted.
void nameFixes(llvm::json::Value &Actions);

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_PRESENTATION_H
