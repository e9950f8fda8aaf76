//===- SharedHeaders.cpp - Choosing and making precompiled headers --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/SharedHeaders.h"
#include "kbuild/HeaderBodies.h"
#include "kbuild/HeaderChoice.h"
#include "kbuild/HeaderGraph.h"
#include "kbuild/Inputs.h"
#include "kbuild/ModuleSources.h"
#include "kbuild/Parse.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <tuple>

using namespace llvm;

namespace vfio::kbuild {

/// What makes two parses with the same headers differ: the kernel headers that
/// an overlay replaces, more arguments, and whether the driver's are there.
using Variant = std::tuple<std::map<std::string, std::string>,
                           std::vector<std::string>, bool>;

/// How often a source is parsed: to see what it is, and for each step of its
/// conversion.
static constexpr unsigned OnceParsed = 1, Reparsed = 4;

/// One set of headers that several sources begin with.
struct SharedHeaders::Choice : HeaderChoice {
  std::string Defines; ///< the macros in front of them
  /// What was made of them; null while it is made, and where it could not be.
  std::map<Variant, std::shared_ptr<const PrecompiledHeaders>> Made;

  /// True where a source that begins as \p Begin says reads all of them.
  bool fits(const Opening &Begin) const {
    return Begin.Defines == Defines &&
           all_of(Numbers,
                  [&](unsigned N) { return Begin.Read.contains(N); }) &&
           all_of(Own, [&](StringRef Header) {
             return any_of(Begin.Own, [&](const OwnHeader &Mine) {
               return Mine.Path == Header;
             });
           });
  }
  /// True where such a source reads the driver's in the same order.
  bool isInOrder(const Opening &Begin) const {
    auto Next = Own.begin();
    for (const OwnHeader &Mine : Begin.Own)
      if (Next != Own.end() && Mine.Path == *Next)
        ++Next;
    return Next == Own.end();
  }
  std::string text(const Input &For, bool WithOwn) const;
};

/// The sources that are compiled alike, but for their names, their own folders
/// and their own macros.
struct SharedHeaders::Command {
  Input Shared; ///< of no file
  /// The -D that all of them have, part of Shared in the end.
  std::vector<std::string> Macros;
  HeaderGraph Graph;
  std::vector<std::string> KernelDirs;
  std::vector<Choice> Choices;
  std::vector<PlannedSource> Sources; ///< while it is planned
  /// How sources begin as they are on disk, by file and folders.
  StringMap<std::shared_ptr<const Opening>> Openings;
  std::mutex OpeningsLock;

  Command(Input In, std::vector<std::string> Macros,
          std::vector<std::string> Dirs, IntrusiveRefCntPtr<vfs::FileSystem> FS,
          bool PassOwn)
      : Shared(std::move(In)), Macros(std::move(Macros)),
        Graph(Dirs, std::move(FS), PassOwn), KernelDirs(std::move(Dirs)) {}

  std::shared_ptr<const Opening> openingOf(const std::string &File,
                                           ArrayRef<std::string> OwnDirs);
  bool hides(const Input &In, const Opening &Begin,
             const PrecompiledHeaders &Made);
  void choose();
  bool chooseFor(std::vector<const PlannedSource *> &Left);
};

//===- Command lines ------------------------------------------------------===//

/// Calls \p Each with every folder that \p In searches and the words that say
/// so.
static void
forEachDir(const Input &In,
           function_ref<void(std::string, ArrayRef<std::string>)> Each) {
  ArrayRef<std::string> Words = In.CommandLine;
  for (size_t I = 0; I + 1 < Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == "-I" || Word == "-isystem" || Word == "-idirafter") {
      Each(absolute(Words[I + 1], In.Directory), Words.slice(I, 2));
      ++I;
    } else if (Word.consume_front("-I")) {
      Each(absolute(Word, In.Directory), Words.slice(I, 1));
    }
  }
}

/// True where headers in \p Dir can stand in for the kernel's: it is part of
/// what makes two command lines differ.
static bool mayHideKernel(vfs::FileSystem &FS, const std::string &Dir) {
  return any_of(
      ArrayRef<StringRef>{"linux", "asm", "asm-generic", "uapi", "generated"},
      [&](StringRef Name) { return FS.exists(pathIn(Dir, Name)); });
}

static std::vector<std::string> ownDirsOf(const Input &In,
                                          ArrayRef<std::string> KernelDirs) {
  std::vector<std::string> Own;
  forEachDir(In, [&](std::string Dir, ArrayRef<std::string>) {
    if (!is_contained(KernelDirs, Dir))
      Own.push_back(std::move(Dir));
  });
  return Own;
}

static bool isMacro(StringRef Word) {
  return Word.starts_with("-D") && Word.size() > 2;
}

/// True of the names that Kbuild gives each source.
static bool isKbuildName(StringRef Word) {
  return Word.starts_with("-DKBUILD_") || Word.starts_with("-D__KBUILD_");
}

/// The -D of \p In, but for the names that Kbuild gives each source: what
/// headers do with these they do where a source uses their macros.
static std::vector<std::string> macrosOf(const Input &In) {
  std::vector<std::string> Out;
  for (StringRef Word : In.CommandLine)
    if (isMacro(Word) && !isKbuildName(Word))
      Out.push_back(Word.str());
  return Out;
}

SharedHeaders::Command &SharedHeaders::commandOf(const Input &In) {
  IntrusiveRefCntPtr<vfs::FileSystem> FS = Set.fileSystem();
  std::vector<std::string> Kernel;
  DenseSet<const std::string *> Left; // words that are about this source alone
  forEachDir(In, [&](std::string Dir, ArrayRef<std::string> Words) {
    if (isKernelDir(*FS, Dir, /*ResourceDir=*/""))
      Kernel.push_back(std::move(Dir));
    else if (StringRef(Words.front()).starts_with("-I") &&
             !mayHideKernel(*FS, Dir)) // clang's own folder stays
      for (const std::string &Word : Words)
        Left.insert(&Word);
  });
  Input Shared;
  for (const std::string &Word : ArrayRef(In.CommandLine).drop_back())
    if (!Left.contains(&Word) && !isMacro(Word))
      Shared.CommandLine.push_back(Word);
  std::vector<std::string> Macros = macrosOf(In);
  // A database's commands are relative to where they run, ours are not.
  Shared.Directory = In.Directory;
  std::vector<std::string> Key = Shared.CommandLine;
  if (In.Kernel.empty())
    Key.push_back(In.Directory);
  std::unique_ptr<Command> &C = Commands[Key];
  if (!C)
    C = std::make_unique<Command>(std::move(Shared), std::move(Macros),
                                  std::move(Kernel), std::move(FS),
                                  Options.PassOwnHeaders);
  else
    erase_if(C->Macros, [&](const std::string &Macro) {
      return !is_contained(Macros, Macro);
    });
  return *C;
}

/// How \p File begins as it is on disk: asked for again and again.
std::shared_ptr<const Opening>
SharedHeaders::Command::openingOf(const std::string &File,
                                  ArrayRef<std::string> OwnDirs) {
  std::lock_guard<std::mutex> Guard(OpeningsLock);
  std::shared_ptr<const Opening> &Begin =
      Openings[File + "\n" + join(OwnDirs, "\n")];
  if (!Begin)
    Begin = std::make_shared<const Opening>(Graph.openingOf(File, OwnDirs, {}));
  return Begin;
}

/// The macros of the source \p Text that stand in front of an #include of one
/// of
/// \p Headers.
static ArrayRef<std::string> macrosBefore(const HeaderText &Text,
                                          const StringSet<> &Headers) {
  size_t Count = 0;
  for (const auto &[Name, Before] : Text.After)
    if (any_of(Headers.keys(), [Of = StringRef(Name)](StringRef Path) {
          return sys::path::filename(Path) == sys::path::filename(Of);
        }))
      Count = std::max(Count, Before);
  return ArrayRef(Text.Macros).take_front(Count);
}

/// True where \p In, which begins as \p Begin says, has a macro that \p Made
/// was made without and that one of its headers asks for. What a header of the
/// driver's defines anew, kernel headers had in any case; and what one defines
/// that is there, the others have seen.
bool SharedHeaders::Command::hides(const Input &In, const Opening &Begin,
                                   const PrecompiledHeaders &Made) {
  auto Asked = [&](StringRef Macro) {
    return Made.Identifiers.contains(Macro) && !Made.Macros.contains(Macro);
  };
  auto AskedByOwn = [&](StringRef Macro) {
    return Made.OwnNames.contains(Macro);
  };
  return any_of(macrosOf(In),
                [&](StringRef Word) {
                  StringRef Name = Word.drop_front(2).split('=').first;
                  return !is_contained(Macros, Word) &&
                         (Made.Identifiers.contains(Name) || AskedByOwn(Name));
                }) ||
         any_of(Begin.Own,
                [&](const OwnHeader &H) {
                  return any_of(H.Text->Macros, Asked) ||
                         (!Made.Own.contains(H.Path) &&
                          any_of(H.Text->Macros, AskedByOwn));
                }) ||
         // One that nobody asked for may define its own before it reads them.
         (!In.Like.empty() &&
          any_of(macrosBefore(*Graph.textOf(In.File), Made.Own), AskedByOwn));
}

/// The text of them for the sources that are compiled as \p For is. A name that
/// Kbuild gives each of them means nothing to a header but in a message.
std::string SharedHeaders::Choice::text(const Input &For, bool WithOwn) const {
  std::string Out = Defines;
  for (const std::string &Name : Names)
    Out += "#include <" + Name + ">\n";
  if (!WithOwn)
    return Out;
  std::string Undefine;
  for (StringRef Word : For.CommandLine)
    if (isMacro(Word) && isKbuildName(Word)) {
      auto [Name, Value] = Word.drop_front(2).split('=');
      Out += ("#define " + Name + " " + Value + "\n").str();
      Undefine += ("#undef " + Name + "\n").str();
    }
  for (const std::string &Header : Own)
    Out += "#include \"" + Header + "\"\n";
  return Out + Undefine;
}

//===- Planning -----------------------------------------------------------===//

/// Makes the choice that spares most for the sources in \p Left, and takes
/// those that it fits out. False where none is worth it.
bool SharedHeaders::Command::chooseFor(
    std::vector<const PlannedSource *> &Left) {
  std::optional<HeaderChoice> Best = chooseHeaders(Left, Graph);
  if (!Best)
    return false;
  Choice Made{std::move(*Best), Left.front()->Begin->Defines, {}};
  erase_if(Left, [&](const PlannedSource *S) { return Made.fits(*S->Begin); });
  Choices.push_back(std::move(Made));
  return true;
}

void SharedHeaders::Command::choose() {
  std::map<std::string, std::vector<const PlannedSource *>> ByDefines;
  for (const PlannedSource &S : Sources)
    ByDefines[S.Begin->Defines].push_back(&S);
  for (auto &[Defines, Left] : ByDefines)
    while (!Left.empty() && chooseFor(Left))
      ;
  // The one that spares most comes first.
  llvm::sort(Choices, [](const Choice &A, const Choice &B) {
    return std::tie(B.Weight, A.Names) < std::tie(A.Weight, B.Names);
  });
  Sources.clear();
}

/// The sources of the module of \p File that lie beside it and are no sources
/// of the run: most of them will be read for what \p File leaves to others.
static std::vector<std::string> linkedBeside(const InputSet &Set,
                                             StringRef File) {
  std::vector<std::string> Own = moduleSourcesOf(File).Own;
  erase_if(Own, [&](const std::string &Other) {
    return Set.find(Other) ||
           sys::path::parent_path(Other) != sys::path::parent_path(File);
  });
  return Own;
}

void SharedHeaders::plan() {
  WordSearch Search(Options.ReparsedNames);
  // All sources of a driver are parsed as often as the one that says it.
  StringSet<> Reparsing;
  for (const Input &In : Set.inputs())
    if (Search.foundIn(readText(In.File)))
      Reparsing.insert(sys::path::parent_path(In.File));
  StringSet<> Counted;
  for (const Input &In : Set.inputs()) {
    Command &C = commandOf(In);
    CommandBySource[In.File] = &C;
    std::vector<std::string> OwnDirs = ownDirsOf(In, C.KernelDirs);
    auto Count = [&](const std::string &File, unsigned Parses) {
      C.Sources.push_back({C.openingOf(File, OwnDirs), Parses});
    };
    Count(In.File, Reparsing.contains(sys::path::parent_path(In.File))
                       ? Reparsed
                       : OnceParsed);
    if (Options.WithLinked)
      for (const std::string &Other : linkedBeside(Set, In.File))
        if (Counted.insert(Other).second)
          Count(Other, OnceParsed);
  }
  for (auto &[Key, C] : Commands) {
    C->choose();
    append_range(C->Shared.CommandLine, C->Macros);
  }
}

//===- Asking -------------------------------------------------------------===//

SharedHeaders::SharedHeaders(const InputSet &Set, SharingOptions Options)
    : Set(Set), Options(std::move(Options)) {}
SharedHeaders::~SharedHeaders() = default;

/// What was made of \p H for \p How, as of a source like \p For; null where it
/// cannot be made, or another thread is at it.
std::shared_ptr<const PrecompiledHeaders>
SharedHeaders::made(const Command &C, Choice &H, const Input &For,
                    ParseOptions How, bool WithOwn) {
  Variant Key = {How.Overlay, How.ExtraArgs, WithOwn};
  {
    std::lock_guard<std::mutex> Guard(Lock);
    auto [It, New] = H.Made.try_emplace(Key, nullptr);
    if (!New || Prepared)
      return It->second;
  }
  Input Headers = C.Shared;
  if (WithOwn)
    for (const std::string &Dir : ownDirsOf(For, C.KernelDirs))
      Headers.CommandLine.push_back("-I" + Dir);
  std::shared_ptr<const PrecompiledHeaders> New =
      precompile(Set, Headers, H.text(For, WithOwn), std::move(How),
                 WithOwn ? ArrayRef(H.Own) : ArrayRef<std::string>());
  std::lock_guard<std::mutex> Guard(Lock);
  return H.Made[Key] = New;
}

std::shared_ptr<const PrecompiledHeaders>
SharedHeaders::find(const Input &In, const ParseOptions &How) {
  if (!How.Prelude.empty() || !How.SkipHeaderBodies)
    return nullptr;
  std::call_once(Planned, [&] { plan(); });
  const Input *Like = In.Like.empty() ? &In : Set.find(In.Like);
  Command *C = Like ? CommandBySource.lookup(Like->File) : nullptr;
  if (!C || C->Choices.empty())
    return nullptr;
  std::vector<std::string> OwnDirs = ownDirsOf(In, C->KernelDirs);
  auto OpeningOf = [&](const std::string &File) {
    return How.Overlay.empty()
               ? C->openingOf(File, OwnDirs)
               : std::make_shared<const Opening>(
                     C->Graph.openingOf(File, OwnDirs, How.Overlay));
  };
  std::shared_ptr<const Opening> Begin = OpeningOf(In.File);
  // Whether one that nobody asked for includes all that it needs, nobody asks.
  std::shared_ptr<const Opening> Wanted =
      Like == &In ? Begin : OpeningOf(Like->File);
  auto Fitting = find_if(C->Choices, [&](const Choice &H) {
    return H.fits(*Wanted) && H.Defines == Begin->Defines;
  });
  if (Fitting == C->Choices.end() && Like != &In)
    Fitting = find_if(C->Choices, [&](const Choice &H) {
      return H.Defines == Begin->Defines;
    });
  if (Fitting == C->Choices.end())
    return nullptr;
  ParseOptions Headers;
  Headers.ExtraArgs = How.ExtraArgs;
  for (const auto &[Path, Text] : How.Overlay) {
    std::string Whole = absolute(Path, In.Directory);
    if (any_of(C->KernelDirs,
               [&](StringRef Dir) { return isBelow(Whole, Dir); }))
      Headers.Overlay[Path] = Text;
  }
  // What is edited is not on disk.
  bool OwnToo = !Fitting->Own.empty() && How.Overlay.empty();
  for (bool WithOwn : {true, false})
    if (OwnToo || !WithOwn)
      if (auto Made = made(*C, *Fitting, *Like, Headers, WithOwn))
        if (!C->hides(In, *Begin, *Made) &&
            !(WithOwn && Like == &In && Made->OrderMatters &&
              !Fitting->isInOrder(*Begin)))
          return Made;
  return nullptr;
}

void SharedHeaders::prepare(ArrayRef<size_t> Which, const ParseOptions &How) {
  for (size_t I : Which)
    find(Set.inputs()[I], How);
  Prepared = true;
}

} // namespace vfio::kbuild
