/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_5_15_LINUX_VFIO_H
#define MOCK_5_15_LINUX_VFIO_H

#include <linux/completion.h>
#include <linux/iommu.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/workqueue.h>
#include <uapi/linux/vfio.h>

struct kvm;
struct vfio_group;
struct iommufd_ctx;
struct iommufd_device;
struct iommufd_access;

struct vfio_device_set {
  void *set_id;
  struct mutex lock;
  struct list_head device_list;
  unsigned int device_count;
};

struct vfio_device {
  struct device *dev;
  const struct vfio_device_ops *ops;
  struct vfio_group *group;
  struct vfio_device_set *dev_set;
  struct list_head dev_set_list;

  /* Members below here are private, not for driver use */
  refcount_t refcount;
  unsigned int open_count;
  struct completion comp;
  struct list_head group_next;
};

struct vfio_device_ops {
  char *name;
  int (*open_device)(struct vfio_device *vdev);
  void (*close_device)(struct vfio_device *vdev);
  ssize_t (*read)(struct vfio_device *vdev, char __user *buf, size_t count,
                  loff_t *ppos);
  ssize_t (*write)(struct vfio_device *vdev, const char __user *buf,
                   size_t count, loff_t *ppos);
  long (*ioctl)(struct vfio_device *vdev, unsigned int cmd, unsigned long arg);
  int (*mmap)(struct vfio_device *vdev, struct vm_area_struct *vma);
  void (*request)(struct vfio_device *vdev, unsigned int count);
  int (*match)(struct vfio_device *vdev, char *buf);
};

void vfio_init_group_dev(struct vfio_device *device, struct device *dev,
                         const struct vfio_device_ops *ops);
void vfio_uninit_group_dev(struct vfio_device *device);
int vfio_register_group_dev(struct vfio_device *device);
int vfio_register_emulated_iommu_dev(struct vfio_device *device);
void vfio_unregister_group_dev(struct vfio_device *device);
int vfio_assign_device_set(struct vfio_device *device, void *set_id);

#endif /* MOCK_5_15_LINUX_VFIO_H */
