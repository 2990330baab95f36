import type { Surface } from '../runtime.ts'
import { externType, type ModuleInfo } from './binary/module.ts'

/** What a module asks for and offers, as its binary says it. */
export function surfaceOf(info: ModuleInfo): Surface {
  return {
    imports: info.imports.map((port) => ({ module: port.module, name: port.name, type: externType(port) })),
    exports: info.exports.map((port) => ({ name: port.name, type: externType(port) })),
    sections: info.sections
      .filter(({ id }) => id === 0)
      .map(({ name, body, end }) => ({ name, bytes: info.bytes.subarray(body, end) })),
  }
}
