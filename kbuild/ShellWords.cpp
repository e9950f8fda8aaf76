//===- ShellWords.cpp - What a Makefile asks a shell ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ShellWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace vfio::kbuild {

namespace {
/// A grep, and what is done with its answer.
struct Grep {
  bool Words = false, Quiet = false, Count = false, Fixed = false;
  unsigned Flags = Regex::BasicRegex;
  std::string Pattern;
  SmallVector<StringRef, 2> Files;
  std::optional<std::string> Then, Else; ///< "&& echo", "|| echo"
};
} // namespace

/// Takes one of grep's own options; false for one that is not understood.
static bool takeOption(StringRef Word, Grep &G) {
  for (char C : Word.drop_front())
    switch (C) {
    case 's': // what cannot be read is told to the caller anyway
      break;
    case 'q':
      G.Quiet = true;
      break;
    case 'c':
      G.Count = true;
      break;
    case 'w':
      G.Words = true;
      break;
    case 'i':
      G.Flags |= Regex::IgnoreCase;
      break;
    case 'E':
      G.Flags &= ~unsigned(Regex::BasicRegex);
      break;
    case 'F':
      G.Fixed = true;
      break;
    default:
      return false;
    }
  return true;
}

/// Reads \p Words, behind "grep"; false where they are not understood.
static bool readGrep(ArrayRef<const char *> Words, Grep &G) {
  bool HasPattern = false;
  for (size_t I = 0; I != Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == "2>/dev/null" || Word == "2>&1")
      continue;
    if (Word == ">/dev/null") {
      G.Quiet = true;
    } else if (Word == "&&" || Word == "||") {
      if (I + 2 >= Words.size() || StringRef(Words[I + 1]) != "echo")
        return false;
      (Word == "&&" ? G.Then : G.Else) = Words[I + 2];
      I += 2;
    } else if (!HasPattern && Word.size() > 1 && Word.starts_with("-")) {
      if (!takeOption(Word, G))
        return false;
    } else if (!HasPattern) {
      G.Pattern = Word.str();
      HasPattern = true;
    } else if (Word.find_first_of("|;&<>`$") != StringRef::npos) {
      return false;
    } else {
      G.Files.push_back(Word);
    }
  }
  return HasPattern && !G.Files.empty();
}

std::optional<std::string>
answerOfGrep(StringRef Command,
             function_ref<std::optional<std::string>(StringRef)> Read) {
  BumpPtrAllocator Alloc;
  StringSaver Saver(Alloc);
  SmallVector<const char *, 16> Words;
  cl::TokenizeGNUCommandLine(Command, Saver, Words);
  Grep G;
  if (Words.empty() || StringRef(Words[0]) != "grep" ||
      !readGrep(ArrayRef(Words).drop_front(), G))
    return std::nullopt;
  std::string Pattern = G.Fixed ? Regex::escape(G.Pattern) : G.Pattern;
  if (G.Fixed)
    G.Flags &= ~unsigned(Regex::BasicRegex);
  // "-w" is asked of plain words.
  if (G.Words &&
      !all_of(G.Pattern, [](char C) { return isAlnum(C) || C == '_'; }))
    return std::nullopt;
  if (G.Words) {
    Pattern = "(^|[^[:alnum:]_])" + G.Pattern + "([^[:alnum:]_]|$)";
    G.Flags &= ~unsigned(Regex::BasicRegex);
  }
  Regex Wanted(Pattern, Regex::RegexFlags(G.Flags));
  std::string Problem;
  if (!Wanted.isValid(Problem))
    return std::nullopt;
  unsigned Found = 0;
  std::string Lines;
  for (StringRef File : G.Files) {
    std::optional<std::string> Text = Read(File);
    if (!Text)
      return std::nullopt;
    SmallVector<StringRef, 0> All;
    StringRef(*Text).split(All, '\n');
    for (StringRef Line : All)
      if (Wanted.match(Line) && ++Found)
        Lines += (Lines.empty() ? "" : " ") + Line.str();
  }
  std::string Out = G.Quiet ? "" : G.Count ? std::to_string(Found) : Lines;
  if (const std::optional<std::string> &More = Found ? G.Then : G.Else)
    Out += (Out.empty() ? "" : " ") + *More;
  return Out;
}

} // namespace vfio::kbuild
