//===- KernelConfig.cpp - Reading autoconf.h ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/KernelConfig.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace vfio::kbuild {

KernelConfig::KernelConfig(StringRef Autoconf) {
  for (StringRef Line : split(Autoconf, '\n')) {
    if (!Line.consume_front("#define CONFIG_"))
      continue;
    auto [Name, Value] = Line.split(' ');
    std::string Symbol = ("CONFIG_" + Name).str();
    if (Value == "1" && StringRef(Symbol).ends_with("_MODULE"))
      Values[StringRef(Symbol).drop_back(strlen("_MODULE"))] = "m";
    else
      Values[Symbol] = Value == "1" ? "y" : Value.trim('"').str();
  }
}

} // namespace vfio::kbuild
