/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A device of struct lamp, with the ops table of that name. */
#define ALLOCATED(name)                                                        \
	struct lamp *name##_make(struct device *dev)                           \
	{                                                                      \
		struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &name);    \
		int ret;                                                       \
                                                                               \
		if (IS_ERR(l))                                                 \
			return l;                                              \
		ret = vfio_register_emulated_iommu_dev(&l->vdev);              \
		if (!ret)                                                      \
			return l;                                              \
		vfio_put_device(&l->vdev);                                     \
		return ERR_PTR(ret);                                           \
	}
