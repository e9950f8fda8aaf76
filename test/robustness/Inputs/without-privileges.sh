#!/bin/sh
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# without-privileges.sh COMMAND...: runs it so that what its owner may not read it cannot read, root's or not, and says
# how it ended.
if [ "$(id -u)" = 0 ]; then
  setpriv --bounding-set=-dac_override,-dac_read_search -- "$@"
else
  "$@"
fi
echo "status $?"
