import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { bindings, languages } from '../contracts/typed/bindings/bindings.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type Command, UsageError } from './command.ts'
import { loadContract } from './contract.ts'

export const bindingsCommand: Command = {
  help: `mortise bindings: write what guests of a typed contract are built with

Usage: mortise bindings <contract module> --lang <language> [-o folder]

  <contract module>       a .ts, .js or .mjs file that exports what 'contract' of 'mortise/contract' made; it is run
  --lang <language>       assemblyscript   classes for the types, and the functions that the host calls
                          wit              a world, for the generators of other languages
                          typescript       types for guests that are ES modules
                          c                structs for native libraries, beside mortise.h
  --export <name>         which contract, where the module exports several
  -o, --output <folder>   where the files go; default: the working directory
  --json                  print one JSON object: the files that were written
  -h, --help              print this

The same contract gives the same files. 'mortise build --contract' needs none of them: it makes them as it builds.

Examples:
  mortise bindings users.ts --lang assemblyscript -o guest
  mortise bindings users.ts --lang wit
`,
  options: {
    lang: { type: 'string' },
    export: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  async run(args, terminal) {
    const path = args.only('contract module')
    const language = args.choice('lang', languages)
    if (language === undefined) throw new UsageError(`It needs a language: --lang ${languages.join(', ')}`)
    const { definition } = await loadContract(path, args.text('export'))
    const folder = resolve(args.text('output') ?? '.')
    const files = bindings(definition, language).map(({ name, text }) => ({ path: join(folder, name), text }))
    try {
      await mkdir(folder, { recursive: true })
      for (const file of files) await writeFile(file.path, file.text)
    } catch (cause) {
      throw new MortiseError('BUILD_OUTPUT', `Cannot write bindings to '${folder}': ${reasonOf(cause)}`, { cause })
    }
    const written = files.map((file) => file.path)
    if (args.json)
      terminal.out(`${JSON.stringify({ ok: true, contract: definition.name, language, files: written })}\n`)
    else terminal.out(written.map((file) => `${relative('', file)}\n`).join(''))
    return 0
  },
}
