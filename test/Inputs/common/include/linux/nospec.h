/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_NOSPEC_H
#define MOCK_COMMON_LINUX_NOSPEC_H

#define array_index_nospec(index, size) (index)

#endif /* MOCK_COMMON_LINUX_NOSPEC_H */
