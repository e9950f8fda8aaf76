//===- MakeReader.h - Enough of make to read a Kbuild file ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluates the variable assignments, conditionals and includes of a Makefile,
// so that the flags and object lists of a driver are known. Runs nothing:
// recipes and $(shell) have no effect.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_MAKEREADER_H
#define VFIO_KBUILD_MAKEREADER_H

#include "kbuild/ReadScope.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// An assignment whose variable is chosen by the kernel's configuration, such
/// as "obj-$(CONFIG_VFIO) += vfio.o": which symbol decides, for which words.
struct ConfigChoice {
  std::string Prefix; ///< "obj-"
  std::string Symbol; ///< "CONFIG_VFIO"
  std::string Value;  ///< the right-hand side, expanded
};

class MakeReader {
public:
  /// The value of a variable that the Makefile itself does not set; what it
  /// knows of CONFIG_ symbols, mostly.
  using Lookup = std::function<std::string(llvm::StringRef)>;

  /// \p Cwd is where relative paths are looked up, as make would; nothing
  /// outside of \p Scope is read.
  MakeReader(std::string Cwd, Lookup Outer,
             std::shared_ptr<const ReadScope> Scope);

  /// Gives \p Name a value before the file is read.
  void set(llvm::StringRef Name, llvm::StringRef Value);

  /// Reads the Makefile \p Path; false where it cannot be read.
  bool read(llvm::StringRef Path);

  /// The expanded value of variable \p Name.
  std::string value(llvm::StringRef Name);
  /// True where the file assigned to \p Name.
  bool assigned(llvm::StringRef Name) const;
  /// The names of all variables with a value, sorted.
  std::vector<std::string> names() const;

  const std::vector<ConfigChoice> &choices() const { return Choices; }

private:
  struct Variable {
    std::string Text;
    bool Recursive = true; ///< expanded when used ("="), not when set (":=")
  };
  class Conditionals;
  class Given;

  void readLines(llvm::StringRef Text);
  void readLine(llvm::StringRef Line, Conditionals &If);
  bool include(llvm::StringRef Line);
  bool assign(llvm::StringRef Line);
  bool test(llvm::StringRef Directive, llvm::StringRef Rest);
  void store(const std::string &Name, llvm::StringRef Op, llvm::StringRef Text);

  std::string expand(llvm::StringRef Text);
  std::string reference(llvm::StringRef Inside);
  std::string function(llvm::StringRef Name,
                       llvm::ArrayRef<llvm::StringRef> Raw);
  std::string call(llvm::ArrayRef<std::string> Args);
  std::string shell(llvm::StringRef Command);

  std::string Cwd;
  Lookup Outer;
  std::shared_ptr<const ReadScope> Scope;
  llvm::StringMap<Variable> Variables;
  std::vector<ConfigChoice> Choices;
  unsigned Files = 0; ///< read so far
  unsigned Depth = 0; ///< of expansion
  size_t Work = 0;    ///< characters expanded so far
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_MAKEREADER_H
