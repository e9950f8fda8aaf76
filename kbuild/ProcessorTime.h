//===- ProcessorTime.h - What the processor spent on a thread -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A budget of work must give the same findings on a busy machine as on an idle
// one: the clock on the wall does not.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PROCESSORTIME_H
#define VFIO_KBUILD_PROCESSORTIME_H

#include <chrono>
#include <ctime>

namespace vfio::kbuild {

/// What the processor has spent on this thread so far.
inline std::chrono::nanoseconds processorTime() {
  timespec Now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &Now);
  return std::chrono::seconds(Now.tv_sec) +
         std::chrono::nanoseconds(Now.tv_nsec);
}

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_PROCESSORTIME_H
