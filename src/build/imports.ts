import type { Settings } from './glue/glue.ts'

/** What of AssemblyScript's library imports functions of the host's. */
const library: Readonly<Record<string, string>> = {
  'env.seed': 'Math.random',
  'env.trace': 'trace',
  'env.Date.now': 'Date.now',
  'env.performance.now': 'performance.now',
  'env.console.log': 'console.log',
}

/** What a guest imports that hosts of its contract do not have, as a sentence: no clock, no console, no random numbers. */
export function alienImport(wasm: Uint8Array, contract: string, { imports }: Settings): string | undefined {
  const all = WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(wasm)))
  const alien = all.find(({ module, name }) => imports[module]?.test(name) !== true)
  if (alien === undefined) return undefined
  const { module, name } = alien
  const what = library[`${module}.${name}`] ?? 'a function of its own'
  return `It imports '${name}' of '${module}' (${what}), which hosts of '${contract}' do not have`
}
