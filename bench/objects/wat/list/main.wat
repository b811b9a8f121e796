;; List makes a list of numbers, sorts it by merging, reverses it in place and adds it up: few new objects, and a load and a
;; test for null at each step.

(type $cell (sub final (struct (field $value i32) (field $next (mut (ref null $cell))))))

(func $make (param $length i32) (result (ref null $cell))
  (local $list (ref null $cell))
  (loop $more
    (local.set $list (struct.new $cell (i32.and (call $random) (i32.const 0xffff)) (local.get $list)))
    (br_if $more (local.tee $length (i32.sub (local.get $length) (i32.const 1)))))
  (local.get $list))

;; Cuts a list behind its first cells, and returns the rest.
(func $cut (param $list (ref null $cell)) (param $length i32) (result (ref null $cell))
  (local $rest (ref null $cell))
  (loop $more
    (if (ref.is_null (local.get $list)) (then (return (ref.null $cell))))
    (if (local.tee $length (i32.sub (local.get $length) (i32.const 1)))
      (then (local.set $list (struct.get $cell $next (local.get $list))) (br $more))))
  (local.set $rest (struct.get $cell $next (local.get $list)))
  (struct.set $cell $next (local.get $list) (ref.null $cell))
  (local.get $rest))

;; Merges two sorted lists behind a cell, and returns the last one.
(func $merge (param $last (ref $cell)) (param $a (ref null $cell)) (param $b (ref null $cell)) (result (ref $cell))
  (block $done
    (loop $more
      (if (ref.is_null (local.get $a)) (then (struct.set $cell $next (local.get $last) (local.get $b)) (br $done)))
      (if (ref.is_null (local.get $b)) (then (struct.set $cell $next (local.get $last) (local.get $a)) (br $done)))
      (if (i32.le_u (struct.get $cell $value (local.get $a)) (struct.get $cell $value (local.get $b)))
        (then
          (struct.set $cell $next (local.get $last) (local.get $a))
          (local.set $last (ref.as_non_null (local.get $a)))
          (local.set $a (struct.get $cell $next (local.get $a))))
        (else
          (struct.set $cell $next (local.get $last) (local.get $b))
          (local.set $last (ref.as_non_null (local.get $b)))
          (local.set $b (struct.get $cell $next (local.get $b)))))
      (br $more)))
  (loop $end
    (if (ref.is_null (struct.get $cell $next (local.get $last))) (then (return (local.get $last))))
    (local.set $last (ref.as_non_null (struct.get $cell $next (local.get $last))))
    (br $end))
  (unreachable))

;; Sorts from below: runs of 1, 2, 4 … cells.
(func $sort (param $list (ref null $cell)) (param $length i32) (result (ref null $cell))
  (local $head (ref $cell)) (local $last (ref $cell)) (local $a (ref null $cell)) (local $b (ref null $cell)) (local $run i32)
  (local.set $head (struct.new $cell (i32.const 0) (local.get $list)))
  (local.set $run (i32.const 1))
  (loop $wider
    (local.set $list (struct.get $cell $next (local.get $head)))
    (local.set $last (local.get $head))
    (loop $pair
      (local.set $a (local.get $list))
      (local.set $b (call $cut (local.get $a) (local.get $run)))
      (local.set $list (call $cut (local.get $b) (local.get $run)))
      (local.set $last (call $merge (local.get $last) (local.get $a) (local.get $b)))
      (br_if $pair (i32.eqz (ref.is_null (local.get $list)))))
    (br_if $wider (i32.lt_u (local.tee $run (i32.shl (local.get $run) (i32.const 1))) (local.get $length))))
  (struct.get $cell $next (local.get $head)))

(func $reverse (param $list (ref null $cell)) (result (ref null $cell))
  (local $done (ref null $cell)) (local $next (ref null $cell))
  (loop $more
    (if (ref.is_null (local.get $list)) (then (return (local.get $done))))
    (local.set $next (struct.get $cell $next (local.get $list)))
    (struct.set $cell $next (local.get $list) (local.get $done))
    (local.set $done (local.get $list))
    (local.set $list (local.get $next))
    (br $more))
  (unreachable))

;; Adds every hundredth number to the checksum.
(func $check (param $list (ref null $cell))
  (local $at i32)
  (loop $more
    (if (ref.is_null (local.get $list)) (then (return)))
    (if (i32.eqz (i32.rem_u (local.get $at) (i32.const 100)))
      (then (call $add (i64.extend_i32_u (struct.get $cell $value (local.get $list))))))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (local.set $list (struct.get $cell $next (local.get $list)))
    (br $more)))

(func (export "_start")
  (local $list (ref null $cell)) (local $rounds i32)
  (local.set $rounds (call $rounds (i32.const 60)))
  (loop $next
    (local.set $list (call $sort (call $make (i32.const 10000)) (i32.const 10000)))
    (call $check (local.get $list))
    (call $check (call $reverse (local.get $list)))
    (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
  (call $print (i64.const 0x7473696c) (i32.const 4)))
