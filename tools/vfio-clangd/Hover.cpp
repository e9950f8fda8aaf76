//===- Hover.cpp - The contract of a function, under the pointer --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/Hover.h"
#include "contracts/Contracts.h"

using namespace llvm;

namespace vfio::clangd {

void addContract(json::Value &Hover, StringRef Name) {
  const ApiFunction *Api = findApi(Name);
  // The macro over _vfio_alloc_device is what drivers write.
  if (!Api && Name == "vfio_alloc_device")
    Api = findApi("_vfio_alloc_device");
  std::string Text = Api ? contractOf(Api->Kind).str() : "";
  if (Text.empty())
    return;
  json::Object *Answer = Hover.getAsObject();
  json::Object *Contents = Answer ? Answer->getObject("contents") : nullptr;
  if (!Contents) {
    Hover = json::Object{
        {"contents", json::Object{{"kind", "plaintext"}, {"value", Text}}}};
    return;
  }
  // In Markdown, a line ends by two blanks.
  if (Contents->getString("kind") == "markdown")
    Text.insert(Text.find('\n'), "  ");
  (*Contents)["value"] =
      Text + "\n\n" + Contents->getString("value").value_or("").str();
}

} // namespace vfio::clangd
