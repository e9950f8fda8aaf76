//===- ConvertRecord.cpp - The vfio_device moves to the front -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "rewriter/read/Layout.h"

using namespace clang;

namespace vfio::rewriter {

void Conversion::moveMemberFirst(const Unit &U, const DeviceRecord &Rec) {
  // Each record on the way must have the next one first.
  for (const FieldDecl *Field : Rec.Path) {
    const RecordDecl *R = Field->getParent();
    if (U.Model->Ctx.getFieldOffset(Field) == 0)
      continue;
    if (R->isUnion() || !R->getIdentifier() ||
        !U.Model->isDriverFile(R->getLocation())) {
      refuse(RefusalId::NotFirstMember, U, Field->getLocation(),
             "the vfio_device cannot be moved to the front of its structure",
             "make it the first member by hand");
      return;
    }
    for (const auto &Unit : P.Units)
      for (const DeviceRecord &Other : Unit->Model->Records) {
        if (Program::key(*Unit, Other.Record) != Program::key(U, R))
          continue;
        if (LayoutReason Found = layoutReason(P, Flow, *Unit, Other.Record);
            !Found.Why.empty()) {
          refuse(RefusalId::LayoutSensitive, *Unit, Found.Where, Found.Why,
                 "make the vfio_device the first member by hand");
          return;
        }
      }
    const FieldDecl *First = *R->field_begin();
    FileRange From = U.range(Field->getSourceRange());
    FileRange Front = U.range(First->getSourceRange());
    if (!edit(U, From, Field->getLocation()) ||
        !edit(U, Front, First->getLocation()))
      return;
    // A declaration of several members in one statement is left to a person.
    llvm::StringRef Text = Edits.original(From.File);
    unsigned Begin = Edits.lineStart(From.File, From.Begin);
    unsigned End = Edits.lineEnd(From.File, From.End);
    llvm::StringRef Line = Text.slice(Begin, End);
    if (Line.count(';') != 1 || Line.contains(',') ||
        !Text.slice(Begin, From.Begin).trim(" \t").empty()) {
      refuse(RefusalId::NotFirstMember, U, Field->getLocation(),
             "the vfio_device shares its declaration with other members",
             "make it the first member by hand");
      return;
    }
    // A comment above the first member belongs to that member.
    unsigned Before = Edits.startWithComment(From.File, Front.Begin);
    ForBoth.addFile(From.File, Text);
    for (EditSet *Set : {&Edits, &ForBoth}) {
      Set->removeLines(From.File, Begin, End);
      Set->insertLinesBefore(From.File, Before, Line);
    }
    step(StepId::MoveMemberFirst, U, Field->getLocation(),
         {Field->getNameAsString(), R->getNameAsString()});
  }
}

} // namespace vfio::rewriter
