import type { ErrorCode } from 'mortise'
import { type HostFunctions, wat } from '../support/wat.ts'

/** What every guest here has: state by which it is known whether it is as new. */
export const common = `(memory (export "memory") 16 64) (table $table 4 funcref) (tag $tag (param i32))
  (global $calls (mut i32) (i32.const 0))
  (func $fine (export "fine") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (global.get $calls)))
    (i32.load (i32.const 8)))
  (func $spoil (global.set $calls (i32.const 1000)) (i32.store (i32.const 8) (i32.const 77)))`

const host = `(import "bench" "back" (func $back)) (import "bench" "fail" (func $fail))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))`

export const functions: HostFunctions = {
  back: [
    'func () -> ()',
    (instance) => () => {
      const { again } = instance().unit.exports
      if (typeof again === 'function') Reflect.apply(again, undefined, [])
    },
  ],
  fail: [
    'func () -> ()',
    () => () => {
      throw new Error('the host function fails')
    },
  ],
}

/** What its call ends with, what `run` does, and what else is in the module. */
export type Guest = readonly [code: ErrorCode | readonly ErrorCode[], body: string, more?: string]

const whole = '(i32.shl (memory.size) (i32.const 16))'
const half = '(i32.shl (memory.size) (i32.const 15))'

/** A call that ends itself or runs out of stack is over by that, whatever the deadline is. */
const deep: readonly ErrorCode[] = ['TRAP_STACK_OVERFLOW', 'DEADLINE']

export const guests: Readonly<Record<string, Guest>> = {
  'an endless loop': ['DEADLINE', '(loop (br 0))'],
  'an endless loop in a loop': ['DEADLINE', '(loop $a (loop $b (br_if $a (global.get $calls)) (br $b)))'],
  'an endless loop that returns values': ['DEADLINE', '(drop (loop (result i32) (br 0)))'],
  'an endless loop in a block that is left': [
    'DEADLINE',
    '(loop $a (block $b (br_if $b (global.get $calls))) (br $a))',
  ],
  'a br_table loop': [
    'DEADLINE',
    '(local $i i32) (loop $a (block $b (br_table $b $a $a (i32.and (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3)))) (br $a))',
  ],
  'endless recursion': [deep, '(call $again)', '(func $again (call $again) (call $again))'],
  'endless recursion that grows by the power of two': [
    'DEADLINE',
    '(call $tree (i32.const 60))',
    `(func $tree (param $n i32) (if (local.get $n) (then
      (call $tree (i32.sub (local.get $n) (i32.const 1))) (call $tree (i32.sub (local.get $n) (i32.const 1))))))`,
  ],
  'mutual recursion': [deep, '(call $a)', '(func $a (call $b) (call $b)) (func $b (call $a) (call $a))'],
  'recursion through a table': [
    deep,
    '(table.set $table (i32.const 1) (ref.func $a)) (call $a)',
    '(elem declare func $a) (func $a (call_indirect (type $void) (i32.const 1)))',
  ],
  'mutual recursion through a table, which always comes back': [
    'DEADLINE',
    '(call $a (i32.const 60))',
    `(elem (i32.const 0) func $a $b) (type $n (func (param i32)))
    (func $a (type $n) (if (local.get 0) (then (call $next (local.get 0) (i32.const 1)) (call $next (local.get 0) (i32.const 1)))))
    (func $b (type $n) (if (local.get 0) (then (call $next (local.get 0) (i32.const 0)) (call $next (local.get 0) (i32.const 0)))))
    (func $next (param i32 i32) (call_indirect (type $n) (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))`,
  ],
  'recursion through a reference': [
    deep,
    '(call $a)',
    '(elem declare func $a) (func $a (ref.func $a) (global.set 123) (ref.func $a) (global.set 123))',
  ],
  'a loop of tail calls': ['DEADLINE', '(call $a)', '(func $a (return_call $b)) (func $b (return_call $a))'],
  'a loop of tail calls through a table': [
    'DEADLINE',
    '(call $a)',
    '(elem (i32.const 0) func $a) (func $a (return_call_indirect (type $void) (i32.const 0)))',
  ],
  'a loop of tail calls through a reference': [
    'DEADLINE',
    '(call $a)',
    '(elem declare func $a) (func $a (ref.func $a) (global.set 122))',
  ],
  'a loop in a host callback': ['DEADLINE', '(call $back)', '(func (export "again") (loop (br 0)))'],
  'a loop around a host callback': ['DEADLINE', '(loop (call $back) (br 0))', '(func (export "again"))'],
  'endless recursion through a host callback': [
    [...deep, 'HOST_FUNCTION_FAILED'],
    '(call $back)',
    '(func (export "again") (call $back) (call $back))',
  ],
  'a tail call of a host function': ['DEADLINE', '(loop (call $tail) (br 0))', '(func $tail (return_call $back))'],
  'memory.grow until it is refused, and on': ['DEADLINE', '(loop (drop (memory.grow (i32.const 1))) (br 0))'],
  'memory.grow until it is refused': [
    'TRAP_OUT_OF_MEMORY',
    '(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable',
  ],
  'memory.fill of all memory, again and again': [
    'DEADLINE',
    `(drop (memory.grow (i32.const 48))) (loop (memory.fill (i32.const 0) (i32.const 7) ${whole}) (br 0))`,
  ],
  'memory.copy of all memory upwards, again and again': [
    'DEADLINE',
    `(drop (memory.grow (i32.const 48))) (loop (memory.copy (i32.const 9) (i32.const 0) (i32.sub ${whole} (i32.const 9))) (br 0))`,
  ],
  'memory.copy of half the memory downwards, again and again': [
    'DEADLINE',
    `(loop (memory.copy (i32.const 0) ${half} ${half}) (br 0))`,
  ],
  'memory.init, again and again': [
    'DEADLINE',
    '(loop (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 4)) (br 0))',
    '(data $bytes "1234")',
  ],
  'a catch_all loop around a host function that throws': [
    'DEADLINE',
    '(loop $a (block $b (try_table (catch_all $b) (call $fail))) (br $a))',
  ],
  'the same with exceptions of the old kind': ['DEADLINE', '(loop $a try (call $fail) catch_all end (br $a))'],
  'a catch_all loop around endless recursion': [
    ['DEADLINE', 'TRAP_STACK_OVERFLOW'],
    '(loop $a (block $b (try_table (catch_all $b) (call $deep))) (br $a))',
    '(func $deep (call $deep) (call $deep))',
  ],
  'a loop of exceptions of its own': [
    'DEADLINE',
    '(loop $a (block $b (result i32) (try_table (catch $tag $b) (throw $tag (i32.const 1))) (i32.const 0)) (drop) (br $a))',
  ],
  'a catch_all loop around proc_exit': [
    'GUEST_EXIT',
    '(loop $a (block $b (try_table (catch_all $b) (call $exit (i32.const 3)))) (br $a))',
  ],
  'a catch_all loop around proc_exit in a callback': [
    'GUEST_EXIT',
    '(loop $a (block $b (try_table (catch_all $b) (call $back))) (br $a))',
    '(func (export "again") (call $exit (i32.const 3)))',
  ],
  'a sleep in poll_oneoff beyond the deadline': [
    'DEADLINE',
    '(i64.store (i32.const 1024) (i64.const 60000000)) (drop (call $poll (i32.const 1000) (i32.const 2000) (i32.const 1) (i32.const 3000)))',
  ],
  'naps in poll_oneoff, again and again': [
    'DEADLINE',
    '(i64.store (i32.const 1024) (i64.const 1000000)) (loop (drop (call $poll (i32.const 1000) (i32.const 2000) (i32.const 1) (i32.const 3000))) (br 0))',
  ],
  'a sleep of an hour': [
    'SLEEP_LIMIT',
    '(i64.store (i32.const 1024) (i64.const 3600000000000)) (drop (call $poll (i32.const 1000) (i32.const 2000) (i32.const 1) (i32.const 3000)))',
  ],
}

/** A module with a function `run`. The assembler has no words for calls of references: sets of globals stand for them. */
export function module(body: string, more = ''): Uint8Array<ArrayBuffer> {
  const run = body.replace(/^((?:\(local [^)]*\) ?)*)/, '$1(call $spoil) ')
  const bytes = wat(`(module (type $void (func)) ${host} ${common} ${more} (func (export "run") ${run}))`)
  return bytes.map((byte, at) => {
    if (byte === 0x24 && ((bytes[at + 1] ?? 0) | 1) === 123) return bytes[at + 1] === 123 ? 0x14 : 0x15
    return bytes[at - 1] === 0x24 && (byte | 1) === 123 ? 0 : byte
  })
}
