//===- Presentation.cpp - How our diagnostics look in an editor ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/Presentation.h"
#include "contracts/ApiTable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::clangd {

/// The folder with the pages of the checks: installed next to this program, or
/// in the source tree that it was built from.
static std::string findPages() {
  static int Anchor;
  std::string Self = sys::fs::getMainExecutable(nullptr, &Anchor);
  SmallString<256> Folder(sys::path::parent_path(sys::path::parent_path(Self)));
  sys::path::append(Folder, VFIO_INSTALL_DOCDIR, "docs", "checks");
  if (!sys::fs::is_directory(Folder))
    Folder = VFIO_SOURCE_DIR "/docs/checks";
  return sys::fs::is_directory(Folder) ? std::string(Folder) : "";
}

static std::string Pages; // set before clangd starts its threads

void setPages(std::string Address) {
  Pages = StringRef(Address).rtrim('/').str();
}

/// The address of the page of the check \p Name; empty where there is none.
static std::string pageOf(StringRef Name) {
  if (!Pages.empty())
    return Pages + "/" + Name.str() + ".md";
  static const std::string Folder = findPages();
  std::string Page = Folder + "/" + Name.str() + ".md";
  if (Folder.empty() || !sys::fs::exists(Page))
    return "";
  std::string Address = "file://";
  for (char C : Page)
    if (isAlnum(C) || StringRef("/-._~").contains(C))
      Address += C;
    else
      Address += "%" + toHex(StringRef(&C, 1));
  return Address;
}

void linkPages(json::Value &Message) {
  if (json::Array *List = Message.getAsArray())
    for (json::Value &Item : *List)
      linkPages(Item);
  json::Object *Object = Message.getAsObject();
  if (!Object)
    return;
  for (auto &Member : *Object)
    linkPages(Member.second);
  std::optional<StringRef> Code = Object->getString("code");
  if (!Code || !Code->starts_with("vfio-"))
    return;
  if (std::string Page = pageOf(Code->drop_front(5)); !Page.empty())
    (*Object)["codeDescription"] = json::Object{{"href", Page}};
  else
    Object->erase("codeDescription");
}

/// The finding of ours that \p Action fixes; null where it is none of ours.
static const json::Object *findingOf(const json::Object &Action) {
  const json::Array *Diagnostics = Action.getArray("diagnostics");
  if (!Diagnostics || Diagnostics->empty())
    return nullptr;
  const json::Object *First = Diagnostics->front().getAsObject();
  StringRef Code = First ? First->getString("code").value_or("") : "";
  return Code.starts_with("vfio-") ? First : nullptr;
}

/// True for the titles that clangd makes up: from an edit, or of the finding
/// itself. The title of a note's fix was written by us.
static bool isMadeUp(StringRef Title, const json::Object &Finding) {
  StringRef Message = Finding.getString("message").value_or("");
  return Title.starts_with("insert '") || Title.starts_with("remove '") ||
         Title.starts_with("change '") || Title.starts_with("fix-it") ||
         Message.starts_with_insensitive(Title);
}

/// The texts that \p Action inserts, on one line.
static std::string insertedText(const json::Object &Action) {
  std::string All;
  const json::Object *Edit = Action.getObject("edit");
  const json::Object *Changes = Edit ? Edit->getObject("changes") : nullptr;
  if (!Changes)
    return All;
  for (const auto &File : *Changes)
    if (const json::Array *Edits = File.second.getAsArray())
      for (const json::Value &Item : *Edits)
        if (const json::Object *E = Item.getAsObject()) {
          SmallVector<StringRef> Words;
          SplitString(E->getString("newText").value_or(""), Words);
          All += (All.empty() || Words.empty() ? "" : " ") + join(Words, " ");
        }
  return StringRef(All).trim(", ").str();
}

static bool isIdentifier(StringRef Text) {
  return !Text.empty() && !isDigit(Text.front()) &&
         all_of(Text, [](char C) { return isAlnum(C) || C == '_'; });
}

/// True where one of \p Edits, in the document \p Uri, replaces a name that the
/// contracts know by another name.
static bool renamesKnown(StringRef Uri, const json::Array &Edits,
                         const Drafts &Open) {
  return any_of(Edits, [&](const json::Value &Item) {
    const json::Object *Edit = Item.getAsObject();
    if (!Edit || !isIdentifier(Edit->getString("newText").value_or("")))
      return false;
    std::string Old = Open.textAt(Uri, Edit->getObject("range"));
    return findApi(Old) != nullptr;
  });
}

void dropSpellingFixes(json::Value &Actions, const Drafts &Open) {
  json::Array *List = Actions.getAsArray();
  if (!List)
    return;
  auto IsWrong = [&](const json::Value &Item) {
    const json::Object *Action = Item.getAsObject();
    const json::Object *Edit = Action ? Action->getObject("edit") : nullptr;
    const json::Object *Changes = Edit ? Edit->getObject("changes") : nullptr;
    if (!Changes || findingOf(*Action))
      return false;
    return any_of(*Changes, [&](const auto &File) {
      const json::Array *Edits = File.second.getAsArray();
      return Edits && renamesKnown(File.first, *Edits, Open);
    });
  };
  json::Array Kept;
  for (json::Value &Item : *List)
    if (!IsWrong(Item))
      Kept.push_back(std::move(Item));
  *List = std::move(Kept);
}

void dropRepeated(json::Value &Params) {
  json::Object *Object = Params.getAsObject();
  json::Array *List = Object ? Object->getArray("diagnostics") : nullptr;
  if (!List)
    return;
  json::Array Kept;
  auto IsSaid = [&](const json::Object &New) {
    return any_of(Kept, [&](const json::Value &Item) {
      const json::Object &Old = *Item.getAsObject();
      return all_of(ArrayRef<StringRef>{"range", "message", "code"},
                    [&](StringRef Key) {
                      const json::Value *A = Old.get(Key), *B = New.get(Key);
                      return A && B ? *A == *B : A == B;
                    });
    });
  };
  for (json::Value &Item : *List)
    if (const json::Object *New = Item.getAsObject(); New && !IsSaid(*New))
      Kept.push_back(std::move(Item));
  *List = std::move(Kept);
}

void prefer(json::Array &Actions, json::Value Action) {
  for (json::Value &Item : Actions)
    if (json::Object *Other = Item.getAsObject())
      Other->erase("isPreferred");
  if (json::Object *Ours = Action.getAsObject())
    (*Ours)["isPreferred"] = true;
  Actions.insert(Actions.begin(), std::move(Action));
}

void nameFixes(json::Value &Actions) {
  json::Array *List = Actions.getAsArray();
  if (!List)
    return;
  for (json::Value &Item : *List) {
    json::Object *Action = Item.getAsObject();
    const json::Object *Finding = Action ? findingOf(*Action) : nullptr;
    if (!Finding ||
        !isMadeUp(Action->getString("title").value_or(""), *Finding))
      continue;
    std::string Text = insertedText(*Action);
    std::string Title = ("Fix " + *Finding->getString("code")).str();
    if (!Text.empty())
      Title += ": " + (Text.size() > 60 ? Text.substr(0, 57) + "..." : Text);
    (*Action)["title"] = Title;
  }
}

} // namespace vfio::clangd
