// SPDX-License-Identifier: GPL-2.0
/*
 * Relays as such, whoever asks for them.
 */
#include <linux/device.h>
#include <linux/slab.h>

#include "relay.h"

/* On success *out is a relay that is ready to be registered. */
int relay_create(struct device *dev, const struct vfio_device_ops *ops,
		 struct relay **out)
{
	struct relay *rl;
	int ret;

	rl = kzalloc(sizeof(*rl), GFP_KERNEL);
	if (!rl)
		return -ENOMEM;

	vfio_init_group_dev(&rl->vdev, dev, ops);
	mutex_init(&rl->lock);

	rl->message = kzalloc(RELAY_SIZE, GFP_KERNEL);
	if (!rl->message) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	rl->route = kasprintf(GFP_KERNEL, "via %s", dev_name(dev));
	if (!rl->route) {
		ret = -ENOMEM;
		goto err_message;
	}

	*out = rl;
	return 0;

err_message:
	kfree(rl->message);
err_uninit:
	vfio_uninit_group_dev(&rl->vdev);
	kfree(rl);
	return ret;
}

void relay_destroy(struct relay *rl)
{
	kfree(rl->route);
	kfree(rl->message);
	vfio_uninit_group_dev(&rl->vdev);
	kfree(rl);
}
