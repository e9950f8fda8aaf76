//===- WordSearch.cpp - Finding a few names in much text ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace vfio::kbuild {

/// Calls \p Visit with each place where \p Matches(pointer) holds, until it
/// returns true. \p Matches may look at \p Window characters. Whole blocks are
/// tried first, in a loop without branches that compilers turn into vector
/// instructions.
template <size_t Window, typename MatchFn, typename VisitFn>
static bool anyMatch(StringRef Text, MatchFn Matches, VisitFn Visit) {
  constexpr size_t Block = 128;
  size_t At = 0, Size = Text.size();
  const char *Data = Text.data();
  auto Each = [&](size_t End) {
    for (; At != End; ++At)
      if (Matches(Data + At) && Visit(At))
        return true;
    return false;
  };
  while (At + Block + Window <= Size) {
    unsigned char Any = 0;
    for (size_t I = 0; I != Block; ++I)
      Any |= static_cast<unsigned char>(Matches(Data + At + I));
    if (!Any)
      At += Block;
    else if (Each(At + Block))
      return true;
  }
  return Size >= Window && Each(Size - Window + 1);
}

/// The longest text that all of \p Names contain.
static StringRef commonPart(ArrayRef<std::string> Names) {
  if (Names.empty())
    return {};
  StringRef First = Names.front();
  for (size_t Length = First.size(); Length > 1; --Length)
    for (size_t At = 0; At + Length <= First.size(); ++At)
      if (all_of(Names, [&](StringRef Name) {
            return Name.contains(First.substr(At, Length));
          }))
        return First.substr(At, Length);
  return {};
}

WordSearch::WordSearch(ArrayRef<std::string> List) {
  for (const std::string &Name : List)
    Names.insert(Name);
  StringRef Shared = commonPart(List);
  if (!Shared.empty())
    Keys.push_back(Shared.str());
  else
    Keys.assign(List.begin(), List.end());
}

static bool isWordChar(char C) { return isAlnum(C) || C == '_'; }

bool WordSearch::isWordAt(StringRef Text, size_t At, size_t Length) const {
  size_t Begin = At, End = At + Length;
  while (Begin && isWordChar(Text[Begin - 1]))
    --Begin;
  while (End < Text.size() && isWordChar(Text[End]))
    ++End;
  return Names.contains(Text.slice(Begin, End));
}

bool WordSearch::foundIn(StringRef Text) const {
  return any_of(Keys, [&](StringRef Key) {
    if (Key.size() < 2)
      return false;
    const char First = Key[0], Second = Key[1];
    return anyMatch<2>(
        Text, [=](const char *P) { return (P[0] == First) & (P[1] == Second); },
        [&](size_t At) {
          return Text.substr(At).starts_with(Key) &&
                 isWordAt(Text, At, Key.size());
        });
  });
}

/// The name in an #include whose opening quote or bracket is at \p Quote, and
/// that ends with \p End; empty where it opens something else.
static StringRef includeAt(StringRef Text, size_t Quote, char End) {
  size_t LineStart = Text.rfind('\n', Quote) + 1; // 0 where there is none
  StringRef Directive = Text.slice(LineStart, Quote).trim();
  if (!Directive.consume_front("#") || Directive.ltrim() != "include")
    return {};
  return Text.substr(Quote + 1).take_until(
      [End](char C) { return C == End || C == '\n'; });
}

/// The names that \p Text includes between \p Begin and \p End.
static std::vector<StringRef> includes(StringRef Text, char Begin, char End) {
  std::vector<StringRef> Found;
  // The "e" of include, white space, a quote; more white space is rare enough
  // to be left out.
  anyMatch<3>(
      Text,
      [Begin](const char *P) {
        return (P[0] == 'e') & ((P[1] == ' ') | (P[1] == '\t')) &
               (P[2] == Begin);
      },
      [&](size_t At) {
        StringRef Name = includeAt(Text, At + 2, End);
        if (!Name.empty())
          Found.push_back(Name);
        return false;
      });
  return Found;
}

std::vector<StringRef> quotedIncludes(StringRef Text) {
  return includes(Text, '"', '"');
}

std::vector<StringRef> angledIncludes(StringRef Text) {
  return includes(Text, '<', '>');
}

} // namespace vfio::kbuild
