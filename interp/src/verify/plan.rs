//! Lists of operands that are verified without a look at each field: slots, at most one branch target, and constants. Most ops have such a
//! list.

use crate::dispatch::Field;
use crate::ops::LISTS;

/// The most slots of an op in a plan.
const MOST: usize = 4;

/// What is to be verified of an op with a plain list of operands.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    /// The granules of the op with its number, or 0 if the list is not plain.
    pub(super) granules: u8,
    /// The number of slots.
    slots: u8,
    /// The granules of the slots, counted from the number; of a vector with [`VECTOR`].
    places: [u8; MOST],
    /// The granule of the branch target, or 0 if there is none. Of a target of 32 bits with [`FAR`].
    target: u8,
}

/// A mark of a place: the slot is the first of two.
const VECTOR: u8 = 0x80;
/// A mark of a target: it has two granules.
const FAR: u8 = 0x80;

impl Plan {
    /// The granule of each slot, and how many slots it names.
    pub(super) fn slots(&self) -> impl Iterator<Item = (usize, usize)> {
        let places = &self.places[..usize::from(self.slots)];
        places.iter().map(|place| {
            let slots = if place & VECTOR == 0 { 1 } else { 2 };
            (usize::from(place & !VECTOR), slots)
        })
    }

    /// The granule of the branch target, and whether it has 32 bits.
    pub(super) fn target(&self) -> Option<(usize, bool)> {
        let is_far = self.target & FAR != 0;
        (self.target != 0).then_some((usize::from(self.target & !FAR), is_far))
    }

    const fn of(fields: &[Field]) -> Self {
        let mut plan = Self {
            granules: 1,
            slots: 0,
            places: [0; MOST],
            target: 0,
        };
        let mut index = 0;
        while index < fields.len() {
            let at = plan.granules;
            let mark = match fields[index] {
                Field::Dst | Field::Also | Field::Slot => Some(0),
                Field::DstVector | Field::Vector => Some(VECTOR),
                Field::Label16 | Field::Label32 if plan.target == 0 => {
                    let far = matches!(fields[index], Field::Label32);
                    plan.target = at | if far { FAR } else { 0 };
                    None
                }
                field if field.is_free() => None,
                _ => {
                    return Self {
                        granules: 0,
                        ..plan
                    };
                }
            };
            if let Some(mark) = mark {
                if plan.slots as usize == MOST {
                    return Self {
                        granules: 0,
                        ..plan
                    };
                }
                plan.places[plan.slots as usize] = at | mark;
                plan.slots += 1;
            }
            // The longest op has fewer than 128 granules.
            plan.granules += fields[index].granules() as u8;
            index += 1;
        }
        plan
    }
}

/// The plan of each list of [`LISTS`].
pub(super) static PLANS: [Plan; LISTS.len()] = {
    let mut plans = [Plan::of(&[]); LISTS.len()];
    let mut list = 0;
    while list < plans.len() {
        plans[list] = Plan::of(LISTS[list]);
        list += 1;
    }
    plans
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::granules;

    #[test]
    fn a_plan_agrees_with_its_list() {
        let mut plain = 0;
        for (plan, fields) in PLANS.iter().zip(LISTS) {
            if plan.granules == 0 {
                continue;
            }
            plain += usize::from(!fields.is_empty());
            assert_eq!(usize::from(plan.granules), granules(fields));
            let mut at = 1;
            let (mut slots, mut target) = (plan.slots(), plan.target());
            for field in fields {
                match field {
                    Field::Dst | Field::Also | Field::Slot => {
                        assert_eq!(slots.next(), Some((at, 1)));
                    }
                    Field::DstVector | Field::Vector => assert_eq!(slots.next(), Some((at, 2))),
                    Field::Label16 | Field::Label32 => {
                        assert_eq!(target.take(), Some((at, *field == Field::Label32)));
                    }
                    _ => {}
                }
                at += field.granules();
            }
            assert_eq!((slots.next(), target), (None, None));
        }
        assert!(plain > 40, "{plain} lists");
    }
}
