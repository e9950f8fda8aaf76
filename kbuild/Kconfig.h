//===- Kconfig.h - A configuration for a tree that has none ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a kernel's Kconfig files and answers for each symbol what a build with
// the defaults, and with every driver as a module, would set it to. That is
// close enough to a real configuration for a parse; the compiler's abilities,
// which Kconfig would try out, count as absent.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_KCONFIG_H
#define VFIO_KBUILD_KCONFIG_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

class Kconfig {
public:
  /// \p Arch as in arch/. \p Wanted are switches that are on where nothing
  /// forbids it, whatever their default.
  Kconfig(std::string Tree, std::string Arch,
          llvm::ArrayRef<llvm::StringRef> Wanted);

  /// The text of autoconf.h.
  std::string autoconf();

private:
  enum class Type { Unknown, Bool, Tristate, Int, Hex, String };
  /// A value or select, and when it holds (an empty condition always does).
  struct Guarded {
    std::string Text, If;
  };
  /// One "config X" block; a symbol may have several, in different ifs.
  struct Entry {
    bool Prompt = false;
    std::vector<std::string> Depends; ///< all hold
    std::vector<Guarded> Defaults;
  };
  struct Symbol {
    Type Kind = Type::Unknown;
    bool Wanted = false;
    int Choice = -1; ///< index in Choices
    std::vector<Entry> Entries;
    std::vector<Guarded> SelectedBy; ///< Text is the selecting symbol
    enum { Unknown, Open, Known } State = Unknown;
    std::string Value;
  };
  struct ChoiceGroup {
    std::vector<std::string> Members;
    std::vector<std::string> Depends;
    std::vector<Guarded> Defaults;
    std::string Chosen;
    bool Decided = false;
  };
  class Reader;
  class Expression;

  const std::string &value(llvm::StringRef Name);
  bool isOn(llvm::StringRef Name) { return isOnValue(value(Name)); }
  static bool isOnValue(llvm::StringRef Value) {
    return Value == "y" || Value == "m";
  }
  bool holds(llvm::StringRef Condition);
  bool allHold(llvm::ArrayRef<std::string> Conditions);
  bool isPossible(const Symbol &S);
  std::string computeSwitch(const Symbol &S, llvm::StringRef Name);
  std::string computeDefault(const Symbol &S);
  std::string firstDefault(llvm::ArrayRef<Guarded> Defaults);
  llvm::StringRef chosenOf(ChoiceGroup &Group);

  std::string Tree, Arch;
  llvm::StringMap<Symbol> Symbols;
  std::vector<ChoiceGroup> Choices;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_KCONFIG_H
