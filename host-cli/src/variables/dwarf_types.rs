//! Types that DWARF describes.

use std::rc::Rc;

use addr2line::gimli;

use super::dies::{Die, Dies};
use super::types::{Member, Shape, Type, TypeRef};

/// The length of a chain of modifiers and names that is followed in search of a name.
const LONGEST_NAME: usize = 16;

impl Dies {
    /// The type that an entry has.
    pub(super) fn type_of(&self, die: Die) -> TypeRef {
        let target = self.attr(die, gimli::DW_AT_type);
        match target.and_then(|(owner, value)| self.target(owner, value)) {
            Some(die) => TypeRef::Die(die),
            None => TypeRef::Void,
        }
    }

    /// The type that an entry describes.
    pub(super) fn described(&self, die: Die) -> Type {
        let Some(entry) = self.entry(die) else {
            return Type::unknown("?", "its type cannot be read");
        };
        let name = self.type_name(die);
        let size = self.number(die, gimli::DW_AT_byte_size);
        let of = self.type_of(die);
        let (size, shape) = match entry.tag() {
            gimli::DW_TAG_base_type => (size, self.base(die, size)),
            gimli::DW_TAG_pointer_type
            | gimli::DW_TAG_reference_type
            | gimli::DW_TAG_rvalue_reference_type => {
                let unit = self.unit(die).encoding().address_size;
                (size.or(Some(u64::from(unit))), Shape::Pointer(of))
            }
            gimli::DW_TAG_typedef
            | gimli::DW_TAG_const_type
            | gimli::DW_TAG_volatile_type
            | gimli::DW_TAG_restrict_type
            | gimli::DW_TAG_atomic_type => (size, Shape::Alias(of)),
            gimli::DW_TAG_structure_type | gimli::DW_TAG_class_type | gimli::DW_TAG_union_type => {
                match self.flag(die, gimli::DW_AT_declaration) {
                    true => (None, Shape::Unknown("its type is only declared")),
                    false => (size, self.structure(die, &name)),
                }
            }
            gimli::DW_TAG_array_type => self.array(die, of),
            gimli::DW_TAG_enumeration_type => (size, self.enumeration(die)),
            gimli::DW_TAG_subroutine_type => (None, Shape::Unknown("a function")),
            gimli::DW_TAG_ptr_to_member_type => (size, Shape::Unknown("a pointer to a member")),
            _ => (size, Shape::Unknown("a type of this kind is not shown")),
        };
        Type { name, size, shape }
    }

    /// The name of a type, as C writes it.
    pub(super) fn type_name(&self, mut die: Die) -> String {
        // What follows the name, innermost last.
        let mut behind = String::new();
        for _ in 0..LONGEST_NAME {
            let Some(entry) = self.entry(die) else { break };
            if let Some(name) = self.name(die) {
                return name + &behind;
            }
            let before = match entry.tag() {
                gimli::DW_TAG_pointer_type => "*",
                gimli::DW_TAG_reference_type => "&",
                gimli::DW_TAG_rvalue_reference_type => "&&",
                gimli::DW_TAG_const_type => " const",
                gimli::DW_TAG_volatile_type => " volatile",
                gimli::DW_TAG_array_type => "[]",
                gimli::DW_TAG_restrict_type | gimli::DW_TAG_atomic_type => "",
                gimli::DW_TAG_structure_type => return format!("struct{behind}"),
                gimli::DW_TAG_union_type => return format!("union{behind}"),
                gimli::DW_TAG_class_type => return format!("class{behind}"),
                gimli::DW_TAG_enumeration_type => return format!("enum{behind}"),
                gimli::DW_TAG_subroutine_type => return format!("function{behind}"),
                _ => break,
            };
            behind.insert_str(0, before);
            match self.type_of(die) {
                TypeRef::Die(next) => die = next,
                _ => return format!("void{behind}"),
            }
        }
        format!("?{behind}")
    }

    fn base(&self, die: Die, size: Option<u64>) -> Shape {
        let encoding = self
            .attr(die, gimli::DW_AT_encoding)
            .map(|(_, value)| value);
        let Some(gimli::AttributeValue::Encoding(encoding)) = encoding else {
            return Shape::Unknown("its encoding is missing");
        };
        match encoding {
            gimli::DW_ATE_boolean => Shape::Bool,
            gimli::DW_ATE_signed => Shape::Signed,
            gimli::DW_ATE_unsigned | gimli::DW_ATE_address => Shape::Unsigned,
            gimli::DW_ATE_signed_char if size == Some(1) => Shape::Byte { signed: true },
            gimli::DW_ATE_unsigned_char if size == Some(1) => Shape::Byte { signed: false },
            gimli::DW_ATE_signed_char => Shape::Signed,
            gimli::DW_ATE_unsigned_char => Shape::Unsigned,
            gimli::DW_ATE_UTF => Shape::Char,
            gimli::DW_ATE_float if size == Some(4) || size == Some(8) => Shape::Float,
            _ => Shape::Unknown("numbers of this kind are not shown"),
        }
    }

    fn structure(&self, die: Die, name: &str) -> Shape {
        let mut members = Vec::new();
        for (child, tag) in self.children(die) {
            let (name, is_static) = match tag {
                gimli::DW_TAG_member => {
                    let is_static = self.flag(child, gimli::DW_AT_external)
                        || self.flag(child, gimli::DW_AT_declaration);
                    (self.name(child).unwrap_or_default(), is_static)
                }
                gimli::DW_TAG_inheritance => {
                    let base = match self.type_of(child) {
                        TypeRef::Die(base) => self.type_name(base),
                        _ => "?".to_owned(),
                    };
                    (base, false)
                }
                // Rust's enumerations with values.
                gimli::DW_TAG_variant_part => {
                    return Shape::Unknown("variants of Rust are not shown");
                }
                _ => continue,
            };
            if is_static {
                continue;
            }
            let offset = self.number(child, gimli::DW_AT_data_member_location);
            let bits = self.bits(child);
            members.push(Member {
                name,
                ty: self.type_of(child),
                offset: offset.unwrap_or(0),
                bits,
            });
        }
        // Rust's texts.
        let is_text = matches!(name, "&str" | "&mut str")
            && matches!(&members[..], [data, len] if data.offset == 0 && len.offset == 4);
        match is_text {
            true => Shape::Text,
            false => Shape::Struct(members),
        }
    }

    /// The bits of a bit field, from the start of its structure.
    fn bits(&self, member: Die) -> Option<(u64, u64)> {
        let size = self.number(member, gimli::DW_AT_bit_size)?;
        let offset = self.number(member, gimli::DW_AT_data_bit_offset)?;
        (size <= 64).then_some((offset, size))
    }

    fn array(&self, die: Die, of: TypeRef) -> (Option<u64>, Shape) {
        let mut lens = Vec::new();
        for (child, tag) in self.children(die) {
            if tag != gimli::DW_TAG_subrange_type {
                continue;
            }
            let count = self
                .number(child, gimli::DW_AT_count)
                .or_else(|| self.number(child, gimli::DW_AT_upper_bound)?.checked_add(1));
            lens.push(count.unwrap_or(0));
        }
        // Of several dimensions, the last one is innermost.
        let mut inner = of;
        let mut size = self.size_of(&inner);
        let outer = lens.first().copied().unwrap_or(0);
        let bytes = |size: Option<u64>, len: u64| size.and_then(|size| size.checked_mul(len));
        for len in lens.iter().skip(1).rev() {
            size = bytes(size, *len);
            inner = TypeRef::Written(Rc::new(Type {
                name: format!("{}[{len}]", self.name_of(&inner)),
                size,
                shape: Shape::Array(inner, *len),
            }));
        }
        (bytes(size, outer), Shape::Array(inner, outer))
    }

    fn enumeration(&self, die: Die) -> Shape {
        let mut names = Vec::new();
        for (child, tag) in self.children(die) {
            let value = self.attr(child, gimli::DW_AT_const_value);
            let number = value.and_then(|(_, value)| {
                value
                    .sdata_value()
                    .or_else(|| Some(value.udata_value()?.cast_signed()))
            });
            if let (gimli::DW_TAG_enumerator, Some(name), Some(number)) =
                (tag, self.name(child), number)
            {
                names.push((name, number));
            }
        }
        Shape::Enum(names)
    }

    fn flag(&self, die: Die, name: gimli::DwAt) -> bool {
        let value = self.entry(die).and_then(|entry| entry.attr_value(name));
        matches!(value, Some(gimli::AttributeValue::Flag(true)))
    }
}
