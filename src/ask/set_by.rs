//! What has to be there for a question ever to be answered with yes: one line for each question of the vocabulary.

/// What sets the fact that a question asks for. Without it the answer is always no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// What a scenario says of its case, its acts or its day, from ids and words that are checked: any scenario may say it.
    Scenario,
    /// A case that happens there; any text is legal, so a slip is seen nowhere else.
    Place,
    /// An attribute of some state.
    Attribute,
    /// A party that is bound, or a member of the body whose members the instrument binds.
    Bound,
    /// A party, or a day of signature.
    Signed,
    /// An instrument that is or was in force, or applied.
    InForce,
    /// A full member of the body.
    Member,
    /// That state as a full member.
    ThatMember,
    /// A state with that role in the body.
    Role,
    /// A state with that standing in the body.
    Standing,
    /// A body that is or was in being.
    Being,
    /// A body with that status.
    Status,
    /// A capability of the holder's line.
    Capability,
    /// A capability of some state.
    StateCapability,
    /// A mandate of the holder.
    Mandate,
    /// A tie between the two lines.
    Link,
    /// A division of tasks between the two lines.
    Zone,
    /// Somebody's judgement.
    Judgement,
    /// A rule that establishes the question.
    Established,
    /// A threat, a case or a rule that calls for the function.
    Need,
    /// A mandate of the holder, or a rule that gives it the competence.
    Climb,
    /// The same, unless the step is the first: who holds nothing stops there.
    Stop,
    /// So many lines with a mandate, or a rule that gives them one.
    Lines,
    /// Two lines with a mandate for the function.
    TwoLines,
    /// Two lines that hold anything.
    Between,
    /// An organisation, which is no organ and no treaty.
    Organisation,
    /// An organisation with another one after it.
    First,
    /// An organisation with another one before it.
    Second,
}

/// Each question with what sets it, in the order of the vocabulary.
pub const SET_BY: &[(&str, SetBy)] = &[
    ("threat_is", SetBy::Scenario),
    ("threat_feeds", SetBy::Scenario),
    ("accompanied_by", SetBy::Scenario),
    ("state_is", SetBy::Scenario),
    ("has_attribute", SetBy::Attribute),
    ("place_is", SetBy::Place),
    ("attacker_is", SetBy::Scenario),
    ("origin_is", SetBy::Scenario),
    ("comes_from", SetBy::Scenario),
    ("at_risk", SetBy::Scenario),
    ("standing_condition", SetBy::Scenario),
    ("acknowledged", SetBy::Scenario),
    ("is_dispute", SetBy::Scenario),
    ("party_to_dispute", SetBy::Scenario),
    ("transborder", SetBy::Scenario),
    ("affected_at_least", SetBy::Scenario),
    ("bound_by", SetBy::Bound),
    ("all_bound_by", SetBy::Bound),
    ("signed_only", SetBy::Signed),
    ("in_force", SetBy::InForce),
    ("member_of", SetBy::Member),
    ("all_members_of", SetBy::Member),
    ("any_member_of", SetBy::Member),
    ("has_member", SetBy::ThatMember),
    ("has_role", SetBy::Role),
    ("has_standing", SetBy::Standing),
    ("exists", SetBy::Being),
    ("status_is", SetBy::Status),
    ("capable", SetBy::Capability),
    ("mandated", SetBy::Mandate),
    ("asked", SetBy::Scenario),
    ("asked_anyone", SetBy::Scenario),
    ("every_party_asked", SetBy::Scenario),
    ("decided", SetBy::Scenario),
    ("blocked", SetBy::Scenario),
    ("authorised_by", SetBy::Scenario),
    ("responded", SetBy::Scenario),
    ("acted", SetBy::Scenario),
    ("state_acted", SetBy::Scenario),
    ("state_capable", SetBy::StateCapability),
    ("anyone_responded", SetBy::Scenario),
    ("responders_at_least", SetBy::Scenario),
    ("linked", SetBy::Link),
    ("zoned", SetBy::Zone),
    ("on_or_after", SetBy::Scenario),
    ("judged_at_least", SetBy::Judgement),
    ("established", SetBy::Established),
    ("needed", SetBy::Need),
    ("stopped", SetBy::Stop),
    ("on_paper", SetBy::Climb),
    ("available", SetBy::Climb),
    ("answer_on_paper", SetBy::Need),
    ("answer_available", SetBy::Need),
    ("lines_on_paper_at_least", SetBy::Lines),
    ("between", SetBy::Between),
    ("overlap_in", SetBy::TwoLines),
    ("overlap_linked", SetBy::Scenario),
    ("overlap_zoned", SetBy::Scenario),
    ("response_by", SetBy::Scenario),
    ("response_does", SetBy::Scenario),
    ("response_on_paper", SetBy::Scenario),
    ("response_stops_at", SetBy::Scenario),
    ("response_excluded_by_text", SetBy::Scenario),
    ("response_fits_purposes", SetBy::Scenario),
    ("response_declined", SetBy::Scenario),
    ("duty_neglected", SetBy::Scenario),
    ("restraint_broken", SetBy::Scenario),
    ("response_proposed", SetBy::Scenario),
    ("response_invokes", SetBy::Scenario),
    ("first_is", SetBy::First),
    ("second_is", SetBy::Second),
    ("organisation_is", SetBy::Organisation),
    ("shares_members_at_least", SetBy::Scenario),
    ("shares_function", SetBy::TwoLines),
];

#[cfg(test)]
mod tests {
    use super::super::vocabulary::WORDS;
    use super::*;

    #[test]
    fn every_question_says_what_sets_it() {
        let questions: Vec<&str> = WORDS.iter().filter(|word| !word.emits).map(|word| word.name).collect();
        let told: Vec<&str> = SET_BY.iter().map(|(word, _)| *word).collect();
        assert_eq!(told, questions);
    }
}
