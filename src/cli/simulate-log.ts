import type { PluginLogLine } from '../host.ts'
import type { Terminal } from './command.ts'
import { printable } from './format.ts'

/** Lines that are kept for `--json`. */
const mostLines = 10_000

/** What plugins log: shown as it comes, a line that is said again and again once, with how often. */
export class SimulationLog {
  /** The first lines. */
  readonly lines: PluginLogLine[] = []
  /** How many there were after those. */
  dropped = 0
  readonly #terminal: Pick<Terminal, 'err'> | undefined
  #last = ''
  #times = 0

  /** @param terminal - where lines are shown; default: nowhere */
  constructor(terminal?: Pick<Terminal, 'err'>) {
    this.#terminal = terminal
  }

  add(line: PluginLogLine): void {
    if (this.lines.length < mostLines) this.lines.push(line)
    else this.dropped++
    const text = `[${line.level}] ${line.plugin}: ${line.text}`
    if (text === this.#last) {
      this.#times++
      return
    }
    this.end()
    this.#last = text
    this.#times = 1
    this.#terminal?.err(`${printable(text)}\n`)
  }

  /** Says how often the last line came. */
  end(): void {
    if (this.#times > 1) this.#terminal?.err(`  (${this.#times} times)\n`)
    this.#last = ''
    this.#times = 0
  }
}
