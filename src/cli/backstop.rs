//! Backstops for rules: the clock and the count of live bytes. The library's own step counter decides; these only
//! catch what should never get that far.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mandatum::rules::Backstop;

static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting.
pub(crate) struct Counting;

#[expect(unsafe_code, reason = "a global allocator cannot be written without it; both calls are passed on unchanged")]
// SAFETY: every call goes to the system's allocator with the layout it came with; only a counter is kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the pointer came from `alloc` above with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Longest run of one rule.
const LONGEST: Duration = Duration::from_millis(500);
/// Bytes that one run of one rule may add.
const MOST: usize = 64 << 20;

/// Stops a run that lasts too long or grows too much.
pub(crate) fn backstop() -> Backstop {
    let began: Cell<Option<(Instant, usize)>> = Cell::new(None);
    Rc::new(move |steps| {
        let live = LIVE.load(Ordering::Relaxed);
        let (start, before) = match began.get() {
            Some(known) if steps > 64 => known,
            _ => {
                began.set(Some((Instant::now(), live)));
                return None;
            }
        };
        if start.elapsed() > LONGEST {
            Some("it takes too long")
        } else if live.saturating_sub(before) > MOST {
            Some("it uses too much memory")
        } else {
            None
        }
    })
}
