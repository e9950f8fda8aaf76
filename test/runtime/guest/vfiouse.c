// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A user of a VFIO device, for the guest of the runtime tests.
//
//   vfiouse rw GROUP DEVICE [REGION]     open, read and write a region, close
//   vfiouse peek GROUP DEVICE REGION     open, read four bytes, close
//   vfiouse touch GROUP DEVICE           open and close, nothing else
//   vfiouse hold GROUP DEVICE FILE       open, say "held", wait until FILE is
//                                        there, read four bytes, close
//
// GROUP is what the device is opened by, in /dev/vfio: a number, by way of a
// container; devices/vfioN, by way of an iommufd.
//
// Exits with 0 when all went well; else it says which step did not, and exits
// with the errno of that step.
//
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What the host's headers may not have yet; linux/iommufd.h and linux/vfio.h.
 */
struct ioas_alloc {
  unsigned int size, flags, out_ioas_id;
};
struct bind_iommufd {
  unsigned int argsz, flags;
  int iommufd;
  unsigned int out_devid;
};
struct attach_pt {
  unsigned int argsz, flags, pt_id;
};
#define IOAS_ALLOC _IO(';', 0x81)
#define BIND_IOMMUFD _IO(';', 100 + 18)
#define ATTACH_PT _IO(';', 100 + 19)

struct user {
  int container; /* or the iommufd */
  int group;     /* none where the device is opened itself */
  int device;
};

static int failed(const char *step)
{
	int error = errno ? errno : EIO;

	fprintf(stderr, "vfiouse: %s: %s\n", step, strerror(error));
	return error;
}

/* The device itself is opened, and bound to an iommufd of its own. */
static int user_bind(struct user *u, const char *node) {
  struct ioas_alloc ioas = {.size = sizeof(ioas)};
  struct bind_iommufd bind = {.argsz = sizeof(bind)};
  struct attach_pt attach = {.argsz = sizeof(attach)};
  char path[64];

  u->group = -1;
  u->container = open("/dev/iommu", O_RDWR);
  if (u->container < 0)
    return failed("open the iommufd");
  if (ioctl(u->container, IOAS_ALLOC, &ioas))
    return failed("IOMMU_IOAS_ALLOC");

  snprintf(path, sizeof(path), "/dev/vfio/%s", node);
  u->device = open(path, O_RDWR);
  if (u->device < 0)
    return failed("open the device");
  bind.iommufd = u->container;
  if (ioctl(u->device, BIND_IOMMUFD, &bind))
    return failed("VFIO_DEVICE_BIND_IOMMUFD");
  attach.pt_id = ioas.out_ioas_id;
  if (ioctl(u->device, ATTACH_PT, &attach))
    return failed("VFIO_DEVICE_ATTACH_IOMMUFD_PT");
  return 0;
}

/* The group joins a container of its own, as a virtual machine's would. */
static int user_open(struct user *u, const char *group, const char *device)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];

        if (!strncmp(group, "devices/", 8))
          return user_bind(u, group);

        u->container = open("/dev/vfio/vfio", O_RDWR);
        if (u->container < 0)
		return failed("open the container");

	snprintf(path, sizeof(path), "/dev/vfio/%s", group);
	u->group = open(path, O_RDWR);
	if (u->group < 0)
		return failed("open the group");

	if (ioctl(u->group, VFIO_GROUP_GET_STATUS, &status))
		return failed("VFIO_GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE)) {
		errno = EPERM;
		return failed("the group is not viable");
	}
	if (ioctl(u->group, VFIO_GROUP_SET_CONTAINER, &u->container))
		return failed("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(u->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return failed("VFIO_SET_IOMMU");

	u->device = ioctl(u->group, VFIO_GROUP_GET_DEVICE_FD, device);
	if (u->device < 0)
		return failed("VFIO_GROUP_GET_DEVICE_FD");
	return 0;
}

static void user_close(struct user *u)
{
	close(u->device);
        if (u->group >= 0)
          close(u->group);
        close(u->container);
}

static int region_of(struct user *u, unsigned int index,
		     struct vfio_region_info *region)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(u->device, VFIO_DEVICE_GET_INFO, &info))
		return failed("VFIO_DEVICE_GET_INFO");
	if (index >= info.num_regions) {
		errno = ENXIO;
		return failed("the device has no such region");
	}

	memset(region, 0, sizeof(*region));
	region->argsz = sizeof(*region);
	region->index = index;
	if (ioctl(u->device, VFIO_DEVICE_GET_REGION_INFO, region))
		return failed("VFIO_DEVICE_GET_REGION_INFO");
	return 0;
}

/* What is written at both ends of the region must be read back. */
static int exercise(struct user *u, unsigned int index)
{
	static const char text[] = "written";
	struct vfio_region_info region;
	char back[sizeof(text)];
	unsigned long long at[2];
	int ret, i;

	ret = region_of(u, index, &region);
	if (ret)
		return ret;

	at[0] = region.offset;
	at[1] = region.offset + region.size - sizeof(text);
	for (i = 0; i < 2; i++) {
		if (region.flags & VFIO_REGION_INFO_FLAG_WRITE &&
		    pwrite(u->device, text, sizeof(text), at[i]) !=
			    sizeof(text))
			return failed("write to the region");
		if (pread(u->device, back, sizeof(back), at[i]) !=
		    sizeof(back))
			return failed("read from the region");
		if (region.flags & VFIO_REGION_INFO_FLAG_WRITE &&
		    memcmp(back, text, sizeof(text))) {
			errno = EILSEQ;
			return failed("read back what was written");
		}
	}
	return 0;
}

static int peek(struct user *u, unsigned int index)
{
	struct vfio_region_info region;
	unsigned int word;
	int ret;

	ret = region_of(u, index, &region);
	if (ret)
		return ret;
	if (pread(u->device, &word, sizeof(word), region.offset) !=
	    sizeof(word))
		return failed("read from the region");
	printf("%08x\n", word);
	return 0;
}

static void wait_for(const char *file)
{
	puts("held");
	fflush(stdout);
	while (access(file, F_OK))
		usleep(20000);
}

int main(int argc, char **argv)
{
	struct user u;
	int ret;

	if (argc < 4) {
		fprintf(stderr, "usage: vfiouse rw|peek|touch|hold GROUP DEVICE [REGION|FILE]\n");
		return EINVAL;
	}

	ret = user_open(&u, argv[2], argv[3]);
	if (ret)
		return ret;

	if (!strcmp(argv[1], "hold")) {
		wait_for(argc > 4 ? argv[4] : "/");
		ret = peek(&u, 0);
	} else if (!strcmp(argv[1], "peek")) {
		ret = peek(&u, argc > 4 ? atoi(argv[4]) : 0);
	} else if (!strcmp(argv[1], "rw")) {
		ret = exercise(&u, argc > 4 ? atoi(argv[4]) : 0);
	}
	user_close(&u);
	return ret;
}
