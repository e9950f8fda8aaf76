/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_RESET_H
#define MOCK_COMMON_LINUX_RESET_H

#include <linux/types.h>

struct device;
struct reset_control;
struct reset_control *reset_control_get_exclusive(struct device *dev,
                                                  const char *id);
struct reset_control *
reset_control_get_optional_exclusive(struct device *dev, const char *id);
void reset_control_put(struct reset_control *rstc);

#endif /* MOCK_COMMON_LINUX_RESET_H */
