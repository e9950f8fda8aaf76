/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_ERRNO_H
#define MOCK_COMMON_LINUX_ERRNO_H

#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EIO 5
#define ENXIO 6
#define E2BIG 7
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define EMFILE 24
#define ENOTTY 25
#define EFBIG 27
#define ENOSPC 28
#define ERANGE 34
#define EOPNOTSUPP 95
#define EUSERS 87
#define ETIMEDOUT 110
#define EOVERFLOW 75
#define EPROBE_DEFER 517
#define ENOTSUPP 524

#endif /* MOCK_COMMON_LINUX_ERRNO_H */
