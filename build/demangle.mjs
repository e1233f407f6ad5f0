// The names of functions as a person writes them, from the names that rustc gives them
// (`-C symbol-mangling-version=v0`), in the very form in which `wasm-bindgen` leaves them in the program.

const BASIC = {
  a: "i8", b: "bool", c: "char", d: "f64", e: "str", f: "f32", h: "u8", i: "isize", j: "usize", l: "i32", m: "u32",
  n: "i128", o: "u128", p: "_", s: "i16", t: "u16", u: "()", v: "...", x: "i64", y: "u64", z: "!",
};

/** Reads one name. */
class Mangled {
  constructor(text) {
    this.text = text;
    this.at = 0;
    /** How many lifetimes the binders around have. */
    this.bound = 0;
  }

  takes(sign) {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  next() {
    return this.text[this.at++];
  }

  /** A number in base 62, which ends with an underscore; none is 0, and every other one is one more than its digits. */
  base62() {
    let value = 0n;
    if (this.takes("_")) return value;
    for (let sign = this.next(); sign !== "_"; sign = this.next()) {
      const digit = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".indexOf(sign);
      if (digit < 0) throw new Error(`“${this.text}” is no name of rustc's`);
      value = value * 62n + BigInt(digit);
    }
    return value + 1n;
  }

  /** Such a number after a sign, or 0 where the sign is not there. */
  optional(sign) {
    return this.takes(sign) ? this.base62() + 1n : 0n;
  }

  identifier() {
    const disambiguator = this.optional("s");
    if (this.takes("u")) throw new Error(`“${this.text}” has letters beyond ASCII`);
    const [digits] = /^(0|[1-9]\d*)/.exec(this.text.slice(this.at)) ?? [];
    this.at += digits.length;
    this.takes("_");
    const name = this.text.slice(this.at, this.at + Number(digits));
    this.at += name.length;
    return { name, disambiguator };
  }

  /** What stood at another place before. */
  back(read) {
    const to = Number(this.base62());
    const here = this.at;
    this.at = to;
    const found = read();
    this.at = here;
    return found;
  }

  /** `isValue`: generics stand after two colons. */
  path(isValue) {
    const tag = this.next();
    switch (tag) {
      case "C": {
        const { name, disambiguator } = this.identifier();
        return `${name}[${disambiguator.toString(16)}]`;
      }
      case "M":
        this.skipImpl();
        return `<${this.type()}>`;
      case "X": {
        this.skipImpl();
        return this.qualified();
      }
      case "Y":
        return this.qualified();
      case "N":
        return this.nested(isValue);
      case "I": {
        const path = this.path(isValue);
        return `${path}${isValue ? "::" : ""}<${this.list(() => this.generic()).join(", ")}>`;
      }
      case "B":
        return this.back(() => this.path(isValue));
      default:
        throw new Error(`“${this.text}” is no name of rustc's`);
    }
  }

  skipImpl() {
    this.optional("s");
    this.path(false);
  }

  qualified() {
    const type = this.type();
    return `<${type} as ${this.path(false)}>`;
  }

  nested(isValue) {
    const space = this.next();
    const path = this.path(isValue);
    const { name, disambiguator } = this.identifier();
    if (/[a-z]/.test(space)) return name === "" ? path : `${path}::${name}`;
    const kind = { C: "closure", S: "shim" }[space] ?? space;
    return `${path}::{${kind}${name === "" ? "" : `:${name}`}#${disambiguator}}`;
  }

  list(read) {
    const found = [];
    while (!this.takes("E")) found.push(read());
    return found;
  }

  generic() {
    if (this.takes("L")) return this.lifetime(this.base62());
    if (this.takes("K")) return this.constant();
    return this.type();
  }

  lifetime(index) {
    if (index === 0n) return "'_";
    const depth = this.bound - Number(index);
    return `'${String.fromCharCode("a".charCodeAt(0) + depth)}`;
  }

  /** What stands under a binder, with the lifetimes that it binds before it. */
  binder(read) {
    const count = Number(this.optional("G"));
    const names = Array.from({ length: count }, () => this.lifetime(BigInt(this.bound++ - this.bound + 2)));
    const inner = read();
    this.bound -= count;
    return count > 0 ? `for<${names.join(", ")}> ${inner}` : inner;
  }

  type() {
    const tag = this.text[this.at];
    if (tag in BASIC) {
      this.at += 1;
      return BASIC[tag];
    }
    if ("CMXYNI".includes(tag)) return this.path(false);
    this.at += 1;
    switch (tag) {
      case "A": {
        const type = this.type();
        return `[${type}; ${this.constant()}]`;
      }
      case "S":
        return `[${this.type()}]`;
      case "T": {
        const types = this.list(() => this.type());
        return `(${types.join(", ")}${types.length === 1 ? "," : ""})`;
      }
      case "R":
      case "Q": {
        const index = this.takes("L") ? this.base62() : 0n;
        const life = index === 0n ? "" : `${this.lifetime(index)} `;
        return `&${life}${tag === "Q" ? "mut " : ""}${this.type()}`;
      }
      case "P":
        return `*const ${this.type()}`;
      case "O":
        return `*mut ${this.type()}`;
      case "F":
        return this.binder(() => this.signature());
      case "D":
        return this.dynamic();
      case "B":
        return this.back(() => this.type());
      default:
        throw new Error(`“${this.text}” has a type that is not known: ${tag}`);
    }
  }

  signature() {
    const unsafe = this.takes("U") ? "unsafe " : "";
    let abi = "";
    if (this.takes("K")) abi = this.takes("C") ? 'extern "C" ' : `extern "${this.identifier().name.replaceAll("_", "-")}" `;
    const params = this.list(() => this.type()).join(", ");
    const result = this.type();
    return `${unsafe}${abi}fn(${params})${result === "()" ? "" : ` -> ${result}`}`;
  }

  dynamic() {
    const traits = this.binder(() => this.list(() => this.dynTrait()).join(" + "));
    if (!this.takes("L")) throw new Error(`“${this.text}” is no name of rustc's`);
    const index = this.base62();
    return `dyn ${traits}${index === 0n ? "" : ` + ${this.lifetime(index)}`}`;
  }

  dynTrait() {
    let path = this.path(false);
    while (this.takes("p")) {
      const open = path.endsWith(">") ? `${path.slice(0, -1)}, ` : `${path}<`;
      path = `${open}${this.identifier().name} = ${this.type()}>`;
    }
    return path;
  }

  constant() {
    if (this.takes("B")) return this.back(() => this.constant());
    if (this.takes("p")) return "_";
    const tag = this.next();
    const minus = this.takes("n") ? "-" : "";
    const end = this.text.indexOf("_", this.at);
    const value = BigInt(`0x${this.text.slice(this.at, end) || "0"}`);
    this.at = end + 1;
    if (tag === "b") return value === 1n ? "true" : "false";
    if (tag === "c") return `'${String.fromCodePoint(Number(value))}'`;
    return `${minus}${value}${BASIC[tag] ?? ""}`;
  }
}

/** The name as a person writes it; one that rustc did not make stays as it is. */
export function demangled(name) {
  const [, mangled, suffix] = /^_R([A-Z]\w*)(\..*)?$/.exec(name) ?? [];
  return mangled ? new Mangled(mangled).path(true) + (suffix ?? "") : name;
}
