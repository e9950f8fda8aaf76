//===- ProgressLine.cpp - How far a run has come --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ProgressLine.h"
#include "kbuild/PlainText.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace llvm;

namespace vfio::kbuild {

static constexpr StringLiteral Clear = "\r\x1b[K";

/// LLVM's own StandardErrColumns asks the environment, which does not follow
/// the window.
static size_t terminalColumns() {
  winsize Size;
  bool Known = !ioctl(STDERR_FILENO, TIOCGWINSZ, &Size) && Size.ws_col;
  return Known ? Size.ws_col : 80;
}

ProgressLine::ProgressLine(size_t Total, bool Wanted)
    : Total(Total),
      On(Wanted && sys::Process::StandardErrIsDisplayed() && Total > 1) {}

ProgressLine::~ProgressLine() {
  if (On)
    errs() << Clear;
}

void ProgressLine::show(size_t Number, StringRef File) {
  if (!On || Number == Shown)
    return;
  Shown = Number;
  // A long path would wrap and stay on the screen: its end says most.
  size_t Width = std::max<size_t>(terminalColumns(), 40) - 16;
  errs() << Clear << '[' << Number << '/' << Total << "] "
         << plainText(File.take_back(Width));
}

} // namespace vfio::kbuild
