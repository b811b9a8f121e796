//! FAT volumes of every kind: the suite, a random model that `fsck` and mtools judge afterwards, and what only FAT does.

mod disks;
mod suite;

use disks::{ALL_KINDS, Judge, RamDisk, fat_subject};
use suite::model::Model;
use wasi_shim::fat::image::Kind;

#[test]
fn suite() {
    for kind in ALL_KINDS {
        println!("{kind:?}");
        suite::run(|| fat_subject(&RamDisk::formatted(kind, 8 << 20)));
    }
}

#[test]
fn random_operations_agree_with_the_model() {
    let judge = Judge::find();
    for kind in ALL_KINDS {
        for seed in 1..=3 {
            println!("{kind:?}, seed {seed}");
            let disk = RamDisk::formatted(kind, 12 << 20);
            let tree = {
                let mut subject = fat_subject(&disk);
                let mut model = Model::new(&mut subject, seed, 60_000);
                model.run(3_000);
                println!("{:?}", model.counts);
                model.tree()
            };
            judge.check(&disk, kind);
            judge.compare(&disk, kind, &tree);
        }
    }
}

#[test]
fn random_operations_on_a_full_volume() {
    let judge = Judge::find();
    for kind in [Kind::Fat12, Kind::Fat16, Kind::ExFat] {
        let size = if kind == Kind::Fat12 {
            300 << 10
        } else {
            4 << 20
        };
        for seed in 11..=13 {
            println!("{kind:?}, seed {seed}");
            let disk = RamDisk::formatted(kind, size);
            let tree = {
                let mut subject = fat_subject(&disk);
                let mut model = Model::new(&mut subject, seed, size as u64 / 3);
                model.run(2_000);
                println!("{:?}", model.counts);
                assert!(model.counts.full > 0, "the volume was never full");
                model.tree()
            };
            judge.check(&disk, kind);
            judge.compare(&disk, kind, &tree);
        }
    }
}
