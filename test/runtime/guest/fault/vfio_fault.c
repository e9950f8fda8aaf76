// SPDX-License-Identifier: GPL-2.0
/*
 * vfio_fault - make the n-th fallible call of a module fail
 *
 * For the runtime tests: a kprobe sits on every function that a driver's
 * set-up may call and that can fail. When "target" names a module and
 * "countdown" is n, the n-th such call that comes from that module does not
 * happen; its caller gets the error instead. So each step of a driver's
 * set-up can be made to fail, the registration included, and the driver
 * needs no code for it.
 *
 * "marked" names a function as MODULE:FUNCTION, the one with a driver's bug in
 * it; the log gets a line when it is called. What a kernel does later may be
 * the bug's doing.
 */
#include <linux/err.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char target[MODULE_NAME_LEN];
module_param_string(target, target, sizeof(target), 0644);
MODULE_PARM_DESC(target, "module whose calls are counted");

static int countdown;
module_param(countdown, int, 0644);
MODULE_PARM_DESC(countdown, "the call of this number fails (0: none)");

static char fired[KSYM_SYMBOL_LEN];
module_param_string(fired, fired, sizeof(fired), 0644);
MODULE_PARM_DESC(fired, "the call that failed last, and its caller");

static char marked[MODULE_NAME_LEN + KSYM_NAME_LEN];

static int mark_enter(struct kprobe *probe, struct pt_regs *regs)
{
	static char called[sizeof(marked)];	/* the last that was said */
	const char *function = strchr(marked, ':') + 1;

	if (strcmp(called, marked)) {
		strscpy(called, marked, sizeof(called));
		pr_notice("VT: ran %.*s %s\n", (int)(function - 1 - marked),
			  marked, function);
	}
	return 0;
}

static struct kprobe mark = {
	.symbol_name = marked,
	.pre_handler = mark_enter,
};
static bool mark_armed;

static void mark_drop(void)
{
	if (mark_armed)
		unregister_kprobe(&mark);
	mark_armed = false;
	mark.addr = NULL;
	mark.flags = 0;
}

/* The module is loaded by now: its function can be found. */
static int mark_set(const char *text, const struct kernel_param *param)
{
	int ret;

	if (!strchr(text, ':'))
		return -EINVAL;
	mark_drop();
	if (strscpy(marked, text, sizeof(marked)) < 0)
		return -E2BIG;
	ret = register_kprobe(&mark);
	mark_armed = !ret;
	return ret;
}

static const struct kernel_param_ops mark_ops = { .set = mark_set };
module_param_cb(marked, &mark_ops, NULL, 0200);
MODULE_PARM_DESC(marked, "MODULE:FUNCTION whose first call is logged");

static DEFINE_SPINLOCK(fault_lock);	/* countdown and fired */

struct fault {
	struct kprobe probe;
	long result;
	bool armed;
};

#define FAULT(name, error) { .probe.symbol_name = name, .result = error }

/* Those that a kernel does not have are left out. */
static struct fault faults[] = {
	/* Memory: by the names that 6.1 and 6.12 export. */
	FAULT("__kmalloc", 0),
	FAULT("__kmalloc_node", 0),
	FAULT("__kmalloc_noprof", 0),
	FAULT("__kmalloc_node_noprof", 0),
	FAULT("kmalloc_trace", 0),
	FAULT("kmalloc_node_trace", 0),
	FAULT("__kmalloc_cache_noprof", 0),
	FAULT("__kmalloc_cache_node_noprof", 0),
	FAULT("kmalloc_large", 0),
	FAULT("__kmalloc_large_noprof", 0),
	FAULT("kvmalloc_node", 0),
	FAULT("__kvmalloc_node_noprof", 0),
	FAULT("vmalloc", 0),
	FAULT("vmalloc_noprof", 0),
	FAULT("vzalloc", 0),
	FAULT("vzalloc_noprof", 0),
	FAULT("kstrdup", 0),
	FAULT("kstrdup_noprof", 0),
	FAULT("kasprintf", 0),
	FAULT("kmemdup", 0),
	FAULT("kmemdup_noprof", 0),
	FAULT("devm_kmalloc", 0),
	/* The life of the device. */
	FAULT("_vfio_alloc_device", -ENOMEM),
	FAULT("vfio_init_device", -ENOMEM),
	FAULT("vfio_register_group_dev", -EBUSY),
	FAULT("vfio_register_emulated_iommu_dev", -EBUSY),
	FAULT("vfio_pci_core_init_dev", -EIO),
	FAULT("vfio_pci_core_register_device", -EBUSY),
	/* What else a set-up asks for. */
	FAULT("ida_alloc_range", -ENOSPC),
	FAULT("device_create_file", -ENOMEM),
	FAULT("devm_add_action", -ENOMEM),
	FAULT("__devm_add_action", -ENOMEM),
};

/* Where a call goes that does not happen: straight back. */
static noinline notrace void fault_skip(void)
{
	asm volatile("");
}

static bool called_by_target(unsigned long caller)
{
	char symbol[KSYM_SYMBOL_LEN];
	char module[MODULE_NAME_LEN + 3];

	snprintf(module, sizeof(module), "[%s]", target);
	sprint_symbol_no_offset(symbol, caller);
	return strstr(symbol, module);
}

static int fault_enter(struct kprobe *probe, struct pt_regs *regs)
{
	struct fault *fault = container_of(probe, struct fault, probe);
	unsigned long caller = *(unsigned long *)regs->sp;
	unsigned long flags;
	bool fail;

	if (!READ_ONCE(countdown) || !called_by_target(caller))
		return 0;

	spin_lock_irqsave(&fault_lock, flags);
	fail = countdown && !--countdown;
	if (fail)
		snprintf(fired, sizeof(fired), "%s in %ps",
			 probe->symbol_name, (void *)caller);
	spin_unlock_irqrestore(&fault_lock, flags);
	if (!fail)
		return 0;

	regs->ax = fault->result;
	regs->ip = (unsigned long)fault_skip;
	return 1;
}

/* Its presence tells kprobes that the instruction pointer may change. */
static void fault_post(struct kprobe *probe, struct pt_regs *regs,
		       unsigned long flags)
{
}

static int __init fault_init(void)
{
	unsigned int i, armed = 0;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		faults[i].probe.pre_handler = fault_enter;
		faults[i].probe.post_handler = fault_post;
		faults[i].armed = !register_kprobe(&faults[i].probe);
		armed += faults[i].armed;
	}
	pr_info("vfio_fault: %u functions can be made to fail\n", armed);
	return armed ? 0 : -ENOENT;
}

static void __exit fault_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (faults[i].armed)
			unregister_kprobe(&faults[i].probe);
	mark_drop();
}

module_init(fault_init);
module_exit(fault_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Make the n-th fallible call of a module fail");
