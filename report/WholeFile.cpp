//===- WholeFile.cpp - Reports on their way to a file ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/WholeFile.h"
#include "report/ExternalTool.h"
#include "llvm/Support/FileSystem.h"
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
  std::string Why = llvm::toString(std::move(E));
  if (Why.find(File) == std::string::npos)
    Why = "'" + File + "': " + Why;
  return problem("cannot write " + Why);
}

llvm::Error checkWritable(llvm::StringRef File) {
  namespace fs = llvm::sys::fs;
  if (File == "-")
    return llvm::Error::success();
  llvm::SmallString<128> Folder = llvm::sys::path::parent_path(File);
  if (Folder.empty())
    Folder = ".";
  std::error_code Why;
  if (fs::is_directory(File))
    Why = std::make_error_code(std::errc::is_a_directory);
  else if (fs::exists(File))
    Why = fs::access(File, fs::AccessMode::Write);
  else if (!fs::is_directory(Folder))
    Why = std::make_error_code(std::errc::no_such_file_or_directory);
  else
    Why = fs::access(Folder, fs::AccessMode::Write);
  if (Why)
    return problem("cannot write '" + File + "': " + Why.message());
  return llvm::Error::success();
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
