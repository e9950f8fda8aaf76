/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_EVENTFD_H
#define MOCK_COMMON_LINUX_EVENTFD_H

struct eventfd_ctx;
struct eventfd_ctx *eventfd_ctx_fdget(int fd);
void eventfd_ctx_put(struct eventfd_ctx *ctx);

#endif /* MOCK_COMMON_LINUX_EVENTFD_H */
