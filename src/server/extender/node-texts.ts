import { MortiseError } from '../../errors.ts'
import { isNamed, type NamedObject } from '../../kubernetes/objects.ts'
import type { JsonCursor } from './json-cursor.ts'

/** Bytes of nodes that are kept, and how many of them. */
const mostBytes = 128 * 2 ** 20
const most = 20_000
/** How a node begins as Kubernetes writes it. */
const beginning = Buffer.from('{"metadata":{"name":"')
const quote = 34
/** Characters of the longest name. */
const longestName = 253

interface Known {
  readonly text: Buffer
  readonly node: NamedObject
}

/** A node of a request, and where it stands in the body. */
export interface SentNode {
  readonly node: NamedObject
  readonly start: number
  readonly end: number
}

/**
 * The nodes that requests have in full. A node whose text is the one that it had in an earlier request is the same object: it is neither
 * parsed nor encoded once more. Of a request with 5,000 nodes, 30 MB, as a rule all but a few are such.
 */
export class NodeTexts {
  readonly #known = new Map<string, Known>()
  #bytes = 0

  /**
   * Takes a list of nodes.
   *
   * @param body - where the cursor stands
   * @throws MortiseError `REQUEST_INVALID`
   */
  read(body: Buffer, cursor: JsonCursor): readonly SentNode[] {
    const nodes: SentNode[] = []
    for (const _ of cursor.elements()) {
      const start = cursor.at
      const known = this.#find(body, cursor)
      if (known !== undefined) cursor.advance(known.text.length)
      const node = known?.node ?? this.#learn(body, cursor)
      nodes.push({ node, start, end: cursor.at })
    }
    return nodes
  }

  /** A text is all of a value, so what stands behind it cannot be a part of that. */
  #find(body: Buffer, cursor: JsonCursor): Known | undefined {
    if (!cursor.stands(beginning)) return undefined
    const start = cursor.at + beginning.length
    const end = body.indexOf(quote, start)
    if (end < 0 || end - start > longestName) return undefined
    const known = this.#known.get(body.toString('latin1', start, end))
    return known !== undefined && cursor.stands(known.text) ? known : undefined
  }

  #learn(body: Buffer, cursor: JsonCursor): NamedObject {
    const start = cursor.at
    const node = cursor.value()
    if (!isNamed(node))
      throw new MortiseError('REQUEST_INVALID', `Cannot read a request: at byte ${start} is no node with a name`)
    this.#keep(node.metadata.name, { node, text: Buffer.from(body.subarray(start, cursor.at)) })
    return node
  }

  #keep(name: string, known: Known): void {
    this.#drop(name)
    this.#known.set(name, known)
    this.#bytes += known.text.length
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most && this.#bytes <= mostBytes) return
      this.#drop(oldest)
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#known.get(name)?.text.length ?? 0
    this.#known.delete(name)
  }
}
