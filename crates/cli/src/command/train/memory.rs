//! How much memory a run needs, told before its first step, and whether the machine has it.

use crate::error::Failure;
use crate::screen;
use std::fs::read_to_string;
use wellfit::prelude::Experiment;

/// Tells what so many runs beside each other need, with a warning where that is more than there is; they go on.
pub fn tell(experiment: &Experiment, runs: usize) -> Result<(), Failure> {
    let process = Process::of_system();
    // What reading the examples took is known by now.
    let needed = experiment.memory_of(runs)?.max(process.map_or(0, |held| held.peak));
    screen::tell!("needs   about {} of memory", mib(needed));
    let free = read_to_string("/proc/meminfo").ok().and_then(|text| field(&text, "MemAvailable:"));
    if let Some(warning) = warning(needed, process, free) {
        screen::tell!("warning: {warning}");
    }
    Ok(())
}

fn warning(needed: u64, process: Option<Process>, free: Option<u64>) -> Option<String> {
    // What this process holds is part of what it needs.
    let available = free? + process?.resident;
    (needed > available).then(|| {
        format!(
            "that is more than the {} that this machine has to give: smaller batches, a smaller \
             model or fewer examples need less",
            mib(available)
        )
    })
}

/// The memory of this process, in bytes.
#[derive(Clone, Copy)]
pub struct Process {
    /// The most that it held so far.
    pub peak: u64,
    /// What it holds.
    resident: u64,
}

impl Process {
    /// As the system tells it; not all do.
    pub fn of_system() -> Option<Self> {
        Self::read(&read_to_string("/proc/self/status").ok()?)
    }

    fn read(status: &str) -> Option<Self> {
        Some(Self { peak: field(status, "VmHWM:")?, resident: field(status, "VmRSS:")? })
    }
}

/// A line of Linux's tables of memory, in bytes.
fn field(table: &str, name: &str) -> Option<u64> {
    let line = table.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Bytes as people say them.
pub fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_the_system_are_read() {
        let status = "Name:\twellfit\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        let process = Process::read(status).unwrap();
        assert_eq!((process.peak, process.resident), (2 << 20, 1 << 20));
        assert!(Process::read("Name:\twellfit\n").is_none());
        assert_eq!(field("MemTotal: 9 kB\nMemAvailable:   3 kB\n", "MemAvailable:"), Some(3072));
        assert_eq!(field("MemAvailable:   3 pages\n", "MemAvailable:"), None);
    }

    #[test]
    fn only_what_exceeds_the_machine_is_warned_of() {
        let process = Some(Process { peak: 0, resident: 1 << 20 });
        let warned = |needed: u64, free| warning(needed << 20, process, free);
        assert_eq!(warned(5, Some(4 << 20)), None);
        assert!(warned(6, Some(4 << 20)).unwrap().contains("more than the 5 MiB"));
        assert_eq!(warned(6, None), None);
        assert_eq!(warning(6 << 20, None, Some(0)), None);
    }
}
