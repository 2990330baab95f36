import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { type Hooks, knownJson, type Size } from './work.ts'

const directory = new URL('../../examples/users/directory.ts', import.meta.url)

/**
 * The guest as a script without imports, for sandboxes that run JavaScript: `hooks`, and `call(hook, json)` with JSON both ways.
 * The users are in it; their bytes are in base64.
 */
export function script(size: Size): string {
  const source = stripTypeScriptTypes(readFileSync(directory, 'utf8')).replaceAll(/^export /gm, '')
  return `${source}
var hooks = directory(${knownJson(size)})
function call(hook, params) { return JSON.stringify(hooks[hook](JSON.parse(params))) ?? 'null' }
`
}

/** The hooks of a guest that is called by JSON. */
export function hooksByJson(call: (hook: string, params: string) => string): Hooks<'sync'> {
  const hook =
    (name: string) =>
    (params: object): never =>
      // oxlint-disable-next-line no-unsafe-type-assertion -- every result is checked
      JSON.parse(call(name, JSON.stringify(params))) as never
  return {
    getUser: hook('getUser'),
    getUserByClaim: hook('getUserByClaim'),
    getUserGroups: hook('getUserGroups'),
    findUsers: hook('findUsers'),
  }
}

/** The same for a guest that answers later. */
export function hooksByAsync(call: (hook: string, params: object) => Promise<unknown>): Hooks<'async'> {
  const hook =
    (name: string) =>
    (params: object): Promise<never> =>
      // oxlint-disable-next-line no-unsafe-type-assertion -- every result is checked
      call(name, params) as Promise<never>
  return {
    getUser: hook('getUser'),
    getUserByClaim: hook('getUserByClaim'),
    getUserGroups: hook('getUserGroups'),
    findUsers: hook('findUsers'),
  }
}
