//===- Messages.cpp - What passes between the editor and clangd ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sits on clangd's line to the editor: puts our links and titles on what goes
// out, offers the migration among the code actions, runs it when the editor
// asks for it, and has clangd parse once more, with the checks, where the
// editor pauses.
//
//===----------------------------------------------------------------------===//

#include "checks/ModuleReader.h"
#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Drafts.h"
#include "tools/vfio-clangd/Hover.h"
#include "tools/vfio-clangd/KeptFindings.h"
#include "tools/vfio-clangd/MigrateAction.h"
#include "tools/vfio-clangd/Passes.h"
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
      : Real(std::move(Real)),
        Checking([this](const std::string &Uri) { takeTurn(Uri); }) {
    vfio::checks::readingPolicy().Outdated = Passes::isOutdated;
  }
  ~OurTransport() override {
    if (Migration.joinable())
      Migration.join();
  }

  // To the editor, from clangd's threads and from ours.
  void notify(StringRef Method, json::Value Params) override {
    if (Method == "textDocument/publishDiagnostics") {
      dropRepeated(Params);
      if (json::Object *Object = Params.getAsObject())
        bringFindings(*Object);
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
    Error Problem = Real->loop(*this);
    Checking.stop();
    std::lock_guard<std::mutex> Guard(Reading);
    Clangd = nullptr;
    return Problem;
  }

private:
  // From the editor.
  bool onNotify(StringRef Method, json::Value Params) override;
  bool onCall(StringRef Method, json::Value Params, json::Value ID) override;
  bool onReply(json::Value ID, Expected<json::Value> Result) override;

  bool isMigration(StringRef Method, const json::Value &Params) const;
  void migrate(std::string Uri, json::Value ID);
  void bringFindings(json::Object &Params);
  void takeTurn(const std::string &Uri);
  void turn(const std::string &Uri);
  void parseAgain(const std::string &Uri, const std::string &Text);
  void passOn(const std::string &Uri);

  std::unique_ptr<Transport> Real;
  std::mutex Reading; ///< for what goes to clangd
  MessageHandler *Clangd = nullptr;
  Drafts Open;
  KeptFindings Kept;
  Passes Checking;
  /// Calls that wait for the findings of a document.
  std::map<std::string, std::vector<std::pair<json::Value, json::Value>>> Held;
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

/// What our own calls of clangd are known by.
static constexpr StringLiteral OwnCall = "vfio-clangd";

//===- From the editor ----------------------------------------------------===//

/// The document that a message is about.
static std::string documentOf(const json::Value &Params) {
  const json::Object *P = Params.getAsObject();
  const json::Object *Document = P ? P->getObject("textDocument") : nullptr;
  return Document ? Document->getString("uri").value_or("").str() : "";
}

bool OurTransport::onNotify(StringRef Method, json::Value Params) {
  std::lock_guard<std::mutex> Guard(Reading);
  if (const json::Object *Object = Params.getAsObject()) {
    Open.notice(Method, *Object);
    Checking.notice(Method, *Object);
  }
  std::string Uri = documentOf(Params);
  bool Closes = Method == "textDocument/didClose";
  if (Closes)
    Kept.forget(Uri);
  if (Closes || Method == "textDocument/didChange") {
    // Whoever types waits for nothing.
    passOn(Uri);
    Clangd->onNotify("$/cancelRequest", json::Object{{"id", OwnCall}});
  }
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
    std::lock_guard<std::mutex> Asking(AskedLock);
    Waiting[asKey(ID)] = std::move(Want);
  }
  std::lock_guard<std::mutex> Guard(Reading);
  std::string Uri = documentOf(Params);
  if (!Want.Actions || !Checking.isPending(Uri))
    return Clangd->onCall(Method, std::move(Params), std::move(ID));
  // clangd knows the fixes of what it has published. Whoever asks for fixes has
  // paused.
  Held[Uri].push_back({std::move(Params), std::move(ID)});
  turn(Uri);
  return true;
}

bool OurTransport::onReply(json::Value ID, Expected<json::Value> Result) {
  if (ID.getAsString() == StringRef(MigrateCommand)) { // to our applyEdit
    if (!Result)
      consumeError(Result.takeError());
    return true;
  }
  std::lock_guard<std::mutex> Guard(Reading);
  return Clangd->onReply(std::move(ID), std::move(Result));
}

//===- The checks, when the editor pauses ---------------------------------===//

/// Has clangd parse \p Uri, whose text is as it was, once more. It does so only
/// for another text: for a moment it is given one, of which a call has it make
/// a tree, as it passes by a text that is followed by another. The parse with
/// the checks is for a call, too: clangd waits for more keys as long as its
/// last parse took that was not.
void OurTransport::parseAgain(const std::string &Uri, const std::string &Text) {
  auto Change = [&](std::string NewText, bool Quietly) {
    json::Object Params{
        {"textDocument",
         json::Object{{"uri", Uri}, {"version", Checking.version(Uri)}}},
        {"contentChanges",
         json::Array{json::Object{{"text", std::move(NewText)}}}}};
    if (Quietly)
      Params["wantDiagnostics"] = false;
    Clangd->onNotify("textDocument/didChange", std::move(Params));
  };
  auto Call = [&](StringRef Method) {
    Clangd->onCall(
        Method,
        json::Object{{"textDocument", json::Object{{"uri", Uri}}},
                     {"position", json::Object{{"line", 0}, {"character", 0}}}},
        OwnCall);
  };
  Change(Text + "\n", /*Quietly=*/true);
  Call("textDocument/definition"); // another change does not cancel it
  Change(Text, /*Quietly=*/true);
  Call("textDocument/documentLink");
  Change(Text, /*Quietly=*/false);
}

/// Gives clangd the calls that were held back.
void OurTransport::passOn(const std::string &Uri) {
  auto It = Held.find(Uri);
  if (It == Held.end())
    return;
  auto Calls = std::move(It->second);
  Held.erase(It);
  for (auto &[Params, ID] : Calls)
    Clangd->onCall("textDocument/codeAction", std::move(Params), std::move(ID));
}

/// Does what it is time to do about \p Uri.
void OurTransport::turn(const std::string &Uri) {
  std::optional<std::string> Text = Open.text(Uri);
  Passes::Turn Now = Checking.take(Uri);
  if (Clangd && Text && Now == Passes::Turn::Check)
    parseAgain(Uri, *Text);
  else if (Clangd && Now == Passes::Turn::Done)
    passOn(Uri);
}

void OurTransport::takeTurn(const std::string &Uri) {
  std::lock_guard<std::mutex> Guard(Reading);
  turn(Uri);
}

/// Where the diagnostics in \p Params are the compiler's alone, adds what the
/// checks said last, and says that there is more to come.
void OurTransport::bringFindings(json::Object &Params) {
  std::string Uri = Params.getString("uri").value_or("").str();
  bool Lacking = Checking.lackChecks(Uri);
  std::optional<std::string> Text = Open.text(Uri);
  json::Array *List = Params.getArray("diagnostics");
  if (!Text || !List)
    return;
  if (!Lacking)
    return Kept.keep(Uri, *List, std::move(*Text));
  Kept.putInto(*List, Uri, *Text);
  Params["vfioPending"] = true;
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
  if (ID.getAsString() == OwnCall) {
    if (!Result)
      consumeError(Result.takeError());
    return;
  }
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
