/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_VFIO_H
#define MOCK_6_2_LINUX_VFIO_H

#include <linux/cdev.h>
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
  const struct vfio_migration_ops *mig_ops;
  const struct vfio_log_ops *log_ops;
  struct vfio_group *group;
  struct list_head group_next;
  struct list_head iommu_entry;
  struct vfio_device_set *dev_set;
  struct list_head dev_set_list;
  unsigned int migration_flags;
  struct kvm *kvm;

  /* Members below here are private, not for driver use */
#ifdef IOMMUFD_CTX_IN_DEVICE /* 6.2 and 6.3 */
  struct iommufd_ctx *iommufd_ictx;
#endif
  unsigned int index;
  struct device device;
  struct cdev cdev;
  refcount_t refcount;
  unsigned int open_count;
  struct completion comp;
  struct iommufd_access *iommufd_access;
  void (*put_kvm)(struct kvm *kvm);
  struct inode *inode;
  struct iommufd_device *iommufd_device;
  u8 iommufd_attached : 1;
  u8 cdev_opened : 1;
};

struct vfio_device_ops {
  char *name;
  int (*init)(struct vfio_device *vdev);
  void (*release)(struct vfio_device *vdev);
  int (*bind_iommufd)(struct vfio_device *vdev, struct iommufd_ctx *ictx,
                      u32 *out_device_id);
  void (*unbind_iommufd)(struct vfio_device *vdev);
  int (*attach_ioas)(struct vfio_device *vdev, u32 *pt_id);
  void (*detach_ioas)(struct vfio_device *vdev);
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
  void (*dma_unmap)(struct vfio_device *vdev, u64 iova, u64 length);
  int (*device_feature)(struct vfio_device *device, u32 flags, void __user *arg,
                        size_t argsz);
};

struct vfio_migration_ops {
  struct file *(*migration_set_state)(struct vfio_device *device,
                                      enum vfio_device_mig_state new_state);
  int (*migration_get_state)(struct vfio_device *device,
                             enum vfio_device_mig_state *curr_state);
};

struct vfio_device *_vfio_alloc_device(size_t size, struct device *dev,
                                       const struct vfio_device_ops *ops);
#define vfio_alloc_device(dev_struct, member, dev, ops)                        \
  container_of(_vfio_alloc_device(                                             \
                   sizeof(struct dev_struct) +                                 \
                       BUILD_BUG_ON_ZERO(offsetof(struct dev_struct, member)), \
                   dev, ops),                                                  \
               struct dev_struct, member)

static inline void vfio_put_device(struct vfio_device *device) {
  put_device(&device->device);
}

int vfio_register_group_dev(struct vfio_device *device);
int vfio_register_emulated_iommu_dev(struct vfio_device *device);
void vfio_unregister_group_dev(struct vfio_device *device);
int vfio_pin_pages(struct vfio_device *device, dma_addr_t iova, int npage,
                   int prot, struct page **pages);
void vfio_unpin_pages(struct vfio_device *device, dma_addr_t iova, int npage);
int vfio_assign_device_set(struct vfio_device *device, void *set_id);

int vfio_iommufd_physical_bind(struct vfio_device *vdev,
                               struct iommufd_ctx *ictx, u32 *out_device_id);
void vfio_iommufd_physical_unbind(struct vfio_device *vdev);
int vfio_iommufd_physical_attach_ioas(struct vfio_device *vdev, u32 *pt_id);
void vfio_iommufd_physical_detach_ioas(struct vfio_device *vdev);
int vfio_iommufd_emulated_bind(struct vfio_device *vdev,
                               struct iommufd_ctx *ictx, u32 *out_device_id);
void vfio_iommufd_emulated_unbind(struct vfio_device *vdev);
int vfio_iommufd_emulated_attach_ioas(struct vfio_device *vdev, u32 *pt_id);
void vfio_iommufd_emulated_detach_ioas(struct vfio_device *vdev);

struct vfio_info_cap {
  struct vfio_info_cap_header *buf;
  size_t size;
};
int vfio_info_add_capability(struct vfio_info_cap *caps,
                             struct vfio_info_cap_header *cap, size_t size);
void vfio_info_cap_shift(struct vfio_info_cap *caps, size_t offset);

#endif /* MOCK_6_2_LINUX_VFIO_H */
