//===- WholeFile.cpp - Reports on their way to a file
//-----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/WholeFile.h"
#include "report/ExternalTool.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio {

llvm::Error writeWholeFile(const std::string &File, llvm::StringRef Text) {
  llvm::Error E = llvm::writeToOutput(File, [&](llvm::raw_ostream &OS) {
    OS << Text;
    return llvm::Error::success();
  });
  if (!E)
    return E;
  return problem("cannot write " + llvm::toString(std::move(E)));
}

llvm::Expected<ReportKind> reportKindOf(llvm::StringRef File) {
  llvm::StringRef Ending = llvm::sys::path::extension(File);
  if (Ending == ".json")
    return ReportKind::Json;
  if (Ending == ".sarif")
    return ReportKind::Sarif;
  if (Ending == ".html")
    return ReportKind::Html;
  return problem("--report=" + File +
                 ": the name must end in .json, .sarif or .html");
}

} // namespace vfio
