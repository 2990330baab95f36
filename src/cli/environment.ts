import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Arguments, UsageError } from './command.ts'

/** The options that say what a guest finds in its environment. */
export const environmentOptions = {
  env: { type: 'string', multiple: true },
  'env-from': { type: 'string', multiple: true },
} as const

/** How {@link environmentOptions} are explained. */
export const environmentHelp = `  --env <NAME=VALUE>      what it finds in its environment; may be given again
  --env-from <file>       the same, of a file of such lines; may be given again, and --env counts more`

/**
 * The environment that a command line asks for.
 *
 * @throws MortiseError `CONFIG_UNREADABLE`
 */
export async function readEnvironment(args: Arguments): Promise<Readonly<Record<string, string>>> {
  const files = await Promise.all(args.texts('env-from').map(readFileOf))
  const pairs = args.texts('env').map((pair): readonly [string, string] => {
    const at = pair.indexOf('=')
    // The value may be a secret, so that an error shows none of it.
    if (at < 1) throw new UsageError('--env takes NAME=VALUE')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  return Object.fromEntries([...files.flat(), ...pairs])
}

async function readFileOf(file: string): Promise<readonly (readonly [string, string])[]> {
  try {
    return Object.entries(parseEnv(await readFile(file, 'utf8'))).map(([name, value = '']) => [name, value])
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read the environment in '${file}': ${reasonOf(cause)}`, {
      cause,
    })
  }
}
