;; Shapes calls methods through tables of functions and casts objects to their types, as languages with classes do. Names are
;; arrays of bytes.

(type $name (sub final (array (mut i8))))
(rec
  (type $shape (sub (struct (field $methods (ref $methods)) (field $name (ref $name)))))
  (type $area (func (param (ref $shape)) (result i64)))
  (type $grow (func (param (ref $shape) i32) (result (ref $shape))))
  (type $methods (struct (field $area (ref $area)) (field $grow (ref $grow)))))
(type $square (sub final $shape (struct (field (ref $methods)) (field (ref $name)) (field $side i32))))
(type $box (sub final $shape (struct (field (ref $methods)) (field (ref $name)) (field $width i32) (field $height i32))))
(type $group (sub final $shape (struct (field (ref $methods)) (field (ref $name)) (field $first (ref $shape)) (field $second (ref $shape)))))
(type $shapes (sub final (array (mut (ref null $shape)))))

(elem declare func $area_square $grow_square $area_box $grow_box $area_group $grow_group)
(global $squares (ref $methods) (struct.new $methods (ref.func $area_square) (ref.func $grow_square)))
(global $boxes (ref $methods) (struct.new $methods (ref.func $area_box) (ref.func $grow_box)))
(global $groups (ref $methods) (struct.new $methods (ref.func $area_group) (ref.func $grow_group)))

(func $area_square (type $area) (param $this (ref $shape)) (result i64)
  (local $side i64)
  (local.set $side (i64.extend_i32_u (struct.get $square $side (ref.cast (ref $square) (local.get $this)))))
  (i64.mul (local.get $side) (local.get $side)))

(func $area_box (type $area) (param $this (ref $shape)) (result i64)
  (local $box (ref $box))
  (local.set $box (ref.cast (ref $box) (local.get $this)))
  (i64.mul
    (i64.extend_i32_u (struct.get $box $width (local.get $box)))
    (i64.extend_i32_u (struct.get $box $height (local.get $box)))))

(func $area_group (type $area) (param $this (ref $shape)) (result i64)
  (local $group (ref $group))
  (local.set $group (ref.cast (ref $group) (local.get $this)))
  (i64.add
    (call $area (struct.get $group $first (local.get $group)))
    (call $area (struct.get $group $second (local.get $group)))))

(func $grow_square (type $grow) (param $this (ref $shape)) (param $by i32) (result (ref $shape))
  (struct.new $square (global.get $squares) (struct.get $shape $name (local.get $this))
    (i32.and (i32.const 1023)
      (i32.add (local.get $by) (struct.get $square $side (ref.cast (ref $square) (local.get $this)))))))

(func $grow_box (type $grow) (param $this (ref $shape)) (param $by i32) (result (ref $shape))
  (local $box (ref $box))
  (local.set $box (ref.cast (ref $box) (local.get $this)))
  (struct.new $box (global.get $boxes) (struct.get $shape $name (local.get $this))
    (i32.and (i32.const 1023) (i32.add (local.get $by) (struct.get $box $height (local.get $box))))
    (struct.get $box $width (local.get $box))))

(func $grow_group (type $grow) (param $this (ref $shape)) (param $by i32) (result (ref $shape))
  (local $group (ref $group))
  (local.set $group (ref.cast (ref $group) (local.get $this)))
  (struct.new $group (global.get $groups) (call $rename (struct.get $shape $name (local.get $this)))
    (call $grow (struct.get $group $second (local.get $group)) (local.get $by))
    (struct.get $group $first (local.get $group))))

;; Virtual calls.
(func $area (param $shape (ref $shape)) (result i64)
  (call_ref $area (local.get $shape)
    (struct.get $methods $area (struct.get $shape $methods (local.get $shape)))))
(func $grow (param $shape (ref $shape)) (param $by i32) (result (ref $shape))
  (call_ref $grow (local.get $shape) (local.get $by)
    (struct.get $methods $grow (struct.get $shape $methods (local.get $shape)))))

;; A copy of a name with its first letter moved to the end.
(func $rename (param $name (ref $name)) (result (ref $name))
  (local $new (ref $name)) (local $length i32)
  (local.set $length (array.len (local.get $name)))
  (local.set $new (array.new_default $name (local.get $length)))
  (array.copy $name $name (local.get $new) (i32.const 0) (local.get $name) (i32.const 1)
    (i32.sub (local.get $length) (i32.const 1)))
  (array.set $name (local.get $new) (i32.sub (local.get $length) (i32.const 1))
    (array.get_u $name (local.get $name) (i32.const 0)))
  (local.get $new))

(func $name (param $length i32) (result (ref $name))
  (local $name (ref $name)) (local $i i32)
  (local.set $name (array.new_default $name (local.get $length)))
  (loop $next
    (array.set $name (local.get $name) (local.get $i) (i32.add (i32.const 97) (i32.and (call $random) (i32.const 15))))
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $length))))
  (local.get $name))

(func $hash (param $name (ref $name)) (result i64)
  (local $hash i64) (local $i i32)
  (loop $next
    (local.set $hash (i64.add (i64.mul (local.get $hash) (i64.const 31))
      (i64.extend_i32_u (array.get_u $name (local.get $name) (local.get $i)))))
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $name)))))
  (local.get $hash))

(func $shape (param $depth i32) (result (ref $shape))
  (local $kind i32)
  (local.set $kind (i32.and (call $random) (i32.const 3)))
  (if (i32.and (i32.gt_u (local.get $kind) (i32.const 1)) (i32.gt_u (local.get $depth) (i32.const 0)))
    (then (return (struct.new $group (global.get $groups) (call $name (i32.const 12))
      (call $shape (i32.sub (local.get $depth) (i32.const 1)))
      (call $shape (i32.sub (local.get $depth) (i32.const 1)))))))
  (if (i32.and (local.get $kind) (i32.const 1))
    (then (return (struct.new $square (global.get $squares) (call $name (i32.const 7))
      (i32.and (call $random) (i32.const 1023))))))
  (struct.new $box (global.get $boxes) (call $name (i32.const 5))
    (i32.and (call $random) (i32.const 1023)) (i32.and (call $random) (i32.const 1023))))

;; Whether a shape is a group, by a branch on its type.
(func $is_group (param $shape (ref null $shape)) (result i32)
  (block $yes (result (ref $group))
    (drop (br_on_cast $yes (ref null $shape) (ref $group) (local.get $shape)))
    (return (i32.const 0)))
  (i32.eqz (i64.eqz (call $hash (struct.get $shape $name)))))

(func (export "_start")
  (local $shapes (ref $shapes)) (local $rounds i32) (local $i i32) (local $groups i32) (local $sum i64)
  (local.set $shapes (array.new_default $shapes (i32.const 500)))
  (loop $fill
    (array.set $shapes (local.get $shapes) (local.get $i) (call $shape (i32.const 4)))
    (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500))))
  (local.set $rounds (call $rounds (i32.const 900)))
  (loop $next
    (local.set $i (i32.const 0))
    (local.set $groups (i32.const 0))
    (local.set $sum (i64.const 0))
    (loop $each
      (local.set $sum (i64.add (local.get $sum)
        (call $area (ref.as_non_null (array.get $shapes (local.get $shapes) (local.get $i))))))
      (local.set $groups (i32.add (local.get $groups)
        (call $is_group (array.get $shapes (local.get $shapes) (local.get $i)))))
      (array.set $shapes (local.get $shapes) (local.get $i)
        (call $grow (ref.as_non_null (array.get $shapes (local.get $shapes) (local.get $i))) (i32.const 3)))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 500))))
    (call $add (i64.add (local.get $sum) (i64.extend_i32_u (local.get $groups))))
    (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
  (call $print (i64.const 0x736570616873) (i32.const 6)))
