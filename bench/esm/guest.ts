/** A module of about so many bytes, and of no other module's text. */
export function source(version: number, bytes: number, typed: boolean): string {
  const number = typed ? ': number' : ''
  const head = `${typed ? 'interface Sum { readonly a: number; readonly b: number }\n' : ''}
export function noop()${typed ? ': void' : ''} {}
export const add = ({ a, b }${typed ? ': Sum' : ''})${number} => (a + b) | 0
export const pass = (value${typed ? ': Sum' : ''}) => value
`
  const parts = [head]
  for (let index = 0, length = head.length; length < bytes; index++) {
    const part = `
/** Function ${index} of version ${version}. */
export function f${index}(n${number})${number} {
  let sum = n
  for (const value of [${index}, ${version}, n].map((each) => each * 2)) {
    if (value > ${index + version}) sum += value % ${index + 7}
    else sum -= 'a text that ${version} has, and ${index}'.length
  }
  return sum
}
`
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}
