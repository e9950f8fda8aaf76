//===- ASTVisitor.h - The visitors by the names that the rooms use --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_ASTVISITOR_H
#define VFIO_LIFECYCLE_ASTVISITOR_H

#include "engine/EvaluatedVisitor.h"

namespace vfio {

using engine::ASTVisitor;
using engine::EvaluatedVisitor;
using engine::ImplicitASTVisitor;

} // namespace vfio

#endif // VFIO_LIFECYCLE_ASTVISITOR_H
