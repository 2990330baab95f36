import type { Diagnostic } from '../errors.ts'
import { notRunnable } from './refused.ts'

/** How a text of JavaScript or TypeScript is loaded. */
export interface Format {
  readonly language: 'js' | 'ts'
  readonly module: 'esm' | 'commonjs'
  /** TypeScript that is more than JavaScript with types, as JavaScript: Node runs only what it can strip. */
  readonly transformed?: string
}

/** A function that a text declares and does not export is exported by this name. */
const hiddenExport = '__mortise_main'

/** What Node does not strip: code that TypeScript makes of types. A word too much here costs only the places in stack traces. */
const moreThanTypes =
  /\b(?:enum|namespace|module)\s+[\w$.]+\s*\{|\bimport\s+[\w$]+\s*=|constructor\s*\([^)]*\b(?:public|private|protected|readonly|override)\s|^\s*@[\w$]/m

/** Whether a text imports the SDK for guests: then it is AssemblyScript, which looks like TypeScript and is none. */
export function importsTenon(text: string): boolean {
  return /\b(?:from|import)\s*(['"])tenon(?:\/[\w/-]+)?\1/.test(text)
}

/**
 * Tells the language and the kind of module of a text by what it parses as: JavaScript before TypeScript, CommonJS before ES modules.
 *
 * @throws MortiseError `CODE_NOT_RUNNABLE`, with file, line and column, for what is neither
 */
export async function formatOf(text: string, name: string): Promise<Format> {
  const script = await parse(text, 'js', 'commonjs')
  if ('code' in script) return { language: 'js', module: 'commonjs' }
  const module = await parse(text, 'js', 'module')
  if ('code' in module) return { language: 'js', module: 'esm' }
  const typed = await parse(text, 'ts', 'module')
  if ('code' in typed) {
    const plain = await parse(typed.code, 'js', 'commonjs')
    const format = { language: 'ts', module: 'code' in plain ? 'commonjs' : 'esm' } as const
    return moreThanTypes.test(text) ? { ...format, transformed: typed.code } : format
  }
  // Of a text that is neither, the language in which more of it makes sense is the one it was meant in.
  const { message, line, column } = typed.at > module.at ? typed : module
  const diagnostic: Diagnostic = { message, file: name, line, column }
  throw notRunnable(`it is text, but neither JavaScript nor TypeScript: ${name}:${line}:${column}: ${message}`, {
    diagnostics: [diagnostic],
  })
}

type Parsed =
  | { readonly code: string }
  | { readonly message: string; readonly at: number; readonly line: number; readonly column: number }

async function parse(text: string, lang: 'js' | 'ts', sourceType: 'commonjs' | 'module'): Promise<Parsed> {
  const oxc = await import('oxc-transform')
  const { code, errors } = await oxc.transform(`code.${lang}`, text.replace(/^#!/, '//'), {
    lang,
    sourceType,
    target: 'esnext',
  })
  const [error] = errors
  if (error === undefined) return { code }
  // In bytes of UTF-8. Of several places the last is where it goes wrong, and the others say why.
  const at = error.labels.at(-1)?.start ?? 0
  const before = Buffer.from(text)
    .toString('utf8', 0, at)
    .split(/\r\n|[\n\r\u2028\u2029]/)
  return { message: error.message, at, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/**
 * What goes behind a text so that a function of it can be called that it declares and does not export, as in the actions of OpenWhisk.
 * It comes after the last line, so that all places stay.
 *
 * @param main - as it was posted: nothing is added for what is no name
 */
export function exportHidden(main: string, module: Format['module']): string {
  const [name = ''] = main.split('.')
  if (!isName(name)) return ''
  const value = `typeof ${name} === 'undefined' ? undefined : ${name}`
  return module === 'esm'
    ? `\nexport const ${hiddenExport} = ${value}\n`
    : `\n;if (Object.isExtensible(module.exports)) module.exports.${hiddenExport} = ${value}\n`
}

const keywords: ReadonlySet<string> = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
)

const isName = (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text) && !keywords.has(text)

/**
 * The text of a module that loads a file beside it and exports the function that was asked for as `main`, on any runtime.
 *
 * @param file - relative, such as `./index.mjs`
 * @param main - the function, or a path to it from what the file exports; `main` may also be all that it exports
 * @param digest - of what was posted, so that what differs has another digest too
 */
export function entryText(file: string, module: Format['module'], main: string, digest: string): string {
  const commonjs = module === 'commonjs'
  const load = commonjs
    ? `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const code = require(${JSON.stringify(file)})`
    : `import * as code from ${JSON.stringify(file)}`
  const names = main.split('.')
  const all = main === 'main' ? ', code?.default, code' : ''
  return `// Calls what was posted, by the digest ${digest}.
${load}
const at = (from, names) => names.reduce((value, name) => value?.[name], from)
const names = ${JSON.stringify(names)}
const hidden = code?.${hiddenExport}
const main = [at(code, names), at(code?.default, names), at(hidden, names.slice(1))${all}].find((one) => typeof one === 'function')
if (main === undefined) throw new TypeError(${JSON.stringify(`Action entrypoint '${main}' is not a function.`)})
export { main }
export async function dispose() {
  if (typeof code?.dispose === 'function') await code.dispose()
${commonjs ? forget : ''}}
`
}

/**
 * The text of a module that loads a file of CommonJS beside it and exports what a handler of HTTP requests may export.
 *
 * @param file - relative, such as `./index.cjs`
 * @param digest - of what was posted
 */
export function handlerText(file: string, digest: string): string {
  return `// Exports what was posted, by the digest ${digest}.
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const code = require(${JSON.stringify(file)})
export default code?.default ?? code
export const Handler = code?.Handler
export const accept = code?.accept
export async function dispose() {
  const given = typeof code?.dispose === 'function' ? await code.dispose() : undefined
${forget}  return given
}
`
}

/** Node keeps CommonJS modules for good. */
const forget = `  const folder = import.meta.dirname
  for (const path of Object.keys(require.cache)) if (path.startsWith(folder)) delete require.cache[path]
`
