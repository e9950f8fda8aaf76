/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_KVM_HOST_H
#define MOCK_COMMON_LINUX_KVM_HOST_H

#include <linux/types.h>

struct kvm;
bool kvm_get_kvm_safe(struct kvm *kvm);
void kvm_get_kvm(struct kvm *kvm);
void kvm_put_kvm(struct kvm *kvm);

#endif /* MOCK_COMMON_LINUX_KVM_HOST_H */
