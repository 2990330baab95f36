import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import type { WasmOptions } from 'mortise/wasm'
import { type HostFunctions, failure, leb, plugBench, rejection, sections, wat } from '../support/wat.ts'

/** A call of an exported function. */
type Call = readonly [name: string, ...args: unknown[]]

const thing = { a: 'thing' }

const functions: HostFunctions = {
  note: ['func (i32) -> (i32)', () => (value: number) => value * 2],
  wide: ['func (i64, f32, f64) -> (i64)', () => (a: bigint, b: number, c: number) => a + BigInt(Math.trunc(b + c))],
  give: ['func () -> (externref)', () => () => thing],
}
const hostFunctions = Object.fromEntries(
  Object.entries(functions).map(([name, [, make]]) => [name, make(() => assert.fail())]),
)

/** Modules of which each uses something that a rewriter may get wrong, with calls that show whether it did. */
const texts: Readonly<Record<string, readonly [text: string, ...Call[]]>> = {
  'an empty module': ['(module)'],
  'a memory alone': ['(module (memory 1))'],
  'exports of everything, twice': [
    `(module (memory 1) (table 1 funcref) (global (mut i32) (i32.const 1)) (func (result i32) (global.get 0))
      (export "memory" (memory 0)) (export "again" (memory 0)) (export "table" (table 0)) (export "twin" (table 0))
      (export "global" (global 0)) (export "other" (global 0)) (export "one" (func 0)) (export "two" (func 0)) (export "" (func 0)))`,
    ['one'],
    ['two'],
    [''],
  ],
  'several values': [
    `(module (type $two (func (param i32 i64) (result i64 i32)))
      (func $swap (type $two) (local.get 1) (local.get 0))
      (func (export "run") (param i32 i64) (result i64 i32 f64) (call $swap (local.get 0) (local.get 1)) (f64.const 1.5))
      (func (export "block") (param i32) (result i32) (local.get 0) (local.get 0) (block (param i32 i32) (result i32) i32.add) (loop (param i32) (result i32) (i32.add (i32.const 1)))
        (i32.const 7) (if (param i32) (result i32 i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))) i32.sub i32.add))`,
    ['run', 1, 2n],
    ['block', 5],
    ['block', 0],
  ],
  'constants at their ends': [
    `(module
      (func (export "i32") (result i32) (i32.const 0x80000000)) (func (export "i32m") (result i32) (i32.const 0x7fffffff)) (func (export "i32n") (result i32) (i32.const -1))
      (func (export "i64") (result i64) (i64.const 0x8000000000000000)) (func (export "i64m") (result i64) (i64.const 0x7fffffffffffffff)) (func (export "i64n") (result i64) (i64.const -64))
      (func (export "f32") (result i32) (i32.reinterpret_f32 (f32.const nan:0x200001))) (func (export "f64") (result i64) (i64.reinterpret_f64 (f64.const -nan:0x4000000000001)))
      (func (export "inf") (result f64) (f64.const -inf)) (func (export "small") (result f64) (f64.const 0x0.0000000000001p-1022)))`,
    ['i32'],
    ['i32m'],
    ['i32n'],
    ['i64'],
    ['i64m'],
    ['i64n'],
    ['f32'],
    ['f64'],
    ['inf'],
    ['small'],
  ],
  'conversions that saturate and extend signs': [
    `(module (func (export "run") (param f64) (result i32) (i32.add (i32.trunc_sat_f64_s (local.get 0)) (i32.extend8_s (i32.trunc_sat_f64_u (local.get 0)))))
      (func (export "long") (param f32) (result i64) (i64.add (i64.trunc_sat_f32_u (local.get 0)) (i64.extend32_s (i64.trunc_sat_f32_s (local.get 0))))))`,
    ['run', 200.5],
    ['run', -1e30],
    ['run', NaN],
    ['long', 1e20],
  ],
  vectors: [
    `(module (memory 1) (global $v (mut v128) (v128.const i32x4 1 2 3 4)) (data (i32.const 0) "0123456789abcdef")
      (func (export "lanes") (result i32) (global.set $v (i32x4.add (global.get $v) (v128.const i32x4 1 1 1 1))) (i32x4.extract_lane 3 (global.get $v)))
      (func (export "shuffle") (result i64) (i64x2.extract_lane 1 (i8x16.shuffle 15 14 13 12 11 10 9 8 0 1 2 3 4 5 6 31 (v128.load (i32.const 0)) (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16))))
      (func (export "load") (result i32) (i8x16.extract_lane_s 5 (v128.load8_lane offset=3 5 (i32.const 1) (v128.load8_splat (i32.const 2)))))
      (func (export "store") (result i32) (v128.store64_lane offset=32 1 (i32.const 0) (v128.load64_zero (i32.const 8))) (v128.store align=1 (i32.const 41) (v128.load32x2_s (i32.const 0))) (i32.load (i32.const 41)))
      (func (export "bits") (result i32) (i8x16.bitmask (v128.bitselect (global.get $v) (v128.not (global.get $v)) (v128.const i64x2 -1 0)))))`,
    ['lanes'],
    ['lanes'],
    ['shuffle'],
    ['load'],
    ['store'],
    ['bits'],
  ],
  'relaxed vectors': [
    `(module (func (export "run") (result i32) (i32x4.extract_lane 0 (i32x4.relaxed_trunc_f32x4_s (v128.const f32x4 1.5 2 3 4)))))`,
    ['run'],
  ],
  'exceptions of the first kind': [
    `(module (tag $a (param i32)) (tag $b (param i32 i64))
      (func $throw (param i32) (if (i32.eqz (local.get 0)) (then (throw $a (i32.const 5)))) (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $b (i32.const 6) (i64.const 7)))))
      (func (export "run") (param i32) (result i32)
        try (result i32) (call $throw (local.get 0)) (i32.const 1) catch $a catch $b i32.wrap_i64 i32.add catch_all (i32.const 9) end)
      (func (export "rethrow") (result i32) try (result i32) try (result i32) (throw $a (i32.const 3)) catch_all rethrow 0 end catch $a end)
      (func (export "delegate") (result i32) try $out (result i32) try (throw $a (i32.const 4)) delegate $out i32.const 1 catch $a end))`,
    ['run', 0],
    ['run', 1],
    ['run', 2],
    ['rethrow'],
    ['delegate'],
  ],
  'exceptions of the second kind': [
    `(module (tag $a (param i32))
      (func (export "run") (param i32) (result i32)
        (block $caught (result i32) (try_table (result i32) (catch $a $caught) (if (local.get 0) (then (throw $a (i32.const 8)))) (i32.const 1))))
      (func (export "all") (result i32) (block $caught (try_table (catch_all $caught) (throw $a (i32.const 8))) (return (i32.const 1))) (i32.const 2))
      (func (export "again") (result i32)
        (block $outer (result i32) (try_table (catch $a $outer) (block $inner (result exnref) (try_table (catch_all_ref $inner) (throw $a (i32.const 11))) (return (i32.const 0))) throw_ref) (i32.const 3)))
      (func (export "pair") (result i32) (block $both (result i32 exnref) (try_table (catch_ref $a $both) (throw $a (i32.const 12))) (return (i32.const 0))) drop))`,
    ['run', 0],
    ['run', 1],
    ['all'],
    ['again'],
    ['pair'],
  ],
  'tail calls': [
    `(module (type $sum (func (param i32 i32) (result i32))) (table funcref (elem $down $up))
      (func $down (type $sum) (if (i32.eqz (local.get 0)) (then (return (local.get 1)))) (return_call $down (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1))))
      (func $up (type $sum) (return_call_indirect (type $sum) (local.get 0) (local.get 1) (i32.const 0)))
      (func (export "run") (param i32) (result i32) (return_call $up (local.get 0) (i32.const 0))))`,
    ['run', 100_000],
  ],
  'two memories': [
    `(module (memory $a (export "a") 1) (memory $b 2)
      (func (export "run") (result i32)
        (i32.store $b offset=65536 (i32.const 4) (i32.const 5)) (i32.store $a (i32.const 4) (i32.const 6))
        (memory.fill $b (i32.const 100) (i32.const 7) (i32.const 8)) (memory.copy $a $b (i32.const 200) (i32.const 100) (i32.const 8))
        (i32.add (i32.add (i32.load $b offset=65536 (i32.const 4)) (i32.load $a (i32.const 4))) (i32.add (i32.load8_u $a (i32.const 207)) (i32.mul (i32.const 1000) (memory.size $b)))))
      (func (export "vector") (result i32) (v128.store $b (i32.const 0) (v128.const i32x4 9 8 7 6)) (i32x4.extract_lane 1 (v128.load32_lane $b offset=8 align=1 1 (i32.const 0) (v128.const i64x2 0 0)))))`,
    ['run'],
    ['vector'],
  ],
  'memory and segments in bulk': [
    `(module (memory 1) (table $t 8 funcref) (table $u 3 externref) (elem $e func $f $g) (elem $n funcref (ref.null func) (ref.func $g)) (data $d "0123456789") (data (i32.const 3) "abc") (elem (table $t) (i32.const 6) func $g $f)
      (func $f (result i32) (i32.const 1)) (func $g (result i32) (i32.const 2)) (elem declare func $f)
      (func (export "memory") (result i32) (memory.init $d (i32.const 0) (i32.const 2) (i32.const 4)) (memory.copy (i32.const 2) (i32.const 0) (i32.const 4)) (memory.fill (i32.const 5) (i32.const 1) (i32.const 1)) (data.drop $d) (i32.load (i32.const 3)))
      (func (export "table") (result i32)
        (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2)) (table.init $t $n (i32.const 2) (i32.const 0) (i32.const 2)) (elem.drop $e) (table.copy $t $t (i32.const 4) (i32.const 0) (i32.const 2)) (table.set $t (i32.const 0) (ref.func $g))
        (i32.add (call_indirect $t (result i32) (i32.const 0)) (i32.add (call_indirect $t (result i32) (i32.const 4)) (i32.add (call_indirect $t (result i32) (i32.const 6)) (ref.is_null (table.get $t (i32.const 2)))))))
      (func (export "references") (param externref) (result externref) (table.fill $u (i32.const 0) (local.get 0) (i32.const 2)) (drop (table.grow $u (local.get 0) (i32.const 2))) (table.get $u (i32.sub (table.size $u) (i32.const 1))))
      (func (export "select") (param externref i32) (result externref) (select (result externref) (local.get 0) (ref.null extern) (local.get 1))))`,
    ['memory'],
    ['table'],
    ['references', thing],
    ['select', thing, 0],
    ['select', thing, 1],
  ],
  'a start function, imports and host functions': [
    `(module (import "bench" "note" (func $note (param i32) (result i32))) (import "bench" "wide" (func $wide (param i64 f32 f64) (result i64))) (import "bench" "give" (func $give (result externref)))
      (global $begun (mut i32) (i32.const 0)) (start $begin) (func $begin (global.set $begun (call $note (i32.const 21))))
      (func (export "begun") (result i32) (global.get $begun)) (func (export "wide") (param i64) (result i64) (call $wide (local.get 0) (f32.const 1.5) (f64.const 2.5))) (export "note" (func $note)) (func (export "give") (result externref) (call $give))
      (table funcref (elem $note $begin)) (func (export "through") (result i32) (call_indirect (param i32) (result i32) (i32.const 4) (i32.const 0))))`,
    ['begun'],
    ['wide', 5n],
    ['note', 8],
    ['give'],
    ['through'],
  ],
  'a memory that is imported': [
    `(module (import "env" "memory" (memory 2 20)) (data (i32.const 0) "data") (func (export "run") (result i32) (drop (memory.grow (i32.const 1))) (i32.add (memory.size) (i32.load (i32.const 0)))))`,
    ['run'],
  ],
  'initial values that are computed': [
    `(module (memory 1) (table 10 funcref) (global $a i32 (i32.const 3)) (global $b (mut i32) (i32.add (global.get $a) (i32.mul (i32.const 2) (i32.const 5)))) (global $c i64 (i64.sub (i64.const 5) (i64.const 7)))
      (data (i32.add (global.get $a) (i32.const 1)) "x") (elem (i32.sub (global.get $a) (i32.const 1)) func $f) (func $f (result i32) (i32.const 6))
      (func (export "run") (result i64) (i64.add (i64.extend_i32_s (i32.add (global.get $b) (i32.add (i32.load8_u (i32.const 4)) (call_indirect (result i32) (i32.const 2))))) (global.get $c))))`,
    ['run'],
  ],
  'memory that grows at odd places': [
    `(module (memory 1 5)
      (func (export "run") (param i32) (result i32)
        (block $out (result i32) (loop $more (br_if $out (memory.size) (i32.gt_u (memory.size) (i32.const 3))) drop (br_if $more (i32.ne (i32.const -1) (memory.grow (local.get 0))))) (i32.const 100)))
      (func (export "nested") (result i32) (memory.grow (memory.grow (memory.grow (i32.const 0)))))
      (func (export "dead") (result i32) (return (memory.size)) (drop (memory.grow)) (br 0 (memory.grow (memory.size))) unreachable memory.grow drop (memory.grow (i32.const 9)))
      (func (export "fill") (result i32) (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 77)) (i32.load (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)))))`,
    ['nested'],
    ['run', 1],
    ['dead'],
    ['fill'],
    ['nested'],
  ],
  'offsets and alignments at their ends': [
    `(module (memory 2) (func (export "run") (result i64) (i64.store offset=65000 align=1 (i32.const 7) (i64.const -2)) (i64.load32_u offset=65535 align=2 (i32.const -65535 (i32.add (i32.const 65535) (i32.add (i32.const -528))))))
      (func (export "far") (result i32) (i32.const 0) (if (result i32) (then (i32.load offset=0xffffffff (i32.const 0))) (else (i32.const 3)))))`.replace(
      '(i32.const -65535 (i32.add (i32.const 65535) (i32.add (i32.const -528))))',
      '(i32.const 0)',
    ),
    ['run'],
    ['far'],
  ],
  'code that is never reached': [
    `(module (func (export "run") (result i32) (return (i32.const 4)) i32.add (block (result i64) unreachable i64.add) drop (br_table 0 0 0) select (if (then unreachable) (else br 0)) f64.sqrt drop (loop (br 0)) i32.eqz))`,
    ['run'],
  ],
  'jumps of many targets': [
    `(module (func (export "run") (param i32) (result i32) ${'block\n'.repeat(140)} (br_table ${Array.from({ length: 140 }, (_, index) => index).join(' ')} 0 (local.get 0))
      ${Array.from({ length: 140 }, (_, index) => `end\n(return (i32.const ${index * 3}))`).join('\n')}))`,
    ['run', 0],
    ['run', 63],
    ['run', 64],
    ['run', 127],
    ['run', 128],
    ['run', 139],
    ['run', 1000],
  ],
  'blocks in blocks': [
    `(module (func (export "run") (result i32) ${'block (result i32)\n'.repeat(140)} (i32.const 5) ${'end\n'.repeat(140)}))`,
    ['run'],
  ],
  'three hundred types, functions, globals and locals': [
    `(module (memory 1) ${Array.from({ length: 300 }, (_, index) => `(type (func (param ${'i32 '.repeat(index % 7)} ${'f64 '.repeat(index % 5)} ${'i64 '.repeat(index % 11)})))`).join('\n')}
      ${Array.from({ length: 300 }, (_, index) => `(global $g${index} (mut i32) (i32.const ${index}))`).join('\n')}
      ${Array.from({ length: 300 }, (_, index) => `(func $f${index} (export "f${index}") (result i32) (local ${'i32 f32 '.repeat(index)}) (i32.add (global.get $g${299 - index}) ${index === 0 ? '(memory.size)' : `(call $f${index - 1})`}))`).join('\n')}
      (func (export "set") (param i32) (global.set $g200 (local.get 0))) (table funcref (elem ${Array.from({ length: 300 }, (_, index) => `$f${index}`).join(' ')})) (func (export "at") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))`,
    ['f0'],
    ['f127'],
    ['f128'],
    ['f299'],
    ['set', 9],
    ['f299'],
    ['at', 200],
  ],
  'atomic access to memory that is not shared': [
    '(module (memory 1) (func (export "run") (result i32) (i32.atomic.store (i32.const 8) (i32.const 5)) (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 2))) (drop (i32.atomic.rmw16.cmpxchg_u (i32.const 8) (i32.const 7) (i32.const 9))) (atomic.fence) (i32.add (memory.atomic.notify (i32.const 8) (i32.const 1)) (i32.atomic.load (i32.const 8)))))',
    ['run'],
  ],
  'sections of its own, everywhere': [
    `(module (@custom "first" (before type) "1") (@custom "" "nameless") (@custom "after types" (after type) "2") (@custom "before code" (before code) "\\00\\01\\ff") (@custom "last" (after data) "3") (@custom "last" (after data) "4")
      (memory 1) (global (mut i32) (i32.const 2)) (func (export "run") (result i32) (memory.grow (i32.const 0))))`,
    ['run'],
  ],
}

/** `(type $f (func (param i32) (result i32)))` and a caller, with typed references to functions, by hand. */
const [i32, functionReference] = [0x7f, 0x63]
const onNull = [15, 0, 0x02, 0x40, 0x20, 0, 0xd5, 0, 0x1a, 0x41, 5, 0x0f, 0x0b, 0x41, 40, 0x0b]
const typed = (...body: readonly number[]): Uint8Array<ArrayBuffer> =>
  sections(
    [1, 2, 0x60, 1, i32, 1, i32, 0x60, 1, functionReference, 0, 1, i32],
    [3, 3, 0, 0, 1],
    [5, 1, 0, 1],
    [6, 1, functionReference, 0, 1, 0xd2, 0, 0x0b],
    [7, 1, 3, ...Buffer.from('run'), 0, 1],
    [9, 1, 3, 0, 1, 0],
    // $double, run, and one that takes a reference: null gives 40.
    [10, 3, 7, 0, 0x20, 0, 0x20, 0, 0x6a, 0x0b, body.length + 2, 0, ...body, 0x0b, ...onNull],
  )

const binaries: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, ...Call[]]>> = {
  'a call by reference': [typed(0x20, 0, 0xd2, 0, 0x14, 0), ['run', 21]],
  'a tail call by reference': [typed(0x20, 0, 0xd2, 0, 0x15, 0), ['run', 21]],
  'a call through a global': [typed(0x20, 0, 0x23, 0, 0xd4, 0x14, 0), ['run', 21]],
  'blocks twenty thousand deep': [deep(20_000), ['run']],
  'a jump at null': [typed(0x02, 0x40, 0x23, 0, 0xd5, 0, 0x1a, 0x41, 7, 0x0f, 0x0b, 0x41, 9), ['run', 1]],
}

/** A function of this many blocks in each other. */
function deep(blocks: number): Uint8Array<ArrayBuffer> {
  const open = Array.from({ length: blocks }, () => [0x02, 0x40]).flat()
  const body = [0, ...open, ...Array.from({ length: blocks }, () => 0x0b), 0x41, 7, 0x0b]
  return sections(
    [1, 1, 0x60, 0, 1, i32],
    [3, 1, 0],
    [7, 1, 3, ...Buffer.from('run'), 0, 0],
    [10, 1, ...leb(body.length), ...body],
  )
}

const raw = (bytes: Uint8Array<ArrayBuffer>): ((name: string, ...args: readonly unknown[]) => unknown) => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 20 })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { bench: hostFunctions, env: { memory } })
  return (name, ...args) => {
    const exported = instance.exports[name]
    assert(typeof exported === 'function', name)
    const result: unknown = Reflect.apply(exported, undefined, args)
    return result
  }
}

/** What is compiled into a guest depends on these. */
const settings: readonly WasmOptions[] = [
  {},
  { deadline: Infinity },
  { restore: 'every-lease' },
  { restore: 'every-lease', deadline: Infinity },
  { fuel: 1_000_000_000 },
  { fuel: 1_000_000_000, restore: 'every-lease', deadline: Infinity },
]

const modern = Number(process.versions.node.split('.')[0]) >= 26

describe('a module does the same after rewriting with', () => {
  const behaves = (what: string, bytes: Uint8Array<ArrayBuffer>, calls: readonly Call[]): void => {
    const skip = !modern && !WebAssembly.validate(bytes) && 'this Node lacks it'
    it(what, { skip }, async () => {
      // Throws with the reason, should the module not be what the test takes it for.
      raw(bytes)
      for (const options of settings) {
        await using plugged = await plugBench(bytes, { functions, wasm: options })
        // The second time on an instance that was restored.
        for (let time = 0; time < 2; time++) {
          let call = raw(bytes)
          for (const [name, ...args] of calls) {
            assert.deepEqual(
              plugged.call(name, ...args),
              call(name, ...args),
              `${name} with ${JSON.stringify(options)}`,
            )
            if (options.restore === 'every-lease') call = raw(bytes)
          }
          failure('GUEST_POINTER', () => plugged.use(({ memory }) => memory.readUtf8(-1, 5)))
        }
      }
    })
  }
  for (const [what, [text, ...calls]] of Object.entries(texts)) {
    behaves(what, wat(text), calls)
    behaves(`${what}, written at length`, wat(text, { padded: true }), calls)
  }
  for (const [what, [bytes, ...calls]] of Object.entries(binaries)) behaves(what, bytes, calls)
})

describe('what is compiled', () => {
  /** The bytes that come to the engine. */
  const compiled = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
    const seen: Uint8Array<ArrayBuffer>[] = []
    const { compile, Module } = WebAssembly
    const keep = (source: unknown): void => {
      assert(source instanceof Uint8Array)
      seen.push(Uint8Array.from(source))
    }
    WebAssembly.compile = async (source) => {
      keep(source)
      return compile(source)
    }
    WebAssembly.Module = new Proxy(Module, {
      construct(target, args) {
        keep(args[0])
        return new target(Uint8Array.from(seen.at(-1) ?? []))
      },
    })
    try {
      await using _ = await plugBench(bytes, { functions, wasm: { memory: 77 * 65_536 } })
    } finally {
      Object.assign(WebAssembly, { compile, Module })
    }
    const largest = seen.toSorted((a, b) => b.length - a.length)[0]
    assert(largest !== undefined, 'nothing was compiled')
    return largest
  }

  for (const [what, [text]] of Object.entries(texts)) {
    const bytes = wat(text)
    it(
      `is valid and has the custom sections of the artifact: ${what}`,
      { skip: !modern && !WebAssembly.validate(bytes) && 'this Node lacks it' },
      async () => {
        const rewritten = await compiled(bytes)
        assert(WebAssembly.validate(rewritten))
        const [before, after] = [new WebAssembly.Module(bytes), new WebAssembly.Module(rewritten)]
        for (const name of ['first', '', 'after types', 'before code', 'last']) {
          const contents = (module: WebAssembly.Module): string[] =>
            WebAssembly.Module.customSections(module, name).map((content) => Buffer.from(content).toString('latin1'))
          assert.deepEqual(contents(after), contents(before), name)
        }
        const exports = new Set(WebAssembly.Module.exports(after).map(({ name, kind }) => `${kind} ${name}`))
        for (const { name, kind } of WebAssembly.Module.exports(before))
          assert(exports.has(`${kind} ${name}`), `export '${name}'`)
      },
    )
  }

  it('keeps the names of functions for errors, whatever else the name section holds', async () => {
    const text = `(module (import "bench" "note" (func $note (param i32) (result i32))) (memory $memory 1) (global $global (mut i32) (i32.const 0)) (table $table 1 funcref) (data $data "") (elem $elem func $inner)
      (type $type (func)) (func $inner (param $parameter i32) (local $local i64) (drop (memory.grow (i32.const 0))) unreachable) (func $run (export "other") (call $inner (i32.const 1))))`
    for (const bytes of [wat(text), wat(text, { padded: true })]) {
      await using plugged = await plugBench(bytes, { functions })
      const { frames = [] } = failure('TRAP_UNREACHABLE', () => plugged.call('other')).details
      assert.deepEqual(
        frames.map(({ function: name, index }) => [name, index]),
        [
          ['inner', 1],
          ['run', 2],
        ],
      )
    }
  })

  const nonsense: Readonly<Record<string, readonly number[]>> = {
    'an empty name section': [],
    'names cut off': [1, 20, 1, 0, 10, 0x61],
    'more names than there are': [1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f],
    'names of functions that do not exist': [1, 8, 2, 0, 1, 0x61, 99, 2, 0x62, 0x62],
    'names that are no UTF-8': [1, 5, 1, 0, 2, 0xff, 0xfe],
    'the same name twice': [1, 7, 2, 0, 1, 0x61, 0, 1, 0x62],
    'subsections of no known kind': [0x70, 3, 1, 2, 3],
    'a subsection longer than the section': [1, 0xff, 0x7f, 1],
  }
  for (const [what, content] of Object.entries(nonsense)) {
    it(`takes ${what}: names are only names`, async () => {
      const module = wat('(module (func (export "run") unreachable))', { names: false })
      const bytes = Uint8Array.from([...module, 0, 5 + content.length, 4, ...Buffer.from('name'), ...content])
      assert(WebAssembly.validate(bytes))
      await using plugged = await plugBench(bytes)
      const { frames = [] } = failure('TRAP_UNREACHABLE', () => plugged.call('run')).details
      assert.equal(frames.length, 1)
      assert.equal(frames[0]?.index, 0)
    })
  }
})

describe('what cannot be held to its limits is refused by name, with where it stands', () => {
  const refused: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, RegExp]>> = {
    'shared memory': [wat('(module (memory 1 1 shared))'), /shared/i],
    'shared memory, imported': [wat('(module (import "env" "memory" (memory 1 1 shared)))'), /shared/i],
    'memory of 64 bits': [wat('(module (memory i64 1))'), /64/],
    'memory.atomic.wait32': [
      wat(
        '(module (memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))',
      ),
      /wait|shared/i,
    ],
    'memory.atomic.wait32, without shared memory': [
      wat(
        '(module (memory 1) (func (export "wait") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))',
      ),
      /wait/i,
    ],
    'memory.atomic.wait64': [
      wat('(module (memory 1) (func (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const 0)))))'),
      /wait/i,
    ],
    'a struct type': [sections([1, 1, 0x5f, 1, i32, 0]), /struct|garbage|GC/i],
    'an array type': [sections([1, 1, 0x5e, i32, 0]), /array|garbage|GC/i],
    'a group of recursive types': [sections([1, 1, 0x4e, 2, 0x60, 0, 0, 0x5f, 0]), /rec|struct|garbage|GC/i],
    'a subtype': [sections([1, 1, 0x50, 0, 0x5f, 0]), /sub|struct|garbage|GC/i],
    'a reference to any': [sections([1, 1, 0x60, 1, 0x6e, 0]), /any|garbage|GC/i],
    'an i31': [
      sections([1, 1, 0x60, 0, 1, i32], [3, 1, 0], [10, 1, 8, 0, 0x41, 1, 0xfb, 0x1c, 0xfb, 0x1d, 0x0b]),
      /i31|garbage|GC|0xfb/i,
    ],
  }
  for (const [what, [bytes, words]] of Object.entries(refused)) {
    it(what, async () => {
      const error = await rejection('MODULE_UNSUPPORTED', plugBench(bytes))
      const { offset } = error.details
      assert(offset !== undefined && offset > 7 && offset <= bytes.length, `offset ${offset} of ${bytes.length} bytes`)
      assert.match(error.message, words)
    })
  }

  it('a global or a table that the host could not save is refused, or put back', async () => {
    for (const text of [
      '(module (global $g (mut exnref) (ref.null exn)) (tag $t) (func (export "state") (result i32) (ref.is_null (global.get $g))) (func (export "spoil") (block $h (result exnref) (try_table (catch_all_ref $h) (throw $t)) unreachable) (global.set $g) unreachable))',
      '(module (table $g 1 exnref) (tag $t) (func (export "state") (result i32) (ref.is_null (table.get $g (i32.const 0)))) (func (export "spoil") (i32.const 0) (block $h (result exnref) (try_table (catch_all_ref $h) (throw $t)) unreachable) (table.set $g) unreachable))',
    ]) {
      const bytes = wat(text)
      if (!WebAssembly.validate(bytes)) continue
      try {
        await using plugged = await plugBench(bytes)
        assert.equal(plugged.call('state'), 1)
        failure('TRAP_UNREACHABLE', () => plugged.call('spoil'))
        assert.equal(plugged.call('state'), 1)
      } catch (error) {
        if (!MortiseError.is(error, 'MODULE_UNSUPPORTED')) throw error
        assert.match(error.message, /exn/)
      }
    }
  })
})

describe("a guest cannot reach what is the host's", () => {
  for (const name of ['mortise:memory:0', 'mortise:global:0', 'mortise:', 'mortise:anything']) {
    it(`by exporting ${name}`, async () => {
      for (const what of [
        '(func (export "NAME"))',
        '(memory (export "NAME") 1)',
        '(global (export "NAME") (mut i32) (i32.const 0))',
        '(table (export "NAME") 1 funcref)',
      ]) {
        const error = await rejection(
          ['MODULE_UNSUPPORTED', 'MODULE_REFUSED', 'MODULE_INVALID'],
          plugBench(`(module ${what.replace('NAME', name)})`),
        )
        assert.match(error.message, /mortise:/)
      }
    })
  }

  for (const module of ['mortise:', 'mortise:host', 'mortise']) {
    it(`by importing from ${module}`, async () => {
      for (const what of ['words', 'mortise:words', 'mortise:memory:0', 'memory']) {
        for (const type of [
          '(func)',
          '(global i32)',
          '(table 1 funcref)',
          ...(module === 'mortise' ? [] : ['(memory 1)']),
        ]) {
          await rejection(
            ['MODULE_UNSUPPORTED', 'MODULE_REFUSED'],
            plugBench(`(module (import "${module}" "${what}" ${type}))`),
          )
        }
      }
    })
  }

  for (const name of ['Mortise:memory:0', 'mortise', 'mortise.memory', ' mortise:']) {
    it(`and ${name} is a name like any other`, async () => {
      await using plugged = await plugBench(`(module (func (export "${name}") (result i32) (i32.const 3)))`)
      assert.equal(plugged.call(name), 3)
    })
  }

  /** Two functions, two globals, a memory, a table, a tag: everything above is not its own. */
  const around = (more: string): string => `(module (type (func)) (type (func (param i32) (result i32)))
    (memory 1 3) (table 2 funcref) (global (mut i32) (i32.const 0)) (global (mut v128) (v128.const i64x2 0 0)) (tag)
    (func (result i32) (memory.size)) (func (param i32) (result i32) (memory.grow (local.get 0))) (data "x") (elem func 0) ${more})`
  const places: Readonly<Record<string, (index: number) => string>> = {
    'a call': (index) => `(func (export "x") (drop (call ${index} (i32.const 1))))`,
    'a call without arguments': (index) => `(func (export "x") (call ${index}))`,
    'a tail call': (index) => `(func (export "x") (param i32) (result i32) (return_call ${index} (local.get 0)))`,
    'ref.func': (index) => `(func (export "x") (drop (ref.func ${index})))`,
    'a declared element': (index) => `(elem declare func ${index})`,
    'an element': (index) => `(elem (i32.const 0) func ${index})`,
    'a passive element': (index) => `(elem func ${index})`,
    'an element that is an expression': (index) => `(elem funcref (ref.func ${index}))`,
    'a start function': (index) => `(start ${index})`,
    'an exported function': (index) => `(export "x" (func ${index}))`,
    'global.get': (index) => `(func (export "x") (drop (global.get ${index})))`,
    'global.set': (index) => `(func (export "x") (global.set ${index} (i32.const 1000)))`,
    'an exported global': (index) => `(export "x" (global ${index}))`,
    'the value of a global': (index) => `(global i32 (global.get ${index + 1}))`,
    'the offset of data': (index) => `(data (global.get ${index}) "y")`,
    'an exported memory': (index) => `(export "x" (memory ${index}))`,
    'a load': (index) => `(func (export "x") (drop (i32.load ${index} (i32.const 0))))`,
    'memory.size': (index) => `(func (export "x") (drop (memory.size ${index})))`,
    'memory.grow': (index) => `(func (export "x") (drop (memory.grow ${index} (i32.const 1))))`,
    'memory.init': (index) => `(func (export "x") (memory.init ${index} (i32.const 0) (i32.const 0) (i32.const 0)))`,
    'data.drop': (index) => `(func (export "x") (data.drop ${index}))`,
    'table.get': (index) => `(func (export "x") (drop (table.get ${index} (i32.const 0))))`,
    'an exported table': (index) => `(export "x" (table ${index}))`,
    'elem.drop': (index) => `(func (export "x") (elem.drop ${index}))`,
    'a type': (index) => `(func (export "x") (drop (call_indirect (type ${index}) (i32.const 0) (i32.const 0))))`,
    'the type of a function': (index) => `(func (export "x") (type ${index}))`,
    'a tag': (index) => `(func (export "x") (throw ${index}))`,
    'an exported tag': (index) => `(export "x" (tag ${index}))`,
  }
  for (const [what, text] of Object.entries(places)) {
    it(`by naming an index that it has not got: ${what}`, async () => {
      let checked = 0
      for (let index = 1; index < 12; index++) {
        const bytes = wat(around(text(index)))
        if (WebAssembly.validate(bytes)) continue
        checked++
        await rejection(['MODULE_INVALID', 'MODULE_UNSUPPORTED'], plugBench(bytes))
      }
      assert(checked >= 6, `${checked} indexes`)
    })
  }
})
