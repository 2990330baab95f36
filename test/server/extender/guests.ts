import { schedulerGuest } from '../../scheduling/guests.ts'

/** Binds a pod only on the instance that has filtered for it, whose preFilter and filters it counts. */
export const bindsAfterFilter: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(global $filters (mut i32) (i32.const 0))
   (func (export "prefilter") (result i32) (global.set $filters (i32.const 0)) (i32.const 0))
   (func (export "filter") (result i32)
     (global.set $filters (i32.add (global.get $filters) (i32.const 1))) (i32.const 0))
   (func (export "bind") (result i32)
     (if (result i32) (i32.eq (global.get $filters) (i32.const 3))
       (then (i32.const 0)) (else (call $why) (i32.const 2))))
   (func (export "postbind"))`,
  'this instance has seen no filter',
)

/** Leaves binding to others, but wants to be asked before and after. */
export const looksAtBindings: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "prebind") (result i32)
     (if (result i32) (i32.eq (call $last) (i32.const 9)) (then (call $why) (i32.const 2)) (else (i32.const 0))))
   (func (export "bind") (result i32) (i32.const 5))
   (func (export "postbind"))
   (func (export "reserve") (result i32) (i32.const 0))
   (func (export "unreserve"))
   (func (export "permit") (result i64) (i64.const 0))`,
  'not on this one',
)

/** Refuses nodes whose protobuf has fewer bytes than 120, for good. */
export const largeNodes: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "filter") (result i32)
     (if (result i32) (i32.lt_u (call $node_of (i32.const 1024) (call $name) (i32.const 4096) (i32.const 60000)) (i32.const 120))
       (then (call $why) (i32.const 3)) (else (i32.const 0))))`,
  'the node is small',
  '(import "k8s.io/api" "node" (func $node_of (param i32 i32 i32 i32) (result i32)))',
)

/** Has no filter, and nominates a node for a pod that fits nowhere. */
export function nominates(node: string): Uint8Array<ArrayBuffer> {
  return schedulerGuest(
    `(func (export "filter") (result i32) (i32.const 2))
     (func (export "postfilter") (result i64)
       (call $nominate (i32.const 0) (i32.const ${Buffer.byteLength(node)})) (i64.shl (i64.const 1) (i64.const 32)))`,
    node,
    '(import "k8s.io/scheduler" "result.nominated_node_name" (func $nominate (param i32 i32)))',
  )
}

/** Gives every node the same score. */
export const same = (score: number): Uint8Array<ArrayBuffer> =>
  schedulerGuest(`(func (export "score") (result i64) (i64.shl (i64.const ${score}) (i64.const 32)))`)

/** Traps at the node whose name ends in 3. */
export const trapsAtThree: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "filter") (result i32)
     (if (result i32) (i32.eq (call $last) (i32.const 3)) (then unreachable) (else (i32.const 0))))
   (func (export "score") (result i64) (i64.const 0))`,
)

/** Never comes back from preFilter. */
export const spins: Uint8Array<ArrayBuffer> = schedulerGuest(
  '(func (export "prefilter") (result i32) (loop $again (br $again)) (i32.const 0)) (func (export "filter") (result i32) (i32.const 0))',
)

/** Takes its time at each node. */
export const slow: Uint8Array<ArrayBuffer> = schedulerGuest(
  `(func (export "filter") (result i32) (local $left i32)
     (local.set $left (i32.const 3000000))
     (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
     (local.get $left))`,
)
