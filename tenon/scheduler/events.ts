import { Node } from './_kubernetes/node'
import { Pod } from './_kubernetes/pod'
import { ObjectMeta } from './_kubernetes/meta'
import * as host from './_host'
import { clear, put, putQuoted, putText, size, start } from './_out'

/**
 * Which object an event is about.
 *
 * @example
 * ```ts
 * import { CycleState, ObjectReference, Pod, Status, events } from 'tenon/scheduler'
 *
 * function about(pod: Pod): ObjectReference {
 *   return ObjectReference.pod(pod)
 * }
 *
 * export class Announced {
 *   preBind(state: CycleState, pod: Pod): Status | null {
 *     events.record(about(pod), null, 'Normal', 'Binding', 'Bind', 'it will have a node')
 *     return null
 *   }
 *   reserve(): void {}
 * }
 * ```
 */
@final
export class ObjectReference {
  constructor(
    readonly kind: string,
    readonly apiVersion: string,
    readonly name: string,
    readonly namespace: string = '',
    readonly uid: string = '',
    readonly resourceVersion: string = '',
  ) {}

  /** A reference to a pod. */
  static pod(pod: Pod): ObjectReference {
    return reference('Pod', pod.metadata)
  }

  /** A reference to a node. */
  static node(node: Node): ObjectReference {
    return reference('Node', node.metadata)
  }
}

function reference(kind: string, metadata: ObjectMeta): ObjectReference {
  return new ObjectReference(
    kind,
    'v1',
    metadata.name.toString(),
    metadata.namespace.toString(),
    metadata.uid.toString(),
    metadata.resourceVersion.toString(),
  )
}

/**
 * Events of Kubernetes: what `kubectl describe` shows of an object.
 *
 * @example
 * ```ts
 * import { CycleState, ObjectReference, Pod, Status, events } from 'tenon/scheduler'
 *
 * export class Patient {
 *   filter(state: CycleState, pod: Pod): Status | null {
 *     if (pod.spec.containers.length < 10) return null
 *     events.record(ObjectReference.pod(pod), null, 'Warning', 'ManyContainers', 'Filter', 'ten containers or more')
 *     return Status.unresolvable('it has ten containers or more')
 *   }
 * }
 * ```
 */
export namespace events {
  /**
   * Records an event.
   *
   * @param regarding - the object that it is about
   * @param related - another one that has to do with it, or null
   * @param type - `Normal` or `Warning`: the API takes no others
   * @param reason - why, in one word such as `FailedScheduling`
   * @param action - what was done, in one word
   * @param note - a sentence for people
   * @example
   * ```ts
   * import { CycleState, NodeInfo, ObjectReference, Pod, events } from 'tenon/scheduler'
   *
   * export class Tried {
   *   filter(state: CycleState, pod: Pod, nodeInfo: NodeInfo): void {
   *     const on = ObjectReference.node(nodeInfo.node)
   *     events.record(ObjectReference.pod(pod), on, 'Normal', 'Tried', 'Filter', 'it was tried on this node')
   *   }
   * }
   * ```
   */
  export function record(
    regarding: ObjectReference,
    related: ObjectReference | null,
    type: string,
    reason: string,
    action: string,
    note: string,
  ): void {
    clear()
    putText('{"RegardingReference":')
    putReference(regarding)
    putText(',"RelatedReference":')
    putReference(related)
    putField(',"Eventtype":', type)
    putField(',"Reason":', reason)
    putField(',"Action":', action)
    putField(',"Note":', note)
    put(0x7d)
    host.recordEvent(start(), size())
  }
}

function putReference(reference: ObjectReference | null): void {
  putField('{"Kind":', reference === null ? '' : reference.kind)
  putField(',"APIVersion":', reference === null ? '' : reference.apiVersion)
  putField(',"Name":', reference === null ? '' : reference.name)
  putField(',"Namespace":', reference === null ? '' : reference.namespace)
  putField(',"UID":', reference === null ? '' : reference.uid)
  putField(',"ResourceVersion":', reference === null ? '' : reference.resourceVersion)
  put(0x7d)
}

function putField(name: string, value: string): void {
  putText(name)
  putQuoted(value)
}
