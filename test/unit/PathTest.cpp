//===- PathTest.cpp - Shapes of control flow ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include <gtest/gtest.h>

using namespace vfio::test;

TEST(Paths, ALadderThatIsRight) {
  for (const char *Generation : {"transition", "6.1", "6.2"})
    expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = lamp_check(dev);
	if (ret)
		goto out_put;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_put;
	ret = lamp_check(dev);
	if (ret)
		goto out_unregister;
	dev_set_drvdata(dev, l);
	return 0;
out_unregister:
	vfio_unregister_group_dev(&l->vdev);
out_put:
	vfio_put_device(&l->vdev);
	return ret;
}
)",
                Generation);
}

TEST(Paths, ALadderEnteredARungTooLow) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_put;
	ret = lamp_check(dev);
	if (ret)
		goto out_put;
	dev_set_drvdata(dev, l);
	return 0;
out_put:
	vfio_put_device(&l->vdev); //~ PutWhileRegistered
	return ret;
}
)");
}

TEST(Paths, ALadderEnteredARungTooHigh) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_unregister;
	dev_set_drvdata(dev, l);
	return 0;
out_unregister:
	vfio_unregister_group_dev(&l->vdev); //~ UnregisterUnregistered
	vfio_put_device(&l->vdev);
	return ret;
}
)");
}

TEST(Paths, ALoopThatTriesAgain) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l;
	int ret, tries = 3;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	do {
		ret = vfio_register_group_dev(&l->vdev);
	} while (ret == -EBUSY && --tries);
	if (ret)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
	return ret;
}
)");
}

TEST(Paths, ALoopThatPutsEachTime) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l;
	int i;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	for (i = 0; i < 2; i++)
		vfio_put_device(&l->vdev); //~ DoublePut
	return 0;
}
)");
}

TEST(Paths, ALoopThatForgetsTheLastOne) {
  expectMarks(R"(
void lamp_enqueue(struct lamp *l);

int lamp_make(struct device *dev)
{
	struct lamp *l;
	int ret;

again:
	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops); //~ Leak
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret == -EAGAIN)
		goto again;
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

int lamp_make_pair(struct device *dev)
{
	struct lamp *both[2], *first = NULL;
	int i, ret = -ENODEV;

	for (i = 0; i < 2; i++) {
		both[i] = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(both[i]))
			goto out;
		if (!first)
			first = both[i];
	}
	ret = lamp_check(dev);
out:
	while (i--)
		vfio_put_device(&both[i]->vdev);
	return ret;
}

/* What others may keep is not forgotten. */
int lamp_keep_all(struct device *dev, int many)
{
	struct lamp *l;
	int i, ret;

	for (i = 0; i < many; i++) {
		l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(l))
			continue;
		ret = vfio_register_group_dev(&l->vdev);
		if (ret)
			lamp_enqueue(l);
	}
	return 0;
}
)");
}

TEST(Paths, ALoopThatMakesOneEachTime) {
  expectMarks(R"(
int lamp_make_all(struct device *dev, int n)
{
	while (n--) {
		struct lamp *l;
		int ret;

		l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(l))
			return PTR_ERR(l);
		ret = vfio_register_group_dev(&l->vdev);
		if (ret) {
			vfio_put_device(&l->vdev);
			return ret;
		}
		lamp_keep(l);
	}
	return 0;
}
)");
}

TEST(Paths, TwoDevices) {
  expectMarks(R"(
int lamp_make_pair(struct device *dev)
{
	struct lamp *a, *b;

	a = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	b = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(b))
		return PTR_ERR(b); //~ Leak
	lamp_keep(a);
	lamp_keep(b);
	return 0;
}
)");
}

TEST(Paths, AliasesAndContainers) {
  expectMarks(R"(
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops), *same;
	struct vfio_device *v;
	unsigned long address;

	if (IS_ERR(l))
		return PTR_ERR(l);
	v = &l->vdev;
	same = container_of(v, struct lamp, vdev);
	address = (unsigned long)same;
	vfio_put_device(&((struct lamp *)address)->vdev);
	l->watts = 1; //~ UseAfterPut
	return 0;
}
)");
}

TEST(Loops, ElementsOfAnArrayAreDifferentDevices) {
  expectMarks(R"(
struct pair { struct lamp *l[2]; };
int pair_probe(struct device *dev)
{
	struct pair *p = devm_kzalloc(dev, sizeof(*p), GFP_KERNEL);
	int i, ret;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < 2; i++) {
		p->l[i] = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(p->l[i])) {
			ret = PTR_ERR(p->l[i]);
			goto unwind;
		}
		ret = vfio_register_group_dev(&p->l[i]->vdev);
		if (ret) {
			vfio_put_device(&p->l[i]->vdev);
			goto unwind;
		}
	}
	dev_set_drvdata(dev, p);
	return 0;
unwind:
	while (i--) {
		vfio_unregister_group_dev(&p->l[i]->vdev);
		vfio_put_device(&p->l[i]->vdev);
	}
	return ret;
}
)");
}

TEST(Loops, AnArrayThatIsPutAsAWhole) {
  expectMarks(R"(
int lamp_make_pair(struct device *dev)
{
	struct lamp *l[2] = {};
	int i, ret = 0;

	for (i = 0; i < 2; i++) {
		l[i] = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(l[i])) {
			ret = PTR_ERR(l[i]);
			l[i] = NULL;
			goto err;
		}
	}
	ret = vfio_register_group_dev(&l[0]->vdev);
	if (ret)
		goto err;
	lamp_keep(l[0]);
	lamp_keep(l[1]);
	return 0;
err:
	for (i = 0; i < 2; i++)
		if (l[i])
			vfio_put_device(&l[i]->vdev);
	return ret;
}
)");
}

TEST(Loops, TheNextOfAListIsAnother) {
  expectMarks(R"(
void lamps_end(struct list_head *lamps)
{
	while (!list_empty(lamps)) {
		struct lamp *l = list_first_entry(lamps, struct lamp, entry);

		list_del(&l->entry);
		vfio_unregister_group_dev(&l->vdev);
		vfio_put_device(&l->vdev);
	}
}
void lamps_end_too_late(struct list_head *lamps)
{
	struct lamp *l;

	list_for_each_entry(l, lamps, entry) { //~ UseAfterPut
		vfio_unregister_group_dev(&l->vdev);
		vfio_put_device(&l->vdev);
	}
}
)");
}

TEST(Loops, ACounterThatTellsWhetherItIsRegistered) {
  expectMarks(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int i, ret = 0;

	if (IS_ERR(l))
		return PTR_ERR(l);
	for (i = 0; i < 5; i++) {
		ret = vfio_register_group_dev(&l->vdev);
		if (!ret)
			break;
	}
	if (i == 5) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
)");
}

TEST(Books, FlagsThatAreComputed) {
  expectMarks(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	unsigned int done = 0;
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	done |= 1;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto err;
	done |= 2;
	ret = lamp_check(dev);
	if (ret)
		goto err;
	dev_set_drvdata(dev, l);
	return 0;
err:
	if (done & 2)
		vfio_unregister_group_dev(&l->vdev);
	if (done & 1)
		vfio_put_device(&l->vdev);
	return ret;
}
)");
}

/// A probe and a remove that end the device by what \p Stop does.
static void expectStop(const std::string &Stop) {
  expectMarks(R"(
#define LIT 0
int test_and_clear_bit(long nr, volatile unsigned long *addr);
void set_bit(long nr, volatile unsigned long *addr);
struct torch { struct vfio_device vdev; unsigned long flags; void *wick; };
static void torch_stop(struct torch *t)
{
)" + Stop + R"(
	vfio_put_device(&t->vdev);
}
static int torch_probe(struct mdev_device *mdev)
{
	struct torch *t = vfio_alloc_device(torch, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_group_dev(&t->vdev);
	if (ret) {
		vfio_put_device(&t->vdev);
		return ret;
	}
	set_bit(LIT, &t->flags);
	dev_set_drvdata(&mdev->dev, t);
	return 0;
}
static void torch_remove(struct mdev_device *mdev)
{
	torch_stop(dev_get_drvdata(&mdev->dev));
}
static struct mdev_driver torch_driver = {
	.probe = torch_probe, .remove = torch_remove,
};
)");
}

TEST(Books, WhatTheDeviceItselfSays) {
  expectStop("\tif (test_and_clear_bit(LIT, &t->flags))\n"
             "\t\tvfio_unregister_group_dev(&t->vdev);");
  expectStop("\tif (t->flags & 1)\n"
             "\t\tvfio_unregister_group_dev(&t->vdev);");
  expectStop("\tswitch (t->flags) {\n\tcase 1:\n"
             "\t\tvfio_unregister_group_dev(&t->vdev);\n\t\tfallthrough;\n"
             "\tdefault:\n\t\tbreak;\n\t}");
}

TEST(Books, WhatTellsNothing) {
  // Both ways meet again before the put, which then stands alone.
  for (const char *Stop : {"\tif (t->wick)\n\t\tt->wick = NULL;\n",
                           "\tif (t->vdev.dev->parent)\n\t\tt->flags = 0;\n"}) {
    Snippet S(R"(
struct torch { struct vfio_device vdev; unsigned long flags; void *wick; };
int torch_probe(struct device *dev)
{
	struct torch *t = vfio_alloc_device(torch, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_group_dev(&t->vdev);
	if (ret)
		goto put;
)" + std::string(Stop) +
              R"(
	ret = -EIO;
put:
	vfio_put_device(&t->vdev);
	return ret;
}
)");
    ASSERT_TRUE(S.compiles());
    EXPECT_EQ(S.findings().size(), 1u) << Stop;
  }
}
