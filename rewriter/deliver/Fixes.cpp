//===- Fixes.cpp - The edits as clang-apply-replacements takes them -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Fixes.h"
#include "report/Diff.h"
#include "report/WholeFile.h"
#include "clang/Tooling/ReplacementsYaml.h"
#include "llvm/Support/YAMLTraits.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio::rewriter {

llvm::Error writeFixes(llvm::ArrayRef<ChangeUnit> Units,
                       const std::string &File) {
  clang::tooling::TranslationUnitReplacements Doc;
  for (const ChangeUnit &Unit : Units)
    for (const FileChange &F : Unit.Files) {
      if (Doc.MainSourceFile.empty())
        Doc.MainSourceFile = Unit.Drivers.front()->MainFile;
      llvm::Expected<std::vector<ByteEdit>> Edits =
          byteEdits(F.Before, F.After);
      if (!Edits)
        return Edits.takeError();
      for (const ByteEdit &E : *Edits)
        Doc.Replacements.emplace_back(F.Path, E.Offset, E.Length, E.Text);
    }
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  llvm::yaml::Output Yaml(OS);
  Yaml << Doc;
  return writeWholeFile(File, Text);
}

} // namespace vfio::rewriter
