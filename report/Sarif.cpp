//===- Sarif.cpp - The parts that SARIF reports are made of
//-----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Sarif.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace vfio::sarif {

namespace json = llvm::json;
using llvm::StringRef;

json::Object message(StringRef Text) {
  return json::Object{{"text", json::fixUTF8(Text)}};
}

/// \p Path as a URI may have it.
static std::string uriPath(StringRef Path) {
  std::string Uri;
  for (char C : Path)
    if (llvm::isAlnum(C) || StringRef("/-._~").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::toHex(StringRef(&C, 1));
  return Uri;
}

static json::Object artifact(const SourceTree &Tree, StringRef File) {
  if (!isWithin(File, Tree.Root))
    return json::Object{{"uri", "file://" + uriPath(File)}};
  return json::Object{{"uri", uriPath(Tree.relative(File))},
                      {"uriBaseId", "SRCROOT"}};
}

json::Object location(const SourceTree &Tree, StringRef File, unsigned Line,
                      unsigned Column, unsigned EndLine, unsigned EndColumn) {
  json::Object Physical{{"artifactLocation", artifact(Tree, File)}};
  if (Line) {
    json::Object Region{{"startLine", Line}};
    if (Column)
      Region["startColumn"] = Column;
    if (EndLine) {
      Region["endLine"] = EndLine;
      Region["endColumn"] = EndColumn;
    }
    Physical["region"] = std::move(Region);
  }
  return json::Object{{"physicalLocation", std::move(Physical)}};
}

json::Object codeFlow(std::vector<json::Object> Locations) {
  json::Array Steps;
  for (json::Object &L : Locations)
    Steps.push_back(json::Object{{"location", std::move(L)}});
  json::Object Thread{{"locations", std::move(Steps)}};
  return json::Object{{"threadFlows", json::Array{std::move(Thread)}}};
}

static json::Object artifactChange(const SourceTree &Tree, StringRef Path,
                                   llvm::ArrayRef<LinesChange> Changes) {
  json::Array Replacements;
  for (const LinesChange &C : Changes)
    Replacements.push_back(json::Object{
        {"deletedRegion", json::Object{{"startLine", C.First + 1},
                                       {"startColumn", 1},
                                       {"endLine", C.First + C.Count + 1},
                                       {"endColumn", 1}}},
        {"insertedContent", message(C.Text)}});
  return json::Object{{"artifactLocation", artifact(Tree, Path)},
                      {"replacements", std::move(Replacements)}};
}

static llvm::Expected<std::vector<LinesChange>>
linesChanged(const FileChange &File) {
  llvm::Expected<std::vector<LineEdit>> Edits =
      lineEdits(File.Before, File.After);
  if (!Edits)
    return Edits.takeError();
  std::vector<StringRef> New = linesOf(File.After);
  std::vector<LinesChange> Out;
  for (const LineEdit &E : *Edits) {
    LinesChange C{E.OldLine, E.OldCount, ""};
    for (unsigned I = 0; I < E.NewCount; ++I)
      C.Text += New[E.NewLine + I];
    Out.push_back(std::move(C));
  }
  return Out;
}

static json::Object fixOf(StringRef Description, json::Array Changes) {
  return json::Object{{"description", message(Description)},
                      {"artifactChanges", std::move(Changes)}};
}

llvm::Expected<json::Object> fix(const SourceTree &Tree, StringRef Description,
                                 llvm::ArrayRef<FileChange> Changes) {
  json::Array All;
  for (const FileChange &C : Changes) {
    llvm::Expected<std::vector<LinesChange>> Lines = linesChanged(C);
    if (!Lines)
      return Lines.takeError();
    All.push_back(artifactChange(Tree, C.Path, *Lines));
  }
  return fixOf(Description, std::move(All));
}

json::Object fix(const SourceTree &Tree, StringRef Description,
                 llvm::ArrayRef<FileFix> Changes) {
  json::Array All;
  for (const FileFix &F : Changes)
    All.push_back(artifactChange(Tree, F.Path, F.Changes));
  return fixOf(Description, std::move(All));
}

json::Object notification(const SourceTree &Tree, StringRef Level,
                          StringRef Message, StringRef File, unsigned Line) {
  return json::Object{{"level", Level},
                      {"message", message(Message)},
                      {"locations", json::Array{location(Tree, File, Line)}}};
}

std::string text(const SourceTree &Tree, Run What) {
  json::Object Driver{{"name", What.Tool},
                      {"version", What.Version},
                      {"rules", std::move(What.Rules)}};
  if (!What.InformationUri.empty())
    Driver["informationUri"] = What.InformationUri;
  json::Object Invocation{
      {"executionSuccessful", What.Successful},
      {"toolExecutionNotifications", std::move(What.Notifications)}};
  std::string Root = uriPath(StringRef(Tree.Root).rtrim('/'));
  json::Object Run{
      {"tool", json::Object{{"driver", std::move(Driver)}}},
      {"invocations", json::Array{std::move(Invocation)}},
      {"originalUriBaseIds",
       json::Object{
           {"SRCROOT", json::Object{{"uri", "file://" + Root + "/"}}}}},
      {"columnKind", "utf16CodeUnits"},
      {"results", std::move(What.Results)}};
  json::Value Log =
      json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", json::Array{std::move(Run)}}};
  return llvm::formatv("{0:2}\n", Log).str();
}

} // namespace vfio::sarif
