//===- HeaderGraph.h - What the kernel's headers include ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which kernel headers a source reads before its own first line, by the text
// alone. Not an #include that stands in an #if: what is said to be read is read
// in every configuration, and more may be.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_HEADERGRAPH_H
#define VFIO_KBUILD_HEADERGRAPH_H

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// An #include as it is written.
struct WrittenInclude {
  std::string Name;
  bool Angled;
};

/// What a header has in every configuration.
struct HeaderText {
  std::vector<WrittenInclude> Includes;
  std::vector<std::string> Macros; ///< in some configuration
  /// Each #include in some configuration, and so many of the macros stand in
  /// front of it.
  std::vector<std::pair<std::string, size_t>> After;
  bool ReadOnce = false; ///< a second #include leaves it out
};

/// A header of the driver's that a source reads.
struct OwnHeader {
  std::string Path; ///< absolute
  std::shared_ptr<const HeaderText> Text;
};

/// How a source of the driver begins: macros that it defines first, and the
/// kernel headers that follow before anything of its own.
struct Opening {
  std::string Defines; ///< the lines of #define in front of the first #include
  /// The kernel headers that the source, or a header of the driver's on the
  /// way, names: as written between <>, in order.
  std::vector<std::string> Named;
  /// These and all that they include, by number of the header.
  llvm::DenseSet<unsigned> Read;
  /// The headers of the driver's on the way, each behind what it includes
  /// itself; where these are passed.
  std::vector<OwnHeader> Own;
};

/// The headers of one kernel, found through one list of folders. Can be asked
/// from several threads.
class HeaderGraph {
public:
  /// \p KernelDirs are searched in that order; absolute. Where it passes its
  /// own, \p PassesOwn, what a header of the driver's declares does not end the
  /// opening: kernel headers do not need it, and are read before it as well.
  HeaderGraph(std::vector<std::string> KernelDirs,
              llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS,
              bool PassesOwn = false)
      : KernelDirs(std::move(KernelDirs)), FS(std::move(FS)),
        PassesOwn(PassesOwn) {}

  /// How the source \p File begins. Its headers that are not the kernel's are
  /// looked for beside their includer and in \p OwnDirs; \p Overlay has texts
  /// that stand in for files on disk.
  Opening openingOf(const std::string &File,
                    llvm::ArrayRef<std::string> OwnDirs,
                    const std::map<std::string, std::string> &Overlay);

  /// What the source or header \p File of the driver's has.
  std::shared_ptr<const HeaderText> textOf(const std::string &File);

  /// The number of the header that <\p Name> means; none where there is none.
  std::optional<unsigned> find(llvm::StringRef Name);
  /// Adds \p Header and what it includes to \p Read.
  void addAll(unsigned Header, llvm::DenseSet<unsigned> &Read);

private:
  friend class OpeningReader;

  struct Header {
    std::string Path;
    /// The headers that it includes in every configuration; unset until asked.
    std::optional<std::vector<unsigned>> Includes;
  };

  static HeaderText steadyOf(llvm::StringRef Text);
  std::optional<unsigned> findLocked(llvm::StringRef Name);
  unsigned numberOf(std::string Path);
  const std::vector<unsigned> &includesOf(unsigned Header);
  std::optional<std::string> read(const std::string &Path);

  std::vector<std::string> KernelDirs;
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS;
  bool PassesOwn;
  std::mutex Lock;                                        ///< for all below
  llvm::StringMap<std::shared_ptr<const HeaderText>> Own; ///< by path
  std::vector<Header> Headers;
  llvm::StringMap<unsigned> ByPath;
  llvm::StringMap<std::optional<unsigned>> ByName; ///< as written between <>
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_HEADERGRAPH_H
