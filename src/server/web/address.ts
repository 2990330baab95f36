/** How the result of an action is shown. */
export type Extension = 'http' | 'json' | 'html' | 'svg' | 'text'

const extensions: readonly Extension[] = ['http', 'json', 'html', 'svg', 'text']

/** What the path of a web action says. */
export interface Address {
  readonly name: string
  readonly extension: Extension
  /** What follows the name, as it came: `/a/b`, or nothing. */
  readonly path: string
  /** What follows the `?`, as it came. */
  readonly query: string
}

/**
 * Reads `/web/<name>[.extension][/path][?query]`. Names may have dots in them: one that is taken whole has no extension.
 *
 * @param known - whether there is a web action of a name
 */
export function addressOf(url: string, known: (name: string) => boolean): Address {
  const [, whole = '', path = '', query = ''] = /^\/web\/([^/?]*)([^?]*)\??(.*)$/s.exec(url) ?? []
  const dot = whole.lastIndexOf('.')
  const extension = extensions.find((candidate) => candidate === whole.slice(dot + 1))
  if (dot < 1 || extension === undefined || known(whole)) return { name: whole, extension: 'http', path, query }
  return { name: whole.slice(0, dot), extension, path, query }
}
