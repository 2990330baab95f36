import { MortiseError } from '../../errors.ts'
import { fieldOf, isNamed, type NamedObject } from '../../kubernetes/objects.ts'
import { JsonCursor } from './json-cursor.ts'
import type { NodeTexts, SentNode } from './node-texts.ts'

// The extender API v1 of kube-scheduler, as k8s.io/kube-scheduler/extender/v1 has its types and Go reads them: names in any case.

/** What a pod is known by from one request to the next. */
export interface SentPod {
  readonly pod: NamedObject
  readonly uid: string
}

/** `ExtenderArgs`: a pod and the nodes that it may go to, in full or by their names. */
export interface ExtenderArgs extends SentPod {
  readonly names: readonly string[]
  /** The nodes where they were sent in full, and the body in which they are. */
  readonly sent: { readonly nodes: readonly SentNode[]; readonly body: Buffer } | undefined
}

/** `ExtenderBindingArgs`. */
export interface BindingArgs {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly node: string
}

/** `MetaVictims`: the pods that would have to go from a node. */
export interface Victims {
  readonly uids: readonly string[]
  readonly violations: number
}

/** `ExtenderPreemptionArgs`. */
export interface PreemptionArgs extends SentPod {
  /** By the names of nodes. */
  readonly victims: ReadonlyMap<string, Victims>
}

/** @throws MortiseError `REQUEST_INVALID` */
export function readArgs(body: Buffer, texts: NodeTexts): ExtenderArgs {
  const cursor = new JsonCursor(body)
  let pod: unknown
  let names: unknown
  let nodes: readonly SentNode[] | undefined
  for (const name of cursor.members()) {
    const folded = name.toLowerCase()
    if (folded === 'pod') pod = cursor.value()
    else if (folded === 'nodenames') names = cursor.value()
    else if (folded === 'nodes' && !cursor.null()) nodes = readNodes(body, cursor, texts)
  }
  cursor.end()
  const sentPod = podOf(pod)
  if (nodes !== undefined) {
    return { ...sentPod, names: nodes.map(({ node: { metadata } }) => metadata.name), sent: { nodes, body } }
  }
  if (!isTexts(names)) throw invalid("it has neither 'Nodes' nor a list of texts as 'NodeNames'")
  return { ...sentPod, names, sent: undefined }
}

/** @throws MortiseError `REQUEST_INVALID` */
export function readBinding(body: Buffer): BindingArgs {
  const fields = folded(parse(body))
  return {
    name: textOf(fields, 'PodName'),
    namespace: textOf(fields, 'PodNamespace'),
    uid: textOf(fields, 'PodUID'),
    node: textOf(fields, 'Node'),
  }
}

/** @throws MortiseError `REQUEST_INVALID` */
export function readPreemption(body: Buffer): PreemptionArgs {
  const fields = folded(parse(body))
  const [whole, meta] = [fields.get('nodenametovictims'), fields.get('nodenametometavictims')]
  const given = meta ?? whole
  if (typeof given !== 'object' || given === null)
    throw invalid("it has neither 'NodeNameToVictims' nor 'NodeNameToMetaVictims'")
  const victims = Object.entries(given).map(([node, value]) => [node, victimsOf(value)] as const)
  return { ...podOf(fields.get('pod')), victims: new Map(victims) }
}

function readNodes(body: Buffer, cursor: JsonCursor, texts: NodeTexts): readonly SentNode[] {
  let nodes: readonly SentNode[] = []
  for (const name of cursor.members())
    if (name.toLowerCase() === 'items' && !cursor.null()) nodes = texts.read(body, cursor)
  return nodes
}

function podOf(pod: unknown): SentPod {
  if (!isNamed(pod)) throw invalid("it has no 'Pod' with a name")
  const uid = fieldOf(pod.metadata, 'uid')
  if (typeof uid !== 'string' || uid === '') throw invalid(`the pod '${pod.metadata.name}' has no uid`)
  return { pod, uid }
}

function victimsOf(value: unknown): Victims {
  const fields = folded(value)
  const pods = fields.get('pods') ?? []
  const violations = fields.get('numpdbviolations') ?? 0
  if (!Array.isArray(pods) || typeof violations !== 'number') throw invalid('the victims of a node are no victims')
  return { uids: pods.map(uidOf), violations }
}

/** A pod in full has it among its metadata. */
function uidOf(pod: unknown): string {
  const uid = folded(pod).get('uid') ?? fieldOf(fieldOf(pod, 'metadata'), 'uid')
  if (typeof uid !== 'string') throw invalid('a victim has no UID')
  return uid
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new MortiseError('REQUEST_INVALID', `Cannot read a request as JSON: ${String(cause)}`, { cause })
  }
}

/** The fields of an object by their names in lower case, as Go finds them. */
function folded(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('it is no object')
  return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]))
}

function textOf(fields: ReadonlyMap<string, unknown>, name: string): string {
  const text = fields.get(name.toLowerCase())
  if (typeof text !== 'string' || text === '') throw invalid(`it has no text '${name}'`)
  return text
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const invalid = (why: string): MortiseError =>
  new MortiseError('REQUEST_INVALID', `Cannot read a request of kube-scheduler: ${why}`)
