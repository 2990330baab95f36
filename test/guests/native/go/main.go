// A native library by Go: the contract's hook in Go, the symbols of the ABI in abi.c.
package main

/*
#include "mortise.h"

static inline uint32_t number(uint32_t value) {
  uint32_t *result = (uint32_t *)mortise_alloc(sizeof *result, sizeof *result);
  if (result == NULL) return 0;
  *result = value;
  return mortise_offset(result);
}
*/
import "C"

//export mortise_hook_revision
func mortise_hook_revision() C.uint32_t {
	done := make(chan C.uint32_t)
	go func() { done <- 7 }()
	return C.number(<-done)
}

func main() {}
