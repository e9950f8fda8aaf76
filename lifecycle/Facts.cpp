//===- Facts.cpp - The facts of a TU as plain values ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Facts.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio {

/// The name of a value's role, by which drvdata and errors are found.
static llvm::StringRef nameOfValue(Role R) {
  switch (R) {
  case Role::GetDrvdata:
    return "get-drvdata";
  case Role::SetDrvdata:
    return "set-drvdata";
  case Role::IsErr:
  case Role::IsErrOrNull:
  case Role::PtrErr:
  case Role::PtrErrOrZero:
  case Role::ErrPtr:
  case Role::ErrCast:
    return "error-pointer";
  case Role::DevmAction:
  case Role::DevmActionOrReset:
    return "devm-action";
  case Role::DevmActionEnds:
    return "devm-action-ends";
  default:
    return "none";
  }
}

llvm::StringRef nameOf(Role R) {
  switch (R) {
  case Role::InitGroupDev:
  case Role::PciInitDevice:
    return "init";
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    return "uninit";
  case Role::AddGroupDev:
    return "add-group-dev";
  case Role::DelGroupDev:
    return "del-group-dev";
  case Role::AddParent:
    return "add-parent";
  case Role::DelParent:
    return "del-parent";
  case Role::AllocDevice:
    return "alloc";
  case Role::InitDevice:
    return "init-device";
  case Role::PutDevice:
    return "put";
  case Role::FreeDevice:
    return "free-device";
  case Role::CoreRelease:
    return "core-release";
  case Role::PciInitDev:
    return "core-init";
  case Role::PciReleaseDev:
    return "core-cleanup";
  case Role::Register:
  case Role::PciRegister:
    return "register";
  case Role::Unregister:
  case Role::PciUnregister:
    return "unregister";
  case Role::UnregisterPut:
    return "unregister-put";
  case Role::Adopt:
    return "adopt";
  case Role::AdoptRegister:
    return "adopt-register";
  case Role::GetDevice:
    return "get";
  case Role::IsRegistered:
    return "is-registered";
  case Role::Allocate:
    return "allocate";
  case Role::DevmAllocate:
    return "devm-allocate";
  case Role::Free:
    return "free";
  case Role::DevmFree:
    return "devm-free";
  default:
    return nameOfValue(R);
  }
}

static FactPlace placeOf(const TUModel &M, SourceLocation Loc) {
  const SourceManager &SM = M.Ctx.getSourceManager();
  PresumedLoc P = SM.getPresumedLoc(SM.getExpansionLoc(Loc));
  if (P.isInvalid())
    return {};
  return {P.getFilename(), P.getLine(), P.getColumn()};
}

static std::string textOf(const TUModel &M, SourceRange R) {
  const SourceManager &SM = M.Ctx.getSourceManager();
  CharSourceRange File = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(R), SM, M.Ctx.getLangOpts());
  return Lexer::getSourceText(File, SM, M.Ctx.getLangOpts()).str();
}

static bool isLifeEvent(Role R) {
  switch (R) {
  case Role::IsErr:
  case Role::IsErrOrNull:
  case Role::PtrErr:
  case Role::PtrErrOrZero:
  case Role::ErrPtr:
  case Role::ErrCast:
  case Role::None:
    return false;
  default:
    return true;
  }
}

static SiteFact factOf(const TUModel &M, const Site &S) {
  SiteFact F;
  F.Call = S.Api->Name.str();
  F.Kind = nameOf(S.Api->Kind).str();
  F.Function = S.In->getNameAsString();
  F.Where = placeOf(M, S.Call->getBeginLoc());
  if (S.Device.Pointer)
    F.Device = textOf(M, S.Device.Pointer->getSourceRange());
  if (S.Device.Record) {
    F.Record = S.Device.Record.Record->getNameAsString();
    F.Member = spell(S.Device.Record.Path);
  }
  if (S.Device.Root)
    F.Variable = S.Device.Root->getNameAsString();
  for (const OpsTable *T : S.Ops.Tables)
    F.Ops.push_back(T->name().str());
  F.OpsComplete = S.Ops.Complete;
  return F;
}

TUFacts extractFacts(const TUModel &M) {
  TUFacts F;
  const SourceManager &SM = M.Ctx.getSourceManager();
  if (OptionalFileEntryRef E = SM.getFileEntryRefForID(SM.getMainFileID()))
    F.File = E->getName().str();
  F.Gen = M.Gen;
  for (const DeviceRecord &R : M.Records)
    F.Records.push_back({R.Record->getNameAsString(),
                         placeOf(M, R.Record->getLocation()), spell(R.Path),
                         R.Offset, R.Several});
  if (M.Ops)
    for (const OpsTable &T : M.Ops->tables()) {
      OpsFact O{T.name().str(), placeOf(M, T.Var->getLocation()), {}};
      for (const OpsTable::Member &Mem : T.Members)
        O.Members.push_back({Mem.Field->getNameAsString(),
                             Mem.Callback
                                 ? Mem.Callback->getNameAsString()
                                 : textOf(M, Mem.Value->getSourceRange())});
      F.Ops.push_back(std::move(O));
    }
  auto Name = [](const FunctionDecl *D) {
    return D ? D->getNameAsString() : std::string();
  };
  for (const BusDriver &B : M.BusDrivers)
    F.BusDrivers.push_back(
        {B.Var->getNameAsString(), Name(B.Probe), Name(B.Remove)});
  for (const Site &S : M.Sites)
    // Memory that is no device's is noise here.
    if (isLifeEvent(S.Api->Kind) &&
        (S.Device.Record || !S.Ops.Tables.empty() ||
         !(isFree(S.Api->Kind) || S.Api->Kind == Role::Allocate ||
           S.Api->Kind == Role::DevmAllocate)))
      F.Sites.push_back(factOf(M, S));
  for (const ContainerSite &C : M.Containers)
    F.Containers.push_back(
        {C.In->getNameAsString(), placeOf(M, C.Whole->getBeginLoc()),
         C.Of.Record->getNameAsString(), spell(C.Of.Path), C.Of.Offset});
  return F;
}

static llvm::json::Object toJSON(const FactPlace &P) {
  return llvm::json::Object{
      {"file", P.File}, {"line", P.Line}, {"column", P.Column}};
}

llvm::json::Value toJSON(const TUFacts &F) {
  using namespace llvm::json;
  Array Records, Ops, Bus, Sites, Containers;
  for (const RecordFact &R : F.Records)
    Records.push_back(Object{{"name", R.Name},
                             {"where", toJSON(R.Where)},
                             {"member", R.Member},
                             {"offset", R.Offset},
                             {"several", R.Several}});
  for (const OpsFact &O : F.Ops) {
    Object Members;
    for (const auto &[Name, Value] : O.Members)
      Members[Name] = Value;
    Ops.push_back(Object{{"name", O.Name},
                         {"where", toJSON(O.Where)},
                         {"members", std::move(Members)}});
  }
  for (const BusDriverFact &B : F.BusDrivers)
    Bus.push_back(
        Object{{"name", B.Name}, {"probe", B.Probe}, {"remove", B.Remove}});
  for (const SiteFact &S : F.Sites)
    Sites.push_back(Object{{"call", S.Call},
                           {"kind", S.Kind},
                           {"function", S.Function},
                           {"where", toJSON(S.Where)},
                           {"device", S.Device},
                           {"record", S.Record},
                           {"member", S.Member},
                           {"variable", S.Variable},
                           {"ops", Array(S.Ops)},
                           {"opsComplete", S.OpsComplete}});
  for (const ContainerFact &C : F.Containers)
    Containers.push_back(Object{{"function", C.Function},
                                {"where", toJSON(C.Where)},
                                {"record", C.Record},
                                {"member", C.Member},
                                {"offset", C.Offset}});
  return Object{{"file", F.File},
                {"generation", describe(F.Gen)},
                {"records", std::move(Records)},
                {"opsTables", std::move(Ops)},
                {"busDrivers", std::move(Bus)},
                {"sites", std::move(Sites)},
                {"containers", std::move(Containers)}};
}

} // namespace vfio
