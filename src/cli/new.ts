import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Command, UsageError } from './command.ts'
import { packageVersion } from './package.ts'
import { actionProject } from './template-action.ts'
import { extensionProject } from './template-extension.ts'
import { httpProject } from './template-http.ts'
import { schedulerProject } from './template-scheduler.ts'
import type { ProjectFacts } from './templates.ts'

const kinds = new Map([
  ['action', actionProject],
  ['extension', extensionProject],
  ['http', httpProject],
  ['scheduler', schedulerProject],
])

export const newCommand: Command = {
  help: `mortise new: make a guest project that builds, with a test

Usage: mortise new action <name>
       mortise new extension <name>
       mortise new http <name>
       mortise new scheduler <name>

  action                  a guest that takes a JSON object and gives one
  extension               functions that read state and create intents
  http                    a guest that answers HTTP requests
  scheduler               a plugin of Kubernetes' scheduler
  <name>                  the folder to make; its last part is the project's name
  --json                  print one JSON object: the files that were written
  -h, --help              print this

Example:
  mortise new action hello && cd hello && npm install && npm test
`,
  options: {},
  async run(args, terminal) {
    const [kind, path, ...more] = args.positionals
    const project = kinds.get(kind ?? '')
    if (project === undefined) {
      const names = [...kinds.keys()].join(' or ')
      throw new UsageError(`It makes guests of the kind ${names}, and got ${kind === undefined ? 'none' : `'${kind}'`}`)
    }
    if (path === undefined || more.length > 0) throw new UsageError('It takes one name for the project')
    const folder = resolve(path)
    const name = basename(folder)
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      throw new UsageError(
        `A project's name is 1 to 100 letters, digits, '.', '_' or '-', and begins with a letter or digit; this is '${name}'`,
      )
    }
    const files = Object.entries(project(await facts(name, folder)))
    await write(folder, files)
    if (args.json) terminal.out(`${JSON.stringify({ ok: true, folder, files: files.map(([file]) => file) })}\n`)
    else
      terminal.out(
        `${files.map(([file]) => `${join(path, file)}\n`).join('')}\nNext: cd ${path} && npm install && npm test\n`,
      )
    return 0
  },
}

/** Run from a checkout, which is not published, the project depends on the checkout; else on this version. */
async function facts(name: string, folder: string): Promise<ProjectFacts> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const checkout = existsSync(join(root, 'src', 'cli', 'main.ts'))
  return {
    name,
    mortise: checkout ? `file:${relative(folder, root)}` : `^${await packageVersion()}`,
    nodeOptions: checkout ? '-C source ' : '',
  }
}

async function write(folder: string, files: readonly (readonly [string, string])[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length > 0) {
      throw new MortiseError(
        'PROJECT_EXISTS',
        `Cannot make a project in '${folder}': there is something in it. Take another name, or empty it`,
      )
    }
    for (const [file, text] of files) {
      await mkdir(join(folder, dirname(file)), { recursive: true })
      await writeFile(join(folder, file), text)
    }
  } catch (cause) {
    if (MortiseError.is(cause)) throw cause
    throw new MortiseError('BUILD_OUTPUT', `Cannot write the project to '${folder}': ${reasonOf(cause)}`, { cause })
  }
}
