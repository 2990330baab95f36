//go:build mortise

// What `-buildmode=c-shared` needs beside the package itself: the functions and variables by the names of the contract.
package main

/*
#include "plug.h"

static inline uint32_t give(int32_t value) {
  int32_t *result = (int32_t *)mortise_alloc(sizeof *result, 4);
  if (result == NULL) return 0;
  *result = value;
  return mortise_offset(result);
}
static inline int32_t argument(uint32_t index) { return ((const int32_t *)mortise_at(MORTISE_ARGUMENTS))[index]; }
*/
import "C"

//export mortise_hook_add
func mortise_hook_add() C.uint32_t { return C.give(C.int32_t(Add(int32(C.argument(0)), int32(C.argument(1))))) }

//export mortise_hook_v
func mortise_hook_v() C.uint32_t { return C.give(C.int32_t(V)) }
