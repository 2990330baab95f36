import type { Features } from '../../src/wasm/rewrite/rewrite.ts'
import { largeModule } from './large-module.ts'
import { wat } from './wat.ts'

/** Every set of what can be compiled into a module of at most 1 MiB. */
export const combinations: readonly Features[] = Array.from({ length: 8 }, (_, bits) => ({
  memory: 2 ** 20,
  deadline: (bits & 1) !== 0,
  fuel: (bits & 2) !== 0,
  dirty: (bits & 4) !== 0,
}))

/** A module with all that the rewriter has something to do with. */
export const rich: Uint8Array<ArrayBuffer> = wat(`(module
  (import "bench" "note" (func $note (param i32)))
  (import "bench" "other" (func $other))
  (memory $memory 1) (memory $second 1 2)
  (table $table 4 funcref) (table $others 2 9 externref)
  (global (mut funcref) (ref.null func)) (global (mut i64) (i64.const 7)) (global $wide (mut v128) (v128.const i64x2 1 2))
  (tag $tag (param i32))
  (elem $some func $f) (elem (i32.const 0) $f $begin)
  (data $bytes "some bytes") (data (i32.const 8) "more")
  (start $begin)
  (func $begin (call $note (i32.const 1)) (data.drop $bytes))
  (func $tail (return_call $other))
  (func (export "small") (result i32) (i32.const 5))
  (func (export "large") (result i64) (i64.const 5))
  (func $f (export "f") (param i32) (result i32) (local i64 f64)
    (table.set $table (i32.const 1) (ref.func $f))
    (table.init $table $some (i32.const 0) (i32.const 0) (i32.const 1))
    (drop (memory.grow (i32.const 1)))
    (drop (memory.size))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 9))
    (memory.copy (i32.const 9000) (i32.const 0) (i32.const 9))
    (memory.copy $memory $second (i32.const 0) (i32.const 0) (i32.const 9))
    (memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 2))
    (i32.store offset=4 (local.get 0) (i32.const 5))
    (i64.store8 (local.get 0) (i64.const 5))
    (f32.store (local.get 0) (f32.const 5))
    (f64.store (local.get 0) (local.get 2))
    (v128.store (local.get 0) (global.get $wide))
    (v128.store8_lane 3 (local.get 0) (global.get $wide))
    (i32.atomic.store (i32.const 8) (i32.const 5))
    (drop (i64.atomic.rmw.cmpxchg (i32.const 8) (i64.const 5) (i64.const 6)))
    (elem.drop $some)
    (block $out (loop $again (loop (br_if 0 (i32.eqz (local.get 0)))) (br_table $out $again (local.get 0))))
    (if (local.get 0) (then (drop (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (call $tail)))
    (drop (call_indirect $table (param i32) (result i32) (i32.const 3) (i32.const 0)))
    (call $note (local.get 0))
    (if (local.get 0) (then (throw $tag (i32.const 4))))
    (local.get 0)))`)

/** Modules whose rewriting shows every pass. */
export const modules: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  empty: wat('(module)'),
  rich,
  compiled: largeModule(20_000),
}
