import { wat } from './wat.ts'

/** Types of the functions that a guest may import, as the text format writes them. */
const i = 'i32'
const l = 'i64'
const text = [i, i]
const read = {
  String: l,
  Bytes: l,
  Int32: i,
  Int64: l,
  Float32: 'f32',
  Float64: 'f64',
  QNamePkg: l,
  QNameEntity: l,
  Bool: l,
}
const written = {
  String: text,
  Bytes: text,
  Int32: [i],
  Int64: [l],
  Float32: ['f32'],
  Float64: ['f64'],
  Bool: [i],
  QName: [...text, ...text],
}

/** Every function of ABI 0.0.1, with its parameters and results. Written out from the specification, not from the engine. */
export const abi: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  hostGetKey: [[...text, ...text], [l]],
  hostGetValue: [[l], [l]],
  hostQueryValue: [[l], [l]],
  hostReadValues: [[l], []],
  hostValueLength: [[l], [i]],
  hostNewValue: [[l], [l]],
  hostUpdateValue: [[l, l], [l]],
  hostValueAsValue: [[l, ...text], [l]],
  hostValueGetAsValue: [[l, i], [l]],
  ...Object.fromEntries(
    Object.entries(read).flatMap(([kind, result]) => [
      [`hostKeyAs${kind}`, [[l, ...text], [result]]],
      [`hostValueAs${kind}`, [[l, ...text], [result]]],
      [`hostValueGetAs${kind}`, [[l, i], [result]]],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(written).map(([kind, value]) => [`hostRowWriterPut${kind}`, [[l, i, ...text, ...value], []]]),
  ),
}

interface GuestOptions {
  /** More of the module. */
  readonly more?: string
  readonly pages?: number
  /** What it does when it is asked for its version, and whenever it allocates: instructions. */
  readonly abiVersion?: string
  readonly malloc?: string
}

/** Where the texts of a guest begin, and its heap: what is below is its shadow stack. */
const textsAt = 65_536
const heapAt = 131_072

/**
 * A guest of ABI 0.0.1 in the text format, that behaves as programs of TinyGo do: it leaks what it allocates, moves a stack
 * pointer, and says on stdout why it panics before it traps.
 *
 * @param functions - by export name, each as its instructions. `'text'` stands for pointer and length of a text; `$a` and `$b` are
 *   locals of i64, `$n` of i32
 * @param options - more of the module, its size, and what it does on the way
 */
export function extensionGuest(
  functions: Readonly<Record<string, string>>,
  { more = '', pages = 3, abiVersion = '', malloc = '' }: GuestOptions = {},
): Uint8Array<ArrayBuffer> {
  const texts = new Map<string, number>()
  let next = textsAt
  const constants = (code: string): string =>
    code.replaceAll(/'([^']*)'/g, (_, one: string) => {
      const at = texts.get(one) ?? next
      if (!texts.has(one)) next += Buffer.byteLength(one)
      texts.set(one, at)
      return `(i32.const ${at}) (i32.const ${Buffer.byteLength(one)})`
    })
  const body = Object.entries(functions).map(
    ([name, code]) =>
      `(func $${name} (export "${name}") (local $a i64) (local $b i64) (local $n i32)\n${constants(code)})`,
  )
  const shared = constants(library(malloc) + more)
  const used = [...new Set(`${shared} ${body.join(' ')}`.match(/\$host\w+/g))]
  const imports = used.map((name) => {
    const [params, results] = abi[name.slice(1)] ?? unknown(name)
    return `(import "env" "${name.slice(1)}" (func ${name} (param ${params.join(' ')}) (result ${results.join(' ')})))`
  })
  const data = [...texts].map(([one, at]) => `(data (i32.const ${at}) "${escaped(one)}")`)
  return wat(`(module
    ${imports.join('\n')}
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") ${pages})
    (global $sp (mut i32) (i32.const 65536)) (global $heap (mut i32) (i32.const ${heapAt}))
    ${shared}
    (func (export "free") (param i32)) (func (export "WasmAbiVersion_0_0_1") ${abiVersion})
    (func (export "WasmGetHeapInuse") (result i64) (i64.extend_i32_u (i32.sub (global.get $heap) (i32.const ${heapAt}))))
    (func (export "WasmGetHeapSys") (result i64) (i64.const 0)) (func (export "WasmGetMallocs") (result i64) (i64.const 0))
    (func (export "WasmGetFrees") (result i64) (i64.const 0)) (func (export "WasmGC"))
    ${body.join('\n')}
    ${data.join('\n')})`)
}

const library = (malloc: string): string => `
  (func $malloc (export "malloc") (param $n i32) (result i32) (local $at i32) ${malloc}
    (local.set $at (global.get $heap))
    (global.set $heap (i32.add (local.get $at) (local.get $n)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))) (then
      (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.div_u (i32.sub (global.get $heap)
          (i32.mul (memory.size) (i32.const 65536))) (i32.const 65536)))))
        (then (call $panic 'panic: runtime error: out of memory
')))))
    (local.get $at))
  (func $print (param $at i32) (param $n i32)
    (i32.store (i32.const 16) (local.get $at)) (i32.store (i32.const 20) (local.get $n))
    (drop (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))))
  (func $panic (param $at i32) (param $n i32)
    (global.set $sp (i32.sub (global.get $sp) (i32.const 48)))
    (i64.store (global.get $sp) (i64.const 1))
    (call $print (local.get $at) (local.get $n))
    (unreachable))
  (func $pointer (param i64) (result i32) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
  (func $length (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
`

const escaped = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')

function unknown(name: string): never {
  throw new Error(`the ABI has no ${name}`)
}
