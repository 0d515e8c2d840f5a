//! What authors let be: findings that they mean, each with a reason, and what is wrong with saying so.

use super::{Found, LINTS, Linted};
use crate::diagnostic::{Allow, Diagnostic, Place, Problems, Severity, suggestion};
use crate::session::Session;

pub(super) const UNKNOWN: &str = "unknown-lint";
pub(super) const UNREASONED: &str = "allow-without-reason";
pub(super) const UNUSED: &str = "unused-allow";

/// A finding that is let be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// What would have been found.
    pub problem: Diagnostic,
    /// Why it is meant.
    pub reason: String,
    /// Where that is said.
    pub place: Place,
}

/// Parts what is found from what is let be. `looked_at`: the codes that could be found at all.
pub(super) fn sift(session: &Session, found: Vec<Found>, looked_at: &[&str]) -> Linted {
    let allows: Vec<&Allow> = session.pack.allows.iter().chain(&session.rules.allows).collect();
    let mut used = vec![false; allows.len()];
    let (mut problems, mut allowed) = (Problems::default(), Vec::new());
    for own in found {
        let reaches = |allow: &Allow| {
            own.problem.place().is_some_and(|place| allow.reaches(place))
                || own.rule.as_ref().is_some_and(|rule| allow.reaches(rule))
        };
        let at = allows.iter().position(|allow| allow.code == own.problem.code && reaches(allow));
        if let (Some(at), Some(used)) = (at, at.and_then(|at| used.get_mut(at))) {
            *used = true;
            // Without a reason nothing is let be.
            if let Some((allow, reason)) = allows.get(at).and_then(|allow| Some((allow, allow.reason.clone()?))) {
                allowed.push(Allowed { problem: own.problem, reason, place: allow.place.clone() });
                continue;
            }
        }
        problems.push(own.problem);
    }
    for (allow, used) in allows.into_iter().zip(used) {
        problems.append(wrong(allow, used, looked_at));
    }
    let order = |own: &Allowed| (own.problem.place().cloned(), own.problem.code, own.problem.message.clone());
    allowed.sort_by_key(order);
    Linted { found: problems.sorted(), allowed }
}

/// What is wrong with letting something be.
fn wrong(allow: &Allow, used: bool, looked_at: &[&str]) -> Problems {
    let mut problems = Problems::default();
    let codes = || LINTS.iter().map(|lint| lint.code);
    if !codes().any(|code| code == allow.code) {
        let message = format!("there is no lint `{}`", allow.code);
        let mut problem = Diagnostic::error(UNKNOWN, message, allow.place.clone(), "lets nothing be");
        problem.help = suggestion(&allow.code, codes());
        problem.help = problem.help.or_else(|| Some("only lints can be allowed; docs/rules.md lists them".to_owned()));
        problems.push(problem);
        return problems;
    }
    if allow.reason.is_none() {
        let message = format!("`{}` is allowed without a reason", allow.code);
        let problem = Diagnostic::error(UNREASONED, message, allow.place.clone(), "no reason");
        problems.push(problem.help(format!("write allow {}: why it is meant", allow.code)));
    } else if !used && looked_at.contains(&allow.code.as_str()) {
        let message = format!("nothing here has to be allowed as `{}`", allow.code);
        let problem = Diagnostic::error(UNUSED, message, allow.place.clone(), "lets nothing be");
        problems.push(problem.severity(Severity::Warning).help("drop it"));
    }
    problems
}
