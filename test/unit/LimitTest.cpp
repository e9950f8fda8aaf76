//===- LimitTest.cpp - What the engine tells of its own work --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

using namespace vfio;
using namespace vfio::test;

namespace {

constexpr llvm::StringLiteral TwoRoots = R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int i;

	if (IS_ERR(l))
		return PTR_ERR(l);
	for (i = 0; i < 8; i++)
		if (lamp_check(dev))
			return -EIO; //~ Leak
	vfio_put_device(&l->vdev);
	return 0;
}
void lamp_end(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
)";

std::vector<std::string> givenUp(const PathStatistics &Statistics) {
  std::vector<std::string> Names;
  for (const NotFollowed &N : Statistics.GivenUp)
    Names.push_back(N.F->getName().str());
  return Names;
}

/// The events of each life in \p Code, with the root and how it ends.
std::set<std::string> lives(llvm::StringRef Code, bool &Complete,
                            llvm::StringRef Generation = "6.1") {
  std::set<std::string> Lines;
  Snippet S(Code, Generation);
  EXPECT_TRUE(S.compiles());
  if (S.compiles())
    for (const PathLife &L : livesOnPaths(S.model(), Complete))
      Lines.insert(L.Root->getName().str() + (L.Fails ? " fails: " : ": ") +
                   textOf(L.Events));
  return Lines;
}

/// A probe with \p Body in it, which leaks at its end.
std::string leakBehind(const std::string &Body) {
  return "int lamp_probe(struct device *dev, int c)\n{\n"
         "\tstruct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);\n"
         "\tif (IS_ERR(l))\n\t\treturn PTR_ERR(l);\n" +
         Body + "\treturn -EIO; //~ Leak\n}\n";
}

std::string repeat(unsigned Times, llvm::StringRef Before,
                   llvm::StringRef Behind) {
  std::string Out;
  for (unsigned I = 0; I < Times; ++I)
    Out += (Before + llvm::Twine(I) + Behind).str();
  return Out;
}

/// What \p Body costs, in steps, where all of it is followed.
unsigned stepsOf(const std::string &Body) {
  PathStatistics Statistics;
  Snippet S(leakBehind(Body));
  EXPECT_TRUE(S.compiles());
  EXPECT_EQ(S.findings(&Statistics), S.marks()) << Body.substr(0, 80);
  EXPECT_EQ(givenUp(Statistics), std::vector<std::string>());
  return Statistics.Steps;
}

} // namespace

TEST(Limits, NoneIsMetByADriver) {
  PathStatistics Statistics;
  Snippet S(TwoRoots);
  ASSERT_TRUE(S.compiles());
  EXPECT_EQ(S.findings(&Statistics), S.marks());
  EXPECT_EQ(Statistics.Roots, 2u);
  EXPECT_GT(Statistics.Steps, 10u);
  EXPECT_LT(Statistics.Steps, 1000u);
  EXPECT_EQ(givenUp(Statistics), std::vector<std::string>());
}

TEST(Limits, StepsAreCountedARoot) {
  PathStatistics Statistics;
  PathLimits Limits;
  Limits.StepsPerElement = 0;
  Limits.Steps = 8; // enough for the second root only
  Snippet S(TwoRoots);
  ASSERT_TRUE(S.compiles());
  EXPECT_EQ(S.findings(&Statistics, Limits), std::set<std::string>());
  EXPECT_EQ(Statistics.Roots, 2u);
  EXPECT_EQ(givenUp(Statistics), std::vector<std::string>{"lamp_probe"});
}

TEST(Limits, StatesOfABlock) {
  PathStatistics Statistics;
  PathLimits Limits;
  Limits.StatesPerBlock = 1;
  Snippet S(TwoRoots);
  ASSERT_TRUE(S.compiles());
  S.findings(&Statistics, Limits);
  EXPECT_EQ(givenUp(Statistics), std::vector<std::string>{"lamp_probe"});
}

TEST(Limits, AHelperTooDeepIsNotLookedInto) {
  const llvm::StringRef Code = R"(
static void lamp_free(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	lamp_free(l);
	return l->watts; //~ UseAfterPut
}
)";
  Snippet S(Code);
  ASSERT_TRUE(S.compiles());
  PathLimits Limits;
  EXPECT_EQ(S.findings(nullptr, Limits), S.marks());
  Limits.Depth = 1;
  EXPECT_EQ(S.findings(nullptr, Limits), std::set<std::string>());
}

TEST(Limits, ManyFlagsCostLittle) {
  // 2 to the power of 24 ways through, all alike to the device.
  std::string Code = "int lamp_probe(struct device *dev)\n{\n"
                     "\tstruct lamp *l = vfio_alloc_device(lamp, vdev, dev, "
                     "&lamp_ops);\n\tint n = 0;\n\n"
                     "\tif (IS_ERR(l))\n\t\treturn PTR_ERR(l);\n";
  for (int I = 0; I < 24; ++I)
    Code += "\tif (lamp_check(dev))\n\t\tn += " + std::to_string(I) + ";\n";
  Code += "\treturn -EIO; //~ Leak\n}\n";
  PathStatistics Statistics;
  Snippet S(Code);
  ASSERT_TRUE(S.compiles());
  EXPECT_EQ(S.findings(&Statistics), S.marks());
  EXPECT_EQ(givenUp(Statistics), std::vector<std::string>());
  EXPECT_LT(Statistics.Steps, 2000u);
}

TEST(Limits, WhatHasNoLives) {
  PathStatistics Statistics;
  Snippet S("int lamp_sum(int a, int b)\n{\n\treturn a + b;\n}\n");
  ASSERT_TRUE(S.compiles());
  EXPECT_EQ(S.findings(&Statistics), std::set<std::string>());
  EXPECT_EQ(Statistics.Roots, 0u);
}

TEST(Lives, OfAProbe) {
  bool Complete = true;
  EXPECT_EQ(
      lives(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
)",
            Complete),
      (std::set<std::string>{"lamp_probe fails: alloc, register fails, put",
                             "lamp_probe: alloc, register"}));
  EXPECT_TRUE(Complete);
}

TEST(Lives, OfTheOldModel) {
  bool Complete = true;
  EXPECT_EQ(lives(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	dev_set_drvdata(dev, l);
	return 0;
out:
	vfio_uninit_group_dev(&l->vdev);
	kfree(l);
	return ret;
}
)",
                  Complete, "5.15"),
            (std::set<std::string>{
                "lamp_probe fails: alloc, init, register fails, uninit, free",
                "lamp_probe: alloc, init, register"}));
  EXPECT_TRUE(Complete);
}

TEST(Lives, TheBranchThatDecided) {
  bool Complete = true;
  Snippet S(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev) == 0)
		return 0;
	vfio_put_device(&l->vdev);
	return -EIO;
}
)");
  ASSERT_TRUE(S.compiles());
  for (const PathLife &L : livesOnPaths(S.model(), Complete)) {
    ASSERT_NE(L.LastBranch, nullptr);
    EXPECT_EQ(L.LastBranchTaken, !L.Fails);
    ASSERT_NE(L.Record, nullptr);
    EXPECT_EQ(L.Record->getName(), "lamp");
  }
}

TEST(Limits, AFunctionCostsWhatItIsLong) {
  struct Shape {
    llvm::StringRef Begin, Before, Behind, End;
  };
  static constexpr Shape Shapes[] = {
      {"\tl->watts = ", "c == ", " ? 1 : ", "0;\n"},
      {"\tl->watts = (0", ", lamp_check(dev) + ", "", ");\n"},
      {"", "\tif (lamp_check(dev)) l->watts = ", ";\n", ""},
      {"\tint r;\n", "\tr = lamp_check(dev); if (r) l->watts = ", ";\n", ""},
      {"\tif (c) l->watts = 0;\n",
       "\telse if (lamp_check(dev)) l->watts = ", ";\n", ""}};
  for (const Shape &S : Shapes) {
    auto Steps = [&](unsigned Times) {
      return stepsOf(S.Begin.str() + repeat(Times, S.Before, S.Behind) +
                     S.End.str());
    };
    unsigned Few = Steps(40), Many = Steps(640);
    EXPECT_LT(Many, 20 * Few) << S.Before.str();
  }
}

/// So many loops one behind another, each with a branch in it.
static std::string loops(unsigned Times) {
  return repeat(Times, "\tfor (c = 0; c < ",
                "; c++)\n\t\tif (lamp_check(dev))\n\t\t\tbreak;\n");
}

TEST(Limits, ALoopIsDoneBeforeWhatIsBehindIt) {
  unsigned Two = stepsOf(loops(2)), Eight = stepsOf(loops(8));
  EXPECT_LT(Eight, 5 * Two);
}
