//===- CallTest.cpp - What calls, scopes and escapes do to a path ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Snippet.h"
#include <gtest/gtest.h>

using namespace vfio::test;

TEST(Calls, AHelperThatAllocates) {
  expectMarks(R"(
static struct lamp *lamp_create(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return ERR_CAST(l);
	if (lamp_check(dev)) {
		vfio_put_device(&l->vdev);
		return ERR_PTR(-EIO);
	}
	return l;
}
int lamp_probe(struct device *dev)
{
	struct lamp *l = lamp_create(dev);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev))
		return -EIO; //~ Leak
	vfio_put_device(&l->vdev);
	return 0;
}
)");
}

TEST(Calls, AHelperThatAllocatesThroughAPointer) {
  expectMarks(R"(
static int lamp_create(struct device *dev, struct lamp **out)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	*out = l;
	return 0;
}
int lamp_probe(struct device *dev)
{
	struct lamp *l;
	int ret = lamp_create(dev, &l);

	if (ret)
		return ret;
	if (lamp_check(dev))
		return -EIO; //~ Leak
	vfio_put_device(&l->vdev);
	return 0;
}
)");
}

TEST(Calls, AHelperThatPuts) {
  expectMarks(R"(
static void lamp_free(struct lamp *l)
{
	if (!l)
		return;
	vfio_put_device(&l->vdev);
}
int lamp_right(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	lamp_free(l);
	return -EIO;
}
int lamp_wrong(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	lamp_free(l);
	return l->watts; //~ UseAfterPut
}
)");
}

TEST(Calls, AHelperThatRegisters) {
  expectMarks(R"(
static int lamp_add(struct lamp *l, int fail)
{
	int ret = fail ? -EINVAL : vfio_register_group_dev(&l->vdev);

	return ret < 0 ? ret : 0;
}
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_add(l, lamp_check(dev))) {
		vfio_put_device(&l->vdev);
		return -EIO;
	}
	if (lamp_check(dev))
		return -ENODEV; //~ LeakRegistered
	dev_set_drvdata(dev, l);
	return 0;
}
)");
}

TEST(Calls, ThroughAPointerToAFunction) {
  expectMarks(R"(
static void lamp_free(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
int lamp_probe(struct device *dev)
{
	void (*end)(struct lamp *l) = lamp_free;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	end(l);
	vfio_put_device(&l->vdev); //~ DoublePut
	return 0;
}
)");
}

/// Which of several functions it is need not be known where all do the same.
TEST(Calls, ThroughATableWhoseFunctionsAgree) {
  expectMarks(R"(
struct lamp_kind { void (*off)(struct lamp *l); };
static void lamp_plain_off(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
static void lamp_fancy_off(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
static const struct lamp_kind lamp_kinds[] = {
	{ lamp_plain_off }, { lamp_fancy_off },
};
int lamp_probe(struct device *dev, int kind)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev)) {
		lamp_kinds[kind].off(l);
		return -EIO;
	}
	lamp_kinds[kind].off(l);
	vfio_put_device(&l->vdev); //~ DoublePut
	return 0;
}
)");
}

/// The steps of a set-up: one puts, and which is called is not known.
TEST(Calls, ThroughATableWhoseFunctionsDiffer) {
  expectMarks(R"(
struct lamp_step { void (*undo)(struct lamp *l); };
static void lamp_undo_light(struct lamp *l)
{
	l->watts = 0;
}
static void lamp_undo_device(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
static const struct lamp_step lamp_steps[] = {
	{ lamp_undo_device }, { lamp_undo_light },
};
int lamp_probe(struct device *dev, int i)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	for (i = 1; i >= 0; i--)
		lamp_steps[i].undo(l);
	return -EIO;
}
)");
}

/// The one that is linked may be another, of which nothing is known here.
TEST(Calls, AWeakDefault) {
  expectMarks(R"(
__attribute__((weak)) void lamp_arch_end(struct lamp *l)
{
	l->watts = 0;
}
void lamp_own_end(struct lamp *l)
{
	l->watts = 0;
}
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev)) {
		lamp_arch_end(l);
		return -EIO;
	}
	lamp_own_end(l);
	return -ENODEV; //~ Leak
}
)");
}

TEST(Calls, ARecursionEnds) {
  expectMarks(R"(
static void lamp_dim(struct lamp *l, int n)
{
	if (n) {
		lamp_dim(l, n - 1);
		return;
	}
	vfio_put_device(&l->vdev);
}
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	lamp_dim(l, 3);
	return 0;
}
)");
}

TEST(Calls, ADevmActionEndsTheDevice) {
  for (const char *Generation : {"6.1", "6.2"})
    expectMarks(R"(
static void lamp_put(void *data)
{
	struct lamp *l = data;

	vfio_put_device(&l->vdev);
}
int lamp_right(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = devm_add_action_or_reset(dev, lamp_put, l);
	if (ret)
		return ret;
	if (lamp_check(dev))
		return -EIO;
	return 0;
}
int lamp_puts_twice(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = devm_add_action_or_reset(dev, lamp_put, l);
	if (ret)
		vfio_put_device(&l->vdev); //~ DoublePut
	return ret;
}
int lamp_no_reset(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = devm_add_action(dev, lamp_put, l);
	if (ret)
		return ret; //~ Leak
	return 0;
}
)",
                Generation);
}

TEST(Calls, AnEscapeEndsWhatIsKnown) {
  for (const char *Escape :
       {"list_add(&l->entry, &lamps);", "the_lamp = l;",
        "((struct lamp **)dev->platform_data)[0] = l;", "lamp_list_add(l);",
        "((void (*)(struct lamp *))dev->platform_data)(l);"})
    expectMarks(R"(
static LIST_HEAD(lamps);
static struct lamp *the_lamp;
void lamp_list_add(struct lamp *l);
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	)" + std::string(Escape) +
                R"(
	if (lamp_check(dev))
		return -EIO;
	return 0;
}
)");
}

TEST(Calls, ALookIsNoEscape) {
  for (const char *Look :
       {"dev_info(dev, \"%p\", l);", "mutex_lock(&lamp_lock);",
        "l->watts = 40;", "INIT_LIST_HEAD(&l->entry);"})
    expectMarks(R"(
static DEFINE_MUTEX(lamp_lock);
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	)" + std::string(Look) +
                R"(
	if (lamp_check(dev))
		return -EIO; //~ Leak
	vfio_put_device(&l->vdev);
	return 0;
}
)");
}

TEST(Scopes, ACleanupThatFrees) {
  expectMarks(R"(
int lamp_wrong(struct device *dev)
{
	struct lamp *l __free(kfree) =
		vfio_alloc_device(lamp, vdev, dev, &lamp_ops); //~ MismatchedFree

	if (IS_ERR(l))
		return PTR_ERR(l);
	l->watts = 40;
	return 0;
}
int lamp_right(struct device *dev)
{
	void *page __free(kfree) = kzalloc(64, GFP_KERNEL);
	struct lamp *l;

	if (!page)
		return -ENOMEM;
	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_put_device(&l->vdev);
	return 0;
}
)",
              "6.2");
}

TEST(Scopes, TheDriversOwnCleanup) {
  expectMarks(R"(
DEFINE_FREE(lamp, struct lamp *, if (!IS_ERR_OR_NULL(_T)) vfio_put_device(&_T->vdev)) //~ DoublePut
int lamp_right(struct device *dev)
{
	struct lamp *l __free(lamp) =
		vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
	dev_set_drvdata(dev, no_free_ptr(l));
	return 0;
}
int lamp_puts_itself(struct device *dev)
{
	struct lamp *l __free(lamp) =
		vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_put_device(&l->vdev);
	return 0;
}
)",
              "6.2");
}

TEST(Calls, TheLastShareOfAnOwner) {
  expectMarks(R"(
struct wall { struct kref ref; struct lamp *l; };
static void wall_free(struct kref *ref)
{
	struct wall *w = container_of(ref, struct wall, ref);

	vfio_put_device(&w->l->vdev);
	kfree(w);
}
int wall_probe(struct device *dev)
{
	struct wall *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	kref_init(&w->ref);
	w->l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(w->l)) {
		int ret = PTR_ERR(w->l);

		kfree(w);
		return ret;
	}
	if (lamp_check(dev)) {
		kref_put(&w->ref, wall_free);
		return -EIO;
	}
	if (lamp_is_new(dev)) {
		kfree(w);
		return -EBUSY; //~ Leak
	}
	vfio_put_device(&w->l->vdev);
	kfree(w);
	return 0;
}
)");
}

TEST(Calls, AnErrorThatIsPrintedAndReturned) {
  expectMarks(R"(
int lamp_probe(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return dev_err_probe(dev, PTR_ERR(l), "none");
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return dev_err_probe(dev, ret, "not registered"); //~ Leak
	dev_set_drvdata(dev, l);
	return 0;
}
)");
}

TEST(Calls, ALockThatGoesWithTheDevice) {
  expectMarks(R"(
struct safe { struct vfio_device vdev; struct mutex lock; };
void safe_end(struct safe *s)
{
	mutex_lock(&s->lock);
	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
	mutex_unlock(&s->lock); //~ UseAfterPut
}
)");
}
