import { wat } from '../support/wat.ts'

/**
 * A scheduler plugin in text format.
 *
 * @param functions - its exports, such as `(func (export "filter") (result i32) …)`; `$name` reads the name of the node to 1024 and
 * gives its length, `$why` gives the reason that lies at 0, as long as `reason`
 * @param imports - what it imports beside that
 */
export function schedulerGuest(functions: string, reason = '', imports = ''): Uint8Array<ArrayBuffer> {
  return wat(`(module
    (import "k8s.io/scheduler" "currentNodeName" (func $node (param i32 i32) (result i32)))
    (import "k8s.io/scheduler" "currentPod" (func $pod (param i32 i32) (result i32)))
    (import "k8s.io/scheduler" "result.status_reason" (func $reason (param i32 i32)))
    (import "k8s.io/scheduler" "get_config" (func $config (param i32 i32) (result i32)))
    (import "k8s.io/scheduler" "result.node_names" (func $names (param i32 i32)))
    (import "k8s.io/klog" "log" (func $log (param i32 i32 i32)))
    (import "k8s.io/scheduler" "handle.reject_waiting_pod" (func $reject (param i32 i32 i32 i32)))
    ${imports}
    (memory (export "memory") 2)
    (data (i32.const 0) "${reason}")
    (func $name (result i32) (call $node (i32.const 1024) (i32.const 256)))
    (func $why (call $reason (i32.const 0) (i32.const ${Buffer.byteLength(reason)})))
    (func $last (result i32) (i32.sub (i32.load8_u (i32.add (i32.const 1023) (call $name))) (i32.const 48)))
    ${functions})`)
}

/** Refuses the nodes whose names end in an odd digit. */
export const evenOnly: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "filter") (result i32)
     (if (result i32) (i32.and (call $last) (i32.const 1)) (then (call $why) (i32.const 2)) (else (i32.const 0))))`,
  'its number is odd',
)

/** Gives a node ten times the last digit of its name. */
export const lastDigit: Uint8Array<ArrayBuffer> = schedulerGuest(`
  (func (export "prefilter") (result i32) (i32.const 0))
  (func (export "score") (result i64)
    (i64.shl (i64.extend_i32_u (i32.mul (call $last) (i32.const 10))) (i64.const 32)))
  (func (export "reserve") (result i32) (i32.const 0))
  (func (export "unreserve"))`)

/** Is broken once it is asked to reserve a node. */
export const trapsInReserve: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "reserve") (result i32) unreachable) (func (export "unreserve"))`,
)

/** Has every pod wait for ten seconds. */
export const waitsTenSeconds: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "permit") (result i64) (i64.or (i64.shl (i64.const 4) (i64.const 32)) (i64.const 10000)))`,
)

/** Rejects the waiting pod of one UID in preFilter. */
export const rejectsWaiting: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "prefilter") (result i32)
     (call $reject (i32.const 0) (i32.const 5) (i32.const 2048) (i32.const 8)) (i32.const 0))
   (func (export "filter") (result i32) (i32.const 0))`,
  'uid-1',
)
