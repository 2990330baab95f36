import { parseAllDocuments, type Tags } from 'yaml'
import { isObject } from '../contracts/scheduler/kubernetes/values.ts'
import type { KubernetesObject } from '../contracts/scheduler/kubernetes/object.ts'
import { MortiseError, reasonOf } from '../errors.ts'

/** Lists may hold lists, and no further than anybody would write. */
const deepestList = 8

/**
 * Reads objects of Kubernetes from JSON or YAML: one object, a list of `kubectl get -o json`, or several documents.
 *
 * YAML is read as Kubernetes' tools do: `0644` is octal and `yes` is true, but `2026-01-31` and `10:30` are texts.
 *
 * @param text - what a file holds
 * @param where - where it is from, for the sentence of an error
 * @returns the objects, those of lists one by one
 * @throws MortiseError `INPUT_INVALID`
 *
 * @example
 * ```ts
 * import { readManifests } from 'mortise/scheduling'
 *
 * const objects = readManifests('kind: Node\nmetadata: { name: node-1 }\n---\nkind: Pod\nmetadata: { name: web-0 }', 'cluster.yaml')
 * console.log(objects.length)
 * ```
 */
export function readManifests(text: string, where: string): readonly KubernetesObject[] {
  return documentsOf(text, where).flatMap((document) => Array.from(objectsOf(document, where, 0)))
}

function documentsOf(text: string, where: string): readonly unknown[] {
  // YAML includes JSON, and takes fifty times as long.
  if (/^\s*[[{]/.test(text)) {
    try {
      return [JSON.parse(text)]
    } catch (error) {
      if (/^\s*\{\s*"/.test(text)) refuse(where, reasonOf(error))
    }
  }
  return parsed(text, where).map((document) => {
    const [error] = document.errors
    return error === undefined ? valueOf(document, where) : refuse(where, error.message.replace(/:?\n[^]*$/, ''))
  })
}

/** What is nested too deeply is more than the parser's stack. */
function parsed(text: string, where: string): ReturnType<typeof parseAllDocuments> {
  try {
    return parseAllDocuments(text, { version: '1.1', customTags: asKubernetesDoes, logLevel: 'error' })
  } catch (error) {
    return refuse(where, reasonOf(error))
  }
}

/** Aliases of YAML may stand for more than a machine can hold. */
function valueOf(document: { toJS(options: { maxAliasCount: number }): unknown }, where: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return refuse(where, reasonOf(error))
  }
}

/** The tags of YAML 1.1 but times of the day and of the calendar, which are texts. */
function asKubernetesDoes(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      (tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME')),
  )
}

function* objectsOf(document: unknown, where: string, depth: number): Generator<KubernetesObject, void> {
  if (document === null || document === undefined) return
  if (depth > deepestList) refuse(where, 'its lists hold lists without end')
  if (Array.isArray(document)) {
    for (const item of document) yield* objectsOf(item, where, depth + 1)
  } else if (!isObject(document))
    refuse(where, `it holds ${JSON.stringify(document)?.slice(0, 40)}, and objects are expected`)
  else if (Array.isArray(document['items'])) yield* itemsOf(document, document['items'], where, depth)
  else if (typeof document['kind'] !== 'string') refuse(where, "an object in it has no 'kind'")
  else yield document
}

/** Those in a list of one kind need not say theirs. */
function* itemsOf(
  list: KubernetesObject,
  items: readonly unknown[],
  where: string,
  depth: number,
): Generator<KubernetesObject, void> {
  const [, kind] = /^(\w+)List$/.exec(String(list['kind'])) ?? []
  for (const item of items)
    yield* objectsOf(
      kind !== undefined && isObject(item) && !('kind' in item) ? { ...item, kind } : item,
      where,
      depth + 1,
    )
}

function refuse(where: string, why: string): never {
  throw new MortiseError('INPUT_INVALID', `Cannot read the objects in '${where}': ${why}`)
}
