/** Ends the process, once what it has printed is out: Node ends without what it has not written to a pipe yet. */
export async function exit(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await written(stream)
  // oxlint-disable-next-line unicorn/no-process-exit -- the program is the server that has ended, whatever timers its functions have left behind
  process.exit()
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  stream.write('', () => resolve())
  return promise
}
