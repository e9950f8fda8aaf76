//===- Parse.h - From inputs to ASTs, many at a time ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses inputs in parallel, each with a file system of its own, and hands
// each AST to a callback; or keeps ASTs alive for who needs several at once.
// Nothing is ever written: there is no output file in these parses.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PARSE_H
#define VFIO_KBUILD_PARSE_H

#include "kbuild/Input.h"
#include "kbuild/Inputs.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class ASTConsumer;
class CompilerInstance;
class Preprocessor;
class SourceManager;
} // namespace clang

namespace vfio::kbuild {

struct PrecompiledHeaders;

/// A message of clang's, as a plain value.
struct Diagnostic {
  enum Severity { Note, Warning, Error } Level = Error;
  std::string File; ///< empty where the message has no place
  unsigned Line = 0, Column = 0;
  std::string Message;
  unsigned Id = 0; ///< clang's own number of it (diag::...)
  /// What the message names: identifiers, types, file names.
  std::vector<std::string> Names;

  /// "file:line:column: error: message".
  std::string str() const;
};

/// What a parse is asked for besides its input.
struct ParseOptions {
  /// Leave out the bodies of functions that kernel headers define.
  bool SkipHeaderBodies = true;
  /// Text that stands in for files on disk (absolute path to text): edits that
  /// nobody has saved yet.
  std::map<std::string, std::string> Overlay;
  /// Text that every TU includes first, before its own first line and after
  /// the kernel's forced headers; empty for none.
  std::string Prelude;
  /// More arguments for clang, before the file's name.
  std::vector<std::string> ExtraArgs;
  /// Processor seconds after which the parse of a TU is given up; 0 is never.
  unsigned TimeLimit = 0;
  /// Called before the first token, to add PPCallbacks and the like.
  std::function<void(clang::CompilerInstance &)> OnStart;
  /// Another consumer to run during the parse; may return null.
  std::function<std::unique_ptr<clang::ASTConsumer>(clang::CompilerInstance &)>
      MakeConsumer;
};

/// A parsed TU. Owns its AST, which lives as long as this.
class ParsedTU {
public:
  ~ParsedTU();

  const Input &input() const;
  clang::CompilerInstance &compiler();
  clang::ASTContext &context();
  clang::Preprocessor &preprocessor();
  clang::SourceManager &sources();

  /// Errors and warnings in order of the source. A TU with errors has an AST
  /// all the same, with holes.
  const std::vector<Diagnostic> &diagnostics() const;
  bool hasErrors() const;
  /// The first error, or null.
  const Diagnostic *firstError() const;
  /// The shared headers that it starts from, or null.
  const PrecompiledHeaders *sharedHeaders() const;
  /// True where the time limit ended the parse: the AST is incomplete.
  bool timedOut() const;

private:
  friend class TUParser;
  struct Impl;
  explicit ParsedTU(std::unique_ptr<Impl> I);
  std::unique_ptr<Impl> I;
};

/// Parses \p In, from headers that the sources of the run share, where there
/// are such: of those, only a few names are found by looking them up. Null only
/// where clang could not even start on it (no such file, a command line that
/// means nothing): \p Problem then says why. \p Set lends the generated headers
/// of an unconfigured kernel.
std::unique_ptr<ParsedTU> parse(const InputSet &Set, const Input &In,
                                const ParseOptions &Options,
                                std::string &Problem);

/// Parses \p File by the same command as what \p Like reads, from the same file
/// system: another source of its module. Null as above.
std::unique_ptr<ParsedTU> parseLike(clang::Preprocessor &Like,
                                    llvm::StringRef File,
                                    const ParseOptions &Options,
                                    std::string &Problem);

/// Parses \p Text, which includes headers, as \p In would be compiled, whose
/// command line lacks the file, and gives back a precompiled header. Null where
/// it has errors. \p Own: the headers of the driver's that it includes last;
/// then no warnings, either, which would be the sources'.
std::shared_ptr<const PrecompiledHeaders>
precompile(const InputSet &Set, const Input &In, std::string Text,
           ParseOptions Options, llvm::ArrayRef<std::string> Own);

/// How a run over many TUs went.
struct ParseSummary {
  unsigned Parsed = 0;              ///< the callback saw it
  std::vector<SkippedInput> Failed; ///< never started, timed out or crashed
};

/// Parses all inputs of \p Set on Set.jobs() threads and gives each to \p Each,
/// from any thread; its AST lives as long as \p Each keeps it. Where \p Wanted
/// is given, only those inputs that it says yes of. A TU that timed out is in
/// the summary and not given to \p Each. Shows a progress line "[n/N] file" on
/// standard error when that is a terminal and \p Progress.
ParseSummary
parseAll(const InputSet &Set, const ParseOptions &Options,
         const std::function<void(std::unique_ptr<ParsedTU>)> &Each,
         bool Progress = true, const std::vector<bool> &Wanted = {});

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_PARSE_H
