import type { Terminal } from './command.ts'

/**
 * Calls what belongs to a key when it is pressed, where somebody sits at a terminal.
 *
 * @param hint - what they are told of the keys; nothing for no hint
 */
export function onKeys(terminal: Terminal, hint: string, keys: Readonly<Record<string, () => void>>): Disposable {
  const { stdin, stdout } = process
  if (!stdin.isTTY || !stdout.isTTY) return { [Symbol.dispose]: () => {} }
  const pressed = (text: string): void => {
    // It takes Ctrl-C from the terminal, too, which makes a signal of it else.
    if (text === '\u0003') process.kill(process.pid, 'SIGINT')
    else keys[text]?.()
  }
  stdin.setRawMode(true).setEncoding('utf8').on('data', pressed).resume()
  if (hint !== '') terminal.out(`${hint}\n`)
  return {
    [Symbol.dispose]() {
      stdin.off('data', pressed).setRawMode(false).pause()
    },
  }
}
