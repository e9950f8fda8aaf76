//===- BuiltCommand.cpp - What Kbuild noted of a driver's own build -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/BuiltCommand.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace vfio::kbuild {

/// True where \p Note was written after \p Makefile.
static bool isNewer(StringRef Note, StringRef Makefile) {
  sys::fs::file_status A, B;
  return !sys::fs::status(Note, A) && !sys::fs::status(Makefile, B) &&
         A.getLastModificationTime() >= B.getLastModificationTime();
}

/// \p Text without what Kbuild puts in front of signs that make would take for
/// its own.
static std::string withoutEscapes(StringRef Text) {
  std::string Out;
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text.substr(I).starts_with("$$") || Text.substr(I).starts_with("\\#"))
      ++I;
    Out += Text[I];
  }
  return Out;
}

/// True for a macro that the kernel's own Makefiles define for each object.
static bool isKbuilds(StringRef Macro) {
  return Macro.starts_with("KBUILD_") || Macro.starts_with("__KBUILD_") ||
         is_contained({"__KERNEL__", "MODULE"}, Macro.split('=').first);
}

namespace {
/// Takes the flags of one command.
class Taker {
public:
  Taker(StringRef Folder, const KernelHeaders &Kernel)
      : Folder(Folder), Kernel(Kernel) {}
  void take(StringRef Flag, StringRef Value);
  std::vector<std::string> Out;

private:
  StringRef Folder;
  const KernelHeaders &Kernel;
};
} // namespace

void Taker::take(StringRef Flag, StringRef Value) {
  if (Flag == "-D" || Flag == "-U") {
    if (!isKbuilds(Value))
      Out.push_back((Flag + Value).str());
    return;
  }
  // Where make ran: until 6.12 in the kernel's folder, later in the driver's.
  for (StringRef Base : {StringRef(Kernel.ObjTree), Folder}) {
    std::string Path = absolute(Value, Base);
    if (!isDirectory(Path) && !isFile(Path))
      continue;
    if (!isBelow(Path, Kernel.ObjTree) && !isBelow(Path, Kernel.SrcTree))
      Out.insert(Out.end(), {Flag.str(), Path});
    return;
  }
}

std::vector<std::string> builtFlags(StringRef File, const KernelHeaders &Kernel,
                                    StringRef Makefile) {
  StringRef Folder = sys::path::parent_path(File);
  std::string Note =
      pathIn(Folder, ("." + sys::path::stem(File) + ".o.cmd").str());
  if (Makefile.empty() || !isFile(Note) || !isNewer(Note, Makefile))
    return {};
  std::string Text = readText(Note);
  // Another kernel's Makefile may have come to other flags.
  if (!StringRef(Text).contains(Kernel.SrcTree + "/include/"))
    return {};
  auto [Name, Command] = StringRef(Text).split('\n').first.split(":=");
  if (!Name.starts_with("cmd_") && !Name.starts_with("savedcmd_"))
    return {};
  BumpPtrAllocator Alloc;
  StringSaver Saver(Alloc);
  SmallVector<const char *, 128> Words;
  cl::TokenizeGNUCommandLine(withoutEscapes(Command), Saver, Words);
  Taker T(Folder, Kernel);
  for (size_t I = 0; I != Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == ";") // what follows is another program
      break;
    for (StringRef Flag :
         {"-include", "-isystem", "-iquote", "-idirafter", "-I", "-D", "-U"}) {
      if (!Word.consume_front(Flag))
        continue;
      if (Word.empty() && I + 1 != Words.size())
        Word = Words[++I];
      T.take(Flag, Word);
      break;
    }
  }
  return std::move(T.Out);
}

} // namespace vfio::kbuild
