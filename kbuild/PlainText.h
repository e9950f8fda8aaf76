//===- PlainText.h - Text that is safe to print ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of files, and what compilers say of a source, are words of whoever
// wrote the tree. Printed as they are, they could end a line of ours and begin
// one of their own, or tell the terminal to do something.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PLAINTEXT_H
#define VFIO_KBUILD_PLAINTEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>

namespace vfio {

/// \p Text in one line without a byte that a terminal would obey: control
/// characters, those that turn the direction of writing, and bytes that are no
/// UTF-8 are spelled out ("\x1b", "\n", "\u202e"). Everything that is printed
/// and is not our own words goes through here, and only here.
std::string plainText(const llvm::Twine &Text);

/// True where \c plainText would leave \p Text as it is.
bool isPlainText(llvm::StringRef Text);

} // namespace vfio

#endif // VFIO_KBUILD_PLAINTEXT_H
