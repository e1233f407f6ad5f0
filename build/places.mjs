// Which part of the program each function and each constant goes into: the first one, which a first screen needs, the
// rest, which is there before any other part is, or one of the others: each lab has one, and build/parts.txt names more. What
// was seen not to be called early (build/late.txt) goes out of the first two: into the rest, or the part that comes last.

import { plain } from "./record.mjs";

/** A function of so few lines, as text, is hardly longer than what would stand for it in another part. */
const SHORT = 40;

export const FIRST = "first";
export const REST = "rest";
export const LATER = "later";
/** The parts that rules can name. The page waits for them where it needs them (src/ui/app/waiting.rs, static/loader.js). */
export const NAMED = [FIRST, REST, LATER, "embed", "experiment", "lesson", "search", "story", "study"];

/** Whether a function is one of ours, and not the standard library's, say, made for a type of ours. */
const isOurs = (name) => /^[<&(]*(dyn )?splitbrain/.test(name);

/**
 * Reads build/parts.txt: lines `PART TEXT`; returns what tells the rule for a name, or nothing. A rule is about a
 * function itself, or only about a type of ours for which the standard library, say, made one.
 */
export function rules(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const all = lines.map((line) => {
    const [, part, found] = /^([a-z-]+) +(\S.*)$/.exec(line) ?? [];
    if (!NAMED.includes(part)) throw new Error(`build/parts.txt: “${line}” is no rule`);
    return { part, found };
  });
  all.sort((a, b) => b.found.length - a.found.length);
  return (name) => {
    const rule = all.find(({ found }) => name.includes(found));
    return rule && { part: rule.part, sure: isOurs(name) || !rule.found.startsWith("splitbrain"), lab: labOf(rule.found) };
  };
}

/** Whether everything of a part is there whenever another one is. */
export const isWithin = (part, other) => part === FIRST || part === other || (part === REST && other !== FIRST);

/** The largest part that is there whenever any of the two is; of nothing and something that. */
const meet = (one, other) => {
  if (one === undefined || one === other) return other;
  if (other === undefined) return one;
  return one === FIRST || other === FIRST ? FIRST : REST;
};

/** The one lab that a name mentions, as its id. Where it mentions several, or none: nothing. */
export function labOf(name) {
  const labs = new Set([...name.matchAll(/\bprotocols::(\w+)::/g)].map(([, lab]) => lab));
  return labs.size === 1 ? [...labs][0].replaceAll("_", "-") : undefined;
}

/**
 * Who uses what: nodes are the functions, by their place in the order, behind these the pieces of data, and last a node
 * for what is outside of the program.
 */
class Graph {
  constructor(program, names, links) {
    this.program = program;
    this.names = program.order.map((_, at) => plain(names[at]));
    this.labs = this.names.map(labOf);
    this.count = program.order.length;
    this.data = links?.data ?? [];
    this.outside = this.count + this.data.length;
    this.numbers = new Map(program.order.map((name, at) => [name, at]));
    const known = (name = "") => {
      const found = links?.functions.get(name) ?? links?.functions.get(name.replace(/\[\d+\]$/, ""));
      // What `wasm-bindgen` makes only calls on; of anything else we have to know what it uses.
      if (links && !found && isOurs(name) && !name.endsWith(" shim")) throw new Error(`the linker does not know ${name}`);
      return found;
    };
    this.calls = program.order.map((name) => [...(program.uses.get(name)?.functions ?? [])].map((other) => this.numbers.get(other)));
    this.refs = [
      ...program.order.map((_, at) => this.referred(known(names[at]))),
      ...this.data.map((piece) => this.referred(piece)),
    ];
    this.calls[this.outside] = program.exported.map((name) => this.numbers.get(name));
    this.refs[this.outside] = this.unknown(links);
    this.users = Array.from({ length: this.outside + 1 }, () => []);
    for (let node = 0; node <= this.outside; node++) {
      for (const used of this.calls[node] ?? []) this.users[used].push({ node, calls: true });
      for (const used of this.refs[node] ?? []) this.users[used].push({ node, calls: false });
    }
  }

  /** The nodes that something refers to. */
  referred(user) {
    if (!user) return [];
    const functions = [...user.slots].map((slot) => this.numbers.get(this.program.bySlot.get(slot)));
    return [...functions.filter((at) => at !== undefined), ...[...user.data].map((piece) => this.count + piece)];
  }

  /** The functions of the table of which the linker does not tell who takes their address. */
  unknown(links) {
    const told = new Set();
    for (const { slots } of [...(links?.functions.values() ?? []), ...this.data]) slots.forEach((slot) => told.add(slot));
    const slots = [...this.program.bySlot].filter(([slot]) => !told.has(slot));
    return slots.map(([, name]) => this.numbers.get(name));
  }
}

/** Which part each node is in. */
class Places {
  constructor(graph, ruled, late) {
    this.graph = graph;
    /** Before which of the first two parts a function is not needed. */
    this.late = graph.names.map((name, at) => (graph.program.isImport(graph.program.order[at]) ? undefined : late(name)));
    /** What is fixed by a rule. */
    this.fixed = new Map([[graph.outside, FIRST]]);
    /** What a rule wishes for functions that others may call under the name of a type. */
    this.wished = new Map();
    /** What a rule gives to its lab by name. */
    this.named = new Set();
    /** What was fixed to a part that others use it from, and is no more. */
    this.freed = new Map();
    for (let node = 0; node < graph.count; node++) this.fix(node, ruled);
    graph.data.forEach(({ isConstant }, at) => isConstant || this.fixed.set(graph.count + at, FIRST));
    this.settle();
    if (this.regain()) this.settle();
    this.shorten();
  }

  settle() {
    do this.spread();
    while (this.share());
  }

  fix(node, ruled) {
    const { program, names, labs } = this.graph;
    const rule = ruled(names[node]);
    if (program.isImport(program.order[node])) this.fixed.set(node, FIRST);
    else if (rule) {
      const early = this.lower(node, rule.part);
      const part = early === REST || early === LATER ? (labs[node] ?? early) : early;
      // The linker gives functions with the same code one name, so that a type in it may be any.
      (rule.sure ? this.fixed : this.wished).set(node, part);
      if (rule.sure && rule.lab === part) this.named.add(node);
    }
  }

  /** The part behind this one, where a function is not needed before. */
  lower(node, part) {
    const late = this.late[node];
    if (late === undefined || (part !== FIRST && part !== REST)) return part;
    return late === LATER ? LATER : REST;
  }

  /** What no rule tells goes where all who use it find it. Who only knows it by its slot finds a stub there. */
  spread() {
    const { graph } = this;
    this.parts = Array.from({ length: graph.outside + 1 }, (_, node) => this.fixed.get(node));
    const waiting = [...this.fixed.keys()];
    const reach = (used, from) => {
      if (this.fixed.has(used)) return;
      const part = this.lower(used, meet(this.parts[used], from));
      if (part === this.parts[used]) return;
      this.parts[used] = part;
      waiting.push(used);
    };
    while (waiting.length > 0) {
      const node = waiting.pop();
      const own = this.parts[node];
      (graph.calls[node] ?? []).forEach((used) => reach(used, own));
      for (const used of graph.refs[node] ?? []) {
        const wished = this.wishOf(used);
        reach(used, wished && isWithin(own, wished) ? wished : own);
      }
    }
    // Nobody uses these.
    this.parts.forEach((part, node) => part ?? (this.parts[node] = REST));
  }

  /** Where a function may go under the name of a type; what several tables of methods know has the names of several. */
  wishOf(node) {
    const wished = this.wished.get(node);
    return wished === REST || this.graph.users[node].length === 1 ? wished : undefined;
  }

  /**
   * A function of one part that another one uses is not only that part's: from now on it goes where all who use it find
   * it. The linker gives functions with the same code one name, too, so that a lab's function that something else
   * calls is that one's as well. What a rule gives to its lab by name, which another lab is made of, is the rest's.
   * True where there was any.
   */
  share() {
    const shared = [...this.fixed].filter(([node, part]) => this.isShared(node, part));
    for (const [node, part] of shared) {
      this.fixed.delete(node);
      if (this.named.has(node)) this.fixed.set(node, REST);
      else this.freed.set(node, part);
    }
    return shared.length > 0;
  }

  isShared(node, part) {
    const { graph } = this;
    const isForeign = part === graph.labs[node] ? (user) => this.isForeign(part, user) : ({ node: user }) => this.isApart(part, this.parts[user]);
    return node < graph.count && ![FIRST, REST, LATER].includes(part) && graph.users[node].some(isForeign);
  }

  /** What seemed to be used by others while these were not in their places themselves is fixed again. True where there was any. */
  regain() {
    const own = [...this.freed].filter(([node, part]) => !this.isShared(node, part));
    own.forEach(([node, part]) => this.fixed.set(node, part));
    return own.length > 0;
  }

  /** Whether none of two parts is sure to be there with the other. */
  isApart(one, other) {
    return !isWithin(one, other) && !isWithin(other, one);
  }

  /** Whether who uses a function of a lab is not of that lab. */
  isForeign(lab, { node, calls }) {
    const { graph } = this;
    if (this.parts[node] === lab) return false;
    if (node < graph.count) return !(this.fixed.has(node) && graph.labs[node] === lab);
    if (node === graph.outside) return calls;
    return this.ownerOf(node) !== lab || this.isOfAnother(lab, node);
  }

  /** Whether a piece of data is used by another lab, itself or by other pieces. */
  isOfAnother(lab, piece) {
    const { graph } = this;
    return graph.users[piece].some(({ node }) => {
      if (node >= graph.count && node !== graph.outside) return this.isOfAnother(lab, node);
      return !NAMED.includes(this.parts[node]) && this.parts[node] !== lab;
    });
  }

  /** The lab whose functions a piece of data mostly knows: the catalogue has one such piece for each. */
  ownerOf(node) {
    const { graph } = this;
    const counts = new Map();
    for (const used of graph.refs[node]) {
      const lab = graph.labs[used];
      if (lab) counts.set(lab, (counts.get(lab) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  /** A short function that no rule tells and that would need a stub is where all who use it find it, if it needs nothing else there. */
  shorten() {
    const { graph } = this;
    for (let node = 0; node < graph.count; node++) {
      const { program, calls, refs } = graph;
      const uses = program.uses.get(program.order[node]);
      if (this.home(node) === undefined || this.fixed.has(node) || uses.lines > SHORT) continue;
      const home = graph.users[node].reduce((home, user) => meet(home, this.parts[user.node]), this.parts[node]);
      if ([...calls[node], ...refs[node]].every((used) => isWithin(this.parts[used], home))) this.parts[node] = home;
    }
  }

  /** Who uses a function without being sure that its part is there. */
  strangers(node) {
    return this.graph.users[node].filter((user) => !isWithin(this.parts[node], this.parts[user.node]));
  }

  /**
   * Where a stub for a function has to be; nowhere where it needs none. One that stands in the table has to be there before the
   * function itself: else it would come into the slot behind it, and call itself for ever.
   */
  home(node) {
    const strangers = this.strangers(node);
    const home = strangers.reduce((home, { node: user }) => meet(home, this.parts[user]), undefined);
    return strangers.some(({ calls }) => !calls) ? meet(home, this.parts[node]) : home;
  }
}

/**
 * Where everything is: `part` tells the part of a function, `stub` the part that has a stub for it, if any, `called` whether
 * that stub stands in the table. `late` is what build/late.mjs read. `data` has the part of each piece, by its number. `links` are what build/linked.mjs read;
 * without these all data are in the first part, and whoever may call through the table, too.
 */
export function places(program, names, ruled, links, late = () => undefined) {
  const graph = new Graph(program, names, links);
  const found = new Places(graph, ruled, late);
  const number = (name) => graph.numbers.get(name);
  return {
    part: (name) => found.parts[number(name)],
    stub: (name) => found.home(number(name)),
    called: (name) => found.strangers(number(name)).some(({ calls }) => !calls),
    data: graph.data.map((piece, at) => ({ ...piece, part: found.parts[graph.count + at] })),
    fixed: (name) => found.fixed.has(number(name)),
  };
}
