//===- Database.cpp - Reading compile_commands.json -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Database.h"
#include "kbuild/InputFile.h"
#include "kbuild/Paths.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

namespace vfio::kbuild {

static Error fail(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

/// The words of an entry's "arguments", or of its "command" as a shell would
/// split it.
static std::vector<std::string> wordsOf(const json::Object &Entry) {
  std::vector<std::string> Words;
  if (const json::Array *Arguments = Entry.getArray("arguments")) {
    for (const json::Value &Argument : *Arguments)
      if (std::optional<StringRef> Text = Argument.getAsString())
        Words.push_back(Text->str());
    return Words;
  }
  if (std::optional<StringRef> Command = Entry.getString("command")) {
    BumpPtrAllocator Alloc;
    StringSaver Saver(Alloc);
    SmallVector<const char *, 128> Tokens;
    cl::TokenizeGNUCommandLine(*Command, Saver, Tokens);
    Words.assign(Tokens.begin(), Tokens.end());
  }
  return Words;
}

/// The entry that \p Value is; \p Base is the database's own folder.
static Expected<DatabaseEntry> readEntry(const json::Value &Value,
                                         StringRef Base) {
  const json::Object *Object = Value.getAsObject();
  if (!Object)
    return fail("is no object");
  std::optional<StringRef> File = Object->getString("file"),
                           Directory = Object->getString("directory");
  if (!File || !Directory)
    return fail("has no \"file\" or no \"directory\"");
  DatabaseEntry Entry;
  Entry.Directory = absolute(*Directory, Base);
  Entry.File = absolute(*File, Entry.Directory);
  Entry.Command = wordsOf(*Object);
  if (Entry.Command.empty())
    return fail("has no \"command\" and no \"arguments\"");
  return Entry;
}

Expected<Database> readDatabase(StringRef Dir) {
  Database DB;
  DB.Path = isDirectory(Dir) ? pathIn(Dir, "compile_commands.json") : Dir.str();
  Expected<std::string> Text =
      readInput(DB.Path, Nesting::Json, MaxDatabaseSize);
  if (!Text)
    return fail(DB.Path + ": " + toString(Text.takeError()) +
                ": make it with the kernel's gen_compile_commands.py");
  Expected<json::Value> Root = json::parse(*Text);
  if (!Root)
    return fail(DB.Path + ": is no JSON: " + toString(Root.takeError()));
  const json::Array *Array = Root->getAsArray();
  if (!Array)
    return fail(DB.Path + ": is no list of compile commands");
  std::string Base = absolute(sys::path::parent_path(DB.Path), currentDir());
  for (const json::Value &Value : *Array) {
    Expected<DatabaseEntry> Entry = readEntry(Value, Base);
    if (!Entry)
      return fail(DB.Path + ": entry " + Twine(DB.Entries.size() + 1) + " " +
                  toString(Entry.takeError()));
    DB.Entries.push_back(std::move(*Entry));
  }
  return DB;
}

} // namespace vfio::kbuild
