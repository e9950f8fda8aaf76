// SPDX-License-Identifier: GPL-2.0
#include "fennel.h"

int fennel_attach(struct fennel *f, struct pci_dev *pdev)
{
	if (f->vf > 64)
		return -EINVAL;
	pci_set_drvdata(pdev, f);
	return 0;
}
