/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_DEVICE_ACTION_H
#define MOCK_COMMON_LINUX_DEVICE_ACTION_H

struct device;

int devm_add_action(struct device *dev, void (*action)(void *), void *data);

static inline int devm_add_action_or_reset(struct device *dev,
                                           void (*action)(void *), void *data) {
  int ret = devm_add_action(dev, action, data);

  if (ret)
    action(data);
  return ret;
}

#endif /* MOCK_COMMON_LINUX_DEVICE_ACTION_H */
