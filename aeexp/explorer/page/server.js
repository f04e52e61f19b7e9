"use strict";
// What the page asks the server for. Each image is asked for once; of codes the server keeps all but their places.

const backend = (() => {
  const kept = new Map();
  const MOST_KEPT = 4000;

  async function answered(path, options) {
    const response = await fetch(path, options);
    if (!response.ok) {
      const text = await response.text();
      throw new Error(text.startsWith("{") ? JSON.stringify(JSON.parse(text).detail) : text);
    }
    return response;
  }

  function once(key, ask) {
    if (!kept.has(key)) {
      if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
      kept.set(key, ask().catch((error) => { kept.delete(key); throw error; }));
    }
    return kept.get(key);
  }

  const bytes = async (response) => new Uint8Array(await response.arrayBuffer());
  const json = (value) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

  return {
    about: async () => (await answered("api/about")).json(),
    image: (kind, index) => once(`${kind} ${index}`, async () => bytes(await answered(`api/image/${kind}/${index}`))),
    decode: (code) => once(JSON.stringify(code), async () => {
      const response = await answered("api/decode", json(code));
      return { pixels: await bytes(response), coordinates: response.headers.get("X-Coordinates").split(",").map(Number) };
    }),
    interpolate: (first, second) => once(`between ${first} ${second}`, async () => bytes(await answered("api/interpolate", json({ first, second })))),
    restore: async (pixels, strengths) => bytes(await answered(`api/restore?strengths=${strengths.join(",")}`,
      { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: pixels })),
  };
})();
