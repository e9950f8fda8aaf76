//===- Unfinished.cpp - What a new driver still lacks ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Unfinished.h"
#include "rewriter/read/NamedTables.h"

using namespace clang;

namespace vfio::rewriter {

bool lacksRelease(const Program &P, const AllocSite &A, Target To) {
  std::vector<TableRef> Tables;
  if (To != Target::DriverFrees || A.Api->Kind != Role::AllocDevice ||
      A.Api->Ops >= int(A.Call->getNumArgs()) ||
      !namedTables(P, *A.U, A.In, A.Call->getArg(A.Api->Ops), Tables))
    return false;
  return llvm::any_of(Tables, [](const TableRef &Ref) {
    return Ref.T->Init && !Ref.T->Opaque && !Ref.T->CopyOf &&
           !Ref.T->find("release");
  });
}

static void
forEachSite(const Program &P, Role Kind,
            llvm::function_ref<void(const Unit &, const Site &)> Do) {
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites)
      if (S.Api->Kind == Kind &&
          !(S.In->getIdentifier() && findApi(S.In->getName())))
        Do(*U, S);
}

std::set<std::string> preparedInPlace(const Program &P) {
  std::set<std::string> Keys;
  forEachSite(P, Role::InitDevice, [&](const Unit &U, const Site &S) {
    if (S.Device.Record)
      Keys.insert(Program::key(U, S.Device.Record.Record));
  });
  return Keys;
}

bool putsAny(const Program &P) {
  bool Any = false;
  forEachSite(P, Role::PutDevice,
              [&](const Unit &, const Site &) { Any = true; });
  return Any;
}

const Site *siteOf(const AllocSite &A) {
  auto It = llvm::find_if(A.U->Model->Sites,
                          [&](const Site &S) { return S.Call == A.Call; });
  return It == A.U->Model->Sites.end() ? nullptr : &*It;
}

} // namespace vfio::rewriter
