//! When to look again: the system tells of changes in folders, and a slow look round catches what it does not tell.
//!
//! Some file systems tell nothing, and a folder that was deleted and made anew is no longer told of: so the files are
//! looked at once in a while whatever is told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// Quiet time after a change before the files are read: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(80);
/// Longest wait for quiet.
const LONGEST: Duration = Duration::from_secs(1);
/// Between looks where the system tells of changes.
const SLOW: Duration = Duration::from_secs(2);
/// Between looks where it does not.
const FAST: Duration = Duration::from_millis(400);

enum Event {
    Touched,
    Stop,
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// To look at the files.
    Look,
    /// To end.
    Stop,
}

/// Changes of folders, and the wish to end.
pub(super) struct Events {
    received: Receiver<Event>,
    /// Kept alive: dropped, it tells no more.
    told: Option<RecommendedWatcher>,
    folders: Vec<PathBuf>,
}

impl Events {
    /// Watches folders with everything in them.
    ///
    /// Errors: Ctrl-C cannot be caught, in words.
    pub(super) fn new(folders: &[PathBuf]) -> Result<Self, String> {
        let (send, received) = channel();
        stop_on_interrupt(send.clone())?;
        let handler = move |told: notify::Result<notify::Event>| {
            // That a file was read is told too, and it is read here on every look.
            if !told.is_ok_and(|told| told.kind.is_access()) {
                // Nobody listens any more only when the command ends.
                let _ = send.send(Event::Touched);
            }
        };
        let told = notify::recommended_watcher(handler).ok().and_then(|mut watcher| {
            let all = folders.iter().all(|folder| watcher.watch(folder, RecursiveMode::Recursive).is_ok());
            all.then_some(watcher)
        });
        Ok(Events { received, told, folders: folders.to_vec() })
    }

    /// What is watched and how, in words.
    pub(super) fn how(&self) -> String {
        let folders: Vec<String> = self.folders.iter().map(|folder| folder.display().to_string()).collect();
        let how = if self.told.is_some() { "" } else { ", looked at every moment: the system tells of no changes" };
        format!("watching {}{how}", folders.join(", "))
    }

    /// Waits until it is worth looking.
    pub(super) fn wait(&self) -> Woken {
        let pace = if self.told.is_some() { SLOW } else { FAST };
        match self.received.recv_timeout(pace) {
            Ok(Event::Stop) => return Woken::Stop,
            Ok(Event::Touched) => {}
            Err(RecvTimeoutError::Timeout) => return Woken::Look,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(pace);
                return Woken::Look;
            }
        }
        let begun = Instant::now();
        while begun.elapsed() < LONGEST {
            match self.received.recv_timeout(QUIET) {
                Ok(Event::Stop) => return Woken::Stop,
                Ok(Event::Touched) => {}
                Err(_) => break,
            }
        }
        Woken::Look
    }
}

/// The first Ctrl-C asks for an end, a second one ends at once.
fn stop_on_interrupt(send: Sender<Event>) -> Result<(), String> {
    let asked = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        let _ = send.send(Event::Stop);
    })
    .map_err(|error| format!("Ctrl-C cannot be caught: {error}"))
}
