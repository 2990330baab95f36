import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDuration } from '../limits.ts'
import { type Role, roles, TokenFile, type TokenRuntime, tokenRuntimes } from '../server/deploy/tokens.ts'
import { type Arguments, type Command, UsageError } from './command.ts'
import { columns } from './format.ts'

export const tokenCommand: Command = {
  help: `mortise token: who may deploy to a server

Usage: mortise token add <name> --role <role> --store <folder> [options]
       mortise token list --store <folder>
       mortise token revoke <name> --store <folder>

  --store <folder>       the store of the server, as in mortise serve --store
  --role <roles>         deploy, read, invoke, or several of them with commas; invoke is for /run of a server that was
                         started with --require-token
  --runtimes <runtimes>  what it may deploy code for: wasm, esm, process, with commas; default wasm
  --expires <time>       it ends so long from now: '30 days' is '720 h'
  --json                 print a line of JSON, for machines
  -h, --help             print this

add prints the token, which is kept nowhere: the store has its hash. A server that runs knows of every change at once.
Whoever may deploy for esm or process may do whatever the server's user may.

Examples:
  mortise token add ci --role deploy,read --store ./store > token
  mortise token revoke ci --store ./store
`,
  options: {
    store: { type: 'string' },
    role: { type: 'string' },
    runtimes: { type: 'string' },
    expires: { type: 'string' },
  },
  async run(args, terminal) {
    const out = (text: string): void => terminal.out(text)
    const [action, name, ...more] = args.positionals
    const store = args.text('store')
    if (store === undefined) throw new UsageError('It takes --store, the folder of the server')
    const tokens = new TokenFile(join(store, 'tokens.json'))
    if (action === 'list' && name === undefined) {
      const known = (await tokens.all()).map(({ name: its, roles: may, runtimes, created, expires }) => {
        return { name: its, roles: may, runtimes, created, expires }
      })
      if (args.json) out(`${JSON.stringify({ ok: true, tokens: known })}\n`)
      else if (known.length > 0)
        out(
          columns(
            known.map((token) => [token.name, about(token)]),
            '',
          ),
        )
      return 0
    }
    if (name === undefined || more.length > 0 || (action !== 'add' && action !== 'revoke'))
      throw new UsageError('It takes: add <name>, list, or revoke <name>')
    if (action === 'add') {
      await mkdir(store, { recursive: true, mode: 0o700 })
      const token = await tokens.add({ name, ...wanted(args) })
      out(args.json ? `${JSON.stringify({ ok: true, name, token })}\n` : `${token}\n`)
      return 0
    }
    const revoked = await tokens.revoke(name)
    if (args.json) out(`${JSON.stringify({ ok: revoked, name })}\n`)
    else out(revoked ? `Revoked ${name}\n` : `There is no token ${name}\n`)
    return revoked ? 0 : 1
  },
}

function wanted(args: Arguments): { roles: readonly Role[]; runtimes?: readonly TokenRuntime[]; expires?: number } {
  const role = args.text('role')
  if (role === undefined) throw new UsageError(`It takes --role, some of ${roles.join(', ')}`)
  const runtimes = args.text('runtimes')
  const expires = args.text('expires')
  return {
    roles: some('role', role, roles),
    ...(runtimes !== undefined && { runtimes: some('runtimes', runtimes, tokenRuntimes) }),
    ...(expires !== undefined && { expires: Date.now() + parseDuration('expires', expires) }),
  }
}

function some<T extends string>(flag: string, text: string, all: readonly T[]): readonly T[] {
  return text.split(',').map((word) => {
    const known = all.find((one) => one === word.trim())
    if (known === undefined) throw new UsageError(`--${flag} is '${text}', and can be some of ${all.join(', ')}`)
    return known
  })
}

function about(token: {
  roles: readonly Role[]
  runtimes: readonly TokenRuntime[]
  created: number
  expires: number | undefined
}): string {
  const until = token.expires === undefined ? '' : `, until ${new Date(token.expires).toISOString()}`
  return `${token.roles.join(', ')} for ${token.runtimes.join(', ')}, since ${new Date(token.created).toISOString()}${until}`
}
