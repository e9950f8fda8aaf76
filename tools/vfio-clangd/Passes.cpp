//===- Passes.cpp - The compiler's diagnostics first, ours when it pauses -===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/Passes.h"
#include "tools/vfio-clangd/Drafts.h"

using namespace llvm;

namespace vfio::clangd {

/// So long nothing is typed where somebody looks up to read.
static constexpr std::chrono::milliseconds Pause(200);

thread_local Passes::Parse Passes::Last;
Passes *Passes::Only = nullptr;

Passes::Passes(std::function<void(const std::string &)> Wake)
    : Wake(std::move(Wake)), Waiting(&Passes::wait, this) {
  Only = this;
}

Passes::~Passes() {
  stop();
  if (Waiting.joinable())
    Waiting.join();
  Only = nullptr;
}

void Passes::stop() {
  std::lock_guard<std::mutex> Guard(Lock);
  Stopped = true;
  Woken.notify_all();
}

/// The document \p Uri that is open; null where it is not.
std::shared_ptr<Passes::Document> Passes::find(StringRef Uri) const {
  auto It = ByPath.find(pathOf(Uri));
  return It == ByPath.end() ? nullptr : It->second;
}

void Passes::notice(StringRef Method, const json::Object &Params) {
  const json::Object *Named = Params.getObject("textDocument");
  if (!Named)
    return;
  std::string Uri = Named->getString("uri").value_or("").str();
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<Document> D = find(Uri);
  if (Method == "textDocument/didOpen") {
    if (D)
      ++D->Changes; // whoever still parses the old one
    D = ByPath[pathOf(Uri)] = std::make_shared<Document>();
    D->Uri = std::move(Uri);
  } else if (Method == "textDocument/didClose" && D) {
    ++D->Changes;
    ByPath.erase(pathOf(Uri));
  } else if (Method == "textDocument/didChange" && D) {
    ++D->Changes;
    D->Typed = D->Pending = true;
    D->Checked = D->NextLacks = false;
    D->Due.reset();
  } else {
    return;
  }
  if (const json::Value *Version = Named->get("version"))
    D->Version = *Version;
}

//===- In the threads that parse ------------------------------------------===//

bool Passes::postpone(StringRef File) {
  Last = {};
  if (!Only)
    return false;
  std::lock_guard<std::mutex> Guard(Only->Lock);
  auto It = Only->ByPath.find(File);
  if (It == Only->ByPath.end())
    return false;
  const std::shared_ptr<Document> &D = It->second;
  bool Lacks = std::exchange(D->NextLacks, false);
  Last = {D, D->Changes, Lacks || !D->Checked};
  return Last.Postponed;
}

bool Passes::isOutdated() {
  return Last.Of && Last.Of->Changes != Last.Changes;
}

bool Passes::lackChecks(const std::string &Uri) {
  Parse Done = std::exchange(Last, {});
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<Document> D = find(Uri);
  if (!D)
    return false;
  D->Pending = Done.Of && (Done.Postponed || Done.Of->Changes != Done.Changes);
  D->Due = Clock::now();
  if (D->Pending && D->Typed)
    *D->Due += Pause;
  Woken.notify_all();
  return D->Pending;
}

//===- After a pause ------------------------------------------------------===//

bool Passes::isPending(const std::string &Uri) const {
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<Document> D = find(Uri);
  return D && D->Pending;
}

Passes::Turn Passes::take(const std::string &Uri) {
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<Document> D = find(Uri);
  if (!D || Stopped)
    return Turn::Nothing;
  bool IsDue = D->Due.has_value();
  D->Due.reset();
  if (!D->Pending)
    return Turn::Done;
  if (D->Checked && !IsDue)
    return Turn::Nothing; // it is being done
  D->Checked = D->NextLacks = true;
  return Turn::Check;
}

json::Value Passes::version(const std::string &Uri) const {
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<Document> D = find(Uri);
  return D ? D->Version : json::Value(nullptr);
}

/// Waits for documents that are due, one after the other.
void Passes::wait() {
  std::unique_lock<std::mutex> Guard(Lock);
  while (!Stopped) {
    std::shared_ptr<Document> Next;
    for (const auto &[Path, D] : ByPath)
      if (D->Due && (!Next || *D->Due < *Next->Due))
        Next = D;
    if (!Next) {
      Woken.wait(Guard);
    } else if (Clock::now() < *Next->Due) {
      Woken.wait_until(Guard, *Next->Due);
    } else {
      std::string Uri = Next->Uri;
      Guard.unlock();
      Wake(Uri);
      Guard.lock();
    }
  }
}

} // namespace vfio::clangd
