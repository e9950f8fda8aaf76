//===- Journal.h - What a write in place is about to do -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While the files of a driver are replaced, a journal in their common folder
// says how far it is. After a kill, the next run with -i reads it there: either
// nothing was replaced yet and the new texts are thrown away, or all of them
// are known to be on the disk and the rest is put in place.
//
// A journal may also come with a stranger's tree. So it names its folder and
// the new texts by the numbers that the disk gave them: nobody can know these
// who did not write here.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_JOURNAL_H
#define VFIO_REWRITER_JOURNAL_H

#include "rewriter/SafeFiles.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio::rewriter {

struct Journal {
  static constexpr llvm::StringLiteral Name = ".vfio-migrate.journal";

  struct Entry {
    std::string File;    ///< relative to the journal's folder
    std::string OldHash; ///< SHA-256 of the text before, in hex
    std::string NewHash;
    std::string NewInode; ///< of the new text; empty until all are there
  };
  /// False: new texts are being written beside the files. True: all of them
  /// are there, and are being put in place.
  bool Committed = false;
  std::vector<Entry> Entries;

  /// Puts the journal into \p In, safely on the disk.
  llvm::Error write(const Folder &In) const;
  /// The journal in \p In; nothing where there is none. Fails where it is
  /// damaged, names files outside of \p In, belongs to another user, or was
  /// not written in this folder.
  static llvm::Expected<std::optional<Journal>> read(const Folder &In);
  static llvm::Error remove(const Folder &In);
};

/// The name of the new text of the file \p Name, beside it.
std::string newTextName(llvm::StringRef Name);

std::string hashOf(llvm::StringRef Text);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_JOURNAL_H
