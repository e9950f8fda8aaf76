/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_SLAB_H
#define MOCK_COMMON_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

struct kmem_cache;

void *__kmalloc(size_t size, gfp_t flags) __alloc_size(1);
void *__kmalloc_node(size_t size, gfp_t flags, int node) __alloc_size(1);
void *kvmalloc_node(size_t size, gfp_t flags, int node) __alloc_size(1);
void *krealloc(const void *p, size_t size, gfp_t flags) __must_check;
void kfree(const void *p);
void kvfree(const void *p);
void kfree_sensitive(const void *p);
void kvfree_sensitive(const void *p, size_t len);
size_t ksize(const void *p);
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);

static __always_inline __alloc_size(1) void *kmalloc(size_t size, gfp_t flags) {
  return __kmalloc(size, flags);
}

static __always_inline
__alloc_size(1) void *kmalloc_node(size_t size, gfp_t flags, int node) {
  return __kmalloc_node(size, flags, node);
}

static inline __alloc_size(1, 2) void *kmalloc_array(size_t n, size_t size,
                                                     gfp_t flags) {
  return kmalloc(size_mul(n, size), flags);
}

static inline __alloc_size(1, 2) void *kcalloc(size_t n, size_t size,
                                               gfp_t flags) {
  return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline __alloc_size(1) void *kzalloc(size_t size, gfp_t flags) {
  return kmalloc(size, flags | __GFP_ZERO);
}

static inline __alloc_size(1) void *kzalloc_node(size_t size, gfp_t flags,
                                                 int node) {
  return kmalloc_node(size, flags | __GFP_ZERO, node);
}

static inline __alloc_size(1) void *kvmalloc(size_t size, gfp_t flags) {
  return kvmalloc_node(size, flags, NUMA_NO_NODE);
}

static inline __alloc_size(1) void *kvzalloc_node(size_t size, gfp_t flags,
                                                  int node) {
  return kvmalloc_node(size, flags | __GFP_ZERO, node);
}

static inline __alloc_size(1) void *kvzalloc(size_t size, gfp_t flags) {
  return kvmalloc(size, flags | __GFP_ZERO);
}

static inline __alloc_size(1, 2) void *kvmalloc_array(size_t n, size_t size,
                                                      gfp_t flags) {
  return kvmalloc(size_mul(n, size), flags);
}

static inline __alloc_size(1, 2) void *kvcalloc(size_t n, size_t size,
                                                gfp_t flags) {
  return kvmalloc_array(n, size, flags | __GFP_ZERO);
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
                                     unsigned int align, unsigned int flags,
                                     void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cache, void *p);

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags) {
  return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

#endif /* MOCK_COMMON_LINUX_SLAB_H */
