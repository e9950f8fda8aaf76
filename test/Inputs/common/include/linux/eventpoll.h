/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_EVENTPOLL_H
#define MOCK_COMMON_LINUX_EVENTPOLL_H

#include <linux/poll.h>

#endif /* MOCK_COMMON_LINUX_EVENTPOLL_H */
