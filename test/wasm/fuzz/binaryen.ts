import fs, { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'

/** What the program requires, which is a CommonJS module, and only Node's own. */
const load: (name: string) => unknown = createRequire(import.meta.url)

/** What Binaryen has and Mortise refuses, or V8 does not run without a flag. */
const without = [
  'gc',
  'threads',
  'memory64',
  'strings',
  'stack-switching',
  'shared-everything',
  'fp16',
  'custom-descriptors',
  'custom-page-sizes',
  'wide-arithmetic',
  'compact-imports',
  'multibyte',
  'relaxed-atomics',
]
const features = ['-all', ...without.map((name) => `--disable-${name}`)]

/** What Emscripten lets an embedder of its program say. */
interface Embedding {
  noInitialRun: boolean
  onRuntimeInitialized: () => void
  instantiateWasm?: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => void
}

/**
 * Binaryen's `wasm-opt`, run again and again in this process: a process for each module would take most of the time. Its
 * program is the one of the package's command line, whose JavaScript is evaluated and whose module is compiled just once.
 */
export class WasmOpt implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mortise-fuzz-'))
  readonly #start: (...args: unknown[]) => unknown
  #module: WebAssembly.Module | undefined

  constructor() {
    const file = fileURLToPath(import.meta.resolve('binaryen/bin/wasm-opt'))
    const text = readFileSync(file, 'utf8').replace(/^#!.*/, '')
    const program: unknown = compileFunction(`${text};return { callMain }`, [
      'Module',
      'WebAssembly',
      'require',
      'process',
      '__filename',
      '__dirname',
      'module',
    ])
    if (typeof program !== 'function') throw new TypeError('wasm-opt is no program')
    this.#start = (...args) => Reflect.apply(program, undefined, [...args, file, dirname(file), { exports: {} }])
  }

  /**
   * Makes a module out of random bytes. V8 takes no module with exceptions in both encodings, which is what comes out
   * where there are many: that one gets them all in the new encoding.
   */
  async generate(bytes: Uint8Array, options: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
    const all = ['--translate-to-fuzz', ...features, ...options]
    const module = await this.#run(bytes, all)
    return WebAssembly.validate(module) ? module : this.#run(bytes, [...all, '--translate-to-exnref'])
  }

  /** The same module, where no float is ever a NaN. */
  denan(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#run(bytes, ['--denan', ...features])
  }

  /** Reads and validates a module; throws what Binaryen has against it. */
  async validate(bytes: Uint8Array): Promise<void> {
    await this.#run(bytes, ['-all'])
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #run(input: Uint8Array, options: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
    const [from, to] = [join(this.#folder, 'in'), join(this.#folder, 'out')]
    writeFileSync(from, input)
    rmSync(to, { force: true })
    const said: string[] = []
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const embedding: Embedding = {
      noInitialRun: true,
      onRuntimeInitialized: () => resolve(undefined),
    }
    const known = this.#module
    if (known !== undefined)
      embedding.instantiateWasm = (imports, done) => done(new WebAssembly.Instance(known, imports))
    // It reports its end in the process's exit code, which is none of our business.
    const quiet: unknown = Object.create(process, { exitCode: { value: 0, writable: true }, argv: { value: [] } })
    const instantiate = async (bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports): Promise<unknown> => {
      this.#module = await WebAssembly.compile(bytes)
      return { instance: new WebAssembly.Instance(this.#module, imports), module: this.#module }
    }
    const wasm: unknown = Object.create(WebAssembly, { instantiate: { value: instantiate } })
    const started = this.#start(embedding, wasm, requireFor(said), quiet)
    await promise
    try {
      callMain(started, [...options, from, '-o', to])
      return Uint8Array.from(readFileSync(to))
    } catch (cause) {
      throw new Error(`wasm-opt ${options.join(' ')}: ${said.join('').trim()}`, { cause })
    }
  }
}

/** The `require` of a program, with files as they are; what it prints is kept. */
function requireFor(said: string[]): (name: string) => unknown {
  const writeSync = (file: number, buffer: Uint8Array, offset: number, length: number): number => {
    if (file > 2) return fs.writeSync(file, buffer, offset, length)
    said.push(Buffer.from(buffer.subarray(offset, offset + length)).toString())
    return length
  }
  const files: unknown = Object.create(fs, { writeSync: { value: writeSync } })
  return (name) => (name === 'node:fs' ? files : load(name))
}

function callMain(started: unknown, args: readonly string[]): void {
  if (typeof started !== 'object' || started === null || !('callMain' in started)) throw new TypeError('it has no main')
  const { callMain: main } = started
  if (typeof main === 'function') Reflect.apply(main, undefined, [args])
}
