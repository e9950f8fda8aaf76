//===- SourceTexts.cpp - The files that findings are in -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SourceTexts.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace vfio::tidy {

const SourceTexts::Entry &SourceTexts::read(const std::string &File) {
  auto [It, New] = Read.try_emplace(File);
  Entry &E = It->second;
  if (!New)
    return E;
  auto Buffer = FS.getBufferForFile(File);
  E.Text = std::make_shared<const std::string>(
      Buffer ? (*Buffer)->getBuffer().str() : "");
  E.Starts = {0};
  for (size_t At = E.Text->find('\n'); At != std::string::npos;
       At = E.Text->find('\n', At + 1))
    E.Starts.push_back(unsigned(At + 1));
  return E;
}

unsigned SourceTexts::lineAt(const std::string &File, unsigned Offset) {
  const std::vector<unsigned> &Starts = read(File).Starts;
  return unsigned(llvm::upper_bound(Starts, Offset) - Starts.begin());
}

unsigned SourceTexts::columnAt(const std::string &File, unsigned Offset) {
  return Offset - startOf(File, lineAt(File, Offset)) + 1;
}

unsigned SourceTexts::startOf(const std::string &File, unsigned Line) {
  const Entry &E = read(File);
  return Line > E.Starts.size() ? unsigned(E.Text->size()) : E.Starts[Line - 1];
}

StringRef SourceTexts::line(const std::string &File, unsigned Line) {
  if (!Line || Line > read(File).Starts.size())
    return "";
  return StringRef(of(File))
      .slice(startOf(File, Line), startOf(File, Line + 1))
      .rtrim("\r\n");
}

} // namespace vfio::tidy
