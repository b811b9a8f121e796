//! Formats an instruction of wasm in a line: its name in the text format, and its immediates.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use wasmparser::{
    BlockType, BrTable, Catch, HeapType, Ieee32, Ieee64, MemArg, MemArgTarget, Operator, Ordering,
    RefType, ResumeTable, TryTable, V128, ValType,
};

use super::names::Names;

/// Formats the instruction in a line.
#[must_use]
pub(super) fn wasm_text(operator: &Operator<'_>, names: &Names) -> String {
    match operator {
        Operator::Call { function_index } => format!("call {}", names.func(*function_index)),
        Operator::ReturnCall { function_index } => {
            format!("return_call {}", names.func(*function_index))
        }
        Operator::RefFunc { function_index } => {
            format!("ref.func {}", names.func(*function_index))
        }
        Operator::TypedSelect { ty } => format!("select (result {ty})"),
        other => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = write_spelled(&mut text, other);
            text
        }
    }
}

/// The part before the first `.` in the names of instructions with a `.`.
const SPACES: &str = "i32 i64 f32 f64 v128 i8x16 i16x8 i32x4 i64x2 f32x4 f64x2 i31 local global table memory data elem ref struct array any extern";

/// Returns the name for a method of the visitor: `visit_i32_load8_u` is `i32.load8_u`.
fn name(method: &str) -> String {
    let method = method.trim_start_matches("visit_");
    match method.split_once('_') {
        Some((space, rest)) if SPACES.split(' ').any(|known| known == space) => {
            format!("{space}.{rest}")
        }
        _ => method.to_owned(),
    }
}

macro_rules! spell {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        /// Writes any instruction that wasmparser knows.
        fn write_spelled(text: &mut String, operator: &Operator<'_>) -> fmt::Result {
            match operator {
                $(Operator::$op $({ $($arg),* })? => {
                    text.push_str(&name(stringify!($visit)));
                    $($($arg.write(text)?;)*)?
                })*
                other => write!(text, "{other:?}")?,
            }
            Ok(())
        }
    };
}
wasmparser::for_each_operator!(spell);

/// The text after the name of an instruction.
trait Immediate {
    /// Writes a space and the immediate, or nothing if the text format omits it.
    fn write(&self, text: &mut String) -> fmt::Result;
}

macro_rules! immediates {
    ($($Type:ty, |$value:ident, $text:ident| $body:expr;)*) => { $(
        impl Immediate for $Type {
            fn write(&self, $text: &mut String) -> fmt::Result {
                let $value = self;
                $body
            }
        }
    )* };
}

immediates! {
    u8, |value, text| write!(text, " {value}");
    u32, |value, text| write!(text, " {value}");
    i32, |value, text| write!(text, " {value}");
    i64, |value, text| write!(text, " {value}");
    Ieee32, |value, text| write!(text, " {}", f32::from(*value));
    Ieee64, |value, text| write!(text, " {}", f64::from(*value));
    BlockType, |value, text| match value {
        BlockType::Empty => Ok(()),
        BlockType::Type(ty) => write!(text, " (result {ty})"),
        BlockType::FuncType(index) => write!(text, " (type {index})"),
    };
    MemArg, |value, text| {
        if let MemArgTarget::Memory(memory @ 1..) = value.target {
            write!(text, " {memory}")?;
        }
        if value.offset > 0 {
            write!(text, " offset={}", value.offset)?;
        }
        Ok(())
    };
    BrTable<'_>, |value, text| {
        for target in value.targets().map_while(Result::ok).chain([value.default()]) {
            write!(text, " {target}")?;
        }
        Ok(())
    };
    HeapType, |value, text| match RefType::new(true, *value) {
        Some(ty) => write!(text, " {ty}"),
        None => write!(text, " {value:?}"),
    };
    ValType, |value, text| write!(text, " {value}");
    RefType, |value, text| write!(text, " {value}");
    V128, |value, text| {
        let bits = u128::from_le_bytes(*value.bytes());
        // `as` keeps the low half.
        write!(text, " i64x2 {:#x} {:#x}", bits as u64, bits >> 64)
    };
    Ordering, |value, text| write!(text, " {value:?}");
    TryTable, |value, text| {
        value.ty.write(text)?;
        value.catches.iter().try_for_each(|catch| match catch {
            Catch::One { tag, label } => write!(text, " (catch {tag} {label})"),
            Catch::OneRef { tag, label } => write!(text, " (catch_ref {tag} {label})"),
            Catch::All { label } => write!(text, " (catch_all {label})"),
            Catch::AllRef { label } => write!(text, " (catch_all_ref {label})"),
        })
    };
    ResumeTable, |value, text| write!(text, " {value:?}");
    Vec<ValType>, |value, text| write!(text, " {value:?}");
    [u8; 16], |value, text| value.iter().try_for_each(|lane| write!(text, " {lane}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_spelled_as_in_the_text_format() {
        let names = Names::default();
        let spelled = |operator| wasm_text(&operator, &names);
        let memarg = MemArg {
            align: 0,
            max_align: 0,
            offset: 8,
            target: MemArgTarget::Memory(1),
            ordering: None,
        };
        assert_eq!(
            spelled(Operator::I32Load8U { memarg }),
            "i32.load8_u 1 offset=8"
        );
        assert_eq!(spelled(Operator::BrIf { relative_depth: 2 }), "br_if 2");
        assert_eq!(
            spelled(Operator::LocalTee { local_index: 3 }),
            "local.tee 3"
        );
        assert_eq!(spelled(Operator::I64Const { value: -1 }), "i64.const -1");
        assert_eq!(
            spelled(Operator::F64Const { value: 0.5.into() }),
            "f64.const 0.5"
        );
        assert_eq!(
            spelled(Operator::RefNull {
                hty: HeapType::FUNC
            }),
            "ref.null funcref"
        );
        let blockty = BlockType::Type(ValType::I32);
        assert_eq!(spelled(Operator::Loop { blockty }), "loop (result i32)");
        assert_eq!(spelled(Operator::I32Xor), "i32.xor");
    }
}
