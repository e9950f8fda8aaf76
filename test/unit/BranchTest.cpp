//===- BranchTest.cpp - Conditions that the engine must understand --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A condition is understood where the paths that it cuts off make no finding,
// and its negation is understood where it makes the findings of the wrong way.
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include <gtest/gtest.h>

using namespace vfio::test;

namespace {

/// Does \p Then where \p Condition says that the register call failed.
std::string registerThen(const std::string &Condition,
                         const std::string &Then) {
  return R"(
static int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	bool failed;
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	failed = ret != 0;
	if ()" +
         Condition + R"() {
		)" +
         Then + R"(
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
)";
}

/// Leaves where \p Condition says that the allocation failed.
std::string allocateThen(const std::string &Condition) {
  return R"(
static int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret = 0;

	if ()" +
         Condition + R"()
		return PTR_ERR(l);
	l->watts = 40;
	vfio_put_device(&l->vdev);
	return 0;
}
)";
}

std::set<std::string> kindsIn(const std::string &Code) {
  Snippet S(Code);
  EXPECT_TRUE(S.compiles()) << Code;
  std::set<std::string> Kinds;
  if (S.compiles())
    for (const std::string &Line : S.findings())
      Kinds.insert(Line.substr(Line.find(' ') + 1));
  return Kinds;
}

constexpr char Put[] = "vfio_put_device(&l->vdev);";

class RegisterFailed : public testing::TestWithParam<const char *> {};
class AllocFailed : public testing::TestWithParam<const char *> {};

} // namespace

TEST_P(RegisterFailed, CutsOffTheOtherWay) {
  EXPECT_EQ(kindsIn(registerThen(GetParam(), Put)), std::set<std::string>());
}

TEST_P(RegisterFailed, LeavesTheFailingWay) {
  EXPECT_EQ(kindsIn(registerThen(GetParam(), "")),
            std::set<std::string>{"Leak"});
}

TEST_P(RegisterFailed, NegatedCutsOffThisOne) {
  std::string Negated = "!(" + std::string(GetParam()) + ")";
  EXPECT_TRUE(kindsIn(registerThen(Negated, Put)).count("PutWhileRegistered"))
      << Negated;
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, RegisterFailed,
    testing::Values("ret", "ret < 0", "ret != 0", "0 != ret", "0 > ret",
                    "ret <= -1", "!(ret >= 0)", "!!ret", "!(ret == 0)",
                    "!(!ret)", "unlikely(ret)", "unlikely(ret < 0)",
                    "!likely(!ret)", "WARN_ON(ret)", "WARN_ON_ONCE(ret < 0)",
                    "WARN(ret, \"no\")", "unlikely(WARN_ON(ret))", "failed",
                    "failed == true", "!failed == false", "ret ? true : false",
                    "!ret ? false : true", "(bool)ret", "(ret < 0) == 1",
                    "ret && lamp_check", "ret || ret < 0", "({ ret; })",
                    "(lamp_check(dev), ret)", "IS_ERR_VALUE((long)ret)",
                    "(failed = ret)", "ret < 0 && failed",
                    "(unsigned int)ret > 0"));

TEST_P(AllocFailed, CutsOffTheOtherWay) {
  EXPECT_EQ(kindsIn(allocateThen(GetParam())), std::set<std::string>());
}

TEST_P(AllocFailed, NegatedCutsOffThisOne) {
  std::string Negated = "!(" + std::string(GetParam()) + ")";
  EXPECT_FALSE(kindsIn(allocateThen(Negated)).empty()) << Negated;
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, AllocFailed,
    testing::Values("IS_ERR(l)", "IS_ERR_OR_NULL(l)", "unlikely(IS_ERR(l))",
                    "WARN_ON(IS_ERR(l))", "IS_ERR(l) != 0",
                    "PTR_ERR_OR_ZERO(l)", "(ret = PTR_ERR_OR_ZERO(l))",
                    "(ret = PTR_ERR_OR_ZERO(l)) < 0", "IS_ERR(&l->vdev)",
                    "!l || IS_ERR(l)", "IS_ERR((void *)l)",
                    "IS_ERR_VALUE((unsigned long)l)", "PTR_ERR(l) < 0 || !l"));

TEST(Branches, NullIsNoError) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (!l) //~ AllocNullTest
		return -ENOMEM;
	l->watts = 40;
	vfio_put_device(&l->vdev);
	return 0;
}
)");
}

TEST(Branches, NullOfPlainMemory) {
  for (const char *Test : {"!l", "l == NULL", "NULL == l", "unlikely(!l)",
                           "WARN_ON(!l)", "!(l != NULL)"})
    expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if ()" + std::string(Test) +
                    R"()
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	return -EIO; //~ OldLeak
}
)",
                "5.15");
}

TEST(Branches, SwitchOnAResult) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	switch (ret) {
	case 0:
		dev_set_drvdata(dev, l);
		return 0;
	case -EBUSY:
		vfio_put_device(&l->vdev);
		return -EAGAIN;
	default:
		return ret; //~ Leak
	}
}
)");
}

TEST(Branches, ADefaultExcludesItsCases) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	switch (ret) {
	case 0:
		break;
	default:
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
)");
}

TEST(Branches, SwitchOnSomethingElse) {
  expectMarks(R"(
int lamp_make(struct device *dev, int kind)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	switch (kind) {
	case 1:
		l->watts = 40;
		break;
	case 2 ... 4:
		l->watts = 60;
		break;
	case 5:
		return -EINVAL; //~ Leak
	default:
		vfio_put_device(&l->vdev);
		return -ENODEV;
	}
	lamp_keep(l);
	return 0;
}
)");
}

TEST(Branches, AFlagGoesWithTheState) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	bool registered = false;
	int ret = 0;

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev)) {
		ret = vfio_register_group_dev(&l->vdev);
		if (!ret)
			registered = true;
	}
	ret = lamp_check(dev);
	if (registered)
		vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	return ret;
}
)");
}

TEST(Branches, AFlagThatLies) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	bool registered = true;
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		registered = true;
	if (registered)
		vfio_unregister_group_dev(&l->vdev); //~ UnregisterUnregistered
	vfio_put_device(&l->vdev);
	return ret;
}
)");
}

TEST(Branches, SameQuestionSameAnswer) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (!lamp_is_new(dev))
		vfio_put_device(&l->vdev);
	if (!lamp_is_new(dev))
		return -ENODEV;
	vfio_put_device(&l->vdev);
	return 0;
}
)");
}

/// A number from what can only read is an answer, too; what may write can do
/// anything the second time.
TEST(Branches, AQuestionIsWhatItCanDo) {
  expectMarks(R"(
int lamp_mode(const struct device *dev);
int lamp_step(struct device *dev);
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret = 0;

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_step(dev))
		goto err_put;
	if (lamp_step(dev))
		return -EIO; //~ Leak
	if (lamp_mode(dev) == 0)
		ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto err_put;
	if (lamp_check(dev))
		goto err_unregister;
	if (lamp_mode(dev))
		goto err_put;
	return 0;

err_unregister:
	if (lamp_mode(dev) == 0)
		vfio_unregister_group_dev(&l->vdev);
err_put:
	vfio_put_device(&l->vdev);
	return -EIO;
}
)");
}

TEST(Branches, AConstantConditionIsNoBranch) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (sizeof(*l) < sizeof(l->vdev))
		return -EINVAL;
	vfio_put_device(&l->vdev);
	return -EIO;
}
)");
}

TEST(Branches, AResultThatIsLookedAtElsewhere) {
  expectMarks(R"(
struct shade { int error; };
int lamp_explain(struct device *dev, int error);

/* It tells, and lives without. */
int by_switch(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	switch (ret) {
	case 0:
		dev_set_drvdata(dev, l);
		return 0;
	case -EOPNOTSUPP:
		vfio_put_device(&l->vdev);
		return 0;
	default:
		vfio_put_device(&l->vdev);
		return ret;
	}
}

int by_helper(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	ret = vfio_register_group_dev(&l->vdev);
	return lamp_explain(dev, ret);
}

int by_keeping(struct device *dev, struct shade *s)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret = lamp_check(dev);

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	s->error = vfio_register_group_dev(&l->vdev);
	return ret;
}

int by_adding(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret = lamp_check(dev);

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	ret |= vfio_register_group_dev(&l->vdev);
	return ret;
}
)",
              "6.2");
}

TEST(Branches, AResultThatIsLost) {
  expectMarks(R"(
int overwritten(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	ret = vfio_register_group_dev(&l->vdev); //~ RegisterUnchecked
	ret = lamp_check(dev);
	return ret;
}

int never_set(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	vfio_register_group_dev(&l->vdev); //~ RegisterUnchecked
	return ret;
}
)",
              "6.2");
}
