//===- Doubt.cpp - Why something was not reported -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Doubt.h"
#include "clang/AST/Decl.h"

namespace vfio {

static llvm::StringRef textOf(Doubt::Reason Why) {
  switch (Why) {
  case Doubt::ThroughPointer:
    return "a call through a pointer may do it";
  case Doubt::NoSource:
    return "may do it: no source of the module defines it";
  case Doubt::Unparsed:
    return "may do it: a source that names it does not parse";
  case Doubt::Several:
    return "may do it: more than one source defines it";
  case Doubt::NotImported:
    return "may do it: its definition could not be brought over";
  case Doubt::OverBudget:
    return "may do it: too many sources would have to be read for it";
  case Doubt::OfTheKernel:
    return "may do it: the contracts do not know this function of the kernel";
  case Doubt::Later:
    return "has something run that may do it";
  case Doubt::InItsBody:
    return "may do it, and was not followed from here";
  case Doubt::Branch:
    return "a branch before may have told that this cannot be";
  }
  return "";
}

std::string Doubt::text() const {
  std::string Name = Function ? Function->getNameAsString() + "() " : "";
  return Name + textOf(Why).str();
}

} // namespace vfio
