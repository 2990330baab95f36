import { writeSync } from 'node:fs'

const answersTo = 3

let waiting = ''

/** Puts a line behind those that wait to be written, all at once. */
export function say(line: string): void {
  waiting += `${line}\n`
}

/** Writes everything, also where the pipe takes only a part at once. */
export function flush(): void {
  if (waiting === '') return
  let bytes: Uint8Array = Buffer.from(waiting)
  waiting = ''
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(answersTo, bytes))
}
