//===- Wire.cpp - An analysis as text, from a process to its parent -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Wire.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace clang;
using namespace llvm;

namespace vfio::tidy {

//===- Out ----------------------------------------------------------------===//

/// JSON holds only UTF-8; a source may hold anything.
/// What a text that is no UTF-8 begins with; its bytes follow, in hex.
static constexpr char Bytes = '\x01';

static json::Value text(StringRef Text) {
  if (json::isUTF8(Text) && (Text.empty() || Text.front() != Bytes))
    return Text.str();
  return Bytes + toHex(Text);
}

static json::Object pack(const tooling::DiagnosticMessage &Message) {
  json::Array Fixes, Ranges;
  for (const auto &File : Message.Fix)
    for (const tooling::Replacement &R : File.second)
      Fixes.push_back(json::Object{{"key", text(File.first())},
                                   {"file", text(R.getFilePath())},
                                   {"at", R.getOffset()},
                                   {"length", R.getLength()},
                                   {"text", text(R.getReplacementText())}});
  for (const tooling::FileByteRange &R : Message.Ranges)
    Ranges.push_back(json::Object{{"file", text(R.FilePath)},
                                  {"at", R.FileOffset},
                                  {"length", R.Length}});
  return json::Object{{"message", text(Message.Message)},
                      {"file", text(Message.FilePath)},
                      {"at", Message.FileOffset},
                      {"fixes", std::move(Fixes)},
                      {"ranges", std::move(Ranges)}};
}

static json::Object pack(const clang::tidy::ClangTidyError &Error) {
  json::Array Notes;
  for (const tooling::DiagnosticMessage &Note : Error.Notes)
    Notes.push_back(pack(Note));
  return json::Object{{"check", Error.DiagnosticName},
                      {"level", int(Error.DiagLevel)},
                      {"directory", text(Error.BuildDirectory)},
                      {"as-error", Error.IsWarningAsError},
                      {"aliases", json::Array(Error.EnabledDiagnosticAliases)},
                      {"message", pack(Error.Message)},
                      {"notes", std::move(Notes)}};
}

std::string encode(const Analysis &Result) {
  json::Array Errors, Functions;
  for (const clang::tidy::ClangTidyError &Error : Result.Errors)
    Errors.push_back(pack(Error));
  for (const FunctionExtent &F : Result.Functions)
    Functions.push_back(json::Object{{"file", text(F.File)},
                                     {"begin", F.Begin},
                                     {"end", F.End},
                                     {"name", F.Name}});
  json::Array Raw;
  for (const RawFinding &F : Result.Raw)
    Raw.push_back(json::Object{
        {"file", text(F.File)}, {"line", F.Line}, {"check", F.Check}});
  json::Array ParseErrors;
  for (const std::string &E : Result.ParseErrors)
    ParseErrors.push_back(text(E));
  json::Array Headers;
  for (const std::string &H : Result.Headers)
    Headers.push_back(text(H));
  json::Array Unsaid;
  for (const checks::Unsaid &U : Result.Unsaid)
    Unsaid.push_back(json::Object{{"what", int(U.What)},
                                  {"file", text(U.File)},
                                  {"line", U.Line},
                                  {"column", U.Column},
                                  {"check", U.Check},
                                  {"subject", text(U.Subject)},
                                  {"why", text(U.Why)}});
  json::Value All = json::Object{{"file", text(Result.File)},
                                 {"headers", std::move(Headers)},
                                 {"problem", text(Result.Problem)},
                                 {"not-followed", text(Result.NotFollowed)},
                                 {"remark", text(Result.Remark)},
                                 {"directory", text(Result.Directory)},
                                 {"raw", std::move(Raw)},
                                 {"parse-errors", std::move(ParseErrors)},
                                 {"unsaid", std::move(Unsaid)},
                                 {"errors", std::move(Errors)},
                                 {"functions", std::move(Functions)}};
  std::string Out;
  raw_string_ostream(Out) << All;
  return Out;
}

//===- In -----------------------------------------------------------------===//

// What a process of ours wrote is well-formed, or cut off and no JSON at all:
// so a missing field is an empty one.

static std::string textOf(StringRef Text) {
  return Text.consume_front(StringRef(&Bytes, 1)) ? fromHex(Text) : Text.str();
}

static std::string getText(const json::Object &From, StringRef Key) {
  return textOf(From.getString(Key).value_or(""));
}

/// The texts in the list \p Key.
static std::vector<std::string> getTexts(const json::Object &From,
                                         StringRef Key) {
  std::vector<std::string> Out;
  if (const json::Array *List = From.getArray(Key))
    for (const json::Value &Item : *List)
      Out.push_back(textOf(Item.getAsString().value_or("")));
  return Out;
}

static unsigned getNumber(const json::Object &From, StringRef Key) {
  return unsigned(From.getInteger(Key).value_or(0));
}

template <class Function>
static void forEach(const json::Object &From, StringRef Key, Function Do) {
  if (const json::Array *List = From.getArray(Key))
    for (const json::Value &Item : *List)
      if (const json::Object *Object = Item.getAsObject())
        Do(*Object);
}

static tooling::DiagnosticMessage unpackMessage(const json::Object &From) {
  tooling::DiagnosticMessage Message(getText(From, "message"));
  Message.FilePath = getText(From, "file");
  Message.FileOffset = getNumber(From, "at");
  forEach(From, "fixes", [&](const json::Object &Fix) {
    tooling::Replacement R(getText(Fix, "file"), getNumber(Fix, "at"),
                           getNumber(Fix, "length"), getText(Fix, "text"));
    // These came out of such a set and cannot contradict each other.
    consumeError(Message.Fix[getText(Fix, "key")].add(R));
  });
  forEach(From, "ranges", [&](const json::Object &Range) {
    tooling::FileByteRange R;
    R.FilePath = getText(Range, "file");
    R.FileOffset = getNumber(Range, "at");
    R.Length = getNumber(Range, "length");
    Message.Ranges.push_back(std::move(R));
  });
  return Message;
}

static clang::tidy::ClangTidyError unpackError(const json::Object &From) {
  clang::tidy::ClangTidyError Error(
      getText(From, "check"),
      clang::tidy::ClangTidyError::Level(getNumber(From, "level")),
      getText(From, "directory"), From.getBoolean("as-error").value_or(false));
  if (const json::Array *Aliases = From.getArray("aliases"))
    for (const json::Value &Alias : *Aliases)
      Error.EnabledDiagnosticAliases.push_back(
          Alias.getAsString().value_or("").str());
  if (const json::Object *Message = From.getObject("message"))
    Error.Message = unpackMessage(*Message);
  forEach(From, "notes", [&](const json::Object &Note) {
    Error.Notes.push_back(unpackMessage(Note));
  });
  return Error;
}

std::optional<Analysis> decode(StringRef Text) {
  Expected<json::Value> Value = json::parse(Text);
  if (!Value) {
    consumeError(Value.takeError());
    return std::nullopt;
  }
  const json::Object *All = Value->getAsObject();
  if (!All)
    return std::nullopt;
  Analysis Result;
  Result.File = getText(*All, "file");
  Result.Problem = getText(*All, "problem");
  Result.NotFollowed = getText(*All, "not-followed");
  Result.Remark = getText(*All, "remark");
  Result.Directory = getText(*All, "directory");
  forEach(*All, "raw", [&](const json::Object &F) {
    Result.Raw.push_back(
        {getText(F, "file"), getNumber(F, "line"), getText(F, "check")});
  });
  Result.ParseErrors = getTexts(*All, "parse-errors");
  Result.Headers = getTexts(*All, "headers");
  forEach(*All, "unsaid", [&](const json::Object &U) {
    Result.Unsaid.push_back({checks::Unsaid::Sort(getNumber(U, "what")),
                             getText(U, "file"), getNumber(U, "line"),
                             getNumber(U, "column"), getText(U, "check"),
                             getText(U, "subject"), getText(U, "why")});
  });
  forEach(*All, "errors", [&](const json::Object &Error) {
    Result.Errors.push_back(unpackError(Error));
  });
  forEach(*All, "functions", [&](const json::Object &F) {
    Result.Functions.push_back({getText(F, "file"), getNumber(F, "begin"),
                                getNumber(F, "end"), getText(F, "name")});
  });
  return Result;
}

} // namespace vfio::tidy
