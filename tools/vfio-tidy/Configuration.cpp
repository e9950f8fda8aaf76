//===- Configuration.cpp - Whether the configuration makes sense
//------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Configuration.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "kbuild/CleanCommand.h"
#include "kbuild/InputFile.h"
#include "report/ExternalTool.h"
#include "tools/vfio-tidy/Compat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
using clang::tidy::ClangTidyOptions;

namespace vfio::tidy {

namespace {

/// Looks at each configuration once.
class ConfigurationChecker {
public:
  explicit ConfigurationChecker(std::shared_ptr<const kbuild::ReadScope> Scope)
      : Scope(std::move(Scope)) {}
  Error sources(const Session &S);
  Error options(ArrayRef<std::string> TidyOptions);
  bool replacesFiles() const { return Replaces; }

private:
  Error globs(StringRef Globs, StringRef Source) const;
  Error checkOptions(const ClangTidyOptions &Options, StringRef Source) const;
  Expected<ClangTidyOptions> read(StringRef Text, StringRef Source) const;
  Expected<bool> text(StringRef Text, StringRef Source) const;
  Expected<bool> file(StringRef Path);
  Error foldersAbove(StringRef Folder);

  std::shared_ptr<const kbuild::ReadScope> Scope;
  compat::AllChecks Known;
  std::set<std::string> Seen;
  bool Replaces = false; ///< no .clang-tidy file is read
};

} // namespace

/// The name among \p Names that \p Wrong was most likely meant to be.
static std::string meant(StringRef Wrong, const StringSet<> &Names) {
  StringRef Best;
  unsigned Least = 4;
  for (const auto &Name : Names) {
    unsigned Distance = Wrong.edit_distance(Name.first(), true, Least);
    if (Distance < Least) {
      Least = Distance;
      Best = Name.first();
    }
  }
  return Best.empty() ? "" : (" (did you mean '" + Best + "'?)").str();
}

Error ConfigurationChecker::globs(StringRef Globs, StringRef Source) const {
  SmallVector<StringRef> List;
  SplitString(Globs, List, ",\n");
  for (StringRef Glob : List) {
    Glob = Glob.trim();
    Glob.consume_front("-");
    if (Glob.empty() || Glob.contains('*') ||
        Glob.starts_with("clang-diagnostic-") || Known.Names.contains(Glob))
      continue;
    return problem(Source + ": there is no check '" + Glob + "'" +
                   meant(Glob, Known.Names));
  }
  return Error::success();
}

Error ConfigurationChecker::checkOptions(const ClangTidyOptions &Options,
                                         StringRef Source) const {
  for (const auto &Option : Options.CheckOptions)
    if (!Known.Options.contains(Option.getKey()))
      return problem(Source + ": there is no option '" + Option.getKey() +
                     "' of a check" + meant(Option.getKey(), Known.Options));
  return Error::success();
}

Expected<ClangTidyOptions> ConfigurationChecker::read(StringRef Text,
                                                      StringRef Source) const {
  std::string Why;
  auto Note = [&Why](const SMDiagnostic &D) {
    if (Why.empty())
      Why = (Twine(D.getLineNo()) + ": " + D.getMessage()).str();
  };
  auto Options = clang::tidy::parseConfigurationWithDiags(
      MemoryBufferRef(Text, Source), Note);
  if (Options)
    return *Options;
  return problem(Source + ":" + (Why.empty() ? "1: is no configuration" : Why));
}

/// Says which flags of \p Source will not be used.
static void noteFlags(const std::optional<std::vector<std::string>> &Flags,
                      StringRef Source) {
  std::vector<std::string> Dropped;
  if (Flags)
    kbuild::cleanFlags(*Flags, &Dropped);
  if (!Dropped.empty())
    sayNote(Source + ": left out '" + join(Dropped, "', '") +
            "': only what changes the meaning of a source is taken from there");
}

/// Whether it inherits from those in the folders above.
Expected<bool> ConfigurationChecker::text(StringRef Text,
                                          StringRef Source) const {
  Expected<ClangTidyOptions> Options = read(Text, Source);
  if (!Options)
    return Options.takeError();
  if (Error E = globs(Options->Checks.value_or(""), Source))
    return std::move(E);
  if (Error E = checkOptions(*Options, Source))
    return std::move(E);
  noteFlags(Options->ExtraArgsBefore, Source);
  noteFlags(Options->ExtraArgs, Source);
  return Options->InheritParentConfig.value_or(false);
}

Expected<bool> ConfigurationChecker::file(StringRef Path) {
  Expected<std::string> Text = kbuild::readInput(Path, kbuild::Nesting::Yaml,
                                                 kbuild::MaxConfigurationSize);
  if (!Text)
    return problem(Path + ": " + toString(Text.takeError()));
  return text(*Text, Path);
}

/// True where the last word of the command line is that no check is on.
static bool turnsAllOff(StringRef Globs) {
  SmallVector<StringRef> All;
  SplitString(Globs, All, ",\n");
  bool Off = false;
  for (StringRef Glob : All)
    Off = Glob.trim() == "-*" || (Off && Glob.trim().starts_with("-"));
  return Off;
}

Error ConfigurationChecker::options(ArrayRef<std::string> TidyOptions) {
  for (size_t I = 0; I < TidyOptions.size(); ++I) {
    auto [Name, Value] = StringRef(TidyOptions[I]).split('=');
    if (!TidyOptions[I].empty() && Value.empty() && I + 1 < TidyOptions.size())
      Value = TidyOptions[I + 1];
    Name = Name.ltrim('-');
    Error E = Error::success();
    if (Name == "checks" || Name == "warnings-as-errors")
      E = Name == "checks" && turnsAllOff(Value)
              ? problem("--checks=" + Value + ": leaves no check on")
              : globs(Value, ("--" + Name).str());
    else if (Name == "config" && !Value.empty())
      E = text(Value, "--config").takeError();
    else if (Name == "config-file")
      E = file(Value).takeError();
    Replaces |= (Name == "config" && !Value.empty()) || Name == "config-file";
    if (E)
      return E;
  }
  return Error::success();
}

/// The files that clang-tidy would read for a source in \p Folder: the nearest,
/// and those above it as far as it inherits from them.
Error ConfigurationChecker::foldersAbove(StringRef Folder) {
  for (; !Folder.empty(); Folder = sys::path::parent_path(Folder)) {
    if (!Seen.insert(Folder.str()).second)
      return Error::success();
    SmallString<128> Path(Folder);
    sys::path::append(Path, ".clang-tidy");
    if (!sys::fs::exists(Path))
      continue;
    if (!Scope->holdsConfiguration(Path))
      return problem(Path + ": is a link that leads out of its tree, and is "
                            "not read");
    Expected<bool> Inherits = file(Path);
    if (!Inherits)
      return Inherits.takeError();
    if (!*Inherits)
      return Error::success();
  }
  return Error::success();
}

Error ConfigurationChecker::sources(const Session &S) {
  std::vector<std::string> Files;
  if (S.Inputs)
    for (const kbuild::Input &In : S.Inputs->inputs())
      Files.push_back(In.File);
  else
    Files = S.Args.Paths;
  for (const std::string &File : Files) {
    SmallString<128> Absolute(File);
    sys::fs::make_absolute(Absolute);
    if (Error E = foldersAbove(sys::path::parent_path(Absolute)))
      return E;
  }
  return Error::success();
}

Error checkConfiguration(const Session &S) {
  ConfigurationChecker Checker(S.scope());
  if (Error E = Checker.options(S.Args.TidyOptions))
    return E;
  return Checker.replacesFiles() ? Error::success() : Checker.sources(S);
}

} // namespace vfio::tidy
