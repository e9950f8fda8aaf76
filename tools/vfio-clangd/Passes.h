//===- Passes.h - The compiler's diagnostics first, ours when it pauses ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key shall cost what it costs in clangd: the checks are left out of the
// first parse of a text, and the document is parsed once more when the editor
// pauses. What is typed meanwhile ends them.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_PASSES_H
#define VFIO_TOOLS_VFIOCLANGD_PASSES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace vfio::clangd {

class Passes {
public:
  /// \p Wake is called, in a thread of ours, with the URI of a document that it
  /// is the turn of.
  explicit Passes(std::function<void(const std::string &Uri)> Wake);
  ~Passes();

  /// A message from the editor.
  void notice(llvm::StringRef Method, const llvm::json::Object &Params);

  /// In a thread that is about to parse \p File: true where its checks are for
  /// later.
  static bool postpone(llvm::StringRef File);
  /// In a thread that parses: true where the text has changed since.
  static bool isOutdated();
  /// In the thread that has parsed what is published of \p Uri now: true where
  /// the checks were left out of that, or did not come to their end. They are
  /// due after a pause then.
  bool lackChecks(const std::string &Uri);
  /// True from a change to where all that is to be said of it was published.
  bool isPending(const std::string &Uri) const;

  enum class Turn {
    Nothing,
    Check, ///< the parses have the checks in them from the second on
    Done   ///< all was published
  };
  /// What is to be done about a document now.
  Turn take(const std::string &Uri);
  /// The version of a document, as the editor gave it.
  llvm::json::Value version(const std::string &Uri) const;
  /// Nothing is due any more.
  void stop();

private:
  using Clock = std::chrono::steady_clock;
  struct Document {
    std::string Uri;
    llvm::json::Value Version = nullptr;
    std::atomic<unsigned> Changes{0};
    bool Typed = false;     ///< since it was opened
    bool Checked = false;   ///< its parses have the checks in them
    bool NextLacks = false; ///< but for the next one
    bool Pending = true;
    std::optional<Clock::time_point> Due;
  };
  /// What a thread has parsed.
  struct Parse {
    std::shared_ptr<Document> Of;
    unsigned Changes = 0;
    bool Postponed = false;
  };
  static thread_local Parse Last;
  static Passes *Only; ///< of this program

  void wait();
  std::shared_ptr<Document> find(llvm::StringRef Uri) const;

  std::function<void(const std::string &)> Wake;
  mutable std::mutex Lock;
  std::condition_variable Woken;
  std::map<std::string, std::shared_ptr<Document>, std::less<>> ByPath;
  bool Stopped = false;
  std::thread Waiting;
};

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_PASSES_H
