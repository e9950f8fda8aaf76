/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_KVM_HOST_H
#define MOCK_COMMON_LINUX_KVM_HOST_H

struct kvm;

#endif /* MOCK_COMMON_LINUX_KVM_HOST_H */
