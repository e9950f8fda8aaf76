//===- Migrate.cpp - From inputs to migrated drivers ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two passes over the inputs. The first takes plain facts from every TU, which
// tell what TUs belong together; a TU that is a driver by itself is converted
// at once, and the AST of others is let go. The second parses the TUs of one
// family at a time and keeps their ASTs while their drivers are planned, edited
// and verified: memory is that of the largest family.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Migrate.h"
#include "lifecycle/Facts.h"
#include "lifecycle/GlobalNames.h"
#include "rewriter/ConvertDriver.h"
#include "rewriter/ConvertFrees.h"
#include "rewriter/Survey.h"
#include "rewriter/prove/TargetHeaders.h"
#include "rewriter/prove/Verify.h"
#include "rewriter/read/SkippedCode.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include <mutex>

using namespace clang;

namespace vfio::rewriter {

/// The inputs in families: those that share a structure with a device.
static std::vector<std::vector<size_t>>
familiesOf(const std::vector<Survey> &Surveys) {
  llvm::EquivalenceClasses<size_t> Classes;
  std::map<std::string, size_t> First;
  for (size_t I = 0; I < Surveys.size(); ++I) {
    Classes.insert(I);
    for (const std::string &R : Surveys[I].Records) {
      auto [It, New] = First.try_emplace(R, I);
      if (!New)
        Classes.unionSets(It->second, I);
    }
  }
  std::map<size_t, std::vector<size_t>> ByLeader;
  for (size_t I = 0; I < Surveys.size(); ++I)
    ByLeader[Classes.getLeaderValue(I)].push_back(I);
  std::vector<std::vector<size_t>> Out;
  for (auto &[Leader, Members] : ByLeader)
    Out.push_back(std::move(Members));
  return Out;
}

/// The target for drivers whose headers are of the generation \p Gen.
static Target targetOf(Generation Gen, const MigrateOptions &Options) {
  if (Options.To)
    return *Options.To;
  return Gen == Generation::CoreFrees ? Target::CoreFrees : Target::DriverFrees;
}

static Target decideTarget(const std::vector<Survey> &Surveys,
                           const MigrateOptions &Options) {
  for (const Survey &S : Surveys)
    if (S.Gen == Generation::CoreFrees)
      return targetOf(S.Gen, Options);
  return targetOf(Generation::DriverFrees, Options);
}

/// True where \p Drivers must be followed from file to file to be compared.
static bool mustFollow(const Program &P, const AllocFlow &Flow,
                       llvm::ArrayRef<OldDriver> Drivers, Target To,
                       const MigrateOptions &Options) {
  return Options.Verify && Options.KeepOld.empty() &&
         llvm::any_of(Drivers, [&](const OldDriver &D) {
           return P.handsAcross(D.PartNames) && wouldConvert(P, Flow, D, To);
         });
}

/// Converts the drivers of the TUs \p P.
static void convertProgram(const kbuild::InputSet &Set, Program &P,
                           const MigrateOptions &Options,
                           MigrationResult &Out) {
  P.link();
  AllocFlow Flow(P);
  std::vector<OldDriver> Drivers = findOldDrivers(P, Flow, Out.To);
  // Files that give each other nothing of the device say enough each by itself.
  // Of all others it is what they do together that counts.
  if (mustFollow(P, Flow, Drivers, Out.To, Options))
    P.followEachOther();
  for (const OldDriver &D : Drivers)
    Out.Drivers.push_back(convertDriver(Set, P, Flow, D, Out.To, Options));
  checkTogether(Set, P, Drivers, Out.To, Options,
                llvm::MutableArrayRef(Out.Drivers).take_back(Drivers.size()));
  llvm::StringSet<> Moved; // all files of a structure at once
  for (const NewDriver &N : findNewDrivers(P, Drivers)) {
    if (Moved.contains(N.RecordName))
      continue;
    // What such a header brings may be of the old model.
    auto Of = llvm::find_if(P.Units, [&](const std::unique_ptr<Unit> &U) {
      return U->TU->input().File == N.File && missingHeader(*U);
    });
    if (Of != P.Units.end()) {
      Out.Failed.push_back({N.File, adviceOn(*missingHeader(**Of))});
      continue;
    }
    if (Out.To == Target::CoreFrees)
      if (std::optional<DriverResult> R = convertFrees(Set, P, N, Options)) {
        Moved.insert(N.RecordName);
        Out.Drivers.push_back(std::move(*R));
        continue;
      }
    Out.Drivers.push_back(alreadyNew(N.RecordName, N.File));
  }
}

static void convertFamily(const kbuild::InputSet &Set,
                          llvm::ArrayRef<size_t> Members,
                          const MigrateOptions &Options, MigrationResult &Out) {
  Program P;
  for (size_t I : Members) {
    std::string Problem;
    kbuild::ParseOptions Parse;
    Parse.ExtraArgs = verifyingArgs();
    std::unique_ptr<Unit> U =
        makeUnit(Set, Set.inputs()[I], std::move(Parse), Problem);
    if (U)
      P.Units.push_back(withOldMembers(Set, std::move(U)));
    else
      Out.Failed.push_back({Set.inputs()[I].File, Problem});
  }
  convertProgram(Set, P, Options, Out);
}

/// \p Value as text between processes, and back; false where it is none.
template <typename T> static std::string toText(T Value) {
  WireWriter W;
  W.all(Value);
  return W.take();
}
template <typename T> static bool fromText(llvm::StringRef Text, T &Value) {
  WireReader W(Text);
  W.all(Value);
  return W.fits();
}

/// Those of \p Families that were not converted yet, each in a process.
static void convertInProcesses(const kbuild::InputSet &Set,
                               llvm::ArrayRef<std::vector<size_t>> Families,
                               llvm::ArrayRef<size_t> Left,
                               const MigrateOptions &Options,
                               std::vector<MigrationResult> &Parts) {
  std::vector<std::string> Names;
  for (size_t I : Left)
    Names.push_back(Set.inputs()[Families[I].front()].File);
  auto Ends = kbuild::inProcesses(Names, *Options.Processes, [&](size_t N) {
    MigrationResult Part;
    Part.To = Parts[Left[N]].To;
    convertFamily(Set, Families[Left[N]], Options, Part);
    return toText(std::move(Part));
  });
  for (size_t N = 0; N < Left.size(); ++N) {
    if (fromText(Ends[N].Answer, Parts[Left[N]]))
      continue;
    Parts[Left[N]] = {};
    for (size_t I : Families[Left[N]])
      Parts[Left[N]].Failed.push_back(
          {Set.inputs()[I].File, Ends[N].Why, Ends[N].End});
  }
}

static void convertFamilies(const kbuild::InputSet &Set,
                            llvm::ArrayRef<std::vector<size_t>> Families,
                            std::vector<Survey> &Surveys,
                            const MigrateOptions &Options,
                            MigrationResult &Out) {
  std::vector<MigrationResult> Parts(Families.size());
  std::vector<size_t> Left;
  for (size_t I = 0; I < Families.size(); ++I) {
    std::optional<MigrationResult> &Done = Surveys[Families[I].front()].Done;
    Parts[I].To = Out.To;
    if (Families[I].size() == 1 && Done && Done->To == Out.To)
      Parts[I] = std::move(*Done);
    else
      Left.push_back(I);
  }
  if (Options.Processes) {
    convertInProcesses(Set, Families, Left, Options, Parts);
  } else {
    llvm::DefaultThreadPool Pool(llvm::hardware_concurrency(Set.jobs()));
    for (size_t I : Left)
      Pool.async(
          [&, I] { convertFamily(Set, Families[I], Options, Parts[I]); });
    Pool.wait();
  }
  for (MigrationResult &Part : Parts) {
    llvm::move(Part.Drivers, std::back_inserter(Out.Drivers));
    llvm::move(Part.Failed, std::back_inserter(Out.Failed));
  }
}

static void refuseTooOld(const Survey &S, MigrationResult &Out) {
  DriverResult R;
  R.MainFile = S.File;
  R.Files = {S.File};
  R.Name = llvm::sys::path::filename(S.File).str();
  R.Refusals.push_back({RefusalId::TooOld, S.FirstCall,
                        "the driver uses vfio_add_group_dev, or "
                        "mdev_register_device without vfio_init_group_dev, of "
                        "kernels before 5.13",
                        "convert it to vfio_init_group_dev first"});
  Out.Drivers.push_back(std::move(R));
}

/// The first pass over one TU.
static Survey survey(const kbuild::InputSet &Set, std::unique_ptr<Unit> U,
                     const MigrateOptions &Options) {
  U = withOldMembers(Set, std::move(U));
  Survey S = surveyOf(*U);
  if (!S.Alone || !(S.Old || S.New))
    return S;
  S.Done.emplace();
  S.Done->To = targetOf(S.Gen, Options);
  Program P;
  P.Units.push_back(std::move(U));
  convertProgram(Set, P, Options, *S.Done);
  return S;
}

kbuild::SharingOptions sharingOptions() {
  return {oldModelNames(), globalNames()};
}

/// Surveys the inputs \p Wanted in threads of this process.
static void surveyInThreads(const kbuild::InputSet &Inputs,
                            const std::vector<bool> &Wanted,
                            const MigrateOptions &Options,
                            std::vector<Survey> &Surveys,
                            MigrationResult &Out) {
  llvm::StringMap<size_t> IndexOf;
  for (size_t I = 0; I < Inputs.inputs().size(); ++I)
    IndexOf[Inputs.inputs()[I].File] = I;
  std::mutex Lock;
  UnitMaker Maker;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  kbuild::ParseSummary Summary = kbuild::parseAll(
      Inputs, Maker.watch(std::move(Parse)),
      [&](std::unique_ptr<kbuild::ParsedTU> TU) {
        size_t Index = IndexOf.lookup(TU->input().File);
        Survey S = survey(Inputs, Maker.take(std::move(TU)), Options);
        std::lock_guard<std::mutex> Guard(Lock);
        Surveys[Index] = std::move(S);
      },
      /*Progress=*/true, Wanted);
  for (const kbuild::SkippedInput &F : Summary.Failed)
    Out.Failed.push_back({F.File, F.Reason});
}

static Survey surveyFile(const kbuild::InputSet &Inputs,
                         const kbuild::Input &In,
                         const MigrateOptions &Options) {
  Survey S;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  if (std::unique_ptr<Unit> U =
          makeUnit(Inputs, In, std::move(Parse), S.Problem))
    return survey(Inputs, std::move(U), Options);
  return S;
}

/// Surveys them, each in a process of its own.
static void surveyInProcesses(const kbuild::InputSet &Inputs,
                              const std::vector<bool> &Wanted,
                              const MigrateOptions &Options,
                              std::vector<Survey> &Surveys,
                              MigrationResult &Out) {
  std::vector<size_t> Work;
  std::vector<std::string> Names;
  for (size_t I = 0; I < Wanted.size(); ++I)
    if (Wanted[I]) {
      Work.push_back(I);
      Names.push_back(Inputs.inputs()[I].File);
    }
  if (kbuild::SharedHeaders *Shared = Inputs.sharedHeaders()) {
    kbuild::ParseOptions Parse;
    Parse.ExtraArgs = verifyingArgs();
    Shared->prepare(Work, Parse);
  }
  auto Ends = kbuild::inProcesses(Names, *Options.Processes, [&](size_t N) {
    return toText(surveyFile(Inputs, Inputs.inputs()[Work[N]], Options));
  });
  for (size_t N = 0; N < Work.size(); ++N) {
    Survey &S = Surveys[Work[N]];
    if (!fromText(Ends[N].Answer, S)) {
      S = Survey();
      Out.Failed.push_back({Names[N], Ends[N].Why, Ends[N].End});
    } else if (!S.Problem.empty()) {
      Out.Failed.push_back({Names[N], S.Problem});
    }
  }
}

/// Surveys the inputs \p Wanted.
static void surveyAll(const kbuild::InputSet &Inputs,
                      const std::vector<bool> &Wanted,
                      const MigrateOptions &Options,
                      std::vector<Survey> &Surveys, MigrationResult &Out) {
  if (llvm::none_of(Wanted, [](bool One) { return One; }))
    return;
  if (Options.Processes)
    surveyInProcesses(Inputs, Wanted, Options, Surveys, Out);
  else
    surveyInThreads(Inputs, Wanted, Options, Surveys, Out);
}

llvm::Expected<MigrationResult> migrate(const kbuild::InputSet &Inputs,
                                        const MigrateOptions &Options) {
  MigrationResult Out;
  std::vector<Survey> Surveys(Inputs.inputs().size());
  Worth Found = worthParsing(Inputs, Options.To);
  surveyAll(Inputs, Found.Parse, Options, Surveys, Out);
  if (decideTarget(Surveys, Options) == Target::CoreFrees) {
    std::vector<bool> More = besideFrees(Inputs);
    for (size_t I = 0; I < More.size(); ++I)
      More[I] = (More[I] || Found.AlreadyNew.count(I)) && !Found.Parse[I];
    surveyAll(Inputs, More, Options, Surveys, Out);
  } else {
    for (auto &[I, New] : Found.AlreadyNew)
      Surveys[I] = surveyOfText(Inputs.inputs()[I].File, std::move(New));
  }
  // A driver may be in there.
  for (const kbuild::SkippedInput &F : Inputs.unreadable())
    Out.Failed.push_back({F.File, F.Reason});
  for (const kbuild::SkippedInput &F : Inputs.skipped())
    Out.Skipped.push_back({F.File, F.Reason});
  llvm::append_range(Out.Notes, Inputs.borrowed());
  Out.To = decideTarget(Surveys, Options);
  if (!Inputs.kernels().empty())
    Out.Kernel = Inputs.kernels().front().Name;
  std::vector<std::vector<size_t>> Families;
  for (std::vector<size_t> &Family : familiesOf(Surveys)) {
    bool Matters = false;
    for (size_t I : Family) {
      Matters |= Surveys[I].Old || Surveys[I].New;
      if (Surveys[I].Old || Surveys[I].New)
        llvm::append_range(Out.Headers, Surveys[I].Headers);
    }
    // Its parent's registration, in another file, had that name to 6.0.
    for (size_t I : Family)
      if (Surveys[I].TooOld && !Matters)
        refuseTooOld(Surveys[I], Out);
    if (Matters)
      Families.push_back(std::move(Family));
  }
  convertFamilies(Inputs, Families, Surveys, Options, Out);
  // What holds no driver may be a syntax tree without its headers.
  if (Out.Drivers.empty())
    for (const Survey &S : Surveys)
      if (!S.FirstError.empty() || !S.LeftOut.empty())
        Out.Failed.push_back(
            {S.File, S.FirstError.empty() ? S.LeftOut : S.FirstError});
  return Out;
}

llvm::Error dumpFacts(const kbuild::InputSet &Inputs, llvm::raw_ostream &OS) {
  std::map<std::string, TUFacts> All;
  std::mutex Lock;
  kbuild::ParseSummary Summary =
      kbuild::parseAll(Inputs, {}, [&](std::unique_ptr<kbuild::ParsedTU> TU) {
        TUFacts F = extractFacts(TUModel(TU->context()));
        F.File = TU->input().File;
        std::lock_guard<std::mutex> Guard(Lock);
        All[F.File] = std::move(F);
      });
  llvm::json::Array Out;
  for (const auto &[File, F] : All)
    Out.push_back(toJSON(F));
  OS << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(Out)));
  for (const kbuild::SkippedInput &F : Summary.Failed)
    return llvm::createStringError(F.File + ": " + F.Reason);
  return llvm::Error::success();
}

} // namespace vfio::rewriter
