# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All operators: each takes a driver and yields its mutants."""
from . import alloc_result, container_of, contracts, lifecycle, misuse, other_devices, other_lives, taken_and_kept

VFIO = (misuse, container_of, alloc_result, lifecycle, contracts, other_lives, taken_and_kept)
OTHERS = (other_devices,)


def mutants(driver, modules):
    for module in modules:
        for operator in module.OPERATORS:
            yield from operator(driver)
