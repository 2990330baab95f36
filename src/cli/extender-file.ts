import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { MortiseError, reasonOf } from '../errors.ts'
import type { ExtenderOptions } from '../server/extender/extender.ts'

/**
 * The options of an extender, as a file of YAML or JSON has them; what is in them is checked where all options are. Paths begin at the
 * folder of the file.
 *
 * @throws MortiseError `CONFIG_UNREADABLE`
 */
export async function readExtenderFile(file: string): Promise<ExtenderOptions> {
  const options = await readOptions(file)
  const from = (path: string): string => (typeof path === 'string' ? resolve(dirname(file), path) : path)
  const { tls, cluster } = options
  const plugins: unknown = options.plugins
  return {
    ...options,
    ...(isList(plugins) && { plugins: plugins.map((plugin) => withPath(plugin, from)) }),
    ...(isObject(tls) && {
      tls: { ...tls, cert: from(tls.cert), key: from(tls.key), ...(tls.ca !== undefined && { ca: from(tls.ca) }) },
    }),
    ...(isObject(cluster) && { cluster: { ...cluster, kubeconfig: from(cluster.kubeconfig) } }),
  }
}

type Plugin = ExtenderOptions['plugins'][number]

function withPath(plugin: Plugin, from: (path: string) => string): Plugin {
  return isObject(plugin) ? { ...plugin, path: from(plugin.path) } : plugin
}

async function readOptions(file: string): Promise<ExtenderOptions> {
  let options: unknown
  try {
    options = parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new MortiseError('CONFIG_UNREADABLE', `Cannot read '${file}': ${reasonOf(cause)}`, { cause })
  }
  if (isOptions(options)) return options
  throw new MortiseError('CONFIG_UNREADABLE', `Cannot read '${file}': it is no object with a list 'plugins'`)
}

const isList = (value: unknown): value is readonly Plugin[] => Array.isArray(value)
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isOptions = (value: unknown): value is ExtenderOptions => isObject(value) && 'plugins' in value
