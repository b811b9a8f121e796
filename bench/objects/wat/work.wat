;; What the programs share, as `programs/c/work.h` does for those in C. It stands before each program.

(import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))

;; 0: numbers of calls, 16: arguments, 32: what is printed.
(memory (export "memory") 1)
(global $state (mut i64) (i64.const 11))
(global $sum (mut i64) (i64.const -3750763034362895579))

;; How often a program does its work: usual, or as many percent of it as its first argument says, but at least 1.
(func $rounds (param $usual i32) (result i32)
  (local $percent i32) (local $at i32) (local $digit i32)
  (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
  ;; Long arguments are none of ours.
  (if (i32.or (i32.lt_u (i32.load (i32.const 0)) (i32.const 2)) (i32.gt_u (i32.load (i32.const 4)) (i32.const 4096)))
    (then (return (local.get $usual))))
  (drop (call $args_get (i32.const 16) (i32.const 1024)))
  (local.set $at (i32.load (i32.const 20)))
  (loop $next
    (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 48)))
    (if (i32.lt_u (local.get $digit) (i32.const 10))
      (then
        (local.set $percent (i32.add (i32.mul (local.get $percent) (i32.const 10)) (local.get $digit)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))
  (local.set $usual (i32.div_s (i32.mul (local.get $usual) (local.get $percent)) (i32.const 100)))
  (select (local.get $usual) (i32.const 1) (i32.gt_s (local.get $usual) (i32.const 0))))

;; The next of a sequence of numbers (Knuth's linear congruential generator).
(func $random (result i32)
  (global.set $state (i64.add (i64.mul (global.get $state) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
  (i32.wrap_i64 (i64.shr_u (global.get $state) (i64.const 32))))

;; Adds a number to the checksum (FNV-1a).
(func $add (param $number i64)
  (global.set $sum (i64.mul (i64.xor (global.get $sum) (local.get $number)) (i64.const 1099511628211))))

;; Prints a name of up to eight letters, a space, and the sum in hexadecimal.
(func $print (param $name i64) (param $length i32)
  (local $at i32) (local $digit i32)
  (i64.store (i32.const 32) (local.get $name))
  (i32.store8 offset=32 (local.get $length) (i32.const 32))
  (loop $next
    (local.set $digit (i32.wrap_i64 (i64.and
      (i64.shr_u (global.get $sum) (i64.extend_i32_u (i32.sub (i32.const 60) (i32.mul (local.get $at) (i32.const 4)))))
      (i64.const 15))))
    (i32.store8 offset=33 (i32.add (local.get $length) (local.get $at))
      (i32.add (local.get $digit) (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $digit) (i32.const 10)))))
    (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 16))))
  (i32.store8 offset=49 (local.get $length) (i32.const 10))
  (i32.store (i32.const 0) (i32.const 32))
  (i32.store (i32.const 4) (i32.add (local.get $length) (i32.const 18)))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
