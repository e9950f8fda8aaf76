//===- Messages.cpp - What passes between the editor and clangd ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sits on clangd's line to the editor: puts our links and titles on what goes
// out, offers the migration among the code actions, and runs it when the editor
// asks for it.
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Drafts.h"
#include "tools/vfio-clangd/Hover.h"
#include "tools/vfio-clangd/MigrateAction.h"
#include "tools/vfio-clangd/Presentation.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>
#include <mutex>
#include <thread>

using namespace clang::clangd;
using namespace llvm;
using namespace vfio::clangd;

std::unique_ptr<Transport>
realNewTransport(std::FILE *In, raw_ostream &Out, raw_ostream *InMirror,
                 bool Pretty,
                 JSONStreamStyle Style) asm(VFIO_REAL_NEW_TRANSPORT);
std::unique_ptr<Transport>
wrapNewTransport(std::FILE *In, raw_ostream &Out, raw_ostream *InMirror,
                 bool Pretty,
                 JSONStreamStyle Style) asm(VFIO_WRAP_NEW_TRANSPORT);

namespace {

std::string asKey(const json::Value &ID) { return formatv("{0}", ID).str(); }

class OurTransport : public Transport, private Transport::MessageHandler {
public:
  explicit OurTransport(std::unique_ptr<Transport> Real)
      : Real(std::move(Real)) {}
  ~OurTransport() override {
    if (Migration.joinable())
      Migration.join();
  }

  // To the editor, from clangd's threads and from ours.
  void notify(StringRef Method, json::Value Params) override {
    if (Method == "textDocument/publishDiagnostics") {
      dropRepeated(Params);
      linkPages(Params);
    }
    std::lock_guard<std::mutex> Guard(Writing);
    Real->notify(Method, std::move(Params));
  }
  void call(StringRef Method, json::Value Params, json::Value ID) override {
    std::lock_guard<std::mutex> Guard(Writing);
    Real->call(Method, std::move(Params), std::move(ID));
  }
  void reply(json::Value ID, Expected<json::Value> Result) override;

  Error loop(MessageHandler &Handler) override {
    Clangd = &Handler;
    return Real->loop(*this);
  }

private:
  // From the editor.
  bool onNotify(StringRef Method, json::Value Params) override;
  bool onCall(StringRef Method, json::Value Params, json::Value ID) override;
  bool onReply(json::Value ID, Expected<json::Value> Result) override;

  bool isMigration(StringRef Method, const json::Value &Params) const;
  void migrate(std::string Uri, json::Value ID);

  std::unique_ptr<Transport> Real;
  MessageHandler *Clangd = nullptr;
  Drafts Open;
  std::thread Migration;
  std::mutex Writing;

  /// Calls of the editor whose reply we have something to add to.
  struct Asked {
    bool Initialize = false;
    bool Actions = false;
    std::string MigratableUri;
    std::string HoveredWord;
  };
  std::mutex AskedLock;
  std::map<std::string, Asked> Waiting;
};

} // namespace

//===- From the editor ----------------------------------------------------===//

bool OurTransport::onNotify(StringRef Method, json::Value Params) {
  if (const json::Object *Object = Params.getAsObject())
    Open.notice(Method, *Object);
  return Clangd->onNotify(Method, std::move(Params));
}

/// The document of a code action request, where a line that it asks of calls
/// the old life cycle; else empty.
static std::string migratable(const json::Value &Params, const Drafts &Open) {
  const json::Object *P = Params.getAsObject();
  const json::Object *Document = P ? P->getObject("textDocument") : nullptr;
  const json::Object *Range = P ? P->getObject("range") : nullptr;
  if (!Document || !Range)
    return "";
  std::string Uri = Document->getString("uri").value_or("").str();
  std::optional<std::string> Text = Open.text(Uri);
  const json::Object *Start = Range->getObject("start");
  const json::Object *End = Range->getObject("end");
  if (!Text || !Start || !End)
    return "";
  int64_t Last = End->getInteger("line").value_or(0);
  for (int64_t L = Start->getInteger("line").value_or(0); L <= Last; ++L)
    if (callsOldLifecycle(lineOf(*Text, size_t(L))))
      return Uri;
  return "";
}

/// The identifier that a hover request is about.
static std::string hoveredWord(const json::Value &Params, const Drafts &Open) {
  const json::Object *P = Params.getAsObject();
  const json::Object *Document = P ? P->getObject("textDocument") : nullptr;
  return Document ? Open.wordAt(Document->getString("uri").value_or(""),
                                P->getObject("position"))
                  : "";
}

bool OurTransport::isMigration(StringRef Method,
                               const json::Value &Params) const {
  const json::Object *P = Params.getAsObject();
  return Method == "workspace/executeCommand" && P &&
         P->getString("command") == StringRef(MigrateCommand);
}

bool OurTransport::onCall(StringRef Method, json::Value Params,
                          json::Value ID) {
  if (isMigration(Method, Params)) {
    const json::Array *Arguments = Params.getAsObject()->getArray("arguments");
    std::string Uri;
    if (Arguments && !Arguments->empty())
      Uri = Arguments->front().getAsString().value_or("").str();
    if (Migration.joinable())
      Migration.join(); // one at a time
    Migration = std::thread(&OurTransport::migrate, this, Uri, std::move(ID));
    return true;
  }
  Asked Want;
  Want.Initialize = Method == "initialize";
  Want.Actions = Method == "textDocument/codeAction";
  if (Want.Actions)
    Want.MigratableUri = migratable(Params, Open);
  if (Method == "textDocument/hover")
    Want.HoveredWord = hoveredWord(Params, Open);
  if (Want.Initialize || Want.Actions || !Want.HoveredWord.empty()) {
    std::lock_guard<std::mutex> Guard(AskedLock);
    Waiting[asKey(ID)] = std::move(Want);
  }
  return Clangd->onCall(Method, std::move(Params), std::move(ID));
}

bool OurTransport::onReply(json::Value ID, Expected<json::Value> Result) {
  if (ID.getAsString() == StringRef(MigrateCommand)) { // to our applyEdit
    if (!Result)
      consumeError(Result.takeError());
    return true;
  }
  return Clangd->onReply(std::move(ID), std::move(Result));
}

//===- To the editor ------------------------------------------------------===//

/// Tells the editor that our command can be sent.
static void announce(json::Value &Result) {
  json::Object *O = Result.getAsObject();
  json::Object *Can = O ? O->getObject("capabilities") : nullptr;
  json::Object *Runs = Can ? Can->getObject("executeCommandProvider") : nullptr;
  if (json::Array *Commands = Runs ? Runs->getArray("commands") : nullptr)
    Commands->push_back(MigrateCommand);
}

void OurTransport::reply(json::Value ID, Expected<json::Value> Result) {
  Asked Want;
  {
    std::lock_guard<std::mutex> Guard(AskedLock);
    if (auto It = Waiting.find(asKey(ID)); It != Waiting.end()) {
      Want = std::move(It->second);
      Waiting.erase(It);
    }
  }
  if (Result) {
    if (Want.Initialize)
      announce(*Result);
    if (!Want.HoveredWord.empty())
      addContract(*Result, Want.HoveredWord);
    if (Want.Actions)
      dropSpellingFixes(*Result, Open);
    nameFixes(*Result);
    linkPages(*Result);
    if (json::Array *Actions = Result->getAsArray();
        Actions && !Want.MigratableUri.empty())
      prefer(*Actions, migrateAction(Want.MigratableUri));
  }
  std::lock_guard<std::mutex> Guard(Writing);
  Real->reply(std::move(ID), std::move(Result));
}

/// Runs in a thread of its own: clangd goes on meanwhile.
void OurTransport::migrate(std::string Uri, json::Value ID) {
  Expected<json::Value> Edit = migrationEdit(Uri, Open.files());
  if (Edit) {
    call("workspace/applyEdit",
         json::Object{{"label", "Migrate to the alloc/put life cycle"},
                      {"edit", std::move(*Edit)}},
         MigrateCommand);
  } else {
    constexpr int ErrorMessage = 1;
    notify("window/showMessage",
           json::Object{
               {"type", ErrorMessage},
               {"message", "vfio-migrate: " + toString(Edit.takeError())}});
  }
  reply(std::move(ID), nullptr);
}

std::unique_ptr<Transport> wrapNewTransport(std::FILE *In, raw_ostream &Out,
                                            raw_ostream *InMirror, bool Pretty,
                                            JSONStreamStyle Style) {
  return std::make_unique<OurTransport>(
      realNewTransport(In, Out, InMirror, Pretty, Style));
}
