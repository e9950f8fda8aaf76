//===- Matrix.cpp - The same sources, kernel by kernel ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Matrix.h"
#include "kbuild/InstalledKernels.h"
#include "report/ExternalTool.h"
#include "report/HtmlText.h"
#include "report/WholeFile.h"
#include "tools/vfio-tidy/SharedSearch.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;

namespace vfio::tidy {

namespace {

/// What one kernel made of one source.
struct Cell {
  bool Analysed = false;
  bool Builds = true;                     ///< nothing in it is an error here
  std::string Error;                      ///< why it was not, or a remark
  std::map<std::string, unsigned> Checks; ///< findings by check

  std::string text() const;
};

class Matrix {
public:
  /// Adds the column of a kernel, by the report of its run.
  void add(const std::string &Kernel, const json::Object &Report);
  void print(raw_ostream &OS) const;
  std::string json() const;
  std::string html() const;
  int status() const;

private:
  std::vector<std::string> Kernels;
  /// By source; a cell for each kernel.
  std::map<std::string, std::vector<Cell>> Rows;
};

} // namespace

std::string Cell::text() const {
  std::string Out;
  for (const auto &[Check, Count] : Checks) {
    StringRef Name = Check;
    Name.consume_front("vfio-");
    Out += (Out.empty() ? "" : ", ") + Name.str();
    if (Count > 1)
      Out += " x" + std::to_string(Count);
  }
  if (!Builds)
    return Out.empty() ? "does not build" : "does not build; " + Out;
  if (!Out.empty())
    return Out;
  return Analysed ? "clean" : Error.empty() ? "-" : "not analysed";
}

void Matrix::add(const std::string &Kernel, const json::Object &Report) {
  size_t Column = Kernels.size();
  Kernels.push_back(Kernel);
  for (auto &[File, Cells] : Rows)
    Cells.resize(Kernels.size());
  auto Each = [&](StringRef Key,
                  function_ref<void(Cell &, const json::Object &)> Do) {
    if (const json::Array *List = Report.getArray(Key))
      for (const json::Value &Item : *List)
        if (const json::Object *O = Item.getAsObject()) {
          auto &Cells = Rows[O->getString("file").value_or("").str()];
          Cells.resize(Kernels.size());
          Do(Cells[Column], *O);
        }
  };
  auto SetError = [](Cell &C, const json::Object &O) {
    C.Error = O.getString("reason").value_or("").str();
  };
  Each("sources", [](Cell &C, const json::Object &) { C.Analysed = true; });
  Each("findings", [](Cell &C, const json::Object &O) {
    ++C.Checks[O.getString("check").value_or("").str()];
  });
  Each("failed", SetError);
  Each("errors", [](Cell &C, const json::Object &) { C.Builds = false; });
  Each("remarks", SetError);
  Each("notFollowed", [](Cell &C, const json::Object &O) {
    C.Error += (C.Error.empty() ? "" : "; ") +
               ("'" + O.getString("function").value_or("") +
                "' was not followed to its end")
                   .str();
  });
}

void Matrix::print(raw_ostream &OS) const {
  size_t First = strlen("source");
  std::vector<size_t> Widths;
  for (const std::string &Kernel : Kernels)
    Widths.push_back(Kernel.size());
  for (const auto &[File, Cells] : Rows) {
    First = std::max(First, File.size());
    for (size_t I = 0; I < Cells.size(); ++I)
      Widths[I] = std::max(Widths[I], Cells[I].text().size());
  }
  auto Line = [&](StringRef Name, function_ref<std::string(size_t)> Text) {
    std::string Out = (Name + std::string(First - Name.size(), ' ')).str();
    for (size_t I = 0; I < Widths.size(); ++I) {
      std::string Cell = Text(I);
      Out += "  " + Cell + std::string(Widths[I] - Cell.size(), ' ');
    }
    OS << StringRef(Out).rtrim() << '\n';
  };
  Line("source", [&](size_t I) { return Kernels[I]; });
  for (const auto &Row : Rows)
    Line(Row.first, [&](size_t I) { return Row.second[I].text(); });
  for (const auto &[File, Cells] : Rows)
    for (size_t I = 0; I < Cells.size(); ++I)
      if (!Cells[I].Error.empty())
        OS << "  " << Kernels[I] << ": " << File << ": " << Cells[I].Error
           << '\n';
}

std::string Matrix::json() const {
  json::Array All;
  for (const auto &[File, Cells] : Rows) {
    json::Array Columns;
    for (const Cell &C : Cells) {
      json::Object Checks;
      for (const auto &[Check, Count] : C.Checks)
        Checks[Check] = Count;
      Columns.push_back(json::Object{{"analysed", C.Analysed},
                                     {"builds", C.Builds},
                                     {"error", json::fixUTF8(C.Error)},
                                     {"findings", std::move(Checks)}});
    }
    All.push_back(json::Object{{"file", json::fixUTF8(File)},
                               {"kernels", std::move(Columns)}});
  }
  return formatv("{0:2}\n",
                 json::Value(json::Object{{"tool", "vfio-tidy"},
                                          {"version", VFIO_VERSION},
                                          {"kernels", json::Array(Kernels)},
                                          {"sources", std::move(All)}}))
      .str();
}

std::string Matrix::html() const {
  std::string Out = htmlHead("VFIO drivers, kernel by kernel",
                             "What vfio-tidy finds, kernel by kernel");
  Out += "<section style=\"overflow-x:auto\"><table><tr><th>source</th>";
  for (const std::string &Kernel : Kernels)
    Out += "<th>" + htmlEscaped(Kernel) + "</th>";
  Out += "</tr>\n";
  for (const auto &[File, Cells] : Rows) {
    Out += "<tr><td class=file>" + htmlPath(File) + "</td>";
    for (const Cell &C : Cells) {
      StringRef Class = !C.Checks.empty()        ? "refused"
                        : C.Analysed && C.Builds ? "converted"
                                                 : "not-verified";
      Out += ("<td><span class=\"badge " + Class + "\">").str() +
             htmlEscaped(C.text()) + "</span>";
      if (!C.Error.empty())
        Out += "<p class=\"file dim\">" + htmlEscaped(C.Error) + "</p>";
      Out += "</td>";
    }
    Out += "</tr>\n";
  }
  return Out + "</table></section>\n<footer>vfio-tidy " VFIO_VERSION
               "</footer>\n</main></body></html>\n";
}

/// As for one kernel: 2 with findings, else 1 where something failed.
int Matrix::status() const {
  bool Found = false, Failed = false;
  for (const auto &[File, Cells] : Rows)
    for (const Cell &C : Cells) {
      Found |= !C.Checks.empty();
      Failed |= !C.Analysed && !C.Error.empty();
    }
  return Found ? 2 : Failed;
}

/// The kernels of \p Args, with those that "all" stands for.
static Expected<std::vector<std::string>> kernelsOf(const Arguments &Args) {
  std::vector<std::string> Kernels;
  for (const std::string &Kernel : Args.Kernels) {
    if (Kernel != "all") {
      auto Opened = kbuild::openKernel(Kernel);
      if (!Opened)
        return Opened.takeError();
      Kernels.push_back(Kernel);
      continue;
    }
    for (const kbuild::KernelHeaders &K : kbuild::allKernels())
      Kernels.push_back(K.Name);
  }
  if (Kernels.empty())
    return problem("--kernel=all: no kernel headers are installed in /usr/src "
                   "or /lib/modules");
  return Kernels;
}

/// The options of \p Raw but for those that a matrix has its own way with.
static std::vector<std::string> others(ArrayRef<const char *> Raw) {
  std::vector<std::string> Kept;
  for (size_t I = 0; I < Raw.size(); ++I) {
    auto [Name, Value] = StringRef(Raw[I]).split('=');
    StringRef Bare = Name.ltrim('-');
    if (Name.starts_with("-") && (Bare == "kernel" || Bare == "report")) {
      I += Name.size() == StringRef(Raw[I]).size();
      continue;
    }
    Kept.push_back(Raw[I]);
  }
  return Kept;
}

/// The report of the run on \p Kernel. In \p Temp is what was found.
static Expected<json::Value> runOn(const std::string &Kernel, StringRef Program,
                                   std::vector<std::string> Options,
                                   const TempFolder &Temp) {
  std::string File = Temp / "report.json";
  sys::fs::remove(File);
  Options.insert(Options.begin(), {"--kernel=" + Kernel, "--report=" + File,
                                   "--found=" + (Temp / "found.json")});
  auto Run = runTool(Program, Options);
  if (!Run)
    return Run.takeError();
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer) { // it says why
    StringRef Why = StringRef(Run->Errors).rtrim();
    Why = Why.rsplit('\n').second.empty() ? Why : Why.rsplit('\n').second;
    Why.consume_front("vfio-tidy: error: ");
    return problem(Why);
  }
  return json::parse((*Buffer)->getBuffer());
}

Expected<int> runMatrix(const Arguments &Args, StringRef Program,
                        ArrayRef<const char *> Raw) {
  for (const std::string &Report : Args.Reports)
    if (StringRef(Report).ends_with(".sarif"))
      return problem("--report=" + Report +
                     ": with several kernels it must be .json or .html");
  if (Args.Fix || Args.Patch || !Args.WriteBaseline.empty())
    return problem("several kernels do not go with --fix, --patch and "
                   "--write-baseline");
  auto Kernels = kernelsOf(Args);
  if (!Kernels)
    return Kernels.takeError();
  auto Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  if (Error E = Temp->write("found.json", searchOnce(Args)))
    return std::move(E);
  Matrix All;
  for (const std::string &Kernel : *Kernels) {
    Expected<json::Value> Report = runOn(Kernel, Program, others(Raw), *Temp);
    if (!Report)
      return Report.takeError();
    StringRef Name = sys::path::filename(StringRef(Kernel).rtrim('/'));
    Name.consume_front("linux-headers-");
    if (Name == "build") // /lib/modules/VERSION/build
      Name = sys::path::filename(sys::path::parent_path(Kernel));
    if (const json::Object *Object = Report->getAsObject())
      All.add(Name.str(), *Object);
  }
  All.print(outs());
  for (const std::string &Report : Args.Reports)
    if (Error E = writeWholeFile(Report, StringRef(Report).ends_with(".json")
                                             ? All.json()
                                             : All.html()))
      return std::move(E);
  return All.status();
}

} // namespace vfio::tidy
