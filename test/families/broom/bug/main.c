// SPDX-License-Identifier: GPL-2.0
#include "broom.h"

static int broom_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void broom_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops broom_dev_ops = {
	.name		= "broom",
	.release	= vfio_free_device,
	.open_device	= broom_open_device,
	.close_device	= broom_close_device,
};

static LIST_HEAD(brooms);
static struct platform_device *shed;

static void broom_clear(void)
{
	struct broom *b;

	while ((b = broom_pop(&brooms)) != NULL)
		vfio_put_device(&b->vdev);
}

static int __init broom_load(void)
{
	struct broom *b;
	int ret = 0, n;

	shed = platform_device_register_simple("broom", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(shed))
		return PTR_ERR(shed);

	for (n = 0; n != 2 && !ret; n++) {
		b = vfio_alloc_device(broom, vdev, &shed->dev, &broom_dev_ops);
		if (IS_ERR(b)) {
			ret = PTR_ERR(b);
			break;
		}
		ret = vfio_register_emulated_iommu_dev(&b->vdev);
		if (ret)
			vfio_put_device(&b->vdev);
		else
			list_add(&b->link, &brooms);
	}
	if (ret) {
		broom_clear();
		platform_device_unregister(shed);
	}
	return ret;
}

static void __exit broom_unload(void)
{
	broom_clear();
	platform_device_unregister(shed);
}
module_init(broom_load);
module_exit(broom_unload);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("broom");
