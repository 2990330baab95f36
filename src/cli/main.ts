import { MortiseError } from '../errors.ts'
import { Arguments, type Command, type Terminal, UsageError } from './command.ts'
import { errorJson, errorText } from './errors.ts'
import { columns } from './format.ts'
import { packageVersion } from './package.ts'

/** The commands, each loaded when it is asked for: the compiler alone takes half a second. */
const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  new: {
    summary: 'Make a guest project that builds, with a test',
    load: async () => (await import('./new.ts')).newCommand,
  },
  dev: {
    summary: 'What is saved is live: watch, build, serve',
    load: async () => (await import('./dev.ts')).devCommand,
  },
  build: {
    summary: 'Compile a guest from TypeScript to WebAssembly',
    load: async () => (await import('./build.ts')).buildCommand,
  },
  bindings: {
    summary: 'Write what guests of a typed contract are built with',
    load: async () => (await import('./bindings.ts')).bindingsCommand,
  },
  run: { summary: 'Call a guest once and print its result', load: async () => (await import('./run.ts')).runCommand },
  serve: {
    summary: 'Functions behind HTTP, and an OpenWhisk runtime',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  deploy: {
    summary: 'Put code on a server that runs',
    load: async () => (await import('./deploy.ts')).deployCommand,
  },
  list: {
    summary: 'What is live on a server, and the versions of it',
    load: async () => (await import('./list.ts')).listCommand,
  },
  rollback: {
    summary: 'Make a version live that was live before',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  remove: {
    summary: 'Take a plugin from a server',
    load: async () => (await import('./remove.ts')).removeCommand,
  },
  logs: {
    summary: 'The lines that a plugin on a server writes',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  token: {
    summary: 'Say who may deploy to a server',
    load: async () => (await import('./token.ts')).tokenCommand,
  },
  simulate: {
    summary: 'Say where scheduler plugins would place pods',
    load: async () => (await import('./simulate.ts')).simulateCommand,
  },
  inspect: {
    summary: 'Say what an artifact is, and which contracts it fits',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
}

const help = `mortise: a plugin host for Node

Usage: mortise <command> [options]

${columns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}
  mortise <command> --help says more, with examples.
  Every command takes --json, for machines.

Exit codes: 0 done, 1 the guest or the input failed, 2 wrong usage.

Example: mortise run hello.wasm --data '{"name":"Mike"}'
`

/**
 * Runs one command line.
 *
 * @param argv - the arguments after the program's name
 * @param terminal - where to write to and read from; default: the process's own
 * @returns the exit code: 0 done, 1 the guest or the input failed, 2 wrong usage
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help)
    return argv.length === 0 ? 2 : 0
  }
  if (name === '--version') {
    terminal.out(`${await packageVersion()}\n`)
    return 0
  }
  const json = rest.includes('--json')
  try {
    const command = Object.hasOwn(commands, name) ? await commands[name]?.load() : undefined
    if (command === undefined)
      throw new UsageError(`There is no command '${name}': there are ${Object.keys(commands).join(', ')}`)
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(command.help)
      return 0
    }
    return await command.run(new Arguments(rest, command), terminal)
  } catch (error) {
    return fail(error, name, json, terminal)
  }
}

function fail(error: unknown, name: string, json: boolean, terminal: Terminal): number {
  const usage = error instanceof UsageError
  if (!usage && !MortiseError.is(error)) throw error
  if (json) terminal.out(errorJson(error))
  else if (usage)
    terminal.err(
      `${error.message}\nmortise ${Object.hasOwn(commands, name) ? `${name} ` : ''}--help says how it is used\n`,
    )
  else terminal.err(errorText(error, terminal))
  return usage || error.code === 'OPTION_INVALID' ? 2 : 1
}

function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colors: stdout.isTTY && stderr.isTTY && env['NO_COLOR'] === undefined,
    async read() {
      if (stdin.isTTY) return undefined
      let text = ''
      for await (const chunk of stdin.setEncoding('utf8')) text += String(chunk)
      return text
    },
  }
}
