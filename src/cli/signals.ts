/** Resolves when the process is asked to end. Asked once more, it ends at once. */
export async function untilSignal(): Promise<void> {
  const signals = ['SIGTERM', 'SIGINT'] as const
  await new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve())
  })
  for (const signal of signals) process.once(signal, () => process.exit(1))
}
