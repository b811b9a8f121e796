//! Structures and arrays (core specification, 4.4.6).

use wasmparser::{CompositeInnerType, FieldType, Operator, StorageType, ValType};

use super::Function;
use crate::compile::class::class_of;
use crate::compile::module::ModuleInfo;
use crate::dispatch::OpNumber;
use crate::lower::Inst;
use crate::machine::{Class, SlotIndex};
use crate::ops::number;
use crate::ops::object::{
    ArrayCopy, ArrayFill, ArrayGet, ArrayInitData, ArrayInitElem, ArrayLen, ArrayNew, ArrayNewData,
    ArrayNewDefault, ArrayNewElem, ArrayNewFixed, ArraySet, Bits32, Bits64, Bits128, I8S, I8U,
    I16S, I16U, StructGet, StructNew, StructNewDefault, StructSet,
};
use crate::ops::shape::ToSlot;

/// The place of a field or an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    I8S,
    I8U,
    I16S,
    I16U,
    Bits32,
    Bits64,
    Bits128,
}

impl Place {
    fn of(ty: FieldType, signed: bool) -> Self {
        match ty.element_type {
            StorageType::I8 if signed => Self::I8S,
            StorageType::I8 => Self::I8U,
            StorageType::I16 if signed => Self::I16S,
            StorageType::I16 => Self::I16U,
            StorageType::Val(ValType::I32 | ValType::F32) => Self::Bits32,
            StorageType::Val(ValType::I64 | ValType::F64 | ValType::Ref(_)) => Self::Bits64,
            StorageType::Val(ValType::V128) => Self::Bits128,
        }
    }
}

/// The op of a kind for each place: those that read.
macro_rules! reading {
    ($Op:ident, $place:expr) => {
        match $place {
            Place::I8S => number::<$Op<I8S, ToSlot>>(),
            Place::I8U => number::<$Op<I8U, ToSlot>>(),
            Place::I16S => number::<$Op<I16S, ToSlot>>(),
            Place::I16U => number::<$Op<I16U, ToSlot>>(),
            Place::Bits32 => number::<$Op<Bits32, ToSlot>>(),
            Place::Bits64 => number::<$Op<Bits64, ToSlot>>(),
            Place::Bits128 => number::<$Op<Bits128, ToSlot>>(),
        }
    };
}

/// The op of a kind for each place: those that write.
macro_rules! writing {
    ($Op:ident, $place:expr) => {
        match $place {
            Place::I8S | Place::I8U => number::<$Op<I8U>>(),
            Place::I16S | Place::I16U => number::<$Op<I16U>>(),
            Place::Bits32 => number::<$Op<Bits32>>(),
            Place::Bits64 => number::<$Op<Bits64>>(),
            Place::Bits128 => number::<$Op<Bits128>>(),
        }
    };
}

impl Function {
    /// Lowers an operator on objects. Returns false if `operator` is none.
    #[inline(always)]
    pub(super) fn object(&mut self, module: &ModuleInfo, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::StructNew { struct_type_index } => {
                let slots = field_slots(fields(module, struct_type_index));
                let base = self.placed(slots);
                let inst = Inst::new(number::<StructNew>(), &[base.0]);
                self.push_unfolded(inst.imm(struct_type_index.into()));
            }
            Operator::StructNewDefault { struct_type_index } => {
                let inst = Inst::new(number::<StructNewDefault>(), &[]);
                self.push_unfolded(inst.imm(struct_type_index.into()));
            }
            Operator::StructGet {
                struct_type_index,
                field_index,
            }
            | Operator::StructGetU {
                struct_type_index,
                field_index,
            } => self.struct_get(module, struct_type_index, field_index, false),
            Operator::StructGetS {
                struct_type_index,
                field_index,
            } => self.struct_get(module, struct_type_index, field_index, true),
            Operator::StructSet {
                struct_type_index,
                field_index,
            } => self.struct_set(module, struct_type_index, field_index),
            Operator::ArrayNew { array_type_index } => {
                let len = self.pop_slot();
                let base = self.placed(slots_of(element(module, array_type_index)));
                let inst = Inst::new(number::<ArrayNew>(), &[base.0, len.0]);
                self.push_unfolded(inst.imm(array_type_index.into()));
            }
            Operator::ArrayNewDefault { array_type_index } => {
                let len = self.pop_slot();
                let inst = Inst::new(number::<ArrayNewDefault>(), &[len.0]);
                self.push_unfolded(inst.imm(array_type_index.into()));
            }
            Operator::ArrayNewFixed {
                array_type_index,
                array_size,
            } => {
                let slots = slots_of(element(module, array_type_index));
                let base = self.placed(slots * array_size as usize);
                // Validation allows 10,000 elements.
                let small = [base.0, array_size as u16];
                let inst = Inst::new(number::<ArrayNewFixed>(), &small);
                self.push_unfolded(inst.imm(array_type_index.into()));
            }
            Operator::ArrayNewData {
                array_type_index,
                array_data_index,
            } => {
                self.array_new_segment(number::<ArrayNewData>(), array_type_index, array_data_index)
            }
            Operator::ArrayNewElem {
                array_type_index,
                array_elem_index,
            } => {
                self.array_new_segment(number::<ArrayNewElem>(), array_type_index, array_elem_index)
            }
            Operator::ArrayGet { array_type_index } | Operator::ArrayGetU { array_type_index } => {
                self.array_get(module, array_type_index, false);
            }
            Operator::ArrayGetS { array_type_index } => {
                self.array_get(module, array_type_index, true);
            }
            Operator::ArraySet { array_type_index } => self.array_set(module, array_type_index),
            Operator::ArrayLen => {
                let array = self.pop_slot();
                self.push_unfolded(Inst::new(number::<ArrayLen>(), &[array.0]));
            }
            Operator::ArrayFill { array_type_index } => self.array_fill(module, array_type_index),
            Operator::ArrayCopy {
                array_type_index_dst,
                ..
            } => {
                let place = Place::of(element(module, array_type_index_dst), false);
                let small: [u16; 5] = self.pop_slots();
                self.code
                    .push(Inst::new(writing!(ArrayCopy, place), &small));
            }
            Operator::ArrayInitData {
                array_data_index, ..
            } => {
                let small: [u16; 4] = self.pop_slots();
                let inst = Inst::new(number::<ArrayInitData>(), &small);
                self.code.push(inst.imm(array_data_index.into()));
            }
            Operator::ArrayInitElem {
                array_elem_index, ..
            } => {
                let small: [u16; 4] = self.pop_slots();
                let inst = Inst::new(number::<ArrayInitElem>(), &small);
                self.code.push(inst.imm(array_elem_index.into()));
            }
            _ => return false,
        }
        true
    }

    /// Pops a value of one slot. Returns the slot.
    fn pop_slot(&mut self) -> SlotIndex {
        let value = self.pop();
        self.whole_slot_of(value)
    }

    /// Pops values of one slot each. Returns the slots.
    fn pop_slots<const COUNT: usize>(&mut self) -> [u16; COUNT] {
        let mut slots = [0; COUNT];
        for slot in slots.iter_mut().rev() {
            *slot = self.pop_slot().0;
        }
        slots
    }

    /// Places the values in the top `slots` slots in their temporaries and pops them. Returns the first slot.
    fn placed(&mut self, slots: usize) -> SlotIndex {
        self.settle_top(slots);
        for _ in 0..slots {
            self.operands.pop();
        }
        let height = self.operands.height();
        self.reserve(height + slots);
        self.temp(height)
    }

    /// Pops the value that is written to a place. Returns its first slot.
    fn pop_stored(&mut self, place: Place) -> SlotIndex {
        if place == Place::Bits128 {
            #[cfg(feature = "simd")]
            return self.pop_vector();
        }
        self.pop_slot()
    }

    /// Pushes the result of an op that reads a place.
    fn push_read(&mut self, op: OpNumber, small: &[u16], place: Place) {
        let inst = Inst::new(op, small);
        if place == Place::Bits128 {
            #[cfg(feature = "simd")]
            return self.push_vector(inst);
        }
        self.push_result(inst, Class::Integer);
    }

    fn struct_get(&mut self, module: &ModuleInfo, ty: u32, field: u32, signed: bool) {
        let fields = fields(module, ty);
        let place = Place::of(fields[field as usize], signed);
        let before = module.field_slot(ty, field);
        let object = self.pop_slot();
        self.push_read(reading!(StructGet, place), &[object.0, before], place);
    }

    fn struct_set(&mut self, module: &ModuleInfo, ty: u32, field: u32) {
        let fields = fields(module, ty);
        let place = Place::of(fields[field as usize], false);
        let value = self.pop_stored(place);
        let object = self.pop_slot();
        let small = [object.0, module.field_slot(ty, field), value.0];
        self.code
            .push(Inst::new(writing!(StructSet, place), &small));
    }

    fn array_get(&mut self, module: &ModuleInfo, ty: u32, signed: bool) {
        let place = Place::of(element(module, ty), signed);
        let small: [u16; 2] = self.pop_slots();
        self.push_read(reading!(ArrayGet, place), &small, place);
    }

    fn array_set(&mut self, module: &ModuleInfo, ty: u32) {
        let place = Place::of(element(module, ty), false);
        let value = self.pop_stored(place);
        let [array, index] = self.pop_slots();
        let small = [array, index, value.0];
        self.code.push(Inst::new(writing!(ArraySet, place), &small));
    }

    fn array_fill(&mut self, module: &ModuleInfo, ty: u32) {
        let place = Place::of(element(module, ty), false);
        let len = self.pop_slot();
        let value = self.pop_stored(place);
        let [array, at] = self.pop_slots();
        let small = [array, at, value.0, len.0];
        self.code
            .push(Inst::new(writing!(ArrayFill, place), &small));
    }

    /// Appends an op that creates an array from a segment.
    fn array_new_segment(&mut self, op: OpNumber, ty: u32, segment: u32) {
        let small: [u16; 2] = self.pop_slots();
        let inst = Inst::new(op, &small);
        self.push_unfolded(inst.imm(ty.into()).offset(segment));
    }
}

/// The fields of a type of structures.
fn fields(module: &ModuleInfo, ty: u32) -> &[FieldType] {
    match &module.declared_type(ty).composite_type.inner {
        CompositeInnerType::Struct(ty) => &ty.fields,
        // Validation admits no other type.
        _ => &[],
    }
}

/// The elements of a type of arrays.
fn element(module: &ModuleInfo, ty: u32) -> FieldType {
    match &module.declared_type(ty).composite_type.inner {
        CompositeInnerType::Array(ty) => ty.0,
        // Validation admits no other type.
        _ => FieldType {
            element_type: StorageType::I8,
            mutable: false,
        },
    }
}

/// The slots of a value of this type.
fn slots_of(ty: FieldType) -> usize {
    match ty.element_type {
        StorageType::Val(ty) => class_of(ty).slots(),
        StorageType::I8 | StorageType::I16 => 1,
    }
}

fn field_slots(fields: &[FieldType]) -> usize {
    fields.iter().copied().map(slots_of).sum()
}
