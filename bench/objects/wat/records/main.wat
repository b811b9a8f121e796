;; Records moves points that are structures in an array. A point that leaves the field is replaced by a new one.

(type $point (sub final (struct
  (field $x (mut f64)) (field $y (mut f64)) (field $dx (mut f64)) (field $dy (mut f64)) (field $hits (mut i32)))))
(type $points (sub final (array (mut (ref null $point)))))

(func $coordinate (result f64)
  (f64.div (f64.convert_i32_u (i32.and (call $random) (i32.const 0xffff))) (f64.const 65536)))

(func $point (result (ref $point))
  (struct.new $point
    (call $coordinate) (call $coordinate)
    (f64.mul (f64.sub (call $coordinate) (f64.const 0.5)) (f64.const 0.0625))
    (f64.mul (f64.sub (call $coordinate) (f64.const 0.5)) (f64.const 0.0625))
    (i32.const 0)))

(func $outside (param $at f64) (result i32)
  (i32.or (f64.lt (local.get $at) (f64.const 0)) (f64.ge (local.get $at) (f64.const 1))))

;; One step of all points.
(func $step (param $points (ref $points))
  (local $i i32) (local $p (ref $point))
  (loop $next
    (local.set $p (ref.as_non_null (array.get $points (local.get $points) (local.get $i))))
    (struct.set $point $x (local.get $p)
      (f64.add (struct.get $point $x (local.get $p)) (struct.get $point $dx (local.get $p))))
    (struct.set $point $y (local.get $p)
      (f64.add (struct.get $point $y (local.get $p)) (struct.get $point $dy (local.get $p))))
    (if (call $outside (struct.get $point $x (local.get $p)))
      (then
        ;; It bounces off the walls, three times at most.
        (struct.set $point $dx (local.get $p) (f64.neg (struct.get $point $dx (local.get $p))))
        (struct.set $point $hits (local.get $p) (i32.add (struct.get $point $hits (local.get $p)) (i32.const 1)))))
    (if (i32.or (call $outside (struct.get $point $y (local.get $p)))
                (i32.gt_u (struct.get $point $hits (local.get $p)) (i32.const 3)))
      (then (array.set $points (local.get $points) (local.get $i) (call $point))))
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $points))))))

(func $check (param $points (ref $points))
  (local $i i32) (local $sum f64)
  (loop $next
    (local.set $sum (f64.add (local.get $sum)
      (struct.get $point $x (array.get $points (local.get $points) (local.get $i)))))
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $points)))))
  (call $add (i64.reinterpret_f64 (local.get $sum))))

(func (export "_start")
  (local $points (ref $points)) (local $rounds i32) (local $i i32)
  (local.set $points (array.new_default $points (i32.const 2000)))
  (loop $fill
    (array.set $points (local.get $points) (local.get $i) (call $point))
    (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2000))))
  (local.set $rounds (call $rounds (i32.const 3000)))
  (loop $next
    (call $step (local.get $points))
    (call $check (local.get $points))
    (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
  (call $print (i64.const 0x7364726f636572) (i32.const 7)))
