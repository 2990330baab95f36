/** The version of this package. */
export async function packageVersion(): Promise<string> {
  const { default: said }: { default: { version: string } } = await import('mortise/package.json', {
    with: { type: 'json' },
  })
  return said.version
}
