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

WordSearch::WordSearch(ArrayRef<std::string> List) {
  for (const std::string &Name : List) {
    assert(Name.size() >= KeySize && "too short to be searched for");
    Names.insert(Name);
    std::string Key = Name.substr(0, KeySize);
    if (!is_contained(Keys, Key))
      Keys.push_back(std::move(Key));
  }
}

static bool isWordChar(char C) { return isAlnum(C) || C == '_'; }

/// True where one of the names begins at \p At and ends where the word does.
bool WordSearch::isNameAt(StringRef Text, size_t At) const {
  if (At && isWordChar(Text[At - 1]))
    return false;
  return Names.contains(Text.substr(At).take_while(isWordChar));
}

bool WordSearch::foundIn(StringRef Text) const {
  return any_of(Keys, [&](StringRef Key) {
    const char A = Key[0], B = Key[1], C = Key[2], D = Key[3];
    return anyMatch<KeySize>(
        Text,
        [=](const char *P) {
          return (P[0] == A) & (P[1] == B) & (P[2] == C) & (P[3] == D);
        },
        [&](size_t At) { return isNameAt(Text, At); });
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
