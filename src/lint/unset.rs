//! Rules that wait for a fact that nothing sets: an attribute that no state has, a text without parties, a judgement that
//! nobody makes, a tie that is not recorded. A rule that speaks because such a fact is absent is let be.

use std::collections::BTreeSet;

use super::paths::about;
use super::{Found, Matter, NEVER_SET};
use crate::ask::{Question, SET_BY, SetBy, Tree};
use crate::date::Bound;
use crate::rules::{Run, Says, question_of};
use crate::world::{BodyKind, CapabilityLevel, Fact, Id, LinkKind, Role, Status, Word, World, scenario::Circumstances};

/// Questions that are always answered with no and on whose yes something hangs.
pub(super) fn waiting(matter: &Matter<'_>) -> Vec<Found> {
    let set = Set::of(matter);
    let mut found = Vec::new();
    for own in &matter.rules {
        let mut waits: BTreeSet<Question> = BTreeSet::new();
        wait(&own.tree, &mut waits);
        for question in waits.into_iter().filter(|question| !set.by(question)) {
            let leaves = own.tree.leaves().into_iter().flat_map(|run| run.reads.iter());
            let at = leaves.filter(|read| read.question == question).map(|read| read.position).next();
            let message = format!("`{}` waits for `{question}`, and {}", own.rule.id, set.lacking(&question));
            let mut problem = about(matter, own.rule, at, NEVER_SET, message, "always no");
            problem.problem = problem.problem.help("add the fact, with its source, or drop what hangs on it");
            found.push(problem);
        }
    }
    found
}

/// Questions whose yes leads to something that their no does not lead to.
fn wait(tree: &Tree<Run>, waits: &mut BTreeSet<Question>) {
    let Tree::Ask(fact, branches) = tree else { return };
    let says = |branch: &Tree<Run>| -> BTreeSet<String> {
        branch.leaves().into_iter().flat_map(|run| &run.says).map(|own| own.says.position()).collect()
    };
    if let ([no, yes], Some(question)) = (branches.as_slice(), question_of(fact))
        && !says(yes).is_subset(&says(no))
    {
        waits.insert(question);
    }
    branches.iter().for_each(|branch| wait(branch, waits));
}

/// Everything that sets facts.
struct Set<'m> {
    worlds: Vec<&'m World>,
    /// The shared world with what every scenario names.
    world: &'m World,
    told: Vec<&'m Circumstances>,
    judged: BTreeSet<&'m Id>,
    says: Vec<&'m Says>,
}

impl<'m> Set<'m> {
    fn of(matter: &'m Matter<'_>) -> Self {
        let pack = &matter.session.pack;
        let mut worlds: Vec<&World> = vec![&pack.world];
        worlds.extend(pack.scenarios.iter().map(|loaded| loaded.world.as_ref()));
        let cases = || pack.scenarios.iter().flat_map(|loaded| &loaded.scenario.cases);
        let accounts = cases().flat_map(|case| &case.accounts).filter_map(|account| account.circumstances.as_ref());
        let valued = worlds.iter().flat_map(|world| world.judgements.values()).filter(|own| own.value.is_some());
        let by_scenario = pack.scenarios.iter().flat_map(|loaded| &loaded.scenario.judged).map(|own| &own.judgement);
        let leaves = matter.rules.iter().flat_map(|own| own.tree.leaves());
        Set {
            judged: valued.map(|own| &own.id).chain(by_scenario).collect(),
            worlds,
            world: &matter.world,
            told: cases().map(|case| &case.circumstances).chain(accounts).collect(),
            says: leaves.flat_map(|run| &run.says).map(|emission| &emission.says).collect(),
        }
    }

    /// What would have to be there.
    fn lacking(&self, question: &Question) -> &'static str {
        match set_by(question) {
            SetBy::Scenario => "no scenario says so",
            SetBy::Place => "no case happens there",
            SetBy::Attribute => "no state has it",
            SetBy::Bound => "nobody is ever bound by it",
            SetBy::Signed => "nobody is said to have signed it",
            SetBy::InForce => "it is never in force",
            SetBy::Member => "the body has no full members",
            SetBy::ThatMember => "that state is never a full member",
            SetBy::Role => "no state ever has this role in it",
            SetBy::Standing => "no state ever has this standing in it",
            SetBy::Being => "the body is never in being",
            SetBy::Status => "the body has another status",
            SetBy::Capability | SetBy::StateCapability => "no such capability is recorded",
            SetBy::Mandate | SetBy::Climb | SetBy::Stop => {
                "it holds no such mandate, and no rule gives it the competence"
            }
            SetBy::Link => "no tie between the two is recorded",
            SetBy::Zone => "no division of tasks between the two is recorded",
            SetBy::Judgement => "nobody judges it",
            SetBy::Established => "no rule establishes it",
            SetBy::Need => "no threat, case or rule calls for it",
            SetBy::Lines | SetBy::TwoLines => "not so many lines have a mandate for it",
            SetBy::Between => "one of the two holds no mandate",
            SetBy::Organisation => "it is no organisation of its own",
            SetBy::First => "no organisation comes after it",
            SetBy::Second => "no organisation comes before it",
        }
    }

    /// Whether the answer can ever be yes.
    fn by(&self, question: &Question) -> bool {
        let argument = |index: usize| question.arguments.get(index).map_or("", String::as_str);
        let (first, second, third) = (argument(0), argument(1), argument(2));
        let any = |holds: &dyn Fn(&World) -> bool| self.worlds.iter().any(|world| holds(world));
        let functions = &self.world.functions;
        match set_by(question) {
            SetBy::Scenario => true,
            SetBy::Place => {
                self.world.states.contains_key(first)
                    || self.told.iter().any(|told| told.location.as_deref() == Some(first))
            }
            SetBy::Attribute => {
                any(&|world| world.attributes.iter().any(|row| row.attribute == first && ever(&row.fact)))
            }
            SetBy::Bound => any(&|world| bound(world, first)),
            SetBy::Signed => any(&|world| {
                let signed = |bound: Bound| matches!(bound, Bound::On(_));
                world.instruments.get(first).is_some_and(|text| signed(text.signed))
                    || world.parties.iter().any(|row| {
                        row.instrument == first && (signed(row.signed) || row.fact.held.from != Bound::Silent)
                    })
            }),
            SetBy::InForce => any(&|world| in_force(world, first)),
            SetBy::Member => any(&|world| member(world, first, &|row| row.role == Role::Member)),
            SetBy::ThatMember => {
                any(&|world| member(world, first, &|row| row.role == Role::Member && row.state == second))
            }
            SetBy::Role => any(&|world| member(world, first, &|row| row.role.as_str() == second)),
            SetBy::Standing => any(&|world| member(world, first, &|row| row.standing.as_str() == second)),
            SetBy::Being => any(&|world| {
                let there = |status: Status| !matches!(status, Status::Planned | Status::Absent | Status::SignedOnly);
                world.bodies.get(first).is_none_or(|body| there(body.status) && body.held.from != Bound::Never)
            }),
            SetBy::Status => any(&|world| world.bodies.get(first).is_some_and(|body| body.status.as_str() == second)),
            SetBy::Capability => {
                any(&|world| capable(world, second, third, &|holder| world.line(holder) == world.line(first)))
            }
            SetBy::StateCapability => {
                any(&|world| capable(world, first, second, &|holder| world.states.contains_key(holder)))
            }
            SetBy::Mandate => any(&|world| {
                world
                    .mandates
                    .iter()
                    .any(|row| row.holder == first && row.functions.iter().any(|wide| functions.is_a(second, wide)))
            }),
            SetBy::Link => any(&|world| tied(world, first, second, &|kind| kind != LinkKind::Zone)),
            SetBy::Zone => any(&|world| tied(world, first, second, &|kind| kind == LinkKind::Zone)),
            SetBy::Judgement => self.judged.iter().any(|own| *own == first),
            SetBy::Established => {
                self.says.iter().any(|says| matches!(says, Says::Establishes { question } if question == first))
            }
            SetBy::Need => self.needed(first),
            SetBy::Climb => self.holders(second).contains(first),
            SetBy::Stop => third == "competence" || self.holders(second).contains(first),
            SetBy::Lines => second.parse().is_ok_and(|least: usize| self.lines(first) >= least),
            SetBy::TwoLines => functions.terms.keys().any(|own| functions.is_a(own, first) && self.lines(own) > 1),
            SetBy::Between => [first, second].iter().all(|body| {
                let line = self.world.line(body);
                any(&|world| world.mandates.iter().any(|row| world.line(&row.holder) == line))
                    || self
                        .says
                        .iter()
                        .any(|says| matches!(says, Says::Passes { holder, .. } if self.world.line(holder) == line))
            }),
            SetBy::Organisation => any(&|world| organisations(world).any(|own| own == first)),
            SetBy::First => any(&|world| {
                organisations(world).any(|own| own == first) && organisations(world).any(|own| own.as_str() > first)
            }),
            SetBy::Second => any(&|world| {
                organisations(world).any(|own| own == first) && organisations(world).any(|own| own.as_str() < first)
            }),
        }
    }

    fn needed(&self, function: &str) -> bool {
        let functions = &self.world.functions;
        let calls = self.world.threats.terms.values().flat_map(|term| &term.calls_for);
        let stated = self.told.iter().flat_map(|told| told.needs.iter().flatten()).map(|need| &need.function);
        let by_rule = self.says.iter().filter_map(|says| match says {
            Says::Needs { function } => Some(function),
            _ => None,
        });
        calls.chain(stated).chain(by_rule).any(|own| functions.is_a(own, function))
    }

    /// Who has a mandate for a function, or is given the competence by a rule.
    fn holders(&self, function: &str) -> BTreeSet<&str> {
        let functions = &self.world.functions;
        let rows = self.worlds.iter().flat_map(|world| world.mandates.iter());
        let by_text = rows.filter(|row| row.functions.iter().any(|wide| functions.is_a(function, wide)));
        let by_rule = self.says.iter().filter_map(|says| match says {
            Says::Passes { holder, function: wide, .. } if functions.is_a(function, wide) => Some(holder.as_str()),
            _ => None,
        });
        by_text.map(|row| row.holder.as_str()).chain(by_rule).collect()
    }

    fn lines(&self, function: &str) -> usize {
        self.holders(function).into_iter().map(|holder| self.world.line(holder)).collect::<BTreeSet<_>>().len()
    }
}

fn set_by(question: &Question) -> SetBy {
    SET_BY.iter().find(|(word, _)| *word == question.word).map_or(SetBy::Scenario, |(_, by)| *by)
}

fn ever(fact: &Fact) -> bool {
    fact.held.from != Bound::Never
}

fn in_force(world: &World, instrument: &str) -> bool {
    world.instruments.get(instrument).is_none_or(|text| {
        let there = !matches!(text.status, Status::Planned | Status::Absent | Status::SignedOnly);
        there && (text.held.from != Bound::Never || matches!(text.provisional, Bound::On(_)))
    })
}

fn bound(world: &World, instrument: &str) -> bool {
    let mut rows = world.parties.iter().filter(|row| row.instrument == instrument).peekable();
    if rows.peek().is_some() {
        return rows.any(|row| ever(&row.fact) && (row.fact.held.from != Bound::Silent || in_force(world, instrument)));
    }
    let body = world.instruments.get(instrument).and_then(|text| text.organisation.as_ref());
    body.is_some_and(|body| in_force(world, instrument) && member(world, body, &|row| row.role == Role::Member))
}

/// Whether some membership in a body, or in the nearest one above it that has any, is of that kind.
fn member(world: &World, body: &str, kind: &dyn Fn(&crate::world::Membership) -> bool) -> bool {
    let of = |body: &str| world.memberships.iter().filter(|row| row.organisation == body).collect::<Vec<_>>();
    let nearest = world.upwards(body).into_iter().map(of).find(|rows| !rows.is_empty());
    nearest.is_some_and(|rows| rows.into_iter().any(|row| ever(&row.fact) && kind(row)))
}

fn capable(world: &World, function: &str, level: &str, holder: &dyn Fn(&str) -> bool) -> bool {
    let wanted = CapabilityLevel::parse(level);
    world.capabilities.iter().any(|row| {
        holder(&row.holder)
            && Some(row.level) >= wanted
            && ever(&row.fact)
            && row.functions.iter().any(|wide| world.functions.is_a(function, wide))
    })
}

fn tied(world: &World, one: &str, other: &str, kind: &dyn Fn(LinkKind) -> bool) -> bool {
    let lines = [world.line(one), world.line(other)];
    world.links.iter().filter(|row| kind(row.kind) && ever(&row.fact)).any(|row| {
        let ends = row.between.each_ref().map(|end| world.line(end));
        ends == lines || [ends[1], ends[0]] == lines
    })
}

fn organisations(world: &World) -> impl Iterator<Item = &Id> {
    let own = world.bodies.values().filter(|body| body.parent.is_none() && body.kind == BodyKind::Organisation);
    own.map(|body| &body.id)
}
