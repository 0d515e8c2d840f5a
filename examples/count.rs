use mandatum::{
    answer::Options,
    coverage::{Coverage, Facts, rows},
    session::{Readings, Session},
    shipped,
};
fn main() {
    for pack in ["primer", "central-asia"] {
        let s = Session::new(&shipped::pack(pack), None);
        let t = std::time::Instant::now();
        let mut f = Facts::default();
        let mut c = Coverage::default();
        let mut n = 0;
        for l in &s.pack.scenarios {
            let mut r = Readings::new(&s);
            let _ = r.evaluated(l, &Options::default());
            for e in &l.scenario.expectations {
                let o = Options {
                    as_of: e.as_of,
                    lenses: e.lens.iter().cloned().collect(),
                    account: e.account.clone(),
                    ..Options::default()
                };
                let _ = r.evaluated(l, &o);
            }
            for e in r.all() {
                n += 1;
                c.add(e);
                f.add(e);
            }
        }
        println!("{pack}: {n} evaluations {:?}", t.elapsed());
        let un = f.unread(&s.pack.world);
        let mut by = std::collections::BTreeMap::new();
        for u in &un {
            *by.entry(u.table).or_insert(0) += 1;
        }
        let mut all = std::collections::BTreeMap::new();
        for u in rows(&s.pack.world).values() {
            *all.entry(u.table).or_insert(0) += 1;
        }
        println!("unread {by:?} of {all:?}; never spoke {:?}", c.never_spoke(&s.rules));
        for u in un.iter() {
            println!("  {} {} {}", u.table, u.id, u.place);
        }
        let t = std::time::Instant::now();
        let w = std::sync::Arc::new(mandatum::world::World::clone(&s.pack.world));
        let mut leaves = 0;
        let mut max = 0;
        let mut many = vec![];
        for r in s.rules.rules.values() {
            match s.rules.paths(r, &w, 4096) {
                Ok(t) => {
                    let k = t.leaves().len();
                    leaves += k;
                    max = max.max(k);
                }
                Err(_) => many.push(r.id.clone()),
            }
        }
        println!("abstract {:?} leaves {leaves} max {max} many {many:?}", t.elapsed());
    }
}
