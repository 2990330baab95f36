import { buildText } from '../support/guest.ts'

/** Makes versions of a handler that answers with `version` and its number. */
export async function sources(
  runtime: string,
  { size, language }: { readonly size: number; readonly language: string },
): Promise<(version: number) => Uint8Array> {
  if (runtime === 'wasm') return inWasm()
  return (version) => Buffer.from(inJavaScript(version, size, language))
}

/** A module of so many KiB, other than any other; it uses a builtin, and each of its functions is of its own text. */
function inJavaScript(version: number, size: number, language: string): string {
  const type = language === 'ts' ? ': number' : ''
  const head = `import { createHash } from 'node:crypto'
${language === 'ts' ? 'interface Answer { readonly n: number }\n' : ''}
const seed${type} = ${version}
const site = {
  fetch() {
    const hash = createHash('md5').update('x').digest('hex').length
    return new Response('version ' + (f0(seed) + hash - 32))
  },
}
globalThis.mortiseVersion?.(site)
export default site
`
  const parts = [head]
  for (let index = 0, length = head.length; length < size * 1024; index++) {
    const part = `
/** Function ${index} of version ${version}. */
export function f${index}(n${type})${type} {
  const table = [${index}, ${version}, n].map((value) => value * 2)
  let sum = n
  for (const value of table) {
    if (value > ${index + version}) sum += value % ${index + 7}
    else sum -= 'a text that ${version} has, and ${index}'.length
  }
  return sum - sum + n
}
`
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}

const room = 8

/** Modules that differ in a constant, and so in their digests: each is rewritten and compiled. */
async function inWasm(): Promise<(version: number) => Uint8Array> {
  const mark = '#'.repeat(room)
  const module = Buffer.from(
    await buildText(
      `import { Request, Response } from 'tenon/http'
       const number = '${mark}'
       export function fetch(request: Request): Response { return Response.text('version ' + number.trimEnd()) }`,
    ),
  )
  const at = module.indexOf(Buffer.from(mark, 'utf16le'))
  return (version) => {
    const bytes = Buffer.from(module)
    bytes.write(String(version).padEnd(room), at, 'utf16le')
    return bytes
  }
}
