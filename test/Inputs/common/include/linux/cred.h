/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_CRED_H
#define MOCK_COMMON_LINUX_CRED_H

struct cred;
struct cred *prepare_creds(void);
const struct cred *get_cred(const struct cred *cred);
void put_cred(const struct cred *cred);
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);

#endif /* MOCK_COMMON_LINUX_CRED_H */
