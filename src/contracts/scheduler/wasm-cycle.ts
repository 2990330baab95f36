import { GuestFault } from '../../fault.ts'
import type { GuestResult } from '../../units.ts'
import type { Attempt } from './attempt.ts'
import type { ClusterEvent } from './events.ts'
import { goJson } from './go-json.ts'
import type { Scores } from './hooks.ts'
import { checkAttempt } from './input.ts'
import { encodePod, type KubernetesObject } from './kubernetes/object.ts'
import { NodeSnapshot } from './nodes.ts'
import { type Status, success } from './status.ts'

const encoder = new TextEncoder()
const nothing = new Uint8Array(0)
const noNodes = new NodeSnapshot([])
const noNames: readonly string[] = Object.freeze([])

/** What the hook that is called is about, beside the attempt. */
export interface Input {
  readonly node?: string
  readonly target?: KubernetesObject
  readonly filtered?: readonly string[]
  readonly codes?: Scores
  readonly scores?: Scores
}

/** The attempt that one instance works on, the hook that is called, and what the guest has said in it. */
export class Cycle {
  nodes: NodeSnapshot = noNodes
  reason = ''
  nodeNames: readonly string[] = noNames
  nominated = ''
  normalized: ReadonlyMap<string, number> | undefined
  events: readonly ClusterEvent[] = []
  /** How many events it has recorded. */
  recorded = 0
  /** What the guest's function returned. */
  low = 0
  high = 0
  /** The host function that ended the guest, in the words of the reference. */
  ender: string | undefined
  #pod: Uint8Array | undefined
  #input: Input | undefined
  /** What guests ask for twice: for its size, and with room for it. */
  #filtered: Uint8Array | undefined
  #codes: Uint8Array | undefined
  #scores: Uint8Array | undefined

  /** @throws MortiseError `INPUT_INVALID` */
  begin(attempt: Attempt): void {
    const { pod, nodes } = checkAttempt(attempt)
    this.#pod = encodePod(pod)
    this.nodes = nodes
  }

  end(): void {
    this.#pod = undefined
    this.nodes = noNodes
  }

  /** There is an attempt. */
  get begun(): boolean {
    return this.#pod !== undefined
  }

  enter(input: Input): void {
    this.#input = input
    this.reason = ''
    this.recorded = 0
    this.ender = undefined
  }

  returned({ low, high }: GuestResult): void {
    this.low = low
    this.high = high
  }

  leave(): void {
    this.#input = undefined
    this.#filtered = undefined
    this.#codes = undefined
    this.#scores = undefined
  }

  status(code: number): Status {
    return code === 0 && this.reason === '' ? success : { code, reason: this.reason }
  }

  get pod(): Uint8Array {
    this.#said()
    return this.#pod ?? nothing
  }

  get target(): Uint8Array {
    const { target } = this.#said()
    return target === undefined ? nothing : encodePod(target)
  }

  get nodeName(): Uint8Array {
    const { node } = this.#said()
    return node === undefined ? nothing : this.nodes.encodedName(node)
  }

  /** The names of the nodes that are left. */
  get filtered(): Uint8Array {
    return (this.#filtered ??= encoder.encode(goJson(this.#said().filtered ?? [])))
  }

  /** The codes of the nodes that were refused. */
  get codes(): Uint8Array {
    return (this.#codes ??= encoder.encode(goJson(this.#said().codes ?? {})))
  }

  get scores(): Uint8Array {
    return (this.#scores ??= encoder.encode(goJson(this.#said().scores ?? {})))
  }

  /** The input of the hook. */
  #said(): Input {
    return this.#input ?? tooEarly()
  }
}

function tooEarly(): never {
  throw new GuestFault('ATTEMPT_ABSENT', 'it asked for what a hook is called with while no hook was called')
}
