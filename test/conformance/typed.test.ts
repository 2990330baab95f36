import { describe } from 'node:test'
import { Mortise } from 'mortise'
import { everything, testTyped } from 'mortise/conformance'
import { esm } from 'mortise/esm'
import { native } from 'mortise/native'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { compileLibrary, libraryCompilerMissing } from '../support/libraries.ts'
import { wat } from '../support/wat.ts'

/** Its parameters and results lie in memory, where they can stay. */
const module = wat(`(module
  (memory (export "memory") 1) (global $heap (mut i32) (i32.const 1024)) (global $count (mut i32) (i32.const 0))
  (data (i32.const 16) "everything") (data (i32.const 32) "\\10\\00\\00\\00\\0a\\00\\00\\00") (data (i32.const 48) "no")
  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $bytes i32) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))
    (local.set $end (i32.add (local.get $at) (local.get $bytes)))
    (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
      (then (if (i32.eq (i32.const -1) (memory.grow (i32.shr_u (i32.add (local.get $bytes) (i32.const 0x1ffff)) (i32.const 16)))) (then unreachable))))
    (global.set $heap (local.get $end)) (local.get $at))
  (func $free (param i32) (global.set $heap (i32.const 1024)))
  (export "cabi_post_echo" (func $free)) (export "cabi_post_big" (func $free))
  (func (export "name") (result i32) (i32.const 32))
  (func (export "echo") (param i32) (result i32) (local.get 0))
  (func (export "big") (param i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.store (i32.const 68) (local.get 1))
    (i32.store (i32.const 72) (local.get 2)) (i32.store (i32.const 76) (local.get 3)) (i32.const 64))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.store (i32.const 80) (i32.eqz (local.get 1)))
    (if (local.get 1)
      (then (i32.store (i32.const 84) (i32.div_s (local.get 0) (local.get 1))))
      (else (i32.store (i32.const 84) (i32.const 48)) (i32.store (i32.const 88) (i32.const 2))))
    (i32.const 80))
  (func (export "count") (result i32) (global.set $count (i32.add (global.get $count) (i32.const 1))) (global.get $count))
  (func (export "crash") unreachable))`)

/** The same in C. */
const library = `
#include "mortise.h"
MORTISE_PLUGIN("")
struct text_and_bytes { mortise_list text, bytes; };
struct divide { int32_t a, b; };
struct divided { uint8_t tag; union { int32_t ok; mortise_list err; } val; };
static uint32_t calls;
static mortise_list text(const char *value) {
  char *copy = (char *)mortise_alloc(strlen(value), 1);
  mortise_list result = {mortise_offset(copy), (uint32_t)strlen(value)};
  memcpy(copy, value, strlen(value));
  return result;
}
MORTISE_HOOK(name) {
  mortise_list *result = (mortise_list *)mortise_alloc(sizeof *result, 4);
  *result = text("everything");
  return mortise_offset(result);
}
MORTISE_HOOK(echo) { return MORTISE_ARGUMENTS; }
MORTISE_HOOK(big) { return MORTISE_ARGUMENTS; }
MORTISE_HOOK(divide) {
  const struct divide *given = MORTISE_ARGUMENTS_AS(struct divide);
  struct divided *result = (struct divided *)mortise_alloc(sizeof *result, 4);
  result->tag = given->b == 0;
  if (given->b == 0) result->val.err = text("no");
  else result->val.ok = given->a / given->b;
  return mortise_offset(result);
}
MORTISE_HOOK(count) {
  uint32_t *result = (uint32_t *)mortise_alloc(sizeof *result, 4);
  *result = ++calls;
  return mortise_offset(result);
}
MORTISE_HOOK(crash) { return mortise_fail("it was asked to crash"); }
`

/** The same in JavaScript, where it is the host's own values. */
const script = new TextEncoder().encode(`
let calls = 0
export const echo = ({ value }) => value
export const big = ({ text, bytes }) => [text, bytes]
export const divide = ({ a, b }) => (b === 0 ? { tag: 'err', val: 'no' } : { tag: 'ok', val: Math.trunc(a / b) })
export const count = () => ++calls
export const crash = () => { throw new Error('it was asked to crash') }
export const name = () => 'everything'
`)

testTyped('wasm', {
  plug: () => new Mortise({ runtimes: [wasm({ deadline: '10 s' })] }).plug('everything', module, everything),
  crash: 'TRAP_UNREACHABLE',
  restores: true,
  checks: true,
})

testTyped('esm', {
  plug: () => new Mortise({ runtimes: [esm()] }).plug('everything', script, everything),
  crash: 'GUEST_THREW',
  restores: false,
  checks: false,
})

testTyped('process', {
  plug: () => new Mortise({ runtimes: [childProcess()] }).plug('everything', script, everything),
  crash: 'GUEST_THREW',
  restores: false,
  checks: true,
})

const missing = await libraryCompilerMissing('cc')
if (missing !== false) {
  describe('a typed contract on native', { skip: missing }, () => {})
} else {
  const guest = await compileLibrary(library)
  testTyped('native', {
    plug: () => new Mortise({ runtimes: [native({ arena: '16 MiB' })] }).plug('everything', guest, everything),
    crash: 'GUEST_FAILED',
    restores: false,
    checks: true,
  })
}
