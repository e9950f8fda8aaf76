#!/usr/bin/env python3
# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A driver with functions besides that give back what is there: many members, a list, an array.

  many-gives.py DRIVER COUNT
"""
import sys

driver, count = sys.argv[1], int(sys.argv[2])
with open(driver) as file:
    print(file.read())
print("""
struct many {
	struct list_head entries;
	struct many_entry {
		struct list_head entry;
		void *text;
	} *parts;
	int nr;
%s};

void many_end(struct many *m)
{
	struct many_entry *e, *next;
	int i;

%s	list_for_each_entry_safe(e, next, &m->entries, entry) {
		list_del(&e->entry);
		kfree(e->text);
		kfree(e);
	}
	for (i = 0; i < m->nr; i++)
		if (m->parts[i].text)
			kfree(m->parts[i].text);
	kfree(m->parts);
}
""" % ("".join("\tvoid *m%d;\n" % i for i in range(count)),
       "".join("\tif (m->m%d)\n\t\tkfree(m->m%d);\n" % (i, i) for i in range(count))))
