//! The format of Firefox's profiler, which shows samples in the order of time. For a profile by fuel, a unit is shown as a microsecond.

use std::time::SystemTime;

use anyhow::{Context, Result};
use fxprof_processed_profile::{
    CategoryColor, CategoryHandle, CpuDelta, Frame, FrameFlags, FrameInfo, Profile,
    SamplingInterval, Timestamp,
};

use super::Samples;
use super::stacks::Stacks;
use crate::args::ProfileBy;

/// The profile as JSON.
///
/// # Errors
/// Fails if there is no memory.
pub(super) fn encode(stacks: &Stacks, samples: &Samples, by: ProfileBy) -> Result<Vec<u8>> {
    let reference = match by {
        // The same run gives the same file.
        ProfileBy::Fuel => SystemTime::UNIX_EPOCH,
        ProfileBy::Time => SystemTime::now() - samples.start.elapsed(),
    };
    let interval = SamplingInterval::from_millis(1);
    let mut profile = Profile::new("wasi-interp", reference.into(), interval);
    let wasi = profile.add_category("WASI", CategoryColor::Orange);
    let begin = Timestamp::from_nanos_since_reference(0);
    let process = profile.add_process("guest", 1, begin);
    let thread = profile.add_thread(process, 1, begin, true);
    profile.set_thread_name(thread, "guest");
    let scale = match by {
        ProfileBy::Fuel => 1000,
        ProfileBy::Time => 1,
    };
    let mut handles = vec![None; stacks.all.len()];
    let mut now = 0_u64;
    for (stack, work) in &samples.events {
        let handle = handles[*stack as usize].unwrap_or_else(|| {
            let frames = stacks.all[*stack as usize].0.iter().rev();
            let frames: Vec<_> = frames
                .map(|frame| {
                    let frame = &stacks.frames[*frame as usize];
                    let text = match &frame.line {
                        Some(line) => format!("{} {}:{}", frame.name, line.file, line.line),
                        None => frame.name.clone(),
                    };
                    FrameInfo {
                        frame: Frame::Label(profile.intern_string(&text)),
                        category_pair: match frame.is_host {
                            true => wasi.into(),
                            false => CategoryHandle::OTHER.into(),
                        },
                        flags: FrameFlags::empty(),
                    }
                })
                .collect();
            profile.intern_stack_frames(thread, frames.into_iter())
        });
        handles[*stack as usize] = Some(handle);
        now = now.saturating_add(work.saturating_mul(scale));
        let weight = i32::try_from(work * scale / 1000).unwrap_or(i32::MAX);
        let time = Timestamp::from_nanos_since_reference(now);
        let cpu = CpuDelta::from_nanos(work.saturating_mul(scale));
        profile.add_sample(thread, time, handle, cpu, weight.max(1));
    }
    serde_json::to_vec(&profile).context("cannot encode the profile")
}
