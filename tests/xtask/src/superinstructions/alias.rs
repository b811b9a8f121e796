//! Short names for the types of ops: `I64AddImm` for `BinaryOp<I64Add, Slot, Imm16, ToSlot>`.

use anyhow::{Context, Result};

/// A type's name and its parameters.
struct Type<'a> {
    name: &'a str,
    parameters: Vec<Type<'a>>,
}

/// The short name of a type of op.
pub(super) fn alias(ty: &str) -> Result<String> {
    let mut rest = ty;
    let parsed = parse(&mut rest).filter(|_| rest.is_empty());
    let Type { name, parameters } = parsed.with_context(|| format!("`{ty}` is no type"))?;
    let short = match (name, &parameters[..]) {
        // The row is enough to name the op.
        ("BinaryOp" | "UnaryOp" | "LoadOp", parameters) => words(parameters),
        ("StoreOp", [row, address, value]) => {
            let value = match value.name {
                "Slot" => String::new(),
                "Acc" => "OfAcc".to_owned(),
                _ => word(value),
            };
            format!("{}{}{value}", word(row), word(address))
        }
        ("BranchIf", [rest @ .., sense]) => format!("{}{}", branch("BrIf", sense), words(rest)),
        (name, [rest @ .., sense]) if name.starts_with("BrIf") => {
            format!("{}{}", branch(name, sense), words(rest))
        }
        (name, parameters) => format!("{name}{}", words(parameters)),
    };
    // An alias with the name of its type would name itself.
    let same = if short == name { "Op" } else { "" };
    Ok(short + same)
}

/// `BrIf…`, or `BrUnless…` for one that branches if the condition is false.
fn branch(name: &str, sense: &Type<'_>) -> String {
    match sense.name {
        "true" => name.to_owned(),
        _ => name.replacen("BrIf", "BrUnless", 1),
    }
}

fn words(parameters: &[Type<'_>]) -> String {
    let mut text = String::new();
    for (at, parameter) in parameters.iter().enumerate() {
        let before_constant = parameters
            .get(at + 1)
            .is_some_and(|next| next.name.starts_with("Imm"));
        if parameter.name != "Slot" || !before_constant {
            text += &word(parameter);
        }
    }
    text
}

/// The short name of a parameter.
fn word(parameter: &Type<'_>) -> String {
    match (parameter.name, &parameter.parameters[..]) {
        ("ToSlot" | "false", _) => String::new(),
        ("true", _) => "Reversed".to_owned(),
        ("Imm16", _) => "Imm".to_owned(),
        ("u32", _) => "32".to_owned(),
        ("u64", _) => "64".to_owned(),
        ("Near", [register, far]) => {
            let near = if far.name == "true" { "Far" } else { "Near" };
            match register.name {
                "Slot" => near.to_owned(),
                other => format!("{near}{other}"),
            }
        }
        (name, parameters) => format!("{name}{}", words(parameters)),
    }
}

/// Reads `Name` or `Name<Parameter, …>` from the front of a text.
fn parse<'a>(rest: &mut &'a str) -> Option<Type<'a>> {
    let end = rest
        .find(|char: char| !char.is_alphanumeric() && char != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after;
    let mut parameters = Vec::new();
    if let Some(inner) = rest.strip_prefix('<') {
        *rest = inner;
        loop {
            parameters.push(parse(rest)?);
            match rest.strip_prefix(", ") {
                Some(next) => *rest = next,
                None => break,
            }
        }
        *rest = rest.strip_prefix('>')?;
    }
    (!name.is_empty()).then_some(Type { name, parameters })
}

#[cfg(test)]
mod tests {
    use super::alias;

    #[test]
    fn short_names() {
        for (ty, short) in [
            ("BinaryOp<I64Add, Slot, Imm16, ToSlot>", "I64AddImm"),
            ("BinaryOp<I64Add, Slot, Acc, ToAcc>", "I64AddSlotAccToAcc"),
            ("LoadOp<I64Load, Near<Slot, false>, ToSlot>", "I64LoadNear"),
            (
                "LoadOp<I32Load, Near<Acc, true>, ToAcc>",
                "I32LoadFarAccToAcc",
            ),
            ("LoadOp<I64Load, Via<64>, ToSlot>", "I64LoadVia64"),
            ("StoreOp<I64Store, Sum, Acc>", "I64StoreSumOfAcc"),
            ("BranchIf<I64GeS, Slot, Slot, true>", "BrIfI64GeSSlotSlot"),
            ("BrIf64<Acc, false>", "BrUnless64Acc"),
            ("BrIfByte<true>", "BrIfByteOp"),
            ("GoReturn", "GoReturnOp"),
            ("Move<u64, Imm16, ToSlot>", "Move64Imm"),
        ] {
            assert_eq!(alias(ty).expect("it is a type"), short);
        }
        assert!(alias("BinaryOp<I64Add").is_err());
        assert!(alias("").is_err());
    }
}
