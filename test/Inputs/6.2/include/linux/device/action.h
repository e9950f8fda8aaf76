/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_DEVICE_ACTION_H
#define MOCK_6_2_LINUX_DEVICE_ACTION_H

struct device;

int __devm_add_action(struct device *dev, void (*action)(void *), void *data,
                      const char *name);
#define devm_add_action(dev, action, data)                                     \
  __devm_add_action(dev, action, data, #action)

static inline int __devm_add_action_or_reset(struct device *dev,
                                             void (*action)(void *), void *data,
                                             const char *name) {
  int ret = __devm_add_action(dev, action, data, name);

  if (ret)
    action(data);
  return ret;
}
#define devm_add_action_or_reset(dev, action, data)                            \
  __devm_add_action_or_reset(dev, action, data, #action)

#endif /* MOCK_6_2_LINUX_DEVICE_ACTION_H */
