import { decodeMappings } from './mappings.ts'

/**
 * Puts printed code back onto the lines that it came from, so that the engine's own stack traces name the lines of the source,
 * and nothing has to rewrite a trace or keep a source map.
 *
 * Only whitespace between tokens changes. A newline that the printer made is known by the mark of the source map behind it: the
 * lines of a template literal have none. A newline is added only where none can end a statement.
 *
 * @param code - as the printer made it, indented by tabs
 * @param mappings - of its source map
 * @param added - whether lines were added at the top, which have no place in the source; these stay above its first line
 * @returns the code, and how many lines of it come before the first of the source
 */
export function restoreLines(code: string, mappings: string, added: boolean): { code: string; ahead: number } {
  const { marks, lines: firsts } = decodeMappings(mappings)
  const wanted = wantedLines(marks)
  const lines = code.split('\n')
  const begins = lines.map((line, index) => {
    const first = firsts[index] ?? 0
    return first < (firsts[index + 1] ?? 0) && indentation(line) === marks[3 * first]
  })
  const ahead = added ? Math.max(0, begins.indexOf(true)) : 0
  let out = ''
  let current = -ahead
  let previous = ''
  const advance = (mark: number): string => {
    const line = wanted[mark] ?? current
    const newlines = '\n'.repeat(line - current)
    current = line
    return marks[3 * mark + 1] === line ? newlines + ' '.repeat(marks[3 * mark + 2] ?? 0) : newlines
  }

  for (const [index, line] of lines.entries()) {
    const first = firsts[index] ?? 0
    const end = Math.max(first, firsts[index + 1] ?? 0)
    let done = 0
    if (begins[index] === true) {
      done = marks[3 * first] ?? 0
      if ((wanted[first] ?? 0) > current) out += advance(first)
      else if (previous.includes('//')) {
        // There may be a comment, which would take in what is joined to it.
        out += '\n'
        current++
      } else if (index > 0) out += ' '
    } else if (index > 0) {
      out += '\n'
      current++
    }
    for (let mark = first; mark < end; mark++) {
      const column = marks[3 * mark] ?? 0
      if (current < 0 || current >= (wanted[mark] ?? 0) || column <= done || !mayBreak(line, column)) continue
      out += line.slice(done, column) + advance(mark)
      done = column
    }
    out += line.slice(done)
    previous = line
  }
  return { code: out, ahead }
}

/** The line of each mark, but none beyond that of a later mark: what was printed out of order must not push the rest down. */
function wantedLines(marks: Int32Array): Int32Array {
  const wanted = new Int32Array(marks.length / 3)
  let least = 2 ** 31 - 1
  for (let mark = wanted.length - 1; mark >= 0; mark--) {
    least = Math.min(least, marks[3 * mark + 1] ?? 0)
    wanted[mark] = least
  }
  return wanted
}

function indentation(line: string): number {
  let column = 0
  while (line.charCodeAt(column) === 9) column++
  return column
}

const opensOrJoins = new Set('([{,.=:?&|>!')
const closes = new Set(')]}')
const wantsMore = /(?<![\w$.])(?:new|typeof|else|await|of|in|case|const|let|var|from)$/

/**
 * Whether a newline may stand here. Before a closing bracket, after one that opens, an operator or such a word it always may;
 * after `)` unless an arrow follows; nowhere else is it certain, since `return`, `yield` and their like end at a newline.
 */
function mayBreak(line: string, column: number): boolean {
  if (closes.has(line.charAt(column))) return true
  let end = column
  while (line.charAt(end - 1) === ' ') end--
  const before = line.charAt(end - 1)
  if (before === ')') return line.charAt(column) !== '='
  return opensOrJoins.has(before) || (end < column && wantsMore.test(line.slice(Math.max(0, end - 8), end)))
}
