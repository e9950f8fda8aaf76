//===- InputFile.cpp - Reading what others wrote --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/InputFile.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Errno.h"
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace vfio::kbuild {

static constexpr size_t Deepest = 200;

static Error fail(const Twine &Why) {
  return createStringError(inconvertibleErrorCode(), Why);
}

static Error cannotRead() {
  return fail("cannot be read (" + sys::StrError() + ")");
}

/// All of \p FD, which is no longer than \p MostBytes, or a byte more.
static bool readAll(int FD, uint64_t MostBytes, std::string &Text) {
  char Buffer[65536];
  while (Text.size() <= MostBytes) {
    ssize_t Size = ::read(FD, Buffer, sizeof(Buffer));
    if (Size < 0 && errno == EINTR)
      continue;
    if (Size <= 0)
      return Size == 0;
    Text.append(Buffer, size_t(Size));
  }
  return true;
}

Expected<std::string> readInput(StringRef Path, Nesting Kind,
                                uint64_t MostBytes) {
  // A pipe must not stop us: it is refused below.
  int FD = ::open(Path.str().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (FD < 0)
    return cannotRead();
  struct stat Status;
  std::string Text;
  Error Problem = Error::success();
  if (::fstat(FD, &Status))
    Problem = cannotRead();
  else if (!S_ISREG(Status.st_mode))
    Problem = fail("is no regular file");
  else if (uint64_t(Status.st_size) <= MostBytes &&
           !readAll(FD, MostBytes, Text))
    Problem = cannotRead();
  else if (uint64_t(Status.st_size) > MostBytes || Text.size() > MostBytes)
    Problem = fail("is larger than " + Twine(MostBytes >> 20) + " MiB");
  ::close(FD);
  if (!Problem)
    Problem = checkNesting(Text, Kind);
  if (Problem)
    return std::move(Problem);
  return Text;
}

/// How many brackets are open at once, at most. In JSON those in texts do not
/// count; in YAML, where a plain word may hold one, they do: no configuration
/// has that many of them.
static size_t deepestBracket(StringRef Text, bool SkipStrings) {
  size_t Open = 0, Most = 0;
  bool InString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (InString) {
      I += C == '\\';
      InString = C != '"';
    } else if (C == '"') {
      InString = SkipStrings;
    } else if (C == '[' || C == '{') {
      Most = std::max(Most, ++Open);
    } else if ((C == ']' || C == '}') && Open) {
      --Open;
    }
  }
  return Most;
}

/// How many blocks of YAML are open at once, at most: a line that stands
/// further in opens one, and so does each mark of a list or key in front of it.
static size_t deepestBlock(StringRef Text) {
  SmallVector<size_t> Columns;
  size_t Most = 0;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    size_t Column = Line.find_first_not_of(" \t");
    if (Column == StringRef::npos)
      continue;
    while (!Columns.empty() && Columns.back() >= Column)
      Columns.pop_back();
    Columns.push_back(Column);
    StringRef Marks = Line.drop_front(Column);
    size_t Depth = Columns.size();
    while (Marks.size() > 1 && StringRef("-?:").contains(Marks[0]) &&
           (Marks[1] == ' ' || Marks[1] == '\t')) {
      ++Depth;
      Marks = Marks.drop_front().ltrim(" \t");
    }
    Most = std::max(Most, Depth);
  }
  return Most;
}

Error checkNesting(StringRef Text, Nesting Kind) {
  size_t Depth = 0;
  if (Kind != Nesting::None)
    Depth = deepestBracket(Text, Kind == Nesting::Json);
  if (Kind == Nesting::Yaml)
    Depth = std::max(Depth, deepestBlock(Text));
  if (Depth > Deepest)
    return fail("is nested deeper than " + Twine(Deepest) + " levels");
  return Error::success();
}

} // namespace vfio::kbuild
