;; The guest of the suite `restore`: every page of its checkpoint holds something.
(module
  ;; @pages is replaced: 1, 32, 128 or 1600 pages of 64 KiB.
  (memory (export "memory") @pages)
  (global $count (mut i32) (i32.const 0))

  (func (export "_initialize") (local $at i32)
    (loop $next
      (i32.store offset=8 (local.get $at) (i32.const 1))
      (local.set $at (i32.add (local.get $at) (i32.const 4096)))
      (br_if $next (i32.lt_u (local.get $at) (i32.shl (memory.size) (i32.const 16))))))

  (func (export "noop"))

  ;; Counts calls twice, in memory and in a global: 1 and 1, packed, in a guest that was never called before.
  (func $bump (export "bump") (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1)))
    (i32.add (i32.mul (i32.const 65536) (global.get $count)) (i32.load (i32.const 16))))

  ;; Adds one to a word of so many pages, so many bytes apart, and answers with the sum of the words.
  (func $touch (export "touch") (param $pages i32) (param $stride i32) (result i32)
    (local $at i32) (local $sum i32)
    (if (i32.eqz (local.get $pages)) (then (return (i32.const 0))))
    (loop $next
      (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (local.get $stride)))
      (br_if $next (local.tee $pages (i32.sub (local.get $pages) (i32.const 1)))))
    (local.get $sum))

  ;; Grows to so many pages of 64 KiB, writes to the first so many of 4 KiB, and answers with the size.
  (func (export "fill") (param $size i32) (param $pages i32) (result i32)
    (drop (memory.grow (i32.sub (local.get $size) (memory.size))))
    (drop (call $touch (local.get $pages) (i32.const 4096)))
    (memory.size))

  ;; Each fails after it has changed something.
  (func (export "crash") (result i32) (drop (call $bump)) unreachable)
  (func (export "spin") (result i32) (drop (call $bump)) (loop $ever (br $ever)) unreachable)
  (func (export "exhaust") (param $more i32) (result i32)
    (drop (call $bump))
    (drop (memory.grow (local.get $more)))
    (if (i32.eq (memory.grow (i32.const 30000)) (i32.const -1)) (then unreachable))
    (i32.const 0)))
