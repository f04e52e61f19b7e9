"use strict";
// What the page has in place of a server: images, and pictures of places computed beforehand.

const backend = (() => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const content = JSON.parse(document.getElementById("content").textContent);
  const images = Object.fromEntries(Object.entries(content.images).map(([kind, text]) => [kind, bytes(text)]));
  const tiles = bytes(content.tiles), traversals = bytes(content.traversals);
  const floats = (text) => new Float32Array(bytes(text).buffer);
  const places = floats(content.about.places), coordinates = floats(content.about.coordinates);
  const size = (shape) => shape.reduce((product, side) => product * side);
  const target = size(content.about.target_shape), side = content.side, steps = content.traversal_steps;
  const nearest = (value, low, high, count) => Math.max(0, Math.min(count - 1, Math.round((value - low) / (high - low) * (count - 1))));
  const part = (array, number, length) => array.subarray(number * length, (number + 1) * length);
  const count = content.about.directions.length;

  function tile([x, y]) {
    const [left, right, bottom, top] = content.extent;
    return part(tiles, nearest(y, bottom, top, side) * side + nearest(x, left, right, side), target);
  }

  async function decode(code) {
    const moved = Object.entries(code.sliders).at(-1);
    const own = Array.from(coordinates.subarray(code.index * count, (code.index + 1) * count));
    if (moved) {
      const [number, value] = [Number(moved[0]), moved[1]], { low, high } = content.about.directions[number], edge = 0.5 * (high - low || 1);
      own[number] = value;
      return { pixels: part(traversals, number * steps + nearest(value, low - edge, high + edge, steps), target), coordinates: own };
    }
    return { pixels: code.place === null ? part(images["0"], code.index, target) : tile(code.place), coordinates: own };
  }

  async function interpolate(first, second) {
    const pictures = Array.from({ length: content.about.steps }, (_, step) => {
      const fraction = step / (content.about.steps - 1);
      return tile([0, 1].map((axis) => (1 - fraction) * places[2 * first + axis] + fraction * places[2 * second + axis]));
    });
    const pixels = new Uint8Array(target * pictures.length);
    pictures.forEach((picture, number) => pixels.set(picture, number * target));
    return pixels;
  }

  return {
    about: async () => content.about,
    image: async (kind, index) => part(images[kind], index, size(kind === "input" ? content.about.input_shape : content.about.target_shape)),
    decode,
    interpolate,
    restore: null,
  };
})();
