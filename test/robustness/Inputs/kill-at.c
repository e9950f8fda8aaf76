// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// To be preloaded: ends the process by SIGKILL right before the KILL_AT-th of
// the calls by which a file or a folder changes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *next(const char *name)
{
	static long calls;
	const char *at = getenv("KILL_AT");

	if (at && ++calls == atol(at))
		raise(SIGKILL);
	return dlsym(RTLD_NEXT, name);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int (*real)(int, const char *, int, const char *) = next("renameat");

	return real(from_dir, from, to_dir, to);
}

int unlinkat(int dir, const char *name, int flags)
{
	int (*real)(int, const char *, int) = next("unlinkat");

	return real(dir, name, flags);
}

int fsync(int fd)
{
	int (*real)(int) = next("fsync");

	return real(fd);
}

int fchmod(int fd, mode_t mode)
{
	int (*real)(int, mode_t) = next("fchmod");

	return real(fd, mode);
}

int openat(int dir, const char *name, int flags, ...)
{
	int (*real)(int, const char *, int, ...);
	mode_t mode = 0;
	va_list list;

	va_start(list, flags);
	if (flags & O_CREAT)
		mode = va_arg(list, mode_t);
	va_end(list);
	real = flags & O_CREAT ? next("openat") : dlsym(RTLD_NEXT, "openat");
	return real(dir, name, flags, mode);
}
