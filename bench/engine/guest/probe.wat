;; The guest of every row but the JSON ones, for Mortise and for WebAssembly driven by hand.
(module
  ;; @pages is replaced: one, or 32 where 2 MiB are restored.
  (memory (export "memory") @pages)
  (global $count (mut i32) (i32.const 0))

  (func (export "noop"))

  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))

  ;; Where the host puts a text.
  (func (export "input") (result i32) (i32.const 1024))

  ;; Copies a text of so many bytes, and answers with where the copy is; its length stands in the four bytes before.
  (func (export "echo") (param $from i32) (param $bytes i32) (result i32)
    (i32.store (i32.const 8188) (local.get $bytes))
    (memory.copy (i32.const 8192) (local.get $from) (local.get $bytes))
    (i32.const 8192))

  ;; Counts calls twice, in memory and in a global: 1 and 1, packed, in a guest that was never called before.
  (func $bump (export "bump") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))
    (i32.add (i32.mul (i32.const 65536) (global.get $count)) (i32.load (i32.const 16))))

  ;; Fails after it has changed something.
  (func (export "crash") (result i32) (drop (call $bump)) unreachable)

  ;; Adds one to the first word of so many pages of 4 KiB, and answers with the sum of the words.
  (func (export "touch") (param $pages i32) (result i32)
    (local $at i32) (local $sum i32)
    (loop $next
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $next (i32.lt_u (local.get $at) (i32.mul (local.get $pages) (i32.const 4096)))))
    (local.get $sum)))
