/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The iommufd operations of an ops table, where the mock headers have them. */
#ifdef MOCK_6_2_LINUX_VFIO_H
#define IOMMUFD(kind)                                                          \
	.bind_iommufd = vfio_iommufd_##kind##_bind,                            \
	.unbind_iommufd = vfio_iommufd_##kind##_unbind,                        \
	.attach_ioas = vfio_iommufd_##kind##_attach_ioas,                      \
	.detach_ioas = vfio_iommufd_##kind##_detach_ioas
#else
#define IOMMUFD(kind) .name = "test"
#endif
