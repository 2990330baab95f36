/*
 * Mortise, native ABI 1: what a shared library exports to be a plugin of the `native` runtime.
 *
 * One file of the library says MORTISE_PLUGIN(""); every file may include this header. For C99 and later, C++11 and later, and what
 * includes C headers, such as Go's cgo. 64-bit platforms only. docs/native.md says all of it in words, with examples.
 */
#ifndef MORTISE_H
#define MORTISE_H

#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define MORTISE_EXPORTED __declspec(dllexport)
#define MORTISE_HIDDEN
#else
#define MORTISE_EXPORTED __attribute__((visibility("default")))
#define MORTISE_HIDDEN __attribute__((visibility("hidden")))
#endif
#ifdef __cplusplus
#define MORTISE_C extern "C"
#else
#define MORTISE_C extern
#endif

/* The version of this ABI, which the host reads from the library's file before anything of it runs. */
#define MORTISE_ABI 1

/*
 * The arena: memory of the host that arguments and results lie in, for one call. An offset counts bytes from its beginning;
 * 0 is no offset of anything. All is little-endian and aligned as in C. At its beginning:
 */
typedef struct {
  uint32_t top;          /* offset of the first free byte; the host sets it before each call */
  uint32_t size;         /* bytes of the arena */
  uint32_t refused;      /* bytes of an allocation that did not fit, 0 where all did */
  uint32_t error;        /* offset of the message of a failure */
  uint32_t error_length; /* bytes of it */
  uint32_t reserved[3];
} mortise_arena_head;

/* Where the arguments begin: as many values in a row as the hook has parameters, laid out like the fields of a struct. */
#define MORTISE_ARGUMENTS 32

/* Text in UTF-8 without a byte 0 at its end, or elements in a row. */
typedef struct {
  uint32_t offset;
  uint32_t length; /* bytes of a text, elements of a list */
} mortise_list;

/* A host function: takes the offset of its arguments, gives that of its result, or 0 when it failed: then give 0 in turn. */
typedef uint32_t (*mortise_host_function)(uint32_t arguments);

MORTISE_C MORTISE_HIDDEN uint8_t *mortise_arena;

/*
 * MORTISE_PLUGIN(contract): everything that a library has to export besides its hooks. The contract is the text that the contract
 * was written with, or "" for none.
 */
#define MORTISE_PLUGIN(contract)                                           \
  MORTISE_HIDDEN uint8_t *mortise_arena = 0;                               \
  MORTISE_C MORTISE_EXPORTED const uint32_t mortise_abi_version;           \
  const uint32_t mortise_abi_version = MORTISE_ABI;                        \
  MORTISE_C MORTISE_EXPORTED const char mortise_contract[sizeof(contract)]; \
  const char mortise_contract[sizeof(contract)] = contract;                \
  MORTISE_C MORTISE_EXPORTED void mortise_init(uint8_t *arena);            \
  void mortise_init(uint8_t *arena) { mortise_arena = arena; }

/* MORTISE_HOOK(get_user) { … }: a hook. It returns the offset of its result, MORTISE_DONE where it has none, or 0 for a failure. */
#define MORTISE_HOOK(name)                                     \
  MORTISE_C MORTISE_EXPORTED uint32_t mortise_hook_##name(void); \
  uint32_t mortise_hook_##name(void)
#define MORTISE_DONE MORTISE_ARGUMENTS

/* MORTISE_OPEN { … }, once at most: called before any hook; returns MORTISE_DONE, or 0 for a failure. */
#define MORTISE_OPEN                                   \
  MORTISE_C MORTISE_EXPORTED uint32_t mortise_open(void); \
  uint32_t mortise_open(void)

/* MORTISE_CLOSE { … }, once at most: called before the library is unloaded. It ends every thread that the library started. */
#define MORTISE_CLOSE                                \
  MORTISE_C MORTISE_EXPORTED void mortise_close(void); \
  void mortise_close(void)

/* MORTISE_HOST(lookup): a host function that the library wants; the host sets mortise_host_lookup before it opens the library. */
#define MORTISE_HOST(name)                                                \
  MORTISE_C MORTISE_EXPORTED mortise_host_function mortise_host_##name; \
  mortise_host_function mortise_host_##name = 0

static inline mortise_arena_head *mortise_head(void) { return (mortise_arena_head *)(void *)mortise_arena; }

/* What lies at an offset. */
static inline void *mortise_at(uint32_t offset) { return mortise_arena + offset; }

/* The offset of what lies in the arena. */
static inline uint32_t mortise_offset(const void *place) { return (uint32_t)((const uint8_t *)place - mortise_arena); }

/* The arguments of the running hook, as a pointer to a struct of them. */
#define MORTISE_ARGUMENTS_AS(type) ((const type *)mortise_at(MORTISE_ARGUMENTS))

/*
 * Bytes of the arena that live until the next call begins: aligned, not cleared. NULL where the arena is full: return 0 from the hook
 * then. The call fails whatever the hook returns, and the host says what did not fit.
 */
static inline void *mortise_alloc(size_t bytes, uint32_t alignment) {
  mortise_arena_head *head = mortise_head();
  uint64_t start = ((uint64_t)head->top + alignment - 1) & ~(uint64_t)(alignment - 1);
  if (bytes > head->size || start + bytes > head->size) {
    head->refused = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
    return NULL;
  }
  head->top = (uint32_t)(start + bytes);
  return mortise_at((uint32_t)start);
}

/* A copy of some text in the arena; an empty one where it is full, and then the call fails. */
static inline mortise_list mortise_text(const char *text, size_t bytes) {
  mortise_list list = {0, 0};
  void *place = mortise_alloc(bytes, 1);
  if (place == NULL) return list;
  memcpy(place, text, bytes);
  list.offset = mortise_offset(place);
  list.length = (uint32_t)bytes;
  return list;
}

/* return mortise_fail("why"): ends the hook with a failure. The message takes the place of the arguments. */
static inline uint32_t mortise_fail_text(const char *message, size_t bytes) {
  mortise_arena_head *head = mortise_head();
  uint32_t room = head->size - MORTISE_ARGUMENTS;
  uint32_t length = bytes < room ? (uint32_t)bytes : room;
  memmove(mortise_at(MORTISE_ARGUMENTS), message, length);
  head->error = MORTISE_ARGUMENTS;
  head->error_length = length;
  return 0;
}
static inline uint32_t mortise_fail(const char *message) { return mortise_fail_text(message, strlen(message)); }

#endif
