//===- LifeEndTest.cpp - The ends of a device's life ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include <gtest/gtest.h>

using namespace vfio::test;

TEST(Ends, EachEndOfALife) {
  expectMarks(R"(
int lamp_put_twice(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_put_device(&l->vdev);
	vfio_put_device(&l->vdev); //~ DoublePut
	return 0;
}
int lamp_free(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	kfree(l); //~ MismatchedFree
	return 0;
}
int lamp_free_by_core(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_free_device(&l->vdev); //~ FreeOutsideRelease
	return 0;
}
int lamp_put_and_free(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_put_device(&l->vdev);
	kfree(l); //~ FreeAfterPut
	return 0;
}
int lamp_unchecked(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_register_group_dev(&l->vdev); //~ RegisterUnchecked
	dev_set_drvdata(dev, l);
	return 0;
}
int lamp_twice(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (vfio_register_group_dev(&l->vdev) ||
	    vfio_register_group_dev(&l->vdev)) { //~ RegisterTwice
		vfio_put_device(&l->vdev);
		return -EIO;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
)");
}

TEST(Ends, TheOldModel) {
  expectMarks(R"(
int lamp_right(struct device *dev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_uninit_group_dev(&l->vdev);
		kfree(l);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
int lamp_no_uninit(struct device *dev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		kfree(l); //~ OldFreeWithoutUninit
	return ret;
}
int lamp_uninit_registered(struct device *dev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	if (vfio_register_group_dev(&l->vdev) == 0)
		vfio_uninit_group_dev(&l->vdev); //~ OldUninitRegistered
	lamp_keep(l);
	return 0;
}
)",
              "5.15");
}

TEST(Ends, RemoveIsJudgedByItsProbe) {
  const std::string Probe = R"(
static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
)";
  const std::string Driver = R"(
static struct mdev_driver lamp_driver = {
	.probe = lamp_probe, .remove = lamp_remove,
};
)";
  auto Expect = [&](const std::string &Remove) {
    expectMarks(Probe + Remove + Driver);
  };
  Expect(R"(
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
)");
  Expect(R"(
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_put_device(&l->vdev); //~ PutWhileRegistered
}
)");
  Expect(R"(
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev); //~ LeakAfterUnregister
}
)");
  Expect(R"(
static void lamp_remove(struct mdev_device *mdev) //~ NeverUnregistered
{
}
)");
}

TEST(Ends, SuccessWithoutADevice) {
  expectMarks(R"(
static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return 0; //~ SucceedsUnregistered
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}

static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

static struct mdev_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};
)");
  expectMarks(R"(
static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return 0;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}

/* Looks whether there is one. */
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	if (!l)
		return;
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

static struct mdev_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};
)");
}

TEST(Ends, ReleaseIsJudgedByItsGeneration) {
  const std::string Code = R"(
static int lamp_init(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	l->bulb = kzalloc(16, GFP_KERNEL);
	return l->bulb ? 0 : -ENOMEM;
}
static void lamp_release(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	kfree(l->bulb);
	vfio_put_device(vdev); //~ ReleasePuts
}%s
static const struct vfio_device_ops own_ops = {
	.init = lamp_init, .release = lamp_release,
};
int lamp_make(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &own_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	return -EIO; //~ Leak
}
)";
  auto With = [&](llvm::StringRef Mark) {
    std::string Text = Code;
    return Text.replace(Text.find("%s"), 2, Mark.str());
  };
  expectMarks(With(" //~ ReleaseNeverFrees"), "6.1");
  expectMarks(With(""), "6.2");
}

TEST(Ends, InitThatFails) {
  expectMarks(R"(
static DEFINE_MUTEX(lamp_lock);
static int lamp_init(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	l->bulb = kzalloc(16, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	mutex_lock(&lamp_lock);
	if (lamp_check(NULL))
		return -EIO; //~ InitLeaks
	mutex_unlock(&lamp_lock);
	return 0;
}
static void lamp_release(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	kfree(l->bulb);
	vfio_free_device(vdev);
}
static const struct vfio_device_ops own_ops = {
	.init = lamp_init, .release = lamp_release,
};
)");
}
