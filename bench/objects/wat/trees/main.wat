;; Trees makes binary trees and counts their nodes: many small objects of which most die young, beside one tree that stays.

(type $node (sub final (struct (field $left (ref null $node)) (field $right (ref null $node)))))

(func $make (param $depth i32) (result (ref $node))
  (if (result (ref $node)) (local.get $depth)
    (then
      (struct.new $node
        (call $make (i32.sub (local.get $depth) (i32.const 1)))
        (call $make (i32.sub (local.get $depth) (i32.const 1)))))
    (else (struct.new $node (ref.null $node) (ref.null $node)))))

(func $count (param $tree (ref null $node)) (result i32)
  (if (result i32) (ref.is_null (local.get $tree))
    (then (i32.const 0))
    (else
      (i32.add (i32.const 1)
        (i32.add
          (call $count (struct.get $node $left (local.get $tree)))
          (call $count (struct.get $node $right (local.get $tree))))))))

(func (export "_start")
  (local $stays (ref $node)) (local $rounds i32)
  (local.set $stays (call $make (i32.const 14)))
  (local.set $rounds (call $rounds (i32.const 4500)))
  (loop $next
    (call $add (i64.extend_i32_u
      (call $count (call $make (i32.and (local.get $rounds) (i32.const 7))))))
    (call $add (i64.extend_i32_u (call $count (call $make (i32.const 8)))))
    (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
  (call $add (i64.extend_i32_u (call $count (local.get $stays))))
  (call $print (i64.const 0x7365657274) (i32.const 5)))
