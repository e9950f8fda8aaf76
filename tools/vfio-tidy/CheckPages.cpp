//===- CheckPages.cpp - The pages of the checks, in the program ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/CheckPages.h"

using namespace llvm;

namespace vfio::tidy {

ArrayRef<CheckPage> checkPages() {
  static const CheckPage All[] = {
#include "CheckPages.inc" // generated from docs/checks/*.md
  };
  return All;
}

const CheckPage *pageOf(StringRef Check) {
  if (Check.consume_front("vfio-"))
    for (const CheckPage &Page : checkPages())
      if (Page.Name == Check)
        return &Page;
  return nullptr;
}

} // namespace vfio::tidy
