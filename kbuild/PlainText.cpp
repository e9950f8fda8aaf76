//===- PlainText.cpp - Text that is safe to print -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/PlainText.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace vfio {

/// The character that \p Text begins with, and how many bytes it has; none
/// where they are no UTF-8.
static bool firstCharacter(StringRef Text, UTF32 &Character, size_t &Size) {
  const auto *Begin = reinterpret_cast<const UTF8 *>(Text.data());
  Size = getNumBytesForUTF8(*Begin);
  if (Size > Text.size() || !isLegalUTF8Sequence(Begin, Begin + Size))
    return false;
  const UTF8 *From = Begin;
  UTF32 *To = &Character;
  return ConvertUTF8toUTF32(&From, Begin + Size, &To, To + 1,
                            strictConversion) == conversionOK;
}

/// Turns what follows it around, or is a line's end to some programs.
static bool movesText(UTF32 C) {
  return C == 0x061c || C == 0x200e || C == 0x200f ||
         (C >= 0x2028 && C <= 0x202e) || (C >= 0x2066 && C <= 0x2069) ||
         C == 0xfeff;
}

static bool isControl(UTF32 C) { return C < 0x20 || (C >= 0x7f && C <= 0x9f); }

std::string plainText(const Twine &Raw) {
  SmallString<256> Buffer;
  StringRef Text = Raw.toStringRef(Buffer);
  std::string Out;
  raw_string_ostream OS(Out);
  while (!Text.empty()) {
    UTF32 C = 0;
    size_t Size = 1;
    if (!firstCharacter(Text, C, Size)) {
      OS << format("\\x%02x", unsigned(uint8_t(Text.front())));
      Size = 1;
    } else if (C == '\n') {
      OS << "\\n";
    } else if (isControl(C)) {
      OS << format("\\x%02x", unsigned(C));
    } else if (movesText(C)) {
      OS << format("\\u%04x", unsigned(C));
    } else {
      OS << Text.take_front(Size);
    }
    Text = Text.drop_front(Size);
  }
  return Out;
}

bool isPlainText(StringRef Text) { return plainText(Text) == Text; }

} // namespace vfio
