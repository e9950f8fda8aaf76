//===- ArithmeticTest.cpp - Numbers at the ends of what they can be -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Arithmetic.h"
#include "Snippet.h"
#include <gtest/gtest.h>

using namespace clang;
using namespace engine;

namespace {

constexpr Width Int{32, true}, Unsigned{32, false}, Byte{8, false}, Long{};

int64_t sum(int64_t L, int64_t R, Width W) {
  return combine(BO_Add, L, R, W).Num;
}

} // namespace

TEST(Arithmetic, WrapsAsTheTypeDoes) {
  EXPECT_EQ(sum(INT32_MAX, 1, Int), INT32_MIN);
  EXPECT_EQ(sum(INT64_MAX, 1, Long), INT64_MIN);
  EXPECT_EQ(sum(UINT32_MAX, 1, Unsigned), 0);
  EXPECT_EQ(sum(250, 10, Byte), 4);
  EXPECT_EQ(combine(BO_Sub, 0, INT64_MIN, Long).Num, INT64_MIN);
  EXPECT_EQ(combine(BO_Sub, 0, 1, Unsigned).Num, int64_t(UINT32_MAX));
  EXPECT_EQ(fit(-22, Unsigned), 4294967274);
  EXPECT_EQ(fit(4294967274, Int), -22);
}

TEST(Arithmetic, NoObjectIsThatLarge) {
  EXPECT_EQ(offsetBy(64, 3, 8), 256);
  EXPECT_EQ(offsetBy(64, 1, -8), 0);
  EXPECT_EQ(offsetBy(0, INT64_MAX, 1), std::nullopt);
  EXPECT_EQ(offsetBy(0, INT64_MAX / 8, 8), std::nullopt);
  EXPECT_EQ(offsetBy(0, int64_t(1) << 62, 1), std::nullopt);
  EXPECT_EQ(offsetBy(0, INT64_MIN, 1), std::nullopt);
}

TEST(Arithmetic, NothingIsGreaterThanTheGreatest) {
  EXPECT_EQ(compareWithNumber(BO_LE, 1, INT64_MAX, false), Value::number(1));
  EXPECT_EQ(compareWithNumber(BO_GT, 1, INT64_MAX, false), Value::number(0));
  EXPECT_EQ(compareWithNumber(BO_GT, 1, INT64_MAX, true),
            Value::condition(1, Negative, NotNegative));
  EXPECT_EQ(compareWithNumber(BO_LE, 1, INT64_MAX - 1, false),
            Value::condition(1, AnySign, Positive, Value::Below, INT64_MAX));
}

TEST(Arithmetic, UnsignedNumbersAreCompared) {
  EXPECT_TRUE(holds(BO_GT, -1, 5, true));
  EXPECT_FALSE(holds(BO_GT, -1, 5, false));
}

TEST(Arithmetic, ABranchOnTheGreatestNumberIsKept) {
  vfio::test::expectMarks(R"(
int lamp_probe(struct device *dev, long n)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (n <= 0x7fffffffffffffff)
		return -EINVAL; //~ Leak
	return lamp_check(dev);
}
)");
  vfio::test::expectMarks(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int n = 0x7fffffff;

	if (IS_ERR(l))
		return PTR_ERR(l);
	n++;
	if (n < 0)
		return -EINVAL; //~ Leak
	vfio_put_device(&l->vdev);
	return -EIO;
}
)");
}
