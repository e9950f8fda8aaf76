//===- HoldTest.cpp - What a walk of takes and gives follows --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include "lifecycle/OtherLives.h"
#include <gtest/gtest.h>

using namespace vfio;
using namespace vfio::test;

namespace {

/// The lines on which a remark about locks stands in \p Code.
std::multiset<unsigned> lockLines(const std::string &Code) {
  std::multiset<unsigned> Lines;
  Snippet S(Code);
  EXPECT_TRUE(S.compiles());
  if (S.compiles()) {
    Lives L(S.model());
    EXPECT_TRUE(L.Held.Unfollowed.empty());
    for (const Remark &R : L.Held.Locks)
      Lines.insert(
          S.model().Ctx.getSourceManager().getPresumedLineNumber(R.Where));
  }
  return Lines;
}

constexpr llvm::StringLiteral Step = R"(
struct shade { struct mutex lock; int turns; struct lamp *of; };
void shade_elsewhere(struct shade *s);
static int shade_step(struct shade *s)
{
	mutex_lock(&s->lock);
	if (s->turns > 4)
		s->turns = 0;
	mutex_unlock(&s->lock);
	return 0;
}
)";

// Behind shade_elsewhere(), which is not shown, only locks are of interest.
TEST(Hold, AStepThatKeepsNoLockIsQuietEachTime) {
  EXPECT_EQ(lockLines(Step.str() + "void shade_turn(struct shade *s) {\n"
                                   "  shade_elsewhere(s);\n"
                                   "  shade_step(s);\n  shade_step(s);\n}\n"),
            std::multiset<unsigned>());
}

TEST(Hold, AStepThatWasFollowedStillTakesTheLockOfItsCaller) {
  EXPECT_EQ(lockLines(Step.str() + "void shade_turn(struct shade *s) {\n"
                                   "  shade_elsewhere(s);\n  shade_step(s);\n"
                                   "  mutex_lock(&s->lock);\n  shade_step(s);\n"
                                   "  mutex_unlock(&s->lock);\n}\n"),
            std::multiset<unsigned>({5}));
}

/// So many members that are each allocated, or not.
std::string allocations(unsigned Count, llvm::StringRef Behind) {
  std::string Members, Calls;
  for (unsigned I = 0; I < Count; ++I) {
    Members += ("\tvoid *part" + llvm::Twine(I) + ";\n").str();
    Calls += ("\ts->part" + llvm::Twine(I) + " = kzalloc(8, GFP_KERNEL);\n" +
              "\tif (s->part" + llvm::Twine(I) + ")\n\t\ts->count += 1;\n")
                 .str();
  }
  return "struct shade { int count; struct lamp *of;\n" + Members +
         "};\nvoid shade_fill(struct shade *s)\n{\n" + Calls + Behind.str() +
         "}\n";
}

/// How many ways out of shade_fill() lose what they took.
unsigned losingWays(const std::string &Code) {
  unsigned Count = 0;
  Snippet S(Code);
  EXPECT_TRUE(S.compiles());
  if (S.compiles()) {
    Lives L(S.model());
    EXPECT_TRUE(L.Held.Unfollowed.empty());
    for (const auto &[F, Ways] : L.Held.Ways)
      for (const WayOut &W : Ways)
        Count += !W.Lost.empty();
  }
  return Count;
}

// What is neither opener nor closer is followed to its end however much it
// takes, and nothing that is kept is lost by that.
TEST(Hold, ManyAllocationsAreFollowedToTheEnd) {
  EXPECT_EQ(losingWays(allocations(24, "")), 0u);
}

TEST(Hold, WhatIsLostBehindManyAllocationsIsFound) {
  EXPECT_GT(losingWays(allocations(24, "\tkzalloc(8, GFP_KERNEL);\n")), 0u);
}

// Each doubles the states, in one block: that is given up before it costs.
TEST(Hold, AllocationsThatAreLostInARowAreGivenUp) {
  std::string Calls;
  for (unsigned I = 0; I < 40; ++I)
    Calls += "\tkzalloc(8, GFP_KERNEL);\n";
  Snippet S("void shade_lose(void)\n{\n" + Calls + "}\n");
  ASSERT_TRUE(S.compiles());
  Lives L(S.model());
  ASSERT_EQ(L.Held.Unfollowed.size(), 1u);
  EXPECT_EQ(L.Held.Unfollowed.front().Limit, engine::Exceeded::States);
}

} // namespace
