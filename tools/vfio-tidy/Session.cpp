//===- Session.cpp - One run of vfio-tidy -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Session.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace vfio::tidy {

Session TheSession;

void sayError(const Twine &Message) {
  errs() << "vfio-tidy: error: " << Message << '\n';
}

void sayNote(const Twine &Message) {
  errs() << "vfio-tidy: " << Message << '\n';
}

} // namespace vfio::tidy
