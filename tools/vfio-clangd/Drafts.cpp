//===- Drafts.cpp - The texts that the editor has open ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/Drafts.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace vfio::clangd {

std::string pathOf(StringRef Uri) {
  if (!Uri.consume_front("file://"))
    return "";
  std::string Path;
  for (size_t I = 0; I < Uri.size(); ++I) {
    unsigned Byte;
    if (Uri[I] == '%' && !Uri.substr(I + 1, 2).getAsInteger(16, Byte)) {
      Path += char(Byte);
      I += 2;
    } else {
      Path += Uri[I];
    }
  }
  return Path;
}

static size_t startOfLine(StringRef Text, size_t Number) {
  size_t At = 0;
  for (; Number > 0 && At < Text.size(); --Number) {
    size_t End = Text.find('\n', At);
    At = End == StringRef::npos ? Text.size() : End + 1;
  }
  return At;
}

StringRef lineOf(StringRef Text, size_t Number) {
  return Text.drop_front(startOfLine(Text, Number)).split('\n').first;
}

/// The byte of \p Text at an LSP position, whose characters are UTF-16 units.
static size_t offsetOf(StringRef Text, const json::Object *Position) {
  if (!Position)
    return 0;
  size_t Begin = startOfLine(Text, Position->getInteger("line").value_or(0));
  StringRef Line = Text.drop_front(Begin).split('\n').first;
  int64_t Units = Position->getInteger("character").value_or(0);
  size_t At = 0;
  while (Units > 0 && At < Line.size()) {
    size_t Length = getNumBytesForUTF8(UTF8(Line[At]));
    Units -= Length == 4 ? 2 : 1; // beyond the basic plane: a surrogate pair
    At = std::min(At + Length, Line.size());
  }
  return Begin + At;
}

static void change(std::string &Text, const json::Object &Change) {
  StringRef New = Change.getString("text").value_or("");
  const json::Object *Range = Change.getObject("range");
  if (!Range) {
    Text = New.str();
    return;
  }
  size_t Begin = offsetOf(Text, Range->getObject("start"));
  size_t End = offsetOf(Text, Range->getObject("end"));
  if (Begin <= End)
    Text.replace(Begin, End - Begin, New.str());
}

void Drafts::notice(StringRef Method, const json::Object &Params) {
  const json::Object *Document = Params.getObject("textDocument");
  if (!Document)
    return;
  std::string Uri = Document->getString("uri").value_or("").str();
  std::lock_guard<std::mutex> Guard(Lock);
  if (Method == "textDocument/didOpen")
    Texts[Uri] = Document->getString("text").value_or("").str();
  else if (Method == "textDocument/didClose")
    Texts.erase(Uri);
  else if (Method == "textDocument/didChange")
    if (const json::Array *Changes = Params.getArray("contentChanges"))
      for (const json::Value &Item : *Changes)
        if (const json::Object *C = Item.getAsObject())
          change(Texts[Uri], *C);
}

std::optional<std::string> Drafts::text(StringRef Uri) const {
  std::lock_guard<std::mutex> Guard(Lock);
  auto It = Texts.find(Uri);
  if (It == Texts.end())
    return std::nullopt;
  return It->second;
}

std::string Drafts::textAt(StringRef Uri, const json::Object *Range) const {
  std::optional<std::string> Text = text(Uri);
  if (!Text || !Range)
    return "";
  size_t Begin = offsetOf(*Text, Range->getObject("start"));
  size_t End = offsetOf(*Text, Range->getObject("end"));
  return Begin < End ? Text->substr(Begin, End - Begin) : "";
}

std::string Drafts::wordAt(StringRef Uri, const json::Object *Position) const {
  auto IsWord = [](char C) { return isAlnum(C) || C == '_'; };
  std::optional<std::string> Text = text(Uri);
  if (!Text || !Position)
    return "";
  size_t At = offsetOf(*Text, Position);
  size_t Begin = At, End = At;
  while (Begin && IsWord((*Text)[Begin - 1]))
    --Begin;
  while (End < Text->size() && IsWord((*Text)[End]))
    ++End;
  return Text->substr(Begin, End - Begin);
}

std::map<std::string, std::string> Drafts::files() const {
  std::lock_guard<std::mutex> Guard(Lock);
  std::map<std::string, std::string> All;
  for (const auto &[Uri, Text] : Texts)
    if (std::string Path = pathOf(Uri); !Path.empty())
      All[Path] = Text;
  return All;
}

} // namespace vfio::clangd
