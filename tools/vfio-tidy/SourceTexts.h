//===- SourceTexts.h - The files that findings are in ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SOURCETEXTS_H
#define VFIO_TOOLS_VFIOTIDY_SOURCETEXTS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vfio::tidy {

/// The files that findings are in, each read, and split into lines, once. Lines
/// and columns count from 1.
class SourceTexts {
public:
  explicit SourceTexts(llvm::vfs::FileSystem &FS) : FS(FS) {}
  /// Empty where \p File cannot be read.
  const std::string &of(const std::string &File) { return *read(File).Text; }
  std::shared_ptr<const std::string> share(const std::string &File) {
    return read(File).Text;
  }
  unsigned lineAt(const std::string &File, unsigned Offset);
  unsigned columnAt(const std::string &File, unsigned Offset);
  /// Where line \p Line begins; the end of the text for one behind it.
  unsigned startOf(const std::string &File, unsigned Line);
  /// Line \p Line without its end; empty where there is none.
  llvm::StringRef line(const std::string &File, unsigned Line);

private:
  struct Entry {
    std::shared_ptr<const std::string> Text;
    std::vector<unsigned> Starts; ///< of the lines
  };
  const Entry &read(const std::string &File);

  llvm::vfs::FileSystem &FS;
  std::map<std::string, Entry> Read;
};

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SOURCETEXTS_H
