/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What the tests of the other lives need of a driver besides. */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/iommu.h>
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include "iommufd.h"

#ifdef MOCK_6_1_LINUX_VFIO_H
#define END(vdev) vfio_free_device(vdev)
#else
#define END(vdev) (void)(vdev)
#endif

static inline void plain_release(struct vfio_device *vdev)
{
	END(vdev);
}

/* A driver whose probe and remove take nothing of their own. */
#define PLAIN_DRIVER(type)                                                     \
	static int type##_probe(struct mdev_device *mdev)                      \
	{                                                                      \
		struct type *s;                                                \
		int ret;                                                       \
                                                                               \
		s = vfio_alloc_device(type, vdev, &mdev->dev, &type##_ops);    \
		if (IS_ERR(s))                                                 \
			return PTR_ERR(s);                                     \
		dev_set_drvdata(&mdev->dev, s);                                \
		ret = vfio_register_emulated_iommu_dev(&s->vdev);              \
		if (ret)                                                       \
			vfio_put_device(&s->vdev);                             \
		return ret;                                                    \
	}                                                                      \
	static void type##_remove(struct mdev_device *mdev)                    \
	{                                                                      \
		struct type *s = dev_get_drvdata(&mdev->dev);                  \
                                                                               \
		vfio_unregister_group_dev(&s->vdev);                           \
		vfio_put_device(&s->vdev);                                     \
	}                                                                      \
	DRIVER(type)

#define DRIVER(type)                                                           \
	static struct mdev_driver type##_driver = { .probe = type##_probe,     \
						    .remove = type##_remove }
