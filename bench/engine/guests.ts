import { build } from 'mortise/build'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import wabt from 'wabt'

const folder = join(import.meta.dirname, 'guest')
const cache = join(import.meta.dirname, '../.cache')

/** Loading the compiler takes longer than most benches, so guests are built once, and their bytes kept for the processes. */
export async function buildGuests(): Promise<void> {
  const tools = await wabt()
  const assemble = (name: string, text: string): Uint8Array => {
    const module = tools.parseWat(`${name}.wat`, text, { bulk_memory: true, mutable_globals: true })
    module.validate()
    return module.toBinary({ write_debug_names: true }).buffer
  }
  const text = (name: string): string => readFileSync(join(folder, `${name}.wat`), 'utf8')
  const guests = {
    probe: assemble('probe', text('probe').replace('@pages)', '1)')),
    'probe-2-MiB': assemble('probe', text('probe').replace('@pages)', '32)')),
    order: (await build(join(folder, 'order'))).wasm,
    'order-gc': (await build(join(folder, 'order'), { gc: 'incremental' })).wasm,
    extism: assemble('extism', text('extism')),
    'extism-adapter': assemble('extism-adapter', text('extism-adapter')),
  }
  mkdirSync(cache, { recursive: true })
  for (const [name, bytes] of Object.entries(guests)) writeFileSync(file(name), bytes)
  for (const name of ['order', 'order-gc']) merge('extism-adapter', name, `extism-${name}`)
}

/** Puts a guest and the adapter that imports it into one module: version 1 of Extism does not link modules. */
export function merge(adapter: string, name: string, into: string): void {
  const program = fileURLToPath(new URL('bin/wasm-merge', import.meta.resolve('binaryen')))
  const features = [
    '--enable-bulk-memory',
    '--enable-mutable-globals',
    '--enable-sign-ext',
    '--enable-nontrapping-float-to-int',
  ]
  const modules = [file(adapter), 'main', file(name), 'order', '-o', file(into)]
  execFileSync(process.execPath, [program, ...modules, '-g', ...features])
}

const file = (name: string): string => join(cache, `${name}.wasm`)

/** The bytes of a guest that was built. */
export function guest(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(file(name)))
}

/** The source of the guest in JavaScript. */
export const script: string = readFileSync(join(folder, 'guest.js'), 'utf8')

let copies = 0

/** The same module in other bytes (one more custom section), which neither V8 nor Mortise has compiled before. */
export function distinct(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes.length + 16)
  copy.set(bytes)
  // Section 0 of 14 bytes: its name has 5 bytes, and what follows is the number of the copy.
  copy.set([0, 14, 5, ...Buffer.from('bench')], bytes.length)
  new DataView(copy.buffer).setFloat64(bytes.length + 8, ++copies + process.pid * 1e6, true)
  return copy
}
