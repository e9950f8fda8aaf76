// RUN: %check_vfio %s vfio-open-contract,vfio-locking %t -gen=6.2

#include "Inputs/lives.h"

/* What is taken under one condition is given back under another one, which is
 * not always true where the first is. */
static DEFINE_MUTEX(abacus_lock);
static DEFINE_MUTEX(beads_lock);

#define BEADS_RED 1u
#define BEADS_BLUE 2u
struct abacus {
	struct vfio_device vdev;
	int low, high, open;
	u32 flags, beads;
	void *rows[6];
};

static bool abacus_asks(struct abacus *s)
{
	if (s->low > 3)
		return true;
	return s->open;
}

#define IOCTL(name)                                                            \
	static long name(struct vfio_device *vdev, unsigned int cmd,           \
			 unsigned long arg);                                   \
	static const struct vfio_device_ops name##_ops = {                     \
		.ioctl = name,                                                 \
		IOMMUFD(emulated),                                             \
	};                                                                     \
	static long name(struct vfio_device *vdev, unsigned int cmd,           \
			 unsigned long arg)

/* Two members, asked the other way round */
IOCTL(abacus_take0)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low < s->high) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->low > s->high)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take0' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* ... and its negation */
IOCTL(abacus_take1)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low != s->high) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->high == s->low)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take1' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* ... and what follows from it */
IOCTL(abacus_take2)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low < s->high) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->low != s->high && s->low >= s->high)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take2' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* One or the other */
IOCTL(abacus_take3)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low || s->open) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->low || s->high)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take3' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* One of three */
IOCTL(abacus_take4)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low || s->open || cmd > 4) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->low || s->open || cmd > 5)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take4' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* One of two numbers */
IOCTL(abacus_take5)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (cmd == 3 || cmd == 5) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (cmd == 3 || cmd == 6)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take5' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* ... as a range */
IOCTL(abacus_take6)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (cmd == 1 || cmd == 2) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (cmd != 0 && cmd < 2)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take6' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* Both */
IOCTL(abacus_take7)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (s->low && s->open) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (!(s->low || s->open))
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take7' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* A bit, compared */
IOCTL(abacus_take8)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (BEADS_RED & s->flags) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if ((s->flags & BEADS_RED) != BEADS_RED)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take8' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* One of two bits */
IOCTL(abacus_take9)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if ((s->flags & BEADS_RED) || (s->flags & BEADS_BLUE)) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (s->flags & BEADS_RED)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take9' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* Both bits */
IOCTL(abacus_take10)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if ((s->flags & 3) == 3) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if ((s->flags & BEADS_RED) && !(s->flags & BEADS_BLUE))
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take10' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* A function with two ways out */
IOCTL(abacus_take11)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (abacus_asks(s)) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (!abacus_asks(s))
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_take11' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

/* A bit that is asked again, where another one may have been set meanwhile */
IOCTL(abacus_paint)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);

	if (s->flags & BEADS_RED)
		mutex_lock(&abacus_lock);
	if (cmd == 3)
		s->flags |= BEADS_BLUE;
	if (s->flags & BEADS_BLUE)
		mutex_unlock(&abacus_lock);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'abacus_paint' returns with the lock held [vfio-locking]
}

/* The answer is kept in a variable, on some way */
IOCTL(abacus_flag)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	bool both = s->low && s->open, other = false;

	s->beads++;
	if (cmd == 6)
		other = true;
	else if (cmd == 8)
		other = true;
	s->beads++;
	if (both)
		mutex_lock(&abacus_lock);
	s->beads++;
	if (s->low && s->open)
		mutex_unlock(&abacus_lock);
	if (other)
		mutex_lock(&beads_lock);
	s->beads++;
	if (cmd == 6 || cmd == 9)
		mutex_unlock(&beads_lock);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'abacus_flag' returns with the lock held [vfio-locking]
}

/* Cases of a switch, and ranges of them */
IOCTL(abacus_range)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	switch (cmd) {
	case 3 ... 6:
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
		break;
	}
	s->beads++;
	switch (cmd) {
	case 3 ... 5:
		kfree(row);
		break;
	}
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_range' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

IOCTL(abacus_cases)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	switch (cmd) {
	case 3:
	case 5:
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
		break;
	default:
		break;
	}
	s->beads++;
	switch (cmd) {
	case 5:
	case 4:
		kfree(row);
		break;
	}
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_cases' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}
