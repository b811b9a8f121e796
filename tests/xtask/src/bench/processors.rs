//! The file of results: a section for each processor that was measured.

/// What precedes all sections.
const PREFACE: &str = "# Results\n\nWritten by `cargo xtask bench`; README.md beside it says how to read and repeat it. There is a section for each processor that was measured.\n";

/// Replaces the section of `processor` in the text of the file by `section`, or adds it. Other sections stay.
pub(super) fn insert(file: &str, processor: &str, section: &str) -> String {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in file.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            sections.push((name.to_owned(), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            *text += line;
            *text += "\n";
        }
    }
    sections.retain(|(name, _)| name != processor);
    sections.push((processor.to_owned(), format!("\n{section}")));
    sections.sort_by(|(a, _), (b, _)| a.cmp(b));
    let texts = sections
        .iter()
        .map(|(name, text)| format!("\n## {name}\n\n{}\n", text.trim()));
    PREFACE.to_owned() + &texts.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_replaces_that_of_the_same_processor_only() {
        let one = insert("", "Xeon", "- a\n\n### Summary\n\nslow\n");
        let two = insert(&one, "EPYC", "- b\n");
        assert_eq!(two, insert(&two, "EPYC", "- b\n"), "a second time");
        let three = insert(&two, "Xeon", "- c\n\n### Summary\n\nfast\n");
        let wanted =
            format!("{PREFACE}\n## EPYC\n\n- b\n\n## Xeon\n\n- c\n\n### Summary\n\nfast\n");
        assert_eq!(three, wanted);
    }
}
