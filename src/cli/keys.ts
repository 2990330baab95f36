import type { Terminal } from './command.ts'

/** Calls what belongs to a key when it is pressed, where somebody sits at a terminal. */
export function onKeys({ colors }: Terminal, keys: Readonly<Record<string, () => void>>): Disposable {
  const { stdin } = process
  if (!stdin.isTTY || !colors) return { [Symbol.dispose]: () => {} }
  const pressed = (text: string): void => {
    // It takes Ctrl-C from the terminal, too, which makes a signal of it else.
    if (text === '\u0003') process.kill(process.pid, 'SIGINT')
    else keys[text]?.()
  }
  stdin.setRawMode(true).setEncoding('utf8').on('data', pressed).resume()
  return {
    [Symbol.dispose]() {
      stdin.off('data', pressed).setRawMode(false).pause()
    },
  }
}
