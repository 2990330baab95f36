import { isBuiltin, Module } from 'node:module'
import { fileURLToPath } from 'node:url'
import { refuseImport, withoutPlace } from './refusal.ts'

/** Node's own `import()`, as if it stood in some module. */
export type NodeImport = (specifier: string, options?: ImportCallOptions) => Promise<unknown>

const text = 'module.exports = (specifier, options) => import(specifier, options)'

/**
 * Node's own `import()` for a module, so that packages are found from where the module is, under the conditions of an import.
 *
 * Node offers this to compiled text in two ways: `vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER`, which warns every user that it is
 * experimental, and a CommonJS module, whose `import()` starts from its file name. The file need not exist, nor be CommonJS.
 */
export function nodeImport(url: string): NodeImport {
  if (!url.startsWith('file:')) return importFromNowhere(url)
  let load: NodeImport | undefined
  return (specifier, options) => (load ??= compile(fileURLToPath(url)))(specifier, options)
}

function compile(filename: string): NodeImport {
  const module = new Module(filename)
  const run: unknown = Reflect.get(module, '_compile')
  if (typeof run !== 'function') throw new TypeError('This version of Node compiles CommonJS in another way')
  Reflect.apply(run, module, [text, filename])
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is what the text exports
  return module.exports as NodeImport
}

/** What came as bytes imports what is the same everywhere. */
function importFromNowhere(url: string): NodeImport {
  return async (specifier, options) => {
    if (!isBuiltin(specifier) && !URL.canParse(specifier)) refuseImport(specifier, url, withoutPlace)
    const exports: unknown = await import(specifier, options)
    return exports
  }
}
