/**
 * The body of `/run` as a program reads it: one line. Line breaks are taken out, as the reference does it; in JSON they can only stand
 * between values.
 */
export function lineOf(body: Buffer): string {
  const text = body.toString()
  return text.includes('\n') ? text.replaceAll('\n', '') : text
}

/** The identifier that the platform gave an activation, where the request has one. */
export function activationOf(line: string): string | undefined {
  if (!line.includes('"activation_id"')) return undefined
  try {
    const request: unknown = JSON.parse(line)
    if (typeof request !== 'object' || request === null || !('activation_id' in request)) return undefined
    const { activation_id: id } = request
    return typeof id === 'string' && id !== '' ? id.slice(0, 128) : undefined
  } catch {
    return undefined
  }
}
