import { descriptionSection } from '../contract.ts'
import type { Surface } from '../runtime.ts'
import type { CustomSection } from '../units.ts'
import { externType, type ModuleInfo } from './binary/module.ts'

/** What a module asks for and offers, as its binary says it. */
export function surfaceOf(info: ModuleInfo): Surface {
  const contract = customSections(info).find(({ name }) => name === descriptionSection)
  return {
    imports: info.imports.map((port) => ({ module: port.module, name: port.name, type: externType(port) })),
    exports: info.exports.map((port) => ({ name: port.name, type: externType(port) })),
    ...(contract !== undefined && { contract: new TextDecoder().decode(contract.bytes) }),
  }
}

/** What a module carries that is not code. */
export function customSections({ bytes, sections }: ModuleInfo): readonly CustomSection[] {
  return sections
    .filter(({ id }) => id === 0)
    .map(({ name, body, end }) => ({ name, bytes: bytes.subarray(body, end) }))
}
