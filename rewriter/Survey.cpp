//===- Survey.cpp - What the first pass keeps of an input -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Survey.h"
#include "lifecycle/Facts.h"
#include "rewriter/prove/TargetHeaders.h"
#include "rewriter/prove/Verify.h"
#include "rewriter/read/HiddenCode.h"
#include "rewriter/read/SkippedCode.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace vfio::rewriter {

std::unique_ptr<Unit> withOldMembers(const kbuild::InputSet &Set,
                                     std::unique_ptr<Unit> U) {
  std::vector<std::string> Lacking = lackingMembers(*U);
  std::map<std::string, std::string> Overlay = bringBack(*U, Lacking);
  if (Overlay.empty())
    return U;
  std::string Problem;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  Parse.Overlay = Overlay;
  std::unique_ptr<Unit> Again =
      makeUnit(Set, U->TU->input(), std::move(Parse), Problem);
  if (!Again)
    return U;
  Again->Overlay = std::move(Overlay);
  Again->BroughtBack = std::move(Lacking);
  return Again;
}

Survey surveyOf(const Unit &U) {
  Survey S;
  const TUModel &Model = *U.Model;
  S.Gen = ownGeneration(U);
  S.File = U.TU->input().File;
  SourceManager &SM = U.sources();
  for (const DeviceRecord &R : Model.Records) {
    SourceLocation Where = SM.getFileLoc(R.Record->getLocation());
    S.Alone &= SM.isInMainFile(Where);
    S.Records.push_back(R.Record->getNameAsString() + "@" +
                        realPath(SM.getFileID(Where), SM));
  }
  for (const Site &Site : Model.Sites) {
    if (Site.In->getIdentifier() && findApi(Site.In->getName()))
      continue;
    S.Old |= isOldInit(Site.Api->Kind);
    S.New |= Site.Api->Kind == Role::AllocDevice ||
             Site.Api->Kind == Role::InitDevice;
    if (Site.Api->Kind == Role::AddGroupDev ||
        Site.Api->Kind == Role::AddParent)
      S.FirstCall = U.place(Site.Call->getBeginLoc());
  }
  S.TooOld = Model.tooOld();
  if (const kbuild::Diagnostic *E = U.TU->firstError())
    S.FirstError = adviceOn(*E);
  if (!S.Old && !S.New)
    if (std::optional<SkippedCall> Call = firstSkippedCall(U))
      S.LeftOut = Call->str();
  for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It) {
    llvm::SmallString<128> Real;
    if (!isKernelHeaderPath(It->first.getName()) &&
        !llvm::sys::fs::real_path(It->first.getName(), Real) && Real != S.File)
      S.Headers.push_back(std::string(Real));
  }
  return S;
}

DriverResult alreadyNew(llvm::StringRef Record, llvm::StringRef File) {
  DriverResult R;
  R.Record = Record.str();
  R.Name = Record.empty() ? llvm::sys::path::filename(File).str()
                          : "struct " + R.Record;
  R.MainFile = File.str();
  R.Files = {R.MainFile};
  R.Outcome = Status::AlreadyNew;
  return R;
}

Survey surveyOfText(llvm::StringRef File, Worth::New New) {
  Survey S;
  S.File = File.str();
  S.New = !New.Structures.empty();
  S.Headers = std::move(New.Headers);
  S.Done.emplace();
  for (const std::string &Tag : New.Structures)
    S.Done->Drivers.push_back(alreadyNew(Tag, File));
  return S;
}

} // namespace vfio::rewriter
