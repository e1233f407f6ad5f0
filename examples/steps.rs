use splitbrain::lab::*;
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let lab: &dyn Lab = splitbrain::protocols::find("raft").unwrap();
    let mut s = lab.setup(7);
    for a in std::env::args().skip(2) { let (k, v) = a.split_once('=').unwrap(); s.params.set(k, v).unwrap(); }
    let mut r = Run::new(lab, &s);
    for _ in 0..n { r.step(); }
    println!("{:016x} {}", r.world().trace_hash(), r.world().now());
    for (c, v) in r.verdicts().iter() { println!("{} {:?}", c.id, v); }
}
