/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_SLAB_H
#define MOCK_6_2_LINUX_SLAB_H

#include <linux/alloc_tag.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

struct kmem_cache;

void *__kmalloc_noprof(size_t size, gfp_t flags) __alloc_size(1);
void *__kmalloc_node_noprof(size_t size, gfp_t flags, int node) __alloc_size(1);
void *__kvmalloc_node_noprof(size_t size, gfp_t flags, int node)
    __alloc_size(1);
void *krealloc_noprof(const void *p, size_t size, gfp_t flags) __must_check;
void kfree(const void *p);
void kvfree(const void *p);
void kfree_sensitive(const void *p);
void kvfree_sensitive(const void *p, size_t len);
size_t ksize(const void *p);
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);

#define krealloc(...) alloc_hooks(krealloc_noprof(__VA_ARGS__))

static __always_inline __alloc_size(1) void *kmalloc_noprof(size_t size,
                                                            gfp_t flags) {
  return __kmalloc_noprof(size, flags);
}
#define kmalloc(...) alloc_hooks(kmalloc_noprof(__VA_ARGS__))

static __always_inline
__alloc_size(1) void *kmalloc_node_noprof(size_t size, gfp_t flags, int node) {
  return __kmalloc_node_noprof(size, flags, node);
}
#define kmalloc_node(...) alloc_hooks(kmalloc_node_noprof(__VA_ARGS__))

static inline __alloc_size(1, 2) void *kmalloc_array_noprof(size_t n,
                                                            size_t size,
                                                            gfp_t flags) {
  return kmalloc_noprof(size_mul(n, size), flags);
}
#define kmalloc_array(...) alloc_hooks(kmalloc_array_noprof(__VA_ARGS__))

#define kcalloc(n, size, flags) kmalloc_array(n, size, (flags) | __GFP_ZERO)

static inline __alloc_size(1) void *kzalloc_noprof(size_t size, gfp_t flags) {
  return kmalloc_noprof(size, flags | __GFP_ZERO);
}
#define kzalloc(...) alloc_hooks(kzalloc_noprof(__VA_ARGS__))
#define kzalloc_node(size, flags, node)                                        \
  kmalloc_node(size, (flags) | __GFP_ZERO, node)

#define kvmalloc_node_noprof(size, flags, node)                                \
  __kvmalloc_node_noprof(size, flags, node)
#define kvmalloc_node(...) alloc_hooks(kvmalloc_node_noprof(__VA_ARGS__))
#define kvmalloc(size, flags) kvmalloc_node(size, flags, NUMA_NO_NODE)
#define kvzalloc(size, flags) kvmalloc(size, (flags) | __GFP_ZERO)
#define kvzalloc_node(size, flags, node)                                       \
  kvmalloc_node(size, (flags) | __GFP_ZERO, node)

static inline __alloc_size(1, 2) void *kvmalloc_array_noprof(size_t n,
                                                             size_t size,
                                                             gfp_t flags) {
  return kvmalloc_node_noprof(size_mul(n, size), flags, NUMA_NO_NODE);
}
#define kvmalloc_array(...) alloc_hooks(kvmalloc_array_noprof(__VA_ARGS__))
#define kvcalloc(n, size, flags) kvmalloc_array(n, size, (flags) | __GFP_ZERO)

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
                                     unsigned int align, unsigned int flags,
                                     void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc_noprof(struct kmem_cache *cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cache, void *p);
#define kmem_cache_alloc(...) alloc_hooks(kmem_cache_alloc_noprof(__VA_ARGS__))
#define kmem_cache_zalloc(cache, flags)                                        \
  kmem_cache_alloc(cache, (flags) | __GFP_ZERO)

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#endif /* MOCK_6_2_LINUX_SLAB_H */
