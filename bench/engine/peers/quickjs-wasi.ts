import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load, pinned } from '../../harness/peer.ts'
import type { Subject } from '../../harness/suite.ts'
import { script } from '../guests.ts'
import { type Box, boxCases } from './sandbox.ts'

// What is used of it.
interface Handle {
  readonly isUndefined: boolean
  getProp(name: string): Handle
  toNumber(): number
  toString(): string
  dispose(): void
}
interface Vm {
  readonly global: Handle
  readonly undefined: Handle
  evalCode(source: string): Handle
  callFunction(callee: Handle, self: Handle, ...args: readonly Handle[]): Handle
  newNumber(value: number): Handle
  newString(value: string): Handle
  snapshot(): object
  dispose(): void
}
interface QuickJsWasi {
  readonly QuickJS: {
    create(options: { readonly wasm: WebAssembly.Module }): Promise<Vm>
    restore(snapshot: object, options: { readonly wasm: WebAssembly.Module }): Promise<Vm>
  }
}

class WasiBox implements Box {
  readonly #vm: Vm
  #noop: Handle | undefined
  #add: Handle | undefined
  #echo: Handle | undefined
  #order: Handle | undefined
  #bump: Handle | undefined
  #crash: Handle | undefined

  constructor(vm: Vm) {
    this.#vm = vm
  }

  noop(): unknown {
    const value = this.#vm.callFunction((this.#noop ??= this.#find('noop')), this.#vm.undefined)
    const answer = value.isUndefined ? undefined : value.toString()
    value.dispose()
    return answer
  }

  add(a: number, b: number): number {
    const x = this.#vm.newNumber(a)
    const y = this.#vm.newNumber(b)
    const value = this.#vm.callFunction((this.#add ??= this.#find('add')), this.#vm.undefined, x, y)
    const sum = value.toNumber()
    x.dispose()
    y.dispose()
    value.dispose()
    return sum
  }

  echo(text: string): string {
    return this.#text((this.#echo ??= this.#find('echo')), text)
  }

  order(text: string): string {
    return this.#text((this.#order ??= this.#find('order')), text)
  }

  bump(): number {
    const value = this.#vm.callFunction((this.#bump ??= this.#find('bump')), this.#vm.undefined)
    const count = value.toNumber()
    value.dispose()
    return count
  }

  crash(): boolean {
    try {
      this.#vm.callFunction((this.#crash ??= this.#find('crash')), this.#vm.undefined).dispose()
      return false
    } catch {
      return true
    }
  }

  close(): void {
    this.#vm.dispose()
  }

  #text(callee: Handle, text: string): string {
    const input = this.#vm.newString(text)
    const value = this.#vm.callFunction(callee, this.#vm.undefined, input)
    const answer = value.toString()
    input.dispose()
    value.dispose()
    return answer
  }

  #find(name: string): Handle {
    return this.#vm.global.getProp(name)
  }
}

export const subject: Subject = {
  name: pinned('quickjs-wasi'),
  url: import.meta.url,
  role: 'sandbox',
  cases: boxCases(
    async () => {
      const { QuickJS } = await load<QuickJsWasi>('quickjs-wasi')
      const wasm = new WebAssembly.Module(
        Uint8Array.from(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm')))),
      )
      const first = await QuickJS.create({ wasm })
      first.evalCode(script).dispose()
      const snapshot = first.snapshot()
      return {
        fresh: async () => new WasiBox(await QuickJS.restore(snapshot, { wasm })),
        async load(source) {
          const vm = await QuickJS.create({ wasm })
          vm.evalCode(source).dispose()
          return new WasiBox(vm)
        },
      }
    },
    { cold: 'new VM', fresh: 'restored snapshot' },
  ),
}
