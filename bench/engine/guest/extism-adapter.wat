;; Lets Extism call the guest of the contract `action`, which it links in under the name "order". A kit of Extism's would
;; decode UTF-8 in full; the events here are ASCII, so one store for each byte will do, which is quicker.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "order" "memory" (memory 1))
  (import "order" "string_new" (func $string_new (param i32) (result i32)))
  (import "order" "main" (func $main (param i32) (result i32)))

  (func (export "order") (result i32)
    (local $at i32) (local $bytes i32) (local $text i32) (local $eight i64) (local $byte i32) (local $block i64)
    ;; UTF-8 in, to UTF-16.
    (local.set $bytes (i32.wrap_i64 (call $input_length)))
    (local.set $text (call $string_new (i32.mul (i32.const 2) (local.get $bytes))))
    (block $tail (loop $next
      (br_if $tail (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $bytes)))
      (local.set $eight (call $input_load_u64 (i64.extend_i32_u (local.get $at))))
      (local.set $byte (i32.const 0))
      (loop $each
        (i32.store16
          (i32.add (local.get $text) (i32.mul (i32.const 2) (i32.add (local.get $at) (local.get $byte))))
          (i32.and (i32.const 255) (i32.wrap_i64 (local.get $eight))))
        (local.set $eight (i64.shr_u (local.get $eight) (i64.const 8)))
        (local.set $byte (i32.add (local.get $byte) (i32.const 1)))
        (br_if $each (i32.lt_u (local.get $byte) (i32.const 8))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $next)))
    (block $end (loop $next
      (br_if $end (i32.ge_u (local.get $at) (local.get $bytes)))
      (i32.store16
        (i32.add (local.get $text) (i32.mul (i32.const 2) (local.get $at)))
        (call $input_load_u8 (i64.extend_i32_u (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))

    ;; The result as UTF-16, to UTF-8 in place, and out.
    (local.set $text (call $main (local.get $text)))
    (local.set $bytes (i32.shr_u (i32.load (i32.sub (local.get $text) (i32.const 4))) (i32.const 1)))
    (local.set $at (i32.const 0))
    (loop $next
      (i32.store8
        (i32.add (local.get $text) (local.get $at))
        (i32.load16_u (i32.add (local.get $text) (i32.mul (i32.const 2) (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $bytes))))
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $bytes))))
    (local.set $at (i32.const 0))
    (block $tail (loop $next
      (br_if $tail (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $bytes)))
      (call $store_u64
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i64.load (i32.add (local.get $text) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br $next)))
    (block $end (loop $next
      (br_if $end (i32.ge_u (local.get $at) (local.get $bytes)))
      (call $store_u8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i32.load8_u (i32.add (local.get $text) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (call $output_set (local.get $block) (i64.extend_i32_u (local.get $bytes)))
    (i32.const 0))
)
