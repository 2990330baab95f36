// Runs in the child process: node launcher. Loads a module and calls its functions, one line for each call.
import { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { flush, say } from './answers.ts'
import { Calls, type Hook } from './calls.ts'
import { asFields, type Fields } from './fields.ts'
import { capture } from './prints.ts'
import { shareEnvironment } from './shared-environment.ts'
import { sentence } from './spell.ts'
import { hideInput } from './stdin.ts'

let calls: Calls | undefined
const early: string[] = []
let partial = ''
let begun = false
let ending = false

/** Loads the first file that parses: the same text as JavaScript, then as TypeScript. */
async function load(files: readonly string[]): Promise<Fields> {
  const [first = '', ...others] = files
  try {
    return asFields({ ...(await import(first)) })
  } catch (error) {
    if (!(error instanceof SyntaxError) || others.length === 0) throw error
    return load(others)
  }
}

/** The functions by name. `main` may also be the default export, or a function of it, as in a CommonJS module. */
function find(exports: Fields): Map<string, Hook> {
  const { default: fallback } = exports
  // State is handed over by exports alone, as on the runtime for ES modules.
  const { dispose: _dispose, accept: _accept, ...functions } = asFields(fallback)
  const all = { ...(isHook(fallback) ? { main: fallback } : functions), ...exports }
  return new Map(Object.entries(all).filter((entry): entry is [string, Hook] => isHook(entry[1])))
}

/** What the contract makes of the exports; see `adapter` of a binding. */
async function adapted(exports: Fields, adapter: unknown): Promise<readonly [string, Hook][]> {
  if (typeof adapter !== 'string') return []
  const { adapt } = asFields({ ...(await import(adapter)) })
  if (!isHook(adapt)) throw new TypeError(`'${adapter}' exports no function 'adapt'`)
  const hooks: unknown = Reflect.apply(adapt, undefined, [exports])
  return Object.entries(asFields(hooks)).filter((entry): entry is [string, Hook] => isHook(entry[1]))
}

/** Answers to the first line, which says what to load. */
async function start(setup: string): Promise<void> {
  const { files, config, concurrency, adapter } = asFields(JSON.parse(setup))
  if (concurrency !== 1) shareEnvironment()
  try {
    const exports = await load(Array.isArray(files) ? files.map(String) : [])
    const hooks = new Map([...find(exports), ...(await adapted(exports, adapter))])
    const all = Object.entries({ ...exports, ...Object.fromEntries(hooks) })
    const types = Object.fromEntries(all.map(([name, value]) => [name, typeof value]))
    calls = new Calls({ hooks, config: textsOf(config), concurrency: Number(concurrency) })
    calls.take(early.splice(0))
    say(JSON.stringify({ ok: true, mortise: 1, numbers: true, exports: types }))
  } catch (error) {
    say(JSON.stringify({ ok: false, problems: [sentence(error)] }))
    ending = true
  }
  run()
}

function run(): void {
  calls?.run(leave)
  leave()
}

/** A timer that the guest has left behind is no reason to stay. */
function leave(): void {
  if (!ending || calls?.idle === false) return
  flush()
  // oxlint-disable-next-line unicorn/no-process-exit -- this file is a program
  process.exit()
}

function take(text: string): void {
  const lines = (partial + text).split('\n')
  partial = lines.pop() ?? ''
  if (!begun) {
    const setup = lines.shift()
    if (setup === undefined) return
    begun = true
    void start(setup)
  }
  if (calls === undefined) early.push(...lines)
  else {
    calls.take(lines)
    run()
  }
}

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.freeze(Object.fromEntries(Object.entries(asFields(value)).map(([name, text]) => [name, String(text)])))

const isHook = (value: unknown): value is Hook => typeof value === 'function'

hideInput()
capture('stdout')
capture('stderr')
// What was answered before the guest ended the process is still answered.
process.on('exit', flush)

// As bytes into one buffer, which spares each read what a stream does beside it.
const decoder = new StringDecoder()
new Socket({
  fd: 0,
  readable: true,
  writable: false,
  onread: {
    buffer: Buffer.allocUnsafe(65_536),
    callback(size, bytes) {
      take(decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, size)))
      return true
    },
  },
}).on('end', () => {
  ending = true
  if (begun && calls === undefined) return
  leave()
})
