import { elementFunctions } from '../binary/elements.ts'
import { instruction, next, op } from '../binary/instructions.ts'
import type { ModuleInfo } from '../binary/module.ts'
import { Reader } from '../binary/reader.ts'
import { skipLocals } from './code.ts'

/** What the call graph of a module says. */
export interface Calls {
  /** The functions that can come to run while they are running. */
  readonly recursive: ReadonlySet<number>
  /** The functions that can be called otherwise than by name: exports, the start function, those whose reference is taken. */
  readonly roots: ReadonlySet<number>
  /** All functions, each after those that it calls, as far as they are not recursive. */
  readonly calleesFirst: readonly number[]
}

/**
 * Finds the cycles of the call graph. A call through a table or a reference may reach every function whose reference is
 * taken, and a host function may call every export.
 */
export function analyseCalls(module: ModuleInfo): Calls {
  const { edges, indirect, host } = callGraph(module)
  const recursive = new Set<number>()
  const calleesFirst: number[] = []
  for (const component of components(edges)) {
    const [only] = component
    const alone = component.length === 1 && only !== undefined && edges[only]?.includes(only) !== true
    for (const node of component) {
      if (node >= indirect) continue
      calleesFirst.push(node)
      if (!alone) recursive.add(node)
    }
  }
  const roots = new Set([...(edges[indirect] ?? []), ...(edges[host] ?? [])])
  if (module.start !== undefined) roots.add(module.start)
  return { recursive, roots, calleesFirst }
}

/** Nodes are the functions, then one for all calls through references, then one for the host. */
function callGraph(module: ModuleInfo): {
  readonly edges: readonly (readonly number[])[]
  readonly indirect: number
  readonly host: number
} {
  const count = module.functions.length
  const imported = count - module.bodies.length
  const indirect = count
  const host = count + 1
  const edges: number[][] = Array.from({ length: count + 2 }, (_, node) => (node < imported ? [host] : []))
  const taken = new Set(elementFunctions(module))
  const at = instruction()
  for (const [position, { start, end }] of module.bodies.entries()) {
    const reader = new Reader(module.bytes, start, end)
    const callees = new Set<number>()
    skipLocals(reader)
    while (!reader.done) {
      next(reader, at)
      if (at.opcode === op.call || at.opcode === op.returnCall) callees.add(at.index)
      else if (byReference.has(at.opcode)) callees.add(indirect)
      else if (at.opcode === op.refFunc) taken.add(at.index)
    }
    edges[imported + position] = [...callees]
  }
  edges[indirect] = [...taken]
  edges[host] = module.exports.flatMap((port) => (port.kind === 'func' ? [port.index] : []))
  return { edges, indirect, host }
}

const byReference = new Set<number>([op.callIndirect, op.returnCallIndirect, op.callRef, op.returnCallRef])

/** Strongly connected components, by Tarjan's algorithm (1972), without recursion of its own. */
function components(edges: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(edges.length).fill(-1)
  const low = new Int32Array(edges.length)
  const open = new Uint8Array(edges.length)
  const path: number[] = []
  const found: number[][] = []
  let visited = 0
  for (const root of edges.keys()) {
    if (order[root] !== -1) continue
    const work: [number, number][] = [[root, 0]]
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const [node, position] = top
      if (position === 0) {
        order[node] = low[node] = visited++
        path.push(node)
        open[node] = 1
      }
      const callee = edges[node]?.[position]
      if (callee !== undefined) {
        top[1]++
        if (order[callee] === -1) work.push([callee, 0])
        else if (open[callee] === 1) low[node] = Math.min(low[node] ?? 0, order[callee] ?? 0)
        continue
      }
      work.pop()
      const [parent] = work.at(-1) ?? []
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0)
      if (low[node] === order[node]) found.push(take(path, node, open))
    }
  }
  return found
}

function take(path: number[], root: number, open: Uint8Array): number[] {
  const component = path.splice(path.lastIndexOf(root))
  for (const node of component) open[node] = 0
  return component
}
