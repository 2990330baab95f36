import { outOfMemory as full } from '../_panic'

// @ts-ignore: decorator
@lazy let calls: i32 = 0

/*
 * Internal: what AssemblyScript's allocators call where memory does not grow. The reference engine makes a guest anew where
 * `runtime.alloc`, the allocator of TinyGo, is on its stack, and so in this module's name. It calls itself, since of a function
 * that is called in one place alone the optimizer would leave no name.
 */
export function outOfMemory(): void {
  if (calls++ == 0) outOfMemory()
  full()
}
