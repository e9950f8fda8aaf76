//===- TableRows.cpp - New rows in an ops table ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/TableRows.h"
#include "rewriter/read/Statements.h"
#include "clang/AST/Expr.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// A row of a table as it is written.
struct Row {
  std::string Name;
  FileRange At;
  unsigned Equals = 0; ///< the column of its `=`
  bool Tabs = false;   ///< a tab leads to it
};

/// How the `=` of a table are aligned.
struct Alignment {
  unsigned Equals = 0; ///< 0: they are not
  bool Tabs = false;
};

} // namespace

static std::vector<Row> rowsOf(const EditSet &Edits, const Unit &U,
                               const InitListExpr *List) {
  std::vector<Row> Rows;
  for (const Expr *E : List->inits()) {
    const auto *DI = dyn_cast<DesignatedInitExpr>(E);
    const DesignatedInitExpr::Designator *D =
        DI ? DI->getDesignator(0) : nullptr;
    FileRange R = U.range(E->getSourceRange());
    if (!D || !D->isFieldDesignator() || !D->getFieldName() || !R)
      continue;
    llvm::StringRef Line =
        Edits.original(R.File).slice(Edits.lineStart(R.File, R.Begin), R.End);
    llvm::StringRef Before = Line.take_front(Line.find('='));
    Rows.push_back({D->getFieldName()->getName().str(), R, columnAfter(Before),
                    Before.ends_with("\t")});
  }
  return Rows;
}

/// The column that most rows share. Names of one length share it by chance.
static Alignment alignmentOf(llvm::ArrayRef<Row> Rows) {
  Alignment Best;
  size_t Most = 0;
  for (const Row &R : Rows) {
    size_t Same = 0;
    bool Padded = false;
    for (const Row &Other : Rows)
      if (Other.Equals == R.Equals) {
        ++Same;
        Padded |= Other.Name.size() != R.Name.size();
      }
    if (Padded && Same > Most && Same * 2 > Rows.size()) {
      Most = Same;
      Best = {R.Equals, R.Tabs};
    }
  }
  return Best;
}

static std::string lineOf(const TableRow &New, llvm::StringRef Indent,
                          Alignment A) {
  std::string Line = (Indent + "." + New.first).str();
  unsigned Column = columnAfter(Line);
  if (Column >= A.Equals)
    Line += ' ';
  for (; Column < A.Equals; Column = A.Tabs ? (Column / 8 + 1) * 8 : Column + 1)
    Line += A.Tabs ? '\t' : ' ';
  return Line + "= " + New.second + ",\n";
}

/// True for a table of which \p Near stands in the line of its brace.
static bool isOneLine(const EditSet &Edits, const Unit &U,
                      const InitListExpr *List, const FileRange &Near) {
  FileRange Brace = U.range(SourceRange(List->getLBraceLoc()));
  return Brace && Edits.lineStart(Brace.File, Brace.Begin) ==
                      Edits.lineStart(Near.File, Near.Begin);
}

/// ".init = a, .release = b".
static std::string inOneLine(llvm::ArrayRef<TableRow> New) {
  std::string Out;
  for (const TableRow &N : New)
    Out += (Out.empty() ? "." : ", .") + N.first + " = " + N.second;
  return Out;
}

void insertRows(EditSet &Edits, const Unit &U, const OpsTable &T,
                llvm::ArrayRef<TableRow> New) {
  const InitListExpr *List =
      T.Init->getSyntacticForm() ? T.Init->getSyntacticForm() : T.Init;
  std::vector<Row> Rows = rowsOf(Edits, U, List);
  std::string Lines;
  if (Rows.empty()) {
    for (const TableRow &N : New)
      Lines += lineOf(N, "\t", {});
    if (FileRange R = U.range(List->getSourceRange()))
      Edits.replace(R, "{\n" + Lines + "}");
    return;
  }
  Alignment A = alignmentOf(Rows);
  auto Find = [&](llvm::StringRef Name) -> const Row * {
    auto It = llvm::find_if(Rows, [&](const Row &R) { return R.Name == Name; });
    return It == Rows.end() ? nullptr : &*It;
  };
  // A .release where one is added is a row that gets another name.
  bool Other =
      llvm::any_of(New, [](const TableRow &N) { return N.first == "release"; });
  const Row *Before = Other ? nullptr : Find("release");
  const Row *Behind = Find("init");
  if (!Behind)
    Behind = Find("name");
  const Row &Near = Behind ? *Behind : Before ? *Before : Rows.front();
  if (isOneLine(Edits, U, List, Near.At)) {
    unsigned At = Behind ? Near.At.End : Near.At.Begin;
    Edits.replace({Near.At.File, At, At},
                  Behind ? ", " + inOneLine(New) : inOneLine(New) + ", ");
    return;
  }
  for (const TableRow &N : New)
    Lines += lineOf(N, Edits.indentAt(Near.At.File, Near.At.Begin), A);
  if (&Near != Behind) {
    Edits.insertLinesBefore(Near.At.File, Near.At.Begin, Lines);
    return;
  }
  llvm::StringRef Rest = Edits.original(Near.At.File).substr(Near.At.End);
  if (!Rest.ltrim(" \t\n").starts_with(","))
    Edits.replace({Near.At.File, Near.At.End, Near.At.End}, ",");
  Edits.insertLinesAfter(Near.At.File, Near.At.End, Lines);
}

void appendRows(EditSet &Edits, const Unit &U, const OpsTable &T,
                llvm::ArrayRef<TableRow> New) {
  const InitListExpr *List =
      T.Init->getSyntacticForm() ? T.Init->getSyntacticForm() : T.Init;
  std::vector<Row> Rows = rowsOf(Edits, U, List);
  if (Rows.empty())
    return insertRows(Edits, U, T, New);
  Alignment A = alignmentOf(Rows);
  const FileRange &Last = Rows.back().At;
  if (isOneLine(Edits, U, List, Last)) {
    Edits.replace({Last.File, Last.End, Last.End}, ", " + inOneLine(New));
    return;
  }
  std::string Lines;
  for (const TableRow &N : New)
    Lines += lineOf(N, Edits.indentAt(Last.File, Last.Begin), A);
  llvm::StringRef Rest = Edits.original(Last.File).substr(Last.End);
  if (!Rest.ltrim(" \t\n").starts_with(","))
    Edits.replace({Last.File, Last.End, Last.End}, ",");
  Edits.insertLinesAfter(Last.File, Last.End, Lines);
}

} // namespace vfio::rewriter
