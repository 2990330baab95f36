import { wat } from '../../support/wat.ts'
import { WasmOpt } from './binaryen.ts'
import { mutate, type Outcomes, swallow } from './mutate.ts'
import { Random } from './random.ts'

/** A module with some of everything that a module can have, so that there is much to spoil. */
const everything = `(module
  (type $f (func (param i32) (result i32))) (type $v (func))
  (import "bench" "f" (func $host (type $f)))
  (memory (export "memory") 1 16) (memory $second 1)
  (table $t 4 8 funcref) (table $e 2 externref)
  (global $g (mut i64) (i64.const -5)) (global $w (mut v128) (v128.const i64x2 1 2)) (global $r (mut funcref) (ref.func $two))
  (tag $tag (param i32))
  (elem $passive func $two $run) (elem (table $t) (i32.const 1) func $two)
  (data $bytes "0123456789") (data (i32.const 8) "active")
  (export "two" (func $two)) (start $run)
  (func $two (type $f) (i32.mul (local.get 0) (i32.const 2)))
  (func $run (type $v) (local $i i32) (local $x v128)
    (loop $more
      (i64.store offset=5 (local.get $i) (i64.const 7))
      (v128.store8_lane 3 (local.get $i) (local.get $x))
      (block $out (br_table $out $out $out (local.get $i)))
      (drop (call_indirect $t (type $f) (local.get $i) (i32.const 1)))
      (drop (call $host (memory.size)))
      (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 100))
    (memory.copy $second 0 (i32.const 0) (i32.const 0) (i32.const 9))
    (memory.init $bytes (i32.const 50) (i32.const 0) (i32.const 10)) (data.drop $bytes)
    (drop (memory.grow (i32.const 1)))
    (table.set $e (i32.const 0) (ref.null extern)) (elem.drop $passive)
    (block $caught (try_table (catch_all $caught) (throw $tag (i32.const 1))))))`

/** Spoils modules and gives them to the reader and the rewriter. */
export async function spoil(
  seed: number,
  modules: number,
  each?: (bytes: Uint8Array<ArrayBuffer>, index: number) => Promise<void>,
): Promise<Outcomes> {
  using opt = new WasmOpt()
  const outcomes: Outcomes = new Map()
  const random = new Random(seed)
  const originals: [Uint8Array, ...Uint8Array[]] = [wat(everything)]
  for (let count = 0; count < 12; count++) originals.push(await opt.generate(random.bytes(300), []))
  for (let index = 0; index < modules; index++) {
    const bytes = mutate(random.pick([originals[0], random.pick(originals)]), random, random.pick(originals))
    try {
      swallow(bytes, random, outcomes)
      await each?.(bytes, index)
    } catch (cause) {
      throw new Error(`mutated module ${index} of seed ${seed}: ${Buffer.from(bytes).toString('hex')}`, { cause })
    }
  }
  return outcomes
}
