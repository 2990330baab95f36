// Runs in the child process: node launcher. Loads a module and calls its functions, one line for each call.
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'

type Hook = (event: unknown, context: unknown) => unknown
type Fields = Readonly<Record<string, unknown>>

const answersTo = 3
const levels = ['debug', 'info', 'warn', 'error'] as const

let hooks: ReadonlyMap<string, Hook> = new Map()
let context: unknown
let output = ''
let partial = ''
const lines: string[] = []
let busy = true
let ending = false
let scheduled = false

/** Everything at once, also where the pipe takes only a part. */
function flush(): void {
  scheduled = false
  if (output === '') return
  let bytes: Uint8Array = Buffer.from(output)
  output = ''
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(answersTo, bytes))
}

/** The answer to a line, or the promise of one. */
function answer(line: string): string | Promise<string> {
  try {
    const fields = asFields(JSON.parse(line))
    let name = 'main'
    for (const [key, text] of Object.entries(fields)) {
      if (key === 'value' || typeof text !== 'string') continue
      if (key === 'hook') name = text
      else process.env[`__OW_${key.toUpperCase()}`] = text
    }
    const call = hooks.get(name)
    if (call === undefined) return threw(new TypeError(`there is no hook '${name}'`))
    const result = call(fields['value'], context)
    return isThenable(result) ? Promise.resolve(result).then(spell, threw) : spell(result)
  } catch (error) {
    return threw(error)
  }
}

function spell(result: unknown): string {
  try {
    return `${JSON.stringify(result) ?? 'null'}\n`
  } catch (error) {
    return marked('!', { message: `it answered with what JSON cannot say: ${sentence(error)}`, result: true })
  }
}

function threw(thrown: unknown): string {
  const stack: unknown = thrown instanceof Error ? guarded(() => thrown.stack) : undefined
  return marked('!', { message: sentence(thrown), stack: typeof stack === 'string' ? stack : '' })
}

const marked = (mark: '#' | '!', fields: Fields): string => `${mark}${JSON.stringify(fields)}\n`

function sentence(thrown: unknown): string {
  const text = guarded(() => (thrown instanceof Error ? thrown.message : String(thrown)))
  return typeof text === 'string' ? text : 'something that cannot be shown as text'
}

function guarded(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Calls one after another, as the lines came; answers go out together, and before a wait. */
function run(): void {
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const text = answer(line)
    if (typeof text === 'string') {
      output += text
      continue
    }
    busy = true
    if (!scheduled) setImmediate(flush)
    scheduled = true
    void text.then((later) => {
      output += later
      busy = false
      run()
    })
    return
  }
  flush()
  // A timer that the guest has left behind is no reason to stay.
  // oxlint-disable-next-line unicorn/no-process-exit -- this file is a program
  if (ending) process.exit()
}

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
  const all = { ...(isHook(fallback) ? { main: fallback } : asFields(fallback)), ...exports }
  return new Map(Object.entries(all).filter((entry): entry is [string, Hook] => isHook(entry[1])))
}

async function start(setup: string): Promise<void> {
  const { files, config } = asFields(JSON.parse(setup))
  const log =
    (level: string) =>
    (message: unknown): void => {
      output += marked('#', { level, text: String(message) })
      flush()
    }
  context = Object.freeze({
    config: Object.freeze({ ...asFields(config) }),
    log: Object.freeze(Object.fromEntries(levels.map((level) => [level, log(level)]))),
  })
  try {
    const exports = await load(Array.isArray(files) ? files.map(String) : [])
    hooks = find(exports)
    const types = { ...exports, ...Object.fromEntries(hooks) }
    output = `${JSON.stringify({ ok: true, mortise: 1, exports: Object.fromEntries(Object.entries(types).map(([name, value]) => [name, typeof value])) })}\n`
  } catch (error) {
    output = `${JSON.stringify({ ok: false, problems: [sentence(error)] })}\n`
    ending = true
  }
  busy = false
  run()
}

const isHook = (value: unknown): value is Hook => typeof value === 'function'

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const asFields = (value: unknown): Fields => (isFields(value) ? value : {})

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

let begun = false

function take(text: string): void {
  const parts = (partial + text).split('\n')
  partial = parts.pop() ?? ''
  for (const line of parts) {
    if (begun) lines.push(line)
    else void start(line)
    begun = true
  }
  if (!busy) run()
}

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
  if (!busy) run()
})
