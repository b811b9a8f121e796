//! The list of scenarios: what is tested, on which boards, and by which function.

use anyhow::Result;
use board_card::table::Entry;

use super::bench::Bench;
use super::{frozen, lowered, machines, scenarios, stops, worlds};

/// One property of a machine that is tested.
#[derive(Clone, Copy)]
pub(super) struct Scenario {
    pub(super) name: &'static str,
    /// The highest tier on which it is tested.
    pub(super) tier: u8,
    /// It depends on the devices of a board, and not on its processor alone. On boards of tier 2 whose processor another board has, the
    /// gate tests only such scenarios.
    pub(super) of_devices: bool,
    /// The reason why it cannot be tested on this board.
    pub(super) unless: fn(&Entry) -> Option<&'static str>,
    pub(super) run: fn(&Bench<'_>) -> Result<()>,
}

/// All scenarios, in the order in which they are tested.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "the Go file copy",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: scenarios::file_copy,
    },
    Scenario {
        name: "a Go program works with files as on the desktop",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: scenarios::work,
    },
    Scenario {
        name: "a Go program works with files in 32 MiB of RAM",
        tier: 2,
        of_devices: false,
        unless: machines::fixed_memory,
        run: scenarios::little_memory,
    },
    Scenario {
        name: "the exit status reaches the host",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: scenarios::exit_status,
    },
    Scenario {
        name: "a trap is told",
        tier: 3,
        of_devices: false,
        unless: |_| None,
        run: scenarios::trap,
    },
    Scenario {
        name: "too little memory is told",
        tier: 2,
        of_devices: false,
        unless: |_| None,
        run: scenarios::out_of_memory,
    },
    Scenario {
        name: "/dev and /tmp are there, and boot files are safe",
        tier: 2,
        of_devices: false,
        unless: |_| None,
        run: worlds::usual,
    },
    Scenario {
        name: "a volume has its own /dev and /tmp, and no fsck",
        tier: 1,
        of_devices: true,
        unless: worlds::no_sample,
        run: worlds::own,
    },
    Scenario {
        name: "what cannot be run is refused in one line",
        tier: 1,
        of_devices: true,
        unless: worlds::no_sample,
        run: worlds::refusals,
    },
    Scenario {
        name: "a missing program is told",
        tier: 2,
        of_devices: false,
        unless: |_| None,
        run: scenarios::missing_program,
    },
    Scenario {
        name: "wrong settings are told",
        tier: 1,
        of_devices: true,
        unless: |_| None,
        run: scenarios::wrong_settings,
    },
    Scenario {
        name: "a card without a volume is told",
        tier: 2,
        of_devices: true,
        unless: |_| None,
        run: scenarios::no_volume,
    },
    Scenario {
        name: "a large card (SDHC)",
        tier: 2,
        of_devices: true,
        unless: |_| None,
        run: scenarios::large_card,
    },
    Scenario {
        name: "a person types while a ticker ticks",
        tier: 2,
        of_devices: true,
        unless: |_| None,
        run: scenarios::conversation,
    },
    Scenario {
        name: "Ctrl-C ends the program",
        tier: 1,
        of_devices: true,
        unless: |_| None,
        run: scenarios::interrupt,
    },
    Scenario {
        name: "Ctrl-C ends a program that only computes or only writes",
        tier: 1,
        of_devices: true,
        unless: |_| None,
        run: stops::interrupts,
    },
    Scenario {
        name: "a time limit and a watchdog end a program",
        tier: 1,
        of_devices: true,
        unless: |_| None,
        run: stops::limits,
    },
    Scenario {
        name: "a raw console passes every byte",
        tier: 2,
        of_devices: true,
        unless: |_| None,
        run: stops::raw_console,
    },
    Scenario {
        name: "any set and order of devices",
        tier: 2,
        of_devices: true,
        unless: machines::no_slots,
        run: machines::devices,
    },
    Scenario {
        name: "a device that does not answer is told",
        tier: 1,
        of_devices: true,
        unless: machines::no_slots,
        run: machines::silent_devices,
    },
    Scenario {
        name: "a program takes all memory",
        tier: 1,
        of_devices: true,
        unless: machines::fixed_memory,
        run: machines::all_memory,
    },
    Scenario {
        name: "U-Boot starts the card",
        tier: 2,
        of_devices: true,
        unless: machines::no_slots,
        run: machines::u_boot,
    },
    Scenario {
        name: "the Raspberry Pi's pins and memory",
        tier: 2,
        of_devices: true,
        unless: machines::no_pi,
        run: machines::raspberry_pi,
    },
    Scenario {
        name: "the power fails during writes",
        tier: 1,
        of_devices: true,
        unless: |_| None,
        run: scenarios::power_cut,
    },
];

/// The scenarios of a kernel that thaws and writes states.
pub(super) const HIBERNATE: &[Scenario] = &[
    SCENARIOS[0],
    Scenario {
        name: "a program goes on that the desktop has frozen",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: frozen::thaws,
    },
    Scenario {
        name: "a program hibernates, and goes on at the next start",
        tier: 3,
        of_devices: true,
        unless: frozen::volatile,
        run: frozen::hibernates,
    },
    Scenario {
        name: "a state that cannot be used is refused in one line",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: frozen::refusals,
    },
];

/// The scenarios of a kernel that runs programs in lowered form: what it does differently.
pub(super) const LOWERED: &[Scenario] = &[
    SCENARIOS[0],
    SCENARIOS[1],
    Scenario {
        name: "a program for another kernel is refused in one line",
        tier: 3,
        of_devices: true,
        unless: |_| None,
        run: lowered::refusals,
    },
    Scenario {
        name: "a program in flash takes no RAM for its code",
        tier: 3,
        of_devices: true,
        unless: lowered::no_flash,
        run: lowered::in_flash,
    },
];

/// The same for a kernel that hibernates. What a desktop has frozen is not in lowered form.
pub(super) const LOWERED_HIBERNATE: &[Scenario] =
    &[LOWERED[0], LOWERED[1], LOWERED[2], LOWERED[3], HIBERNATE[2]];
