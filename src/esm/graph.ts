import { MortiseError, reasonOf } from '../errors.ts'
import { compile, type Linkage } from './compile.ts'
import { importMeta, isRelative, languageOf, readImport, realUrl, resolveFile } from './files.ts'
import { exportAll, type Exports, namespace, requireNames } from './namespace.ts'
import { nodeImport, type NodeImport } from './node-import.ts'
import { type Language, transform } from './transform.ts'

/** One file of a graph. */
interface Module {
  readonly url: string
  readonly exports: Exports
  /** The files of the guest's own that it imports. */
  readonly imports: readonly string[]
  readonly run: () => Promise<void>
  evaluation: Promise<void> | undefined
  /** The module that this one waits for, in the middle of its evaluation. */
  waiting: Module | undefined
}

/**
 * The modules of one load: the entry and what it and they import by relative paths, each evaluated once, and all of them gone
 * with the load. Packages, builtins and absolute URLs come from Node's own loader, which shares them and keeps them.
 */
export class Graph {
  readonly #modules = new Map<string, Promise<Module>>()

  /**
   * Loads all that the entry imports, then evaluates.
   *
   * @param url - a `file:` URL, or another, which nothing is relative to
   * @throws MortiseError `MODULE_REFUSED`; and whatever a module throws
   */
  async load(url: string, source: string): Promise<Exports> {
    const place = url.startsWith('file:') ? await realUrl(url) : url
    const language = languageOf(place)
    const entry = this.#compile(place, source, language === 'json' ? undefined : language)
    this.#modules.set(place, entry)
    return this.#run(await entry)
  }

  async #run(module: Module): Promise<Exports> {
    await this.#link(module, new Set())
    await evaluate(module)
    return module.exports
  }

  /** Loads what a module imports, so that what does not parse, or is not there, shows before anything runs. */
  async #link({ url, imports }: Module, seen: Set<string>): Promise<void> {
    seen.add(url)
    const modules = await Promise.all(imports.map(async (imported) => this.#module(imported, url)))
    for (const module of modules) if (!seen.has(module.url)) await this.#link(module, seen)
  }

  #module(url: string, importer: string): Promise<Module> {
    const known = this.#modules.get(url)
    if (known !== undefined) return known
    const module = this.#read(url, importer)
    this.#modules.set(url, module)
    return module
  }

  async #read(url: string, importer: string): Promise<Module> {
    const file = await readImport(url, importer)
    if (file.url !== url) return this.#module(file.url, importer)
    return file.language === 'json' ? json(url, file.source) : this.#compile(url, file.source, file.language)
  }

  async #compile(url: string, source: string, language?: Language): Promise<Module> {
    const body = await transform(source, url, language)
    const exports = namespace()
    const load = nodeImport(url)
    const linkage: Linkage = {
      exports,
      meta: importMeta(url),
      import: (specifier, takes) => this.#import(module, load, specifier, takes?.importedNames ?? []),
      importDynamically: (specifier, options) => this.#importDynamically(url, load, specifier, options),
      exportAll: (from) => exportAll(exports, from),
    }
    const run = compile(body, url, linkage)
    const imports = body.imports.filter(isRelative).map((specifier) => resolveFile(specifier, url))
    const module: Module = { url, exports, imports, run, evaluation: undefined, waiting: undefined }
    return module
  }

  /** An import that was written as a statement. */
  async #import(from: Module, load: NodeImport, specifier: string, names: readonly string[]): Promise<unknown> {
    if (!isRelative(specifier)) {
      // The attributes of the statement are gone by now, and Node wants this one.
      const exports = await load(specifier, specifier.endsWith('.json') ? { with: { type: 'json' } } : undefined)
      requireNames(exports, names, specifier, from.url)
      return exports
    }
    const module = await this.#module(resolveFile(specifier, from.url), from.url)
    // In a circle the module that comes back to one which waits for it goes on, with what that one has exported so far.
    if (waitsFor(module, from)) return module.exports
    from.waiting = module
    try {
      await evaluate(module)
    } finally {
      from.waiting = undefined
    }
    requireNames(module.exports, names, specifier, from.url)
    return module.exports
  }

  async #importDynamically(
    from: string,
    load: NodeImport,
    specifier: unknown,
    options: ImportCallOptions | undefined,
  ): Promise<unknown> {
    const name = String(specifier)
    if (!isRelative(name)) return load(name, options)
    return this.#run(await this.#module(resolveFile(name, from), from))
  }
}

function evaluate(module: Module): Promise<void> {
  return (module.evaluation ??= module.run())
}

function waitsFor(module: Module | undefined, other: Module): boolean {
  return module !== undefined && (module === other || waitsFor(module.waiting, other))
}

function json(url: string, source: string): Module {
  const exports = namespace()
  try {
    exports['default'] = JSON.parse(source)
  } catch (cause) {
    const why = reasonOf(cause)
    throw new MortiseError('MODULE_REFUSED', `Cannot read the JSON file ${url}: ${why}`, { problems: [why], cause })
  }
  return { url, exports, imports: [], run: async () => {}, evaluation: undefined, waiting: undefined }
}
