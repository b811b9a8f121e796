//! The analysis of one handler in assembly: its dispatch, and its use of the native stack.
//!
//! Registers are compared by name, in the width of a pointer. All knowledge about a processor is in [`Dialect`].

/// The syntax of a processor's assembly, as far as the analysis needs it.
pub(super) struct Dialect {
    /// Mnemonics of indirect jumps.
    pub(super) jumps: &'static [&'static str],
    /// Beginnings of instructions that reserve native stack.
    pub(super) frames: &'static [&'static str],
    /// The native stack as an address.
    stack: &'static str,
    /// Whether the last operand is the output, instead of the first.
    writes_last: bool,
    /// Mnemonics of instructions that write no register.
    writes_nothing: &'static [&'static str],
    /// The register with the address of the op.
    ip: &'static str,
    /// The number of the 100 most frequent ops that may use the native stack: those that use it now (boards/README.md has
    /// the figures), and a margin for other releases of the compiler.
    pub(super) spilling: usize,
}

pub(super) const X86_64: Dialect = Dialect {
    jumps: &["jmpq\t*", "jmp\t*"],
    frames: &["pushq\t", "push\t", "subq\t$"],
    stack: "(%rsp",
    writes_last: true,
    writes_nothing: &["cmp", "test", "ucomis", "comis", "j"],
    ip: "rdi",
    spilling: 0,
};
pub(super) const AARCH64: Dialect = Dialect {
    jumps: &["br\t"],
    frames: &["sub\tsp, sp", "stp\tx29", "str\tx30, [sp"],
    stack: "[sp",
    writes_last: false,
    writes_nothing: &["cmp", "cmn", "tst", "fcmp", "st", "b", "cb", "tb"],
    ip: "x0",
    spilling: 0,
};
pub(super) const RISCV64: Dialect = Dialect {
    jumps: &["jr\t"],
    frames: &["addi\tsp, sp, -"],
    stack: "(sp)",
    writes_last: false,
    writes_nothing: &["sb\t", "sh\t", "sw\t", "sd\t", "fs", "b", "j"],
    ip: "a0",
    spilling: 0,
};
/// A constant of 64 bits takes two registers, so the remaining ones are too few for some ops.
pub(super) const RISCV32: Dialect = Dialect {
    spilling: 36,
    ..RISCV64
};

impl Dialect {
    /// Returns whether this instruction jumps to another op.
    pub(super) fn is_exit(&self, instruction: &str) -> bool {
        begins(instruction, self.jumps)
    }

    /// Returns the names of the registers in an operand, in the width of a pointer.
    fn registers<'a>(&self, operand: &'a str) -> impl Iterator<Item = String> + use<'a> {
        let words = operand.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        let is_att = self.writes_last;
        words.filter_map(move |word| {
            let number = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let letters = &word[..word.len() - number.len()];
            match letters {
                _ if number.ends_with(['d', 'w', 'b']) && letters == "r" => {
                    Some(format!("r{}", &number[..number.len() - 1]))
                }
                "w" | "x" if !is_att && !number.is_empty() => Some(format!("x{number}")),
                "a" | "t" | "s" | "r" if !number.is_empty() => Some(word.to_owned()),
                "eax" | "ax" | "al" => Some("rax".to_owned()),
                "ecx" | "cx" | "cl" => Some("rcx".to_owned()),
                "edx" | "dx" | "dl" => Some("rdx".to_owned()),
                "esi" | "edi" => Some(letters.replace('e', "r")),
                "rax" | "rcx" | "rdx" | "rsi" | "rdi" | "rbx" => Some(word.to_owned()),
                _ => None,
            }
        })
    }
}

/// The results for one handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// The number of instructions.
    pub(super) instructions: usize,
    /// For each exit to another op, the number of instructions of the dispatch: the reads of its number and of its
    /// handler's address, the advance, and the jump.
    pub(super) dispatch: Vec<usize>,
    /// Whether the handler reserves native stack before the last exit.
    pub(super) frame: bool,
    /// The number of accesses to the native stack before the last exit.
    pub(super) stack: usize,
}

impl Facts {
    /// Analyses the instructions of a handler.
    pub(super) fn of(instructions: &[&str], dialect: &Dialect) -> Self {
        let exits: Vec<_> = (0..instructions.len())
            .filter(|&at| dialect.is_exit(instructions[at]))
            .collect();
        // The code after the last exit handles traps and pauses.
        let ordinary = &instructions[..exits.last().map_or(0, |last| last + 1)];
        let dispatch = exits.iter().map(|&exit| {
            let before = exits.iter().rev().find(|&&other| other < exit);
            leading_to(&instructions[before.map_or(0, |at| at + 1)..=exit], dialect)
        });
        Self {
            instructions: instructions.len(),
            dispatch: dispatch.collect(),
            frame: ordinary.iter().any(|line| begins(line, dialect.frames)),
            stack: ordinary
                .iter()
                .filter(|line| line.contains(dialect.stack))
                .count(),
        }
    }
}

/// Counts the instructions that the last one, a jump, depends on: those that compute its operands, and one that advances
/// the address of the op.
fn leading_to(instructions: &[&str], dialect: &Dialect) -> usize {
    let Some((jump, before)) = instructions.split_last() else {
        return 0;
    };
    let mut wanted: Vec<_> = dialect.registers(operands(jump)).collect();
    let mut count = 1;
    let mut moved = false;
    for line in before.iter().rev() {
        if begins(line, dialect.writes_nothing) {
            continue;
        }
        let list = operands(line);
        let (written, read) = match dialect.writes_last {
            true => list
                .rsplit_once(", ")
                .map_or((list, ""), |(read, written)| (written, read)),
            false => list.split_once(", ").unwrap_or((list, "")),
        };
        if written.contains(['(', '[']) {
            continue;
        }
        let Some(written) = dialect.registers(written).next() else {
            continue;
        };
        let moves = written == dialect.ip && !moved;
        if moves || wanted.contains(&written) {
            count += 1;
            moved |= moves;
            // An instruction with two operands that computes also reads its output.
            let computes =
                dialect.writes_last && !line.starts_with("mov") && !line.starts_with("lea");
            if !computes {
                wanted.retain(|register| *register != written);
            }
            if !moves {
                wanted.extend(
                    dialect
                        .registers(read)
                        .filter(|register| register != dialect.ip),
                );
            }
        }
    }
    count
}

fn operands(instruction: &str) -> &str {
    instruction
        .split_once('\t')
        .map_or("", |(_, operands)| operands)
}

fn begins(instruction: &str, words: &[&str]) -> bool {
    words.iter().any(|word| instruction.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_the_next_op_is_told_from_what_an_op_does() {
        let x86 = [
            "movzwl\t2(%rdi), %eax",
            "movzwl\t4(%rdi), %r10d",
            "movq\t(%rsi,%rax,8), %r9",
            "addq\t(%rsi,%r10,8), %r9",
            "movzwl\t6(%rdi), %eax",
            "addq\t$6, %rdi",
            "leaq\tTABLE(%rip), %r10",
            "jmpq\t*(%r10,%rax)",
        ];
        let facts = Facts::of(&x86, &X86_64);
        assert_eq!(
            (facts.instructions, facts.dispatch, facts.stack),
            (8, vec![4], 0)
        );
        let aarch64 = [
            "ldrh\tw8, [x0, #2]",
            "ldr\tx5, [x1, x8, lsl #3]",
            "str\tx5, [x1]",
            "adrp\tx9, TABLE",
            "add\tx9, x9, :lo12:TABLE",
            "ldrh\tw8, [x0, #4]!",
            "ldr\tx6, [x9, x8]",
            "br\tx6",
        ];
        assert_eq!(Facts::of(&aarch64, &AARCH64).dispatch, [5]);
        let riscv64 = [
            "lhu\ta6, 2(a0)",
            "lhu\ta7, 4(a0)",
            "addi\ta0, a0, 4",
            "auipc\tt0, %pcrel_hi(TABLE)",
            "addi\tt0, t0, %pcrel_lo(.L1)",
            "add\ta7, a7, t0",
            "ld\tt0, 0(a7)",
            "sd\ta6, 0(a1)",
            "jr\tt0",
            "addi\tsp, sp, -16",
        ];
        let facts = Facts::of(&riscv64, &RISCV64);
        assert_eq!((facts.dispatch, facts.frame), (vec![7], false));
    }
}
