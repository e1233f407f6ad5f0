// Notes which functions of the program have been called: a program for build/early.mjs, which nobody else gets.

import { features } from "./optimise.mjs";

/** The name of a function without what the compiler puts behind it; several have the same one. */
export const plain = (name = "") => name.replace(/\[[0-9a-f]+\]/g, "");

/** The same program, in which each function that has a name sets a global of its own when it is called. */
export function recording(binaryen, bytes, names) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(features(binaryen));
  const { none, i32 } = binaryen;
  const noted = [];
  for (let at = 0; at < module.getNumFunctions(); at++) {
    const ref = module.getFunctionByIndex(at);
    const { base, results } = binaryen.getFunctionInfo(ref);
    if (base !== "" || !names[at]) continue;
    const mark = `called ${noted.length}`;
    module.addGlobal(mark, i32, true, module.i32.const(0));
    module.addGlobalExport(mark, `c${noted.length}`);
    const set = module.global.set(mark, module.i32.const(1));
    binaryen.Function.setBody(ref, module.block(null, [set, binaryen.Function.getBody(ref)], results ?? none));
    noted.push(plain(names[at]));
  }
  if (!module.validate()) throw new Error("the recording program is not valid");
  const recorded = module.emitBinary();
  module.dispose();
  return { bytes: recorded, noted };
}
