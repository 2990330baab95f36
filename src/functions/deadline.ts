const name = '"deadline"'

/** No deadline lies before 2001, in milliseconds since 1970: what does is a placeholder. */
const earliest = 1e12

/**
 * When an activation has to have ended, by the `deadline` of its request: milliseconds since 1970, as a number or as text. `Infinity`
 * where it says nothing of use.
 */
export function deadlineOf(request: string): number {
  if (!request.includes(name)) return Infinity
  let deadline: unknown
  try {
    const parsed: unknown = JSON.parse(request)
    if (typeof parsed === 'object' && parsed !== null && 'deadline' in parsed) ({ deadline } = parsed)
  } catch {
    // Whoever runs it says that it is no JSON, unless a program takes it as it is.
    return Infinity
  }
  const time = typeof deadline === 'string' && deadline !== '' ? Number(deadline) : deadline
  return typeof time === 'number' && time >= earliest ? time : Infinity
}
