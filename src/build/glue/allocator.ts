/**
 * AssemblyScript's allocators, made to say why they trap. Nothing of them changes its line.
 *
 * @param module - a module of tenon's with a function `outOfMemory`
 */
export function sayingWhenFull(module: string): Readonly<Record<string, (text: string) => string>> {
  const change = (text: string): string => {
    const changed = text.replaceAll(/(memory\.grow\([^;]*\) < 0\) )unreachable\(\)/g, '$1__tenon_full()')
    if (changed === text) throw new TypeError('the allocator of AssemblyScript traps in another place')
    return `import { outOfMemory as __tenon_full } from '${module}'; ${changed}`
  }
  return { 'rt/stub': change, 'rt/tlsf': change }
}
