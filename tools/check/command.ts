import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const root: string = join(import.meta.dirname, '../..')

/** What takes longer than this hangs, in most cases for want of a network. */
const timeout = 240_000

/** Runs a program to its end and gives what it printed; throws the same when it failed. Its standard input is empty. */
export async function command(program: string, args: readonly string[], cwd: string = root): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<number | string>()
  const child = spawn(program, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], timeout })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output += text
    })
  }
  child.on('error', reject)
  child.on('close', (code, signal) => resolve(code ?? String(signal)))
  const end = await promise
  if (end !== 0) throw new Error(`${output.trimEnd()}\n${[program, ...args].join(' ')} ended with ${end}`)
  return output
}

/** Runs the program that an installed package brings, with the Node that runs this. */
export function tool(path: string, ...args: string[]): Promise<string> {
  return command(process.execPath, [join(root, 'node_modules', path), ...args])
}

/** npm tells its scripts about this package by variables; an npm or a program run elsewhere must not hear of them. */
function environment(): NodeJS.ProcessEnv {
  const ours = /^(npm_(package|lifecycle)_.*|npm_command|npm_config_local_prefix|INIT_CWD|NODE_OPTIONS)$/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}
