/** The constant offsets that every store is there with. */
export const offsets: readonly number[] = [0, 1, 4095, 65_535, 2 ** 31 + 3, 2 ** 32 - 16, 2 ** 32 - 1]

const value = '(local.get 1)'
const wide = '(i64.mul (i64.extend_i32_u (local.get 1)) (i64.const 0x0101010101010101))'
const vector = `(i64x2.splat ${wide})`

const narrow = ['', '8', '16'] as const
const widths = ['', '8', '16', '32'] as const

/** Every instruction that stores to memory: its text, with `$` for offset and address, or `%` and `!`. */
const stores: readonly (readonly [name: string, text: string])[] = [
  ...narrow.map((width) => [`i32.store${width}`, `(i32.store${width} $ ${value})`] as const),
  ...widths.map((width) => [`i64.store${width}`, `(i64.store${width} $ ${wide})`] as const),
  ['f32.store', `(f32.store $ (f32.reinterpret_i32 ${value}))`],
  ['f64.store', `(f64.store $ (f64.reinterpret_i64 ${wide}))`],
  ['v128.store', `(v128.store $ ${vector})`],
  ...[8, 16, 32, 64].map((bits) => [`v128.store${bits}_lane`, `(v128.store${bits}_lane % 1 ! ${vector})`] as const),
  ...atomics('i32', narrow, value),
  ...atomics('i64', widths, wide),
]

function atomics(type: string, bits: readonly string[], operand: string): readonly (readonly [string, string])[] {
  const kinds = ['add', 'sub', 'and', 'or', 'xor', 'xchg']
  return bits.flatMap((width) => {
    const unsigned = width === '' ? '' : '_u'
    const store = `${type}.atomic.store${width}`
    const exchange = `${type}.atomic.rmw${width}.cmpxchg${unsigned}`
    return [
      [store, `(${store} $ ${operand})`],
      ...kinds.map((kind): [string, string] => {
        const name = `${type}.atomic.rmw${width}.${kind}${unsigned}`
        return [name, `(drop (${name} $ ${operand}))`]
      }),
      // What is expected is what is there, so that it stores.
      [exchange, `(drop (${exchange} $ (${type}.atomic.load${width}${unsigned} $) ${operand}))`],
    ]
  })
}

const storeName = (name: string, offset: number): string => `${name} ${offset}`

/** The names of the exports that store: each takes an address and a value. */
export const storeNames: readonly string[] = stores.map(([name]) => name)

/** The name of the export that stores with a constant offset. */
export const storeExport = (name: string, offset: number): string => storeName(name, offset)

const storeFunctions = stores.flatMap(([name, text]) =>
  offsets.map((offset) => {
    const place = text.replaceAll('$', '% !').replaceAll('%', `offset=${offset}`).replaceAll('!', '(local.get 0)')
    return `(func (export "${storeName(name, offset)}") (param i32 i32) ${place})`
  }),
)

export const pages = 3

/** A guest whose state is nowhere plain: memories full of numbers, globals of all types, tables; and functions that change it. */
export const trackedGuest: { readonly text: string } = {
  text: `(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $stat (param i32 i32) (result i32)))
  (memory $memory (export "memory") ${pages} 40) (memory $second 1)
  (table $t (export "table") 6 20 funcref) (elem (table $t) (i32.const 1) func $one $two) (elem $more func $two $one $two)
  (global $i32 (mut i32) (i32.const 5)) (global $i64 (mut i64) (i64.const -6)) (global $f32 (mut f32) (f32.const nan:0x200001))
  (global $f64 (mut f64) (f64.const -0)) (global $v128 (mut v128) (v128.const i64x2 7 8)) (global $ref (mut funcref) (ref.func $one))
  (data $bytes "the quick brown fox jumps over the lazy dog")
  (func $one (result i32) (i32.const 1)) (func $two (result i32) (i32.const 2))
  (func (export "_initialize") (local $at i32)
    (loop $more
      (i32.store (local.get $at) (i32.mul (i32.add (local.get $at) (i32.const 12345)) (i32.const 0x9e3779b1)))
      (br_if $more (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const ${pages * 65_536}))))
    (memory.copy $second $memory (i32.const 0) (i32.const 1000) (i32.const 65536)))
  ${storeFunctions.join('\n  ')}
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy in") (param i32 i32 i32) (memory.copy $memory $second (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy out") (param i32 i32 i32) (memory.copy $second $memory (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $bytes (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow") (param i32 i32 i32) (drop (memory.grow (i32.and (local.get 0) (i32.const 7)))))
  (func (export "size") (result i32) (memory.size))
  (func (export "globals") (param i32 i32 i32)
    (global.set $i32 (local.get 0)) (global.set $i64 (i64.extend_i32_s (local.get 1))) (global.set $f32 (f32.reinterpret_i32 (local.get 2)))
    (global.set $f64 (f64.convert_i32_s (local.get 0))) (global.set $v128 (i32x4.splat (local.get 1))) (global.set $ref (ref.func $two)))
  (func (export "state") (result i32 i64 i32 i64 i64 i64 i32)
    (global.get $i32) (global.get $i64) (i32.reinterpret_f32 (global.get $f32)) (i64.reinterpret_f64 (global.get $f64))
    (i64x2.extract_lane 0 (global.get $v128)) (i64x2.extract_lane 1 (global.get $v128)) (ref.is_null (global.get $ref)))
  (func (export "second") (param i32) (result i64) (i64.load $second (local.get 0)))
  (func (export "tset") (param i32 i32 i32) (table.set $t (local.get 0) (ref.func $two)))
  (func (export "tfill") (param i32 i32 i32) (table.fill $t (local.get 0) (ref.null func) (local.get 1)))
  (func (export "tcopy") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
  (func (export "tinit") (param i32 i32 i32) (table.init $t $more (local.get 0) (local.get 1) (local.get 2)))
  (func (export "tgrow") (param i32 i32 i32) (drop (table.grow $t (ref.func $one) (i32.and (local.get 0) (i32.const 3)))))
  (func (export "random") (param i32 i32 i32) (drop (call $random (local.get 0) (i32.and (local.get 1) (i32.const 0x3fff)))))
  (func (export "clock") (param i32 i32 i32) (drop (call $clock (i32.const 0) (i64.const 0) (local.get 0))))
  (func (export "args") (param i32 i32 i32) (drop (call $sizes (local.get 0) (local.get 1))) (drop (call $args (local.get 1) (local.get 0))))
  (func (export "stat") (param i32 i32 i32) (drop (call $stat (i32.const 1) (local.get 0)))))`,
}
