// RUN: %check_vfio %s vfio-locking %t -gen=6.1,6.2

/* A function that other files call, and whose callers say by a number whether
 * it returns with the lock. */

#include <linux/mutex.h>
#include <linux/vfio.h>

struct gate {
	struct vfio_device vdev;
	struct mutex lock;
	int v;
};

enum how { PEEK, HOLD };

void gate_init(struct gate *g);
void gate_init(struct gate *g)
{
	mutex_init(&g->lock);
}

int gate_enter(struct gate *g, enum how how);
int gate_enter(struct gate *g, enum how how)
{
	int v;

	mutex_lock(&g->lock);
	v = g->v;
	if (how == PEEK)
		mutex_unlock(&g->lock);
	return v;
}

int gate_enter_early(struct gate *g, enum how how);
int gate_enter_early(struct gate *g, enum how how)
{
	mutex_lock(&g->lock);
	if (how == HOLD)
		return g->v;
	mutex_unlock(&g->lock);
	return 0;
}

/* A failure is none that a caller has asked for. */
int gate_set(struct gate *g, int v);
int gate_set(struct gate *g, int v)
{
	mutex_lock(&g->lock);
	if (v < 0)
		return -EINVAL;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '{{.*}}' returns with the lock held [vfio-locking]
	g->v = v;
	mutex_unlock(&g->lock);
	return 0;
}
