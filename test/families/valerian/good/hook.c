// SPDX-License-Identifier: GPL-2.0
#include "valerian.h"

void valerian_hook(struct valerian *v, struct pci_dev *pdev)
{
	dev_set_drvdata(&pdev->dev, &v->core);
}
