import assert from 'node:assert/strict'
import { type BuildOptions, build } from 'mortise/build'
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A guest of the contract `action` on plain WebAssembly: what the SDK's tests need, and nothing of the host. */
export interface Guest {
  readonly memory: WebAssembly.Memory
  readonly logs: string[]
  readonly instance: WebAssembly.Instance
  /** Calls `main` with an event as text, and gives its result as text; null for none. */
  readonly call: (event: string) => string | null
  /** Calls `main` with a value and parses its result. */
  readonly json: (event: unknown) => unknown
  /** Puts a text into the guest. */
  readonly put: (text: string) => number
  readonly main: (event: number) => number
  /** Calls `string_new`. */
  readonly allocate: (bytes: number) => number
}

/** The abort that a guest called, as an error: `message (file:line:column)`. */
export class Abort extends Error {}

/** Instantiates a guest. */
export function instantiate(wasm: Uint8Array | WebAssembly.Module, config: Record<string, string> = {}): Guest {
  const module = wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(Uint8Array.from(wasm))
  const logs: string[] = []
  const read = (at: number): string => {
    const { buffer } = memory
    return Buffer.from(buffer, at, new DataView(buffer).getUint32(at - 4, true)).toString('utf16le')
  }
  const levels = ['debug', 'info', 'warn', 'error']
  const instance = new WebAssembly.Instance(module, {
    env: {
      abort: (message: number, file: number, line: number, column: number) => {
        throw new Abort(`${message === 0 ? '' : read(message)} (${file === 0 ? '' : read(file)}:${line}:${column})`)
      },
    },
    tenon: {
      log: (level: number, message: number) => void logs.push(`${levels[level]} ${read(message)}`),
      config: (name: number) => {
        const value = config[read(name)]
        return value === undefined ? 0 : put(value)
      },
    },
  })
  const exported = instance.exports['memory']
  assert(exported instanceof WebAssembly.Memory)
  const main = callable(instance, 'main')
  const allocate = callable(instance, 'string_new')
  const memory = exported
  const put = (text: string): number => {
    const at = allocate(text.length * 2)
    Buffer.from(memory.buffer, at, text.length * 2).write(text, 'utf16le')
    return at
  }
  const call = (event: string): string | null => {
    const at = main(put(event))
    return at === 0 ? null : read(at)
  }
  return {
    memory,
    logs,
    instance,
    call,
    put,
    main,
    allocate,
    json: (event): unknown => JSON.parse(call(JSON.stringify(event)) ?? 'null'),
  }
}

function callable(instance: WebAssembly.Instance, name: string): (argument: number) => number {
  const exported = instance.exports[name]
  assert(typeof exported === 'function')
  return (argument) => Number(Reflect.apply(exported, undefined, [argument]))
}

/** Builds a guest from one text, or from several files of which `index.ts` is the entry. */
export async function buildText(
  source: string | Record<string, string>,
  options: BuildOptions = {},
): Promise<Uint8Array> {
  return inFolder(
    typeof source === 'string' ? { 'index.ts': source } : source,
    async (folder) => (await build(folder, options)).wasm,
  )
}

/** Builds and instantiates a guest. */
export async function guest(
  source: string | Record<string, string>,
  options: BuildOptions = {},
  config: Record<string, string> = {},
): Promise<Guest> {
  return instantiate(await buildText(source, options), config)
}

/** Runs with a folder of files that is gone afterwards. */
export async function inFolder<T>(files: Record<string, string>, run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
