;; The same guest for Extism. Input and output pass by its host functions, eight bytes at a time, as its plug-in
;; development kits do it.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 0))

  ;; Puts the input at an address and answers with its length.
  (func $read (param $to i32) (result i32)
    (local $at i32) (local $bytes i32)
    (local.set $bytes (i32.wrap_i64 (call $input_length)))
    (block $tail (loop $next
      (br_if $tail (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $bytes)))
      (i64.store (i32.add (local.get $to) (local.get $at)) (call $input_load_u64 (i64.extend_i32_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $next)))
    (block $end (loop $next
      (br_if $end (i32.ge_u (local.get $at) (local.get $bytes)))
      (i32.store8 (i32.add (local.get $to) (local.get $at)) (call $input_load_u8 (i64.extend_i32_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (local.get $bytes))

  ;; Makes so many bytes from an address on the output.
  (func $write (param $from i32) (param $bytes i32)
    (local $at i32) (local $block i64)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $bytes))))
    (block $tail (loop $next
      (br_if $tail (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $bytes)))
      (call $store_u64
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i64.load (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $next)))
    (block $end (loop $next
      (br_if $end (i32.ge_u (local.get $at) (local.get $bytes)))
      (call $store_u8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i32.load8_u (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (call $output_set (local.get $block) (i64.extend_i32_u (local.get $bytes))))

  (func (export "noop") (result i32) (i32.const 0))

  ;; Two 32-bit integers in, one out.
  (func (export "add") (result i32)
    (drop (call $read (i32.const 1024)))
    (i32.store (i32.const 8192) (i32.add (i32.load (i32.const 1024)) (i32.load (i32.const 1028))))
    (call $write (i32.const 8192) (i32.const 4))
    (i32.const 0))

  (func (export "echo") (result i32)
    (local $bytes i32)
    (local.set $bytes (call $read (i32.const 1024)))
    (memory.copy (i32.const 8192) (i32.const 1024) (local.get $bytes))
    (call $write (i32.const 8192) (local.get $bytes))
    (i32.const 0))

  (func $step
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))))

  (func (export "bump") (result i32)
    (call $step)
    (i32.store (i32.const 8192) (i32.add (i32.mul (i32.const 65536) (global.get $count)) (i32.load (i32.const 16))))
    (call $write (i32.const 8192) (i32.const 4))
    (i32.const 0))

  (func (export "crash") (result i32) (call $step) unreachable)
)
