import { setFlagsFromString } from 'node:v8'
import { compileFunction } from 'node:vm'
import type { Exports } from './namespace.ts'
import { refuseSource } from './refusal.ts'
import type { Body } from './transform.ts'

/** What the body of a module calls, under the names that Vite gave it. */
export interface Linkage {
  readonly exports: Exports
  readonly meta: object
  /** @param names - what it takes by name; absent where it takes all, or nothing */
  readonly import: (specifier: string, takes?: { readonly importedNames?: readonly string[] }) => Promise<unknown>
  readonly importDynamically: (specifier: unknown, options?: ImportCallOptions) => Promise<unknown>
  readonly exportAll: (from: unknown) => void
}

const parameters = [
  '__vite_ssr_exports__',
  '__vite_ssr_import_meta__',
  '__vite_ssr_import__',
  '__vite_ssr_dynamic_import__',
  '__vite_ssr_exportAll__',
]
const prefix = "'use strict';return async()=>{"

/**
 * Compiles a module as a function that evaluates it. Functions go when nobody holds them; what `import()` loads never does.
 *
 * V8 keeps what it compiled by the text of the source, and with it everything that the code holds. Its cache is off while this
 * compiles, which is synchronous, so nothing else is compiled meanwhile on this thread.
 *
 * @param url - of the module, for stack traces
 * @throws MortiseError `MODULE_REFUSED` for what only V8 finds wrong
 */
export function compile(body: Body, url: string, linkage: Linkage): () => Promise<void> {
  setFlagsFromString('--no-compilation-cache')
  try {
    const make = compileFunction(`${prefix}${body.code}\n}`, parameters, {
      filename: url,
      lineOffset: -body.ahead,
      columnOffset: body.ahead === 0 ? -prefix.length : 0,
    })
    const { exports, meta, import: link, importDynamically, exportAll } = linkage
    const evaluate: unknown = Reflect.apply(make, undefined, [exports, meta, link, importDynamically, exportAll])
    // oxlint-disable-next-line no-unsafe-type-assertion -- it is what the prefix returns
    return evaluate as () => Promise<void>
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const line = /:(\d+)\n/.exec(error.stack ?? '')?.[1]
    refuseSource(url, { message: error.message, ...(line !== undefined && { line: Number(line) }) }, error)
  } finally {
    setFlagsFromString('--compilation-cache')
  }
}
