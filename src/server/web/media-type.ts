/** A content type: `text/html; charset=utf-8`. */
export interface MediaType {
  /** In small letters, without parameters. */
  readonly essence: string
  readonly charset: boolean
}

const form = /^([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+) *(;.*)?$/

/** Reads a content type; `undefined` for what is none. */
export function parseMediaType(text: string): MediaType | undefined {
  const [, essence, parameters = ''] = form.exec(text.trim()) ?? []
  if (essence === undefined) return undefined
  return { essence: essence.toLowerCase(), charset: /;\s*charset=/i.test(parameters) }
}

/** `application/json` and its family. */
export function isJsonType({ essence }: MediaType): boolean {
  return essence === 'application/json' || essence.endsWith('+json')
}

/** What is passed on as text; all else is bytes. */
export function isTextType(type: MediaType): boolean {
  const { essence, charset } = type
  return charset || isJsonType(type) || essence.startsWith('text/') || essence.endsWith('+xml') || texts.has(essence)
}

const texts: ReadonlySet<string> = new Set([
  'application/xml',
  'application/javascript',
  'application/x-www-form-urlencoded',
])
