//===- SharedHeaders.h - The kernel's headers, parsed once for many -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nearly all of a driver's parse is the kernel's headers, and a driver that is
// converted is parsed four times. So what the sources of a run read first is
// made a precompiled header, in memory, and their parses start from it. A
// source only gets headers that it reads itself before anything of its own, so
// that no declaration is there that it would lack; only their order may be
// another.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_SHAREDHEADERS_H
#define VFIO_KBUILD_SHAREDHEADERS_H

#include "kbuild/Input.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
class CompilerInvocation;
struct PCHBuffer;
} // namespace clang

namespace vfio::kbuild {

class InputSet;
struct ParseOptions;

/// Text of a driver's header that the preprocessor passed by.
struct SkippedText {
  std::string File;
  unsigned Begin, End; ///< offsets
  std::string Text;
};

/// An #undef in a driver's header.
struct UndefinedMacro {
  std::string File;
  unsigned At; ///< the offset of the name
  std::string Name;
};

/// A precompiled header, to be read by any number of parses.
struct PrecompiledHeaders {
  std::string Text; ///< what was parsed
  /// Where that appears to live: each text elsewhere, as a tree into which
  /// another is imported must not take one for the other.
  std::string Path;
  std::shared_ptr<clang::PCHBuffer> Bytes;
  /// Both, as files; a parse that starts from it has them among its own.
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files;
  /// Every name that the preprocessor met in kernel headers, and those that
  /// were macros behind them.
  llvm::StringSet<> Identifiers, Macros;
  /// The headers of the driver's that follow.
  llvm::StringSet<> Own;
  /// The names that these ask for, or have outside of macros, where they were
  /// no macros.
  llvm::StringSet<> OwnNames;
  /// One of them asks for a macro of another.
  bool OrderMatters = false;
  std::vector<SkippedText> Skipped;
  std::vector<UndefinedMacro> Undefined;
};

/// Makes \p Bytes what was made of the text of \p Headers, which stay where
/// they are.
void setBytes(PrecompiledHeaders &Headers,
              std::shared_ptr<clang::PCHBuffer> Bytes);

/// What a parse that starts from \p Headers needs besides their files: a
/// command that names them, and, when all is parsed, that the declarations of
/// file scope with these \p Names can be looked up. Its other declarations stay
/// where they are: whoever looks through all of the TU's would read each in.
void startFrom(clang::CompilerInvocation &Command);
void makeVisible(clang::CompilerInstance &CI,
                 llvm::ArrayRef<std::string> Names);

/// What a run that parses sources again and again says beforehand.
struct SharingOptions {
  /// A source that names one of these will be parsed several times.
  std::vector<std::string> ReparsedNames;
  /// The declarations of file scope that are looked up by name in the AST: a
  /// precompiled header of C has no table of them.
  std::vector<std::string> LookedUpNames;
  /// The driver's own headers are shared, too, and kernel headers that are
  /// included behind what these declare: a source is not told that a header
  /// needs another earlier.
  bool PassOwnHeaders = false;
  /// Sources of the same module that are no sources of the run are read, too.
  bool WithLinked = false;
};

/// The precompiled headers of one run. Can be asked from several threads.
class SharedHeaders {
public:
  SharedHeaders(const InputSet &Set, SharingOptions Options);
  ~SharedHeaders();

  /// The headers that a parse of \p In with \p How can start from; null
  /// where none are worth it, or where another thread is making them just now:
  /// a parse without them is sooner done.
  std::shared_ptr<const PrecompiledHeaders> find(const Input &In,
                                                 const ParseOptions &How);

  /// Makes what parses of the inputs \p Which, by number, with \p How can start
  /// from, before the processes that parse them are started; from then on, no
  /// more is made: it would go with the process.
  void prepare(llvm::ArrayRef<size_t> Which, const ParseOptions &How);

  const std::vector<std::string> &lookedUpNames() const {
    return Options.LookedUpNames;
  }

private:
  struct Choice;
  struct Command;

  void plan();
  Command &commandOf(const Input &In);
  std::shared_ptr<const PrecompiledHeaders> made(const Command &C, Choice &H,
                                                 const Input &For,
                                                 ParseOptions How,
                                                 bool WithOwn);

  const InputSet &Set;
  SharingOptions Options;
  std::once_flag Planned;
  bool Prepared = false;
  std::mutex Lock; ///< for what the choices have made
  std::map<std::vector<std::string>, std::unique_ptr<Command>> Commands;
  llvm::StringMap<Command *> CommandBySource;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_SHAREDHEADERS_H
