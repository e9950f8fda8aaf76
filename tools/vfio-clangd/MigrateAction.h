//===- MigrateAction.h - Migrate this driver, from the editor -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A code action on a line of the old life cycle. Its edit is made when somebody
// asks for it: a migration parses the driver several times, which is too much
// for every keystroke.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_MIGRATEACTION_H
#define VFIO_TOOLS_VFIOCLANGD_MIGRATEACTION_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <map>
#include <string>

namespace vfio::clangd {

/// The command that our action has the editor send back.
inline constexpr char MigrateCommand[] = "vfio.migrate";

/// True where \p Line calls a function of the old life cycle.
bool callsOldLifecycle(llvm::StringRef Line);

/// The action to offer for the document \p Uri.
llvm::json::Value migrateAction(llvm::StringRef Uri);

/// The LSP edit that migrates the driver which the document \p Uri is,
/// verified; or one line that says why there is none. \p Open are the texts
/// that are not saved yet, by path.
llvm::Expected<llvm::json::Value>
migrationEdit(llvm::StringRef Uri,
              const std::map<std::string, std::string> &Open);

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_MIGRATEACTION_H
