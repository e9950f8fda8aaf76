//===- DocLinks.cpp - Links from diagnostics to our pages ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd links every clang-tidy check to clang's web site, where ours are not.
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/ClangdInternals.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang::clangd;
using namespace llvm;

std::unique_ptr<Transport>
realNewTransport(std::FILE *In, raw_ostream &Out, raw_ostream *InMirror,
                 bool Pretty,
                 JSONStreamStyle Style) asm(VFIO_REAL_NEW_TRANSPORT);
std::unique_ptr<Transport>
wrapNewTransport(std::FILE *In, raw_ostream &Out, raw_ostream *InMirror,
                 bool Pretty,
                 JSONStreamStyle Style) asm(VFIO_WRAP_NEW_TRANSPORT);

namespace {

/// The folder with the pages of the checks: installed next to this program, or
/// in the source tree that it was built from.
std::string pagesFolder() {
  static int Anchor;
  std::string Self = sys::fs::getMainExecutable(nullptr, &Anchor);
  SmallString<256> Folder(sys::path::parent_path(sys::path::parent_path(Self)));
  sys::path::append(Folder, VFIO_INSTALL_DOCDIR, "docs", "checks");
  if (!sys::fs::is_directory(Folder))
    Folder = VFIO_SOURCE_DIR "/docs/checks";
  return sys::fs::is_directory(Folder) ? std::string(Folder) : "";
}

/// Points what links one of our checks to its page, anywhere in \p Message.
void relink(json::Value &Message) {
  if (json::Array *List = Message.getAsArray())
    for (json::Value &Item : *List)
      relink(Item);
  json::Object *Object = Message.getAsObject();
  if (!Object)
    return;
  for (auto &Member : *Object)
    relink(Member.second);
  std::optional<StringRef> Code = Object->getString("code");
  if (!Code || !Code->starts_with("vfio-"))
    return;
  static const std::string Folder = pagesFolder();
  std::string Page = (Folder + "/" + Code->drop_front(5) + ".md").str();
  if (!Folder.empty() && sys::fs::exists(Page))
    (*Object)["codeDescription"] = json::Object{{"href", "file://" + Page}};
  else
    Object->erase("codeDescription");
}

/// Passes everything on, the links changed on their way to the editor.
class LinkingTransport : public Transport {
public:
  explicit LinkingTransport(std::unique_ptr<Transport> Real)
      : Real(std::move(Real)) {}

  void notify(StringRef Method, json::Value Params) override {
    if (Method == "textDocument/publishDiagnostics")
      relink(Params);
    Real->notify(Method, std::move(Params));
  }
  void call(StringRef Method, json::Value Params, json::Value ID) override {
    Real->call(Method, std::move(Params), std::move(ID));
  }
  void reply(json::Value ID, Expected<json::Value> Result) override {
    if (Result)
      relink(*Result);
    Real->reply(std::move(ID), std::move(Result));
  }
  Error loop(MessageHandler &Handler) override { return Real->loop(Handler); }

private:
  std::unique_ptr<Transport> Real;
};

} // namespace

std::unique_ptr<Transport> wrapNewTransport(std::FILE *In, raw_ostream &Out,
                                            raw_ostream *InMirror, bool Pretty,
                                            JSONStreamStyle Style) {
  return std::make_unique<LinkingTransport>(
      realNewTransport(In, Out, InMirror, Pretty, Style));
}
