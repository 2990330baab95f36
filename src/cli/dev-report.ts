import type { DevEvent, Took } from '../dev/events.ts'
import type { Diagnostic } from '../errors.ts'
import type { Terminal } from './command.ts'
import { errorText } from './errors.ts'
import { bytes, duration, printable } from './format.ts'

/** Tells what a dev loop does: as lines for people, or one object each for machines. */
export function reporter(terminal: Terminal, json: boolean): (event: DevEvent) => void {
  return (event) => {
    if (json) terminal.out(`${JSON.stringify(plain(event))}\n`)
    else if (event.event === 'failed') terminal.err(failure(event, terminal))
    else terminal.out(text(event))
  }
}

function plain(event: DevEvent): object {
  if (event.event !== 'failed') return event
  const { code, message, details } = event.error
  return { ...event, error: { code, message, diagnostics: details.diagnostics, problems: details.problems } }
}

function text(event: Exclude<DevEvent, { readonly event: 'failed' }>): string {
  switch (event.event) {
    case 'ready': {
      const { name, language, contract, url } = event
      return `${name} (${language}, ${contract})${url === undefined ? '' : ` at ${url}`}\n`
    }
    case 'changed':
      return `${clock()} ${event.files.length === 0 ? 'once more' : printable(event.files.slice(0, 5).join(', '))}${event.files.length > 5 ? ', …' : ''}\n`
    case 'warning':
      return event.diagnostics.map((each) => `  ${line(each)}\n`).join('')
    case 'live': {
      const { version, stage, bytes: size, sent, took } = event
      const built = stage === 'source' ? '' : `, ${stage}`
      const what = size === undefined ? '' : `, ${bytes(size)}`
      const way = sent === undefined ? '' : `, ${bytes(sent)} sent`
      return `${clock()} version ${version} is live${built}${what}${way} in ${steps(took)}\n`
    }
    case 'unchanged':
      return `${clock()} nothing has changed by that\n`
    case 'answered':
      return `${clock()} ${event.status} in ${duration(event.milliseconds)}: ${printable(event.text.trimEnd(), '\n\t')}\n`
  }
}

/** `152 ms (wait 10, build 118, load 24)` */
function steps({ total, ...each }: Took): string {
  const parts = Object.entries(each).map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(1)}`)
  return `${duration(total ?? 0)} (${parts.join(', ')})`
}

function failure({ error, live }: Extract<DevEvent, { readonly event: 'failed' }>, terminal: Terminal): string {
  const stays = live === undefined ? 'Nothing is live yet' : `Version ${live} stays live`
  return `${clock()} ${errorText(error, terminal)}${stays}\n`
}

const line = ({ file, line: at, column, message }: Diagnostic): string =>
  `${[file, at, column].filter((part) => part !== undefined).join(':')} ${message}`

const clock = (): string => new Date().toTimeString().slice(0, 8)
