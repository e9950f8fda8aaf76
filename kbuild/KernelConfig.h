//===- KernelConfig.h - The configuration a kernel was built with ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What generated/autoconf.h defines, in make's words: y, m, or a value.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_KERNELCONFIG_H
#define VFIO_KBUILD_KERNELCONFIG_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio::kbuild {

class KernelConfig {
public:
  /// From the text of an autoconf.h.
  explicit KernelConfig(llvm::StringRef Autoconf);

  /// "y", "m", a number or a string without quotes; empty where not set.
  /// \p Symbol includes CONFIG_.
  llvm::StringRef value(llvm::StringRef Symbol) const {
    auto It = Values.find(Symbol);
    return It == Values.end() ? llvm::StringRef() : It->second;
  }
  bool isSet(llvm::StringRef Symbol) const { return Values.contains(Symbol); }

private:
  llvm::StringMap<std::string> Values;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_KERNELCONFIG_H
