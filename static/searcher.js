// A worker of the search (src/ui/seek). The page hands it the program as it is compiled there; from then
// on every message is an order as text, and its answer goes back as text, too. Whatever goes wrong is
// thrown, so that the page hears of it.

let program = null;

async function begin({ script, wasm, modules }) {
  const loaded = await import(script);
  await loaded.default({ module_or_path: wasm });
  loaded.splitbrainJoin?.(modules);
  program = loaded;
  self.postMessage("");
}

self.addEventListener("message", ({ data }) => {
  if (typeof data === "string") {
    self.postMessage(program.splitbrainSeek(data));
    return;
  }
  begin(data).catch((error) =>
    setTimeout(() => {
      throw error;
    }),
  );
});
