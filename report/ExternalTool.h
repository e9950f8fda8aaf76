//===- ExternalTool.h - Running other programs
//------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_EXTERNALTOOL_H
#define VFIO_REPORT_EXTERNALTOOL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio {

/// A folder for temporary files that goes away with its object.
class TempFolder {
public:
  static llvm::Expected<TempFolder> create();
  TempFolder(TempFolder &&O) : Path(std::move(O.Path)) { O.Path.clear(); }
  TempFolder &operator=(TempFolder &&) = delete;
  ~TempFolder();

  llvm::StringRef path() const { return Path; }
  /// Writes \p Text to the file \p Name below the folder; makes the folders on
  /// the way.
  llvm::Error write(const llvm::Twine &Name, llvm::StringRef Text) const;
  /// The path of \p Name below the folder.
  std::string operator/(const llvm::Twine &Name) const;

private:
  explicit TempFolder(llvm::StringRef P) : Path(P) {}
  llvm::SmallString<64> Path;
};

/// What a program said and how it ended.
struct ToolRun {
  int Status = 0;
  std::string Output;
  std::string Errors;
};

/// True where \p Name is in the PATH.
bool haveTool(llvm::StringRef Name);

/// Runs \p Name from the PATH with nothing on its standard input. \p Env
/// replaces our environment where given; \p Seconds of 0 is no limit. Fails
/// where the program cannot be started or does not end in time.
llvm::Expected<ToolRun>
runTool(llvm::StringRef Name, llvm::ArrayRef<std::string> Args,
        std::optional<llvm::ArrayRef<std::string>> Env = std::nullopt,
        unsigned Seconds = 0);

/// An error of one line.
llvm::Error problem(const llvm::Twine &Text);

} // namespace vfio

#endif // VFIO_REPORT_EXTERNALTOOL_H
