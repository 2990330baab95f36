import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load } from '../harness/peer.ts'

// What is used of it.
interface Handle {
  toNumber(): number
  dispose(): void
}
interface Vm {
  readonly global: { getProp(name: string): Handle }
  readonly undefined: Handle
  evalCode(source: string): Handle
  callFunction(callee: Handle, self: Handle, ...args: readonly Handle[]): Handle
  newString(value: string): Handle
  dispose(): void
}
interface QuickJsWasi {
  readonly QuickJS: { create(options: { readonly wasm: WebAssembly.Module }): Promise<Vm> }
}

/** The engine, as it lies on the disk. */
export const engine = (): Buffer<ArrayBuffer> =>
  Buffer.from(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'))))

/** A plugin in an engine of its own. */
export class ScriptedPlugin {
  readonly #vm: Vm
  readonly #hooks: Readonly<Record<'prefilter' | 'prescore' | 'score', Handle>>

  private constructor(vm: Vm) {
    const { global } = vm
    this.#vm = vm
    this.#hooks = {
      prefilter: global.getProp('prefilter'),
      prescore: global.getProp('prescore'),
      score: global.getProp('score'),
    }
  }

  static async create(wasm: WebAssembly.Module, source: string): Promise<ScriptedPlugin> {
    const vm = await (await load<QuickJsWasi>('quickjs-wasi')).QuickJS.create({ wasm })
    vm.evalCode(source).dispose()
    return new ScriptedPlugin(vm)
  }

  begin(pod: string): void {
    this.#vm.callFunction(this.#hooks.prefilter, this.#vm.undefined).dispose()
    this.#call('prescore', pod).dispose()
  }

  score(node: string): number {
    const result = this.#call('score', node)
    const score = result.toNumber()
    result.dispose()
    return score
  }

  close(): void {
    for (const hook of Object.values(this.#hooks)) hook.dispose()
    this.#vm.dispose()
  }

  #call(hook: 'prescore' | 'score', name: string): Handle {
    const text = this.#vm.newString(name)
    const result = this.#vm.callFunction(this.#hooks[hook], this.#vm.undefined, text)
    text.dispose()
    return result
  }
}
