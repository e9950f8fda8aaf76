//===- Session.cpp - One run of vfio-tidy -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Session.h"
#include "kbuild/Paths.h"
#include "kbuild/PlainText.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace vfio::tidy {

Session TheSession;

std::shared_ptr<const kbuild::ReadScope> Session::scope() const {
  if (Inputs)
    return Inputs->scope();
  auto Scope = std::make_shared<kbuild::ReadScope>();
  for (const std::string &Path : Args.Paths)
    Scope->allowTreeOf(Path);
  std::string Here = kbuild::currentDir();
  Scope->allowIncludesOf(Args.OwnFlags, Here);
  Scope->allowKernelsOf(Args.OwnFlags, Here);
  Scope->allowIncludesOf(Args.ExtraArgs, Here);
  return Scope;
}

unsigned Session::countUnsaid(checks::Unsaid::Sort What) const {
  return unsigned(llvm::count_if(
      Unsaid, [What](const checks::Unsaid &U) { return U.What == What; }));
}

void sayError(const Twine &Message) {
  errs() << "vfio-tidy: error: " << plainText(Message) << '\n';
}

void sayNote(const Twine &Message) {
  errs() << "vfio-tidy: " << plainText(Message) << '\n';
}

} // namespace vfio::tidy
