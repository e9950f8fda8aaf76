//===- MakeFunctions.cpp - What make's functions do with words ---------
//---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/MakeFunctions.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

SmallVector<StringRef, 4> splitArguments(StringRef Text) {
  SmallVector<StringRef, 4> Args;
  unsigned Nested = 0;
  size_t Start = 0;
  for (size_t At = 0; At != Text.size(); ++At) {
    char C = Text[At];
    if (C == '(' || C == '{')
      ++Nested;
    else if ((C == ')' || C == '}') && Nested)
      --Nested;
    else if (C == ',' && !Nested) {
      Args.push_back(Text.slice(Start, At));
      Start = At + 1;
    }
  }
  Args.push_back(Text.substr(Start));
  return Args;
}

std::string substitute(StringRef Word, StringRef From, StringRef To) {
  auto [Head, Tail] = From.split('%');
  if (!From.contains('%'))
    return Word == From ? To.str() : Word.str();
  StringRef Stem = Word;
  if (!Stem.consume_front(Head) || !Stem.consume_back(Tail))
    return Word.str();
  auto [ToHead, ToTail] = To.split('%');
  return To.contains('%') ? (ToHead + Stem + ToTail).str() : To.str();
}

bool matchesPattern(StringRef Word, StringRef Pattern) {
  if (!Pattern.contains('%'))
    return Word == Pattern;
  auto [Head, Tail] = Pattern.split('%');
  return Word.size() >= Head.size() + Tail.size() && Word.starts_with(Head) &&
         Word.ends_with(Tail);
}

std::string mapWords(StringRef Text, function_ref<std::string(StringRef)> Map) {
  SmallVector<StringRef, 16> Words;
  SplitString(Text, Words);
  std::string Out;
  for (StringRef Word : Words) {
    std::string Mapped = Map(Word);
    if (!Mapped.empty())
      (Out += Out.empty() ? "" : " ") += Mapped;
  }
  return Out;
}

/// The files that match \p Pattern, whose last component may have one "*".
static std::string wildcard(StringRef Pattern, StringRef Cwd) {
  if (!Pattern.contains('*'))
    return isFile(absolute(Pattern, Cwd)) || isDirectory(absolute(Pattern, Cwd))
               ? Pattern.str()
               : "";
  StringRef Folder = sys::path::parent_path(Pattern);
  auto [Head, Tail] = sys::path::filename(Pattern).split('*');
  std::string Out;
  for (StringRef Name : listDirectory(absolute(Folder, Cwd)))
    if (Name.size() >= Head.size() + Tail.size() && Name.starts_with(Head) &&
        Name.ends_with(Tail))
      (Out += Out.empty() ? "" : " ") += pathIn(Folder, Name);
  return Out;
}

static std::string pathFunction(StringRef Name, StringRef Word, StringRef Cwd) {
  if (Name == "dir")
    return (Word.take_front(Word.rfind('/') + 1) +
            (Word.contains('/') ? "" : "./"))
        .str();
  if (Name == "notdir")
    return sys::path::filename(Word).str();
  if (Name == "abspath" || Name == "realpath")
    return absolute(Word, Cwd);
  if (Name == "basename")
    return Word.take_front(Word.size() - sys::path::extension(Word).size())
        .str();
  return sys::path::extension(Word).str(); // suffix
}

/// The words of \p Text that are of one of \p Patterns, or the others.
static std::string filter(StringRef Patterns, StringRef Text, bool Keep) {
  SmallVector<StringRef, 4> List;
  SplitString(Patterns, List);
  return mapWords(Text, [&](StringRef Word) {
    bool Hit =
        any_of(List, [&](StringRef P) { return matchesPattern(Word, P); });
    return Hit == Keep ? Word.str() : std::string();
  });
}

static std::string replaceAll(StringRef Text, StringRef From, StringRef To) {
  std::string Out;
  while (!From.empty() && Text.contains(From)) {
    auto [Head, Tail] = Text.split(From);
    (Out += Head) += To;
    Text = Tail;
  }
  return Out + Text.str();
}

/// The word of \p Text with the number \p Which, from 1.
static std::string nthWord(StringRef Which, StringRef Text) {
  unsigned Number;
  SmallVector<StringRef, 16> Words;
  SplitString(Text, Words);
  if (Which.trim().getAsInteger(10, Number) || !Number || Number > Words.size())
    return {};
  return Words[Number - 1].str();
}

/// The words of \p A, each with the one of \p B at its place behind it.
static std::string joinWords(StringRef A, StringRef B) {
  SmallVector<StringRef, 16> Left, Right;
  SplitString(A, Left);
  SplitString(B, Right);
  std::string Out;
  for (size_t I = 0; I < std::max(Left.size(), Right.size()); ++I)
    Out += (I ? " " : "") + (I < Left.size() ? Left[I].str() : "") +
           (I < Right.size() ? Right[I].str() : "");
  return Out;
}

std::string makeFunction(StringRef Name, ArrayRef<std::string> Args,
                         StringRef Cwd) {
  StringRef First = Args[0], Last = Args.back();
  if (Name == "wildcard")
    return mapWords(First, [&](StringRef W) { return wildcard(W, Cwd); });
  if (Name == "strip" || Name == "sort")
    return mapWords(First, [](StringRef W) { return W.str(); });
  if (is_contained(
          {"dir", "notdir", "abspath", "realpath", "basename", "suffix"}, Name))
    return mapWords(First,
                    [&](StringRef W) { return pathFunction(Name, W, Cwd); });
  if (Name == "firstword")
    return getToken(First).first.str();
  if (Name == "lastword")
    return First.rtrim().substr(First.rtrim().find_last_of(" \t") + 1).str();
  if (Name == "words") {
    SmallVector<StringRef, 16> Words;
    SplitString(First, Words);
    return std::to_string(Words.size());
  }
  if (Args.size() < 2)
    return {};
  if (Name == "word")
    return nthWord(First, Last);
  if (Name == "join")
    return joinWords(First, Last);
  if (Name == "addprefix")
    return mapWords(Last, [&](StringRef W) { return (First + W).str(); });
  if (Name == "addsuffix")
    return mapWords(Last, [&](StringRef W) { return (W + First).str(); });
  if (Name == "findstring")
    return Last.contains(First) ? First.str() : "";
  if (Name == "filter" || Name == "filter-out")
    return filter(First, Last, Name == "filter");
  if (Name == "patsubst" && Args.size() == 3)
    return mapWords(Last, [&](StringRef W) {
      return substitute(W, First.trim(), StringRef(Args[1]).trim());
    });
  if (Name == "subst" && Args.size() == 3)
    return replaceAll(Last, First, Args[1]);
  return {}; // shell, warning, error, ...
}

} // namespace vfio::kbuild
