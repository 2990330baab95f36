import type { OxcError } from 'oxc-transform'
import { restoreLines } from './layout.ts'
import { refuseSource } from './refusal.ts'

/** An ES module as the body of an asynchronous function. */
export interface Body {
  readonly code: string
  /** How many lines of the code come before the first line of the source. */
  readonly ahead: number
  /** What it imports by `import` and `export … from`. */
  readonly imports: readonly string[]
}

export type Language = 'js' | 'ts'

/**
 * Makes an ES module the body of a function, each statement on the line that it has in the source: an import becomes an awaited
 * call, an export a getter, and types go.
 *
 * @param name - of the file, for errors
 * @param language - where it is not known, the text is JavaScript, unless it does not parse as that: then it is TypeScript
 * @throws MortiseError `MODULE_REFUSED`, with file, line and column, when it does not parse
 */
export async function transform(source: string, name: string, language?: Language): Promise<Body> {
  const text = source.replace(/^#!/, '//')
  if (language !== 'ts') {
    const outcome = await toBody(text)
    if ('code' in outcome) return outcome
    if (language === 'js') refuse(outcome, text, name)
    const other = await fromTypeScript(text)
    if ('code' in other) return other
    // Of a text that is neither, the language in which more of it makes sense is the one it was meant in.
    refuse(position(other) > position(outcome) ? other : outcome, text, name)
  }
  const outcome = await fromTypeScript(text)
  return 'code' in outcome ? outcome : refuse(outcome, text, name)
}

async function fromTypeScript(text: string): Promise<Body | OxcError> {
  const oxc = await import('oxc-transform')
  const { code, map, errors } = await oxc.transform('module.ts', text, {
    lang: 'ts',
    target: 'esnext',
    sourcemap: true,
  })
  return errors[0] ?? toBody(restoreLines(code, map?.mappings ?? '', false).code)
}

async function toBody(text: string): Promise<Body | OxcError> {
  const oxc = await import('oxc-transform')
  // oxlint-disable-next-line typescript/no-deprecated -- it "only works for Vite": what it makes speaks of Vite's names, as `compile` does
  const { code, map, deps, errors } = await oxc.moduleRunnerTransform('module.js', text, { sourcemap: true })
  return errors[0] ?? { ...restoreLines(code, map?.mappings ?? '', true), imports: deps }
}

/** In bytes of UTF-8. Of several places the last is where it goes wrong, and the others say why. */
const position = (error: OxcError): number => error.labels.at(-1)?.start ?? 0

function refuse(error: OxcError, text: string, name: string): never {
  const before = Buffer.from(text)
    .toString('utf8', 0, position(error))
    .split(/\r\n|[\n\r\u2028\u2029]/)
  const help = error.helpMessage === null ? '' : ` (${error.helpMessage})`
  refuseSource(name, {
    message: `${error.message.replace(/\.$/, '')}${help}`,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  })
}
