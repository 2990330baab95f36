import { load, pinned } from '../../harness/peer.ts'
import type { Subject } from '../../harness/suite.ts'
import { script } from '../guests.ts'
import { wrong } from '../work.ts'
import { type Box, boxCases } from './sandbox.ts'

// What is used of it.
interface Handle {
  dispose(): void
}
type Result =
  | { readonly value: Handle; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: Handle }
interface Context {
  readonly undefined: Handle
  readonly global: Handle
  evalCode(source: string): Result
  getProp(of: Handle, name: string): Handle
  callFunction(callee: Handle, self: Handle, ...args: readonly Handle[]): Result
  newNumber(value: number): Handle
  newString(value: string): Handle
  getNumber(handle: Handle): number
  getString(handle: Handle): string
  dispose(): void
}
interface QuickJs {
  getQuickJS(): Promise<{ newContext(): Context }>
}

class QuickJsBox implements Box {
  readonly #vm: Context
  readonly #noop: Handle
  readonly #add: Handle
  readonly #echo: Handle
  readonly #order: Handle
  readonly #bump: Handle
  readonly #crash: Handle

  constructor(vm: Context, source: string) {
    this.#vm = vm
    const result = vm.evalCode(source)
    if (result.error !== undefined) wrong('a syntax error')
    result.value.dispose()
    const find = (name: string): Handle => vm.getProp(vm.global, name)
    this.#noop = find('noop')
    this.#add = find('add')
    this.#echo = find('echo')
    this.#order = find('order')
    this.#bump = find('bump')
    this.#crash = find('crash')
  }

  noop(): unknown {
    const { value, error } = this.#vm.callFunction(this.#noop, this.#vm.undefined)
    value?.dispose()
    return error
  }

  add(a: number, b: number): number {
    const vm = this.#vm
    const x = vm.newNumber(a)
    const y = vm.newNumber(b)
    const value = this.#value(vm.callFunction(this.#add, vm.undefined, x, y))
    const sum = vm.getNumber(value)
    x.dispose()
    y.dispose()
    value.dispose()
    return sum
  }

  echo(text: string): string {
    return this.#text(this.#echo, text)
  }

  order(text: string): string {
    return this.#text(this.#order, text)
  }

  bump(): number {
    const value = this.#value(this.#vm.callFunction(this.#bump, this.#vm.undefined))
    const count = this.#vm.getNumber(value)
    value.dispose()
    return count
  }

  crash(): boolean {
    const { error } = this.#vm.callFunction(this.#crash, this.#vm.undefined)
    error?.dispose()
    return error !== undefined
  }

  close(): void {
    for (const handle of [this.#noop, this.#add, this.#echo, this.#order, this.#bump, this.#crash]) handle.dispose()
    this.#vm.dispose()
  }

  #text(callee: Handle, text: string): string {
    const vm = this.#vm
    const input = vm.newString(text)
    const value = this.#value(vm.callFunction(callee, vm.undefined, input))
    const answer = vm.getString(value)
    input.dispose()
    value.dispose()
    return answer
  }

  #value(result: Result): Handle {
    return result.error === undefined ? result.value : wrong('an exception')
  }
}

export const subject: Subject = {
  name: pinned('quickjs-emscripten'),
  url: import.meta.url,
  role: 'sandbox',
  cases: boxCases(
    async () => {
      const engine = await (await load<QuickJs>('quickjs-emscripten')).getQuickJS()
      // It makes a runtime with each context, so nothing is shared but the compiled engine.
      const open = (source: string): Box => new QuickJsBox(engine.newContext(), source)
      return { fresh: () => open(script), load: open }
    },
    { cold: 'new runtime', fresh: 'new runtime' },
  ),
}
