//===- Compat.h - What differs between LLVM majors, for checks ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in checks/ and tools/vfio-tidy is in this file.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_COMPAT_H
#define VFIO_CHECKS_COMPAT_H

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#if VFIO_LLVM_MAJOR < 22 // part of ClangTidyModule.h from then on
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif

#endif // VFIO_CHECKS_COMPAT_H
