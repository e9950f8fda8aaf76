//===- OldDriver.cpp - A driver of the old model, over all its TUs --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/OldDriver.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/ReleaseFrees.h"
#include "rewriter/read/Unfinished.h"

using namespace clang;

namespace vfio::rewriter {

bool OldDriver::isPci() const {
  auto Has = [](const std::vector<SiteRef> &Refs, Role Kind) {
    return llvm::any_of(
        Refs, [&](const SiteRef &R) { return R.S->Api->Kind == Kind; });
  };
  return Has(Inits, Role::PciInitDevice) ||
         (Inits.empty() && Has(Uninits, Role::PciUninitDevice)) ||
         (Lacking.U && Has(Registers, Role::PciRegister));
}

/// True for code that implements the API rather than using it: core's own
/// `vfio_pci_core_init_device` calls `vfio_init_group_dev`.
static bool isCore(const Site &S) {
  return S.In->getIdentifier() && findApi(S.In->getName());
}

/// True where another TU's copy of the function that holds \p S is the one that
/// is used.
static bool isOthers(const Program &P, const Unit &U, const Site &S) {
  return P.isUnusedCopy(U, S.In) && P.isUsedElsewhere(U, S.In);
}

/// What \p S is about. A macro with a value of its own (xchg) hides what it
/// gives from the model, and not of which type that is.
static DeviceRecord recordOf(const Unit &U, const Site &S) {
  int Subject = S.Api->Subject;
  if (S.Device.Record || !isFree(S.Api->Kind) || Subject < 0 ||
      Subject >= int(S.Call->getNumArgs()))
    return S.Device.Record;
  const Expr *Arg = S.Call->getArg(Subject)->IgnoreParenImpCasts();
  return findDevicePointee(Arg->getType(), U.Model->Ctx);
}

/// The key of the structure that \p R's device is embedded in.
static std::string recordKeyOf(const SiteRef &R, const AllocFlow &Flow) {
  if (!R.From.empty())
    return Flow.allocs()[*R.From.begin()].RecordKey;
  const DeviceRecord &Rec = R.S->Device.Record;
  return Rec ? Program::key(*R.U, Rec.Record) : std::string();
}

/// True where what \p A allocates is the record with key \p Key, or has it on
/// the way to its vfio_device.
static bool isPartOf(const AllocSite &A, llvm::StringRef Key) {
  return A.RecordKey == Key ||
         llvm::any_of(A.Record.Path, [&](const FieldDecl *Field) {
           const RecordDecl *R = Field->getType()->getAsRecordDecl();
           return R && Program::key(*A.U, R) == Key;
         });
}

static SiteRef makeRef(const Unit &U, const Site &S, const AllocFlow &Flow) {
  SiteRef R{&U, &S, {}};
  if (S.Device.Pointer)
    R.From = Flow.pointsTo(U, S.In, S.Device.Pointer);
  // drvdata is one node for all devices: the type that the driver gives to it
  // tells which allocations can be meant.
  const RecordDecl *Rec = S.Device.Record.Record;
  if (Rec && !isVfioDevice(Rec) && !isPciCoreDevice(Rec)) {
    std::string Key = Program::key(U, Rec);
    for (auto It = R.From.begin(); It != R.From.end();)
      It = isPartOf(Flow.allocs()[*It], Key) ? std::next(It) : R.From.erase(It);
  }
  // A library that prepares the first part of several structures has no one
  // driver.
  std::set<llvm::StringRef> Keys;
  for (unsigned A : R.From)
    Keys.insert(Flow.allocs()[A].RecordKey);
  if (Keys.size() > 1)
    R.From.clear();
  return R;
}

/// Two drivers that allocate core's own structure have nothing else in common:
/// such a structure's drivers are told apart by where they allocate it.
static std::string driverKey(const SiteRef &R, const AllocFlow &Flow) {
  std::string Key = recordKeyOf(R, Flow);
  const RecordDecl *Rec = nullptr;
  if (!R.From.empty())
    Rec = Flow.allocs()[*R.From.begin()].Record.Record;
  else
    Rec = R.S->Device.Record.Record;
  if (Rec && (isVfioDevice(Rec) || isPciCoreDevice(Rec)))
    Key += "#" + std::to_string(R.From.empty()
                                    ? R.U->Index
                                    : Flow.allocs()[*R.From.begin()].U->Index);
  return Key;
}

static void addUnit(OldDriver &D, const Unit *U) {
  if (!llvm::is_contained(D.Units, U))
    D.Units.push_back(U);
}

/// Tells the functions of other structures in the files of each driver.
static void findOthers(const Program &P, std::vector<OldDriver> &Drivers) {
  for (OldDriver &D : Drivers) {
    std::set<std::string> Own;
    for (const auto *Refs :
         {&D.Inits, &D.Uninits, &D.Frees, &D.Registers, &D.Unregisters})
      for (const SiteRef &R : *Refs)
        Own.insert(R.S->In->getNameAsString());
    for (const auto &U : P.Units)
      for (const Site &S : U->Model->Sites) {
        const RecordDecl *Rec = S.Device.Record.Record;
        if (!Rec || isVfioDevice(Rec) || isPciCoreDevice(Rec))
          continue;
        if (Program::key(*U, Rec) == D.RecordKey)
          Own.insert(S.In->getNameAsString());
        else
          D.OthersFunctions.insert(S.In->getNameAsString());
      }
    for (const OldDriver &Other : Drivers) {
      if (&Other == &D)
        continue;
      for (const auto *Refs : {&Other.Inits, &Other.Uninits, &Other.Frees,
                               &Other.Registers, &Other.Unregisters})
        for (const SiteRef &R : *Refs) {
          D.OthersFunctions.insert(R.S->In->getNameAsString());
          if (isOldInit(R.S->Api->Kind) || isOldUninit(R.S->Api->Kind))
            D.OthersOldFunctions.insert(R.S->In->getNameAsString());
        }
    }
    for (const std::string &F : Own)
      D.OthersFunctions.erase(F);
  }
}

bool hasOwnObjects(const Program &P, const OldDriver &D) {
  return llvm::any_of(P.Units, [&](const auto &U) {
    return llvm::any_of(U->Model->Vars, [&](const VarDecl *V) {
      QualType T = U->Model->Ctx.getBaseElementType(V->getType());
      const RecordDecl *R = T->getAsRecordDecl();
      return R && R->getDefinition() && Program::key(*U, R) == D.RecordKey;
    });
  });
}

/// All structures of that type are the driver's devices: a pointer of the type
/// is one of these, wherever it was kept meanwhile (a list, an xarray, a member
/// of the parent).
static void followByType(const Program &P, OldDriver &D) {
  for (auto *Refs : {&D.Uninits, &D.Frees, &D.Registers, &D.Unregisters})
    for (SiteRef &R : *Refs) {
      const RecordDecl *Rec = recordOf(*R.U, *R.S).Record;
      if (R.From.empty() && Rec && Program::key(*R.U, Rec) == D.RecordKey)
        R.From = D.Allocs;
    }
}

namespace {
/// The drivers by what shows that they are of the old model.
struct DriverList {
  const Program &P;
  const AllocFlow &Flow;
  std::vector<OldDriver> Drivers;
  llvm::StringMap<unsigned> ByKey;

  OldDriver &driverOf(const SiteRef &R) {
    auto [It, New] = ByKey.try_emplace(driverKey(R, Flow), Drivers.size());
    if (New) {
      OldDriver D;
      D.RecordKey = recordKeyOf(R, Flow);
      D.RecordName = llvm::StringRef(D.RecordKey).split('@').first.str();
      Drivers.push_back(std::move(D));
    }
    return Drivers[It->second];
  }

  void forEach(bool (*Want)(Role),
               llvm::function_ref<void(const SiteRef &)> Do) const {
    for (const auto &U : P.Units)
      for (const Site &S : U->Model->Sites)
        if (Want(S.Api->Kind) && !isCore(S) && !isOthers(P, *U, S))
          Do(makeRef(*U, S, Flow));
  }
};
} // namespace

/// True where all of \p From come from vfio_alloc_device.
static bool areNew(const std::set<unsigned> &From, const AllocFlow &Flow) {
  return !From.empty() && llvm::all_of(From, [&](unsigned A) {
    return Flow.allocs()[A].Api->Kind == Role::AllocDevice;
  });
}

/// What was prepared in the new way, and where no old uninit shows what is
/// missing: a free that should be a put, a table without a release.
static void addLacking(const Program &P, const AllocFlow &Flow, Target To,
                       const std::set<std::string> &InPlace, DriverList &List) {
  auto Add = [&](const SiteRef &R) {
    if (List.ByKey.contains(driverKey(R, Flow)))
      return;
    OldDriver &D = List.driverOf(R);
    D.Lacking = R;
    addUnit(D, R.U);
    for (unsigned I = 0; I < Flow.allocs().size(); ++I)
      if (R.From.count(I) ||
          (areNew({I}, Flow) && Flow.allocs()[I].RecordKey == D.RecordKey))
        D.Allocs.insert(I);
  };
  bool Puts = InPlace.empty() || putsAny(P);
  std::set<const FunctionDecl *> Releases = runInCallbacks(P);
  List.forEach(isFree, [&](const SiteRef &R) {
    // drvdata is one node for all: what has no device's type is another thing.
    if (!recordOf(*R.U, *R.S))
      return;
    bool Unput = !Puts && InPlace.count(recordKeyOf(R, Flow));
    if ((areNew(R.From, Flow) || Unput) && !Releases.count(R.S->In))
      Add(R);
  });
  for (unsigned I = 0; I < Flow.allocs().size(); ++I) {
    const AllocSite &A = Flow.allocs()[I];
    const Site *S = siteOf(A);
    if (S && !isCore(*S) && !isOthers(P, *A.U, *S) && lacksRelease(P, A, To))
      Add({A.U, S, {I}});
  }
}

/// The inits say which structures are drivers. Where the allocation is new
/// already there may be none: then the uninits do, or what is missing.
static std::vector<OldDriver> driversBySites(const Program &P,
                                             const AllocFlow &Flow, Target To) {
  DriverList List{P, Flow, {}, {}};
  List.forEach(isOldInit, [&](const SiteRef &R) {
    OldDriver &D = List.driverOf(R);
    D.Allocs.insert(R.From.begin(), R.From.end());
    D.Inits.push_back(R);
    addUnit(D, R.U);
  });
  std::set<std::string> InPlace = preparedInPlace(P);
  List.forEach(isOldUninit, [&](const SiteRef &R) {
    bool New = areNew(R.From, Flow) || InPlace.count(recordKeyOf(R, Flow));
    if (!New || List.ByKey.contains(driverKey(R, Flow)))
      return;
    OldDriver &D = List.driverOf(R);
    D.Allocs.insert(R.From.begin(), R.From.end());
    addUnit(D, R.U);
  });
  addLacking(P, Flow, To, InPlace, List);
  return std::move(List.Drivers);
}

/// True where \p Ref, of another kind than the inits, is \p D's: by its
/// allocations, or where these were not followed by its type.
static bool belongs(const SiteRef &Ref, const OldDriver &D,
                    const AllocFlow &Flow) {
  for (unsigned A : Ref.From)
    if (D.Allocs.count(A) ||
        (D.Allocs.empty() && Flow.allocs()[A].RecordKey == D.RecordKey))
      return true;
  DeviceRecord Rec = recordOf(*Ref.U, *Ref.S);
  if (!Ref.From.empty() || !Rec)
    return false;
  return Program::key(*Ref.U, Rec.Record) == D.RecordKey &&
         (!isPciCoreDevice(Rec.Record) || llvm::is_contained(D.Units, Ref.U));
}

/// The local variable that holds what \p Ref frees, where the call asks for it
/// by the words that gave the variable its only value, and its device is
/// uninit'ed there; null where there is none.
static const VarDecl *heldBefore(const SiteRef &Ref, const OldDriver &D) {
  int Subject = Ref.S->Api->Subject;
  const auto *Asked =
      Subject >= 0 && Subject < int(Ref.S->Call->getNumArgs())
          ? dyn_cast<CallExpr>(strip(Ref.S->Call->getArg(Subject)))
          : nullptr;
  if (!Asked || roleOf(*Asked) != Role::GetDrvdata)
    return nullptr;
  std::string Words = Ref.U->text(Asked->getSourceRange());
  Names All = namesIn(Ref.S->In->getBody());
  if (llvm::any_of(namesIn(Asked).Vars,
                   [&](const VarDecl *V) { return All.Written.count(V); }))
    return nullptr;
  VarSet Ended;
  for (const Site *S : Ref.U->Model->sitesIn(Ref.S->In)) {
    if (S->Api->Kind == Role::SetDrvdata)
      return nullptr;
    if (isOldUninit(S->Api->Kind))
      Ended.insert(structureOf(S->Call->getArg(0)));
  }
  for (const VarDecl *V : All.Vars) {
    DeviceRecord R = findDevicePointee(V->getType(), Ref.U->Model->Ctx);
    if (Ended.count(V) && V->hasLocalStorage() && V->hasInit() &&
        !All.Written.count(V) && R && !Words.empty() &&
        Program::key(*Ref.U, R.Record) == D.RecordKey &&
        Ref.U->text(V->getInit()->getSourceRange()) == Words)
      return V;
  }
  return nullptr;
}

/// The variable of the structure's type that has its only value from the
/// untyped one that \p Ref frees; null where there is none.
static const VarDecl *typedAs(const SiteRef &Ref, const OldDriver &D) {
  int Subject = Ref.S->Api->Subject;
  const VarDecl *Untyped =
      Subject >= 0 && Subject < int(Ref.S->Call->getNumArgs())
          ? namedVar(Ref.S->Call->getArg(Subject))
          : nullptr;
  Names All = namesIn(Ref.S->In->getBody());
  if (!Untyped || !Untyped->hasLocalStorage() || !Untyped->hasInit() ||
      All.Written.count(Untyped) || !Untyped->getType()->isVoidPointerType())
    return nullptr;
  for (const VarDecl *V : All.Vars) {
    DeviceRecord R = findDevicePointee(V->getType(), Ref.U->Model->Ctx);
    if (R && V->hasLocalStorage() && V->hasInit() && !All.Written.count(V) &&
        namedVar(V->getInit()) == Untyped &&
        Program::key(*Ref.U, R.Record) == D.RecordKey)
      return V;
  }
  return nullptr;
}

static void addSite(const SiteRef &Ref, OldDriver &D) {
  Role R = Ref.S->Api->Kind;
  if (isOldUninit(R))
    D.Uninits.push_back(Ref);
  else if (isRegister(R))
    D.Registers.push_back(Ref);
  else if (isUnregister(R))
    D.Unregisters.push_back(Ref);
  else if (recordOf(*Ref.U, *Ref.S))
    D.Frees.push_back(Ref);
  else if (const VarDecl *Held = heldBefore(Ref, D)) {
    D.Frees.push_back(Ref);
    D.Frees.back().By = Held;
  } else if (const VarDecl *Typed = typedAs(Ref, D)) {
    D.Frees.push_back(Ref);
    D.Frees.back().By = Typed;
  }
  addUnit(D, Ref.U);
}

static void addAllocations(const AllocFlow &Flow, OldDriver &D) {
  for (unsigned I = 0; I < Flow.allocs().size(); ++I) {
    if (Flow.allocs()[I].RecordKey != D.RecordKey)
      continue;
    if (D.Allocs.count(I))
      addUnit(D, Flow.allocs()[I].U);
    else
      D.OtherAllocs.insert(I);
  }
}

/// What all of \p D's sites together say.
static void describe(const Program &P, const AllocFlow &Flow, OldDriver &D) {
  if (D.OtherAllocs.empty() && !hasOwnObjects(P, D))
    followByType(P, D);
  D.PartNames.insert(D.RecordName);
  for (unsigned A : D.Allocs)
    for (const FieldDecl *Field : Flow.allocs()[A].Record.Path)
      if (const RecordDecl *R = Field->getType()->getAsRecordDecl())
        D.PartNames.insert(R->getNameAsString());
  D.Devm = !D.Allocs.empty() && llvm::all_of(D.Allocs, [&](unsigned A) {
    return Flow.allocs()[A].Api->Kind == Role::DevmAllocate;
  });
}

std::vector<OldDriver> findOldDrivers(const Program &P, const AllocFlow &Flow,
                                      Target To) {
  std::vector<OldDriver> Drivers = driversBySites(P, Flow, To);
  for (OldDriver &D : Drivers)
    addAllocations(Flow, D);
  std::set<const FunctionDecl *> Releases = runInCallbacks(P);
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites) {
      Role R = S.Api->Kind;
      bool Known =
          isOldUninit(R) || isFree(R) || isRegister(R) || isUnregister(R);
      if (!Known || isCore(S) || isOthers(P, *U, S))
        continue;
      SiteRef Ref = makeRef(*U, S, Flow);
      // To 6.1 the release of a new driver frees.
      bool Released = isFree(R) && Releases.count(S.In);
      for (OldDriver &D : Drivers)
        if (belongs(Ref, D, Flow) && !(Released && areNew(D.Allocs, Flow)))
          addSite(Ref, D);
    }
  for (OldDriver &D : Drivers)
    describe(P, Flow, D);
  findOthers(P, Drivers);
  return Drivers;
}

std::vector<NewDriver> findNewDrivers(const Program &P,
                                      const std::vector<OldDriver> &Old) {
  std::vector<NewDriver> Result;
  llvm::StringSet<> Seen;
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites) {
      if ((S.Api->Kind != Role::AllocDevice &&
           S.Api->Kind != Role::InitDevice) ||
          isCore(S) || !S.Device.Record)
        continue;
      std::string Key = Program::key(*U, S.Device.Record.Record);
      bool IsOld = llvm::any_of(
          Old, [&](const OldDriver &D) { return D.RecordKey == Key; });
      std::string File = U->TU->input().File;
      if (!IsOld && Seen.insert(Key + File).second)
        Result.push_back({S.Device.Record.Record->getNameAsString(), File});
    }
  return Result;
}

} // namespace vfio::rewriter
