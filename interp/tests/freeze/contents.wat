;; A memory that grows, data over zeros and zeros over data, segments that are dropped, a table that is copied, floats, and ops that pay
;; for many bytes at once.
(module
  (import "host" "say" (func $say (param i32) (result i32)))
  (memory $memory 1 40)
  (data (i32.const 100) "the beginning of a page")
  (data (i32.const 9000) "zeroed soon")
  (data $passive "from a passive segment")
  (type $number (func (result i32)))
  (table $table 4 8 funcref)
  (elem (table $table) (i32.const 0) func $one $two)
  (elem $more func $three $one)
  (global $float (mut f64) (f64.const 0.5))
  (global $long (mut i64) (i64.const -1))
  (start $start)
  (func $start (i32.store8 (i32.const 7777) (i32.const 77)))
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func $three (result i32) (i32.const 3))

  (func $sum (result i64)
    (local $at i32) (local $sum i64)
    (loop $again
      (local.set $sum
        (i64.add
          (i64.mul (local.get $sum) (i64.const 31))
          (i64.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1024)))
      (br_if $again (i32.lt_u (local.get $at) (i32.shl (memory.size) (i32.const 16)))))
    (local.get $sum))

  (func (export "run") (result i64)
    (local $turn i32) (local $sum i64)
    (memory.init $passive (i32.const 20000) (i32.const 0) (i32.const 20))
    (data.drop $passive)
    (table.init $table $more (i32.const 2) (i32.const 0) (i32.const 2))
    (elem.drop $more)
    (loop $turns
      (memory.fill (i32.const 9000) (i32.const 0) (i32.const 100))
      (memory.fill (i32.shl (local.get $turn) (i32.const 13)) (local.get $turn) (i32.const 5000))
      (drop (memory.grow (i32.const 2)))
      (memory.copy (i32.const 65536) (i32.const 100) (i32.const 20000))
      (table.copy $table $table (i32.const 1) (i32.const 0) (i32.const 2))
      (global.set $float (f64.div (global.get $float) (f64.const 3)))
      (global.set $long (i64.sub (global.get $long) (i64.trunc_sat_f64_s (f64.div (f64.const 1) (global.get $float)))))
      (local.set $sum
        (i64.add
          (i64.add (call $sum) (i64.load (i32.const 7776)))
          (i64.extend_i32_u
            (call $say (call_indirect $table (type $number) (i32.and (local.get $turn) (i32.const 3)))))))
      (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
      (br_if $turns (i32.lt_u (local.get $turn) (i32.const 6))))
    (i64.add (local.get $sum) (i64.add (global.get $long) (i64.reinterpret_f64 (global.get $float))))))
