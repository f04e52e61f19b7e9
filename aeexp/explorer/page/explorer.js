"use strict";
// The page of the explorer: a map of the codes, and pictures that follow what is done on it.

const MARGIN = { l: 44, r: 12, t: 12, b: 34 };
const $ = (id) => document.getElementById(id);
const explorer = { latencies: [] }; // read by the tests

let about, places, coordinates, errors;
let chosen = 0, second = null, ring = null, moved = {};
let colors = "none";

const floats = (text) => new Float32Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
const placeOf = (index) => [places[2 * index], places[2 * index + 1]];
const failed = (error) => { $("message").textContent = String(error.message || error); };

// --- pictures

function paint(canvas, pixels, [height, width, channels], side = 0) {
  canvas.width = width;
  canvas.height = height;
  if (side) {
    canvas.style.width = `${Math.round(side * Math.min(1, width / height))}px`;
    canvas.style.height = `${Math.round(side * Math.min(1, height / width))}px`;
  }
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let color = 0; color < 3; color++) image.data[4 * pixel + color] = pixels[channels * pixel + (channels === 3 ? color : 0)];
    image.data[4 * pixel + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function figure(pixels, shape, caption, side) {
  const node = document.createElement("figure"), canvas = document.createElement("canvas"), text = document.createElement("figcaption");
  paint(canvas, pixels, shape, side);
  text.textContent = caption;
  node.append(canvas, text);
  return node;
}

const outputName = (number) => (about.runs.length > 1 ? `output of ${about.runs[number].id}` : "output");

async function imagesOf(index, side) {
  const kinds = [["target", "image", about.target_shape]];
  if (about.strengths.length || String(about.input_shape) !== String(about.target_shape)) kinds.push(["input", "input", about.input_shape]);
  about.runs.forEach((_, number) => kinds.push([String(number), outputName(number), about.target_shape]));
  const pictures = await Promise.all(kinds.map(([kind]) => backend.image(kind, index)));
  return pictures.map((pixels, number) => figure(pixels, kinds[number][2], kinds[number][1], side));
}

function nameOf(index) {
  const label = about.labels === null ? "" : ` · ${about.class_names[about.labels[index]] ?? about.labels[index]}`;
  return `${index}${label} · error ${errors[0][index].toExponential(1)}`;
}

// --- the newest of many requests: one is under way, and the last one that came meanwhile follows it

function newest(ask, show) {
  let busy = false, waiting = null;
  const run = async (request) => {
    busy = true;
    try {
      const answer = await ask(request);
      if (waiting === null || request.shownAlways) show(answer, request);
    } catch (error) { failed(error); }
    busy = false;
    if (waiting !== null) { const next = waiting; waiting = null; run(next); }
  };
  return (request) => { if (busy) waiting = request; else run(request); };
}

// --- map

function traces() {
  const marker = { size: about.count > 3000 ? 4 : 6, opacity: 0.75 };
  const type = document.createElement("canvas").getContext("webgl") ? "scattergl" : "scatter";
  const scatter = (indices, more) => ({
    type, mode: "markers", hoverinfo: "none",
    x: indices.map((index) => places[2 * index]), y: indices.map((index) => places[2 * index + 1]), customdata: indices, ...more,
  });
  const all = Array.from({ length: about.count }, (_, index) => index);
  if (colors === "class") {
    return [...new Set(about.labels)].sort((a, b) => a - b).map((label) => scatter(all.filter((index) => about.labels[index] === label), {
      name: about.class_names[label] ?? String(label), marker: { ...marker, color: about.palette[label % about.palette.length] },
    }));
  }
  const number = colors === "none" ? null : Number(colors);
  const shade = number === null ? { color: about.palette[0] } : {
    color: Array.from(errors[number], (value) => Math.log10(Math.max(value, 1e-12))), colorscale: "Viridis", showscale: true,
    colorbar: { title: { text: "log₁₀ of the squared error" }, thickness: 12 },
  };
  return [scatter(all, { showlegend: false, marker: { ...marker, ...shade } })];
}

function drawMap() {
  const axis = { zeroline: false, gridcolor: "#eee" };
  const layout = { margin: MARGIN, xaxis: { ...axis, range: rangeOf(0) }, yaxis: { ...axis, range: rangeOf(1) }, dragmode: "pan",
    hovermode: "closest", legend: { itemsizing: "constant" }, paper_bgcolor: "#fff", plot_bgcolor: "#fff", uirevision: 1 };
  const done = Plotly.react($("map"), traces(), layout, { scrollZoom: true, displaylogo: false, responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "toImage"] });
  return done.then(placeRings);
}

let ranges = null;
function rangeOf(axis) {
  if (ranges === null) {
    ranges = [0, 1].map((side) => {
      let low = Infinity, high = -Infinity;
      for (let index = side; index < places.length; index += 2) { low = Math.min(low, places[index]); high = Math.max(high, places[index]); }
      const edge = 0.06 * (high - low || 1);
      return [low - edge, high + edge];
    });
  }
  return ranges[axis];
}

const shownRange = (axis) => $("map").layout[axis ? "yaxis" : "xaxis"].range;
function plotArea() { // within the frame, in pixels; legend and color bar take what they need of it
  const plot = $("map").querySelector(".nsewdrag").getBoundingClientRect(), frame = $("map").getBoundingClientRect();
  return { x: plot.left - frame.left, y: plot.top - frame.top, width: plot.width, height: plot.height };
}
function pixelsOf([x, y]) {
  const [left, right] = shownRange(0), [bottom, top] = shownRange(1), area = plotArea();
  return [area.x + (x - left) / (right - left) * area.width, area.y + (top - y) / (top - bottom) * area.height];
}
function placeAt(px, py) {
  const [left, right] = shownRange(0), [bottom, top] = shownRange(1), area = plotArea();
  return [left + (px - area.x) / area.width * (right - left), top - (py - area.y) / area.height * (top - bottom)];
}
function put(node, place) {
  const [x, y] = pixelsOf(place);
  node.style.left = `${x}px`;
  node.style.top = `${y}px`;
}
function placeRings() {
  put($("handle"), ring ?? placeOf(chosen));
  $("second").hidden = second === null;
  if (second !== null) put($("second"), placeOf(second));
}

// --- the code at the ring

const askForCode = newest((request) => backend.decode(request.code), (answer, request) => {
  paint($("decoded"), answer.pixels, about.target_shape, 150);
  explorer.latencies.push(performance.now() - request.begin);
  showCoordinates(answer.coordinates);
});
function decode() {
  const rounded = (value) => Number(value.toPrecision(6));
  const code = { index: chosen, place: ring && ring.map(rounded), sliders: Object.fromEntries(Object.entries(moved).map(([key, value]) => [key, rounded(value)])) };
  askForCode({ code, begin: performance.now() });
}

function moveRing(place) {
  ring = place;
  moved = {};
  placeRings();
  decode();
}

async function choose(index) {
  chosen = index;
  ring = null;
  moved = {};
  placeRings();
  $("chosen-name").textContent = nameOf(index);
  decode();
  $("chosen-images").replaceChildren(...await imagesOf(index, 84));
  if (second !== null) showBetween();
}

async function showBetween() {
  const pixels = await backend.interpolate(chosen, second);
  const size = about.target_shape.reduce((product, side) => product * side);
  const images = Array.from({ length: about.steps }, (_, step) => figure(pixels.subarray(step * size, (step + 1) * size), about.target_shape,
    `${Math.round(100 * step / (about.steps - 1))} %`, 96));
  $("between-images").replaceChildren(...images);
  $("between").hidden = false;
}

// --- sliders along the code

function buildSliders() {
  about.directions.forEach((direction, number) => {
    const width = direction.high - direction.low || 1, low = direction.low - 0.5 * width, high = direction.high + 0.5 * width;
    const node = document.createElement("div");
    node.className = "slider";
    node.innerHTML = '<span></span><div class="track"><div class="range"></div><input type="range"></div><output></output><span class="note"></span>';
    node.children[0].textContent = direction.name;
    node.querySelector(".note").textContent = direction.note;
    node.querySelector(".range").style.left = `${100 * (direction.low - low) / (high - low)}%`;
    node.querySelector(".range").style.right = `${100 * (high - direction.high) / (high - low)}%`;
    const input = node.querySelector("input");
    Object.assign(input, { min: low, max: high, step: (high - low) / 400 });
    input.setAttribute("aria-label", direction.name);
    input.addEventListener("input", () => { moved[number] = Number(input.value); decode(); });
    $("sliders").append(node);
  });
}
function showCoordinates(values) {
  [...$("sliders").children].forEach((node, number) => {
    const input = node.querySelector("input");
    if (document.activeElement !== input || !(number in moved)) input.value = values[number];
    node.querySelector("output").textContent = values[number].toFixed(2);
  });
}

// --- drawing

let drawn; // uint8 [H, W, C] of the pad
const restore = newest((request) => backend.restore(request.pixels, request.strengths), (pixels) => {
  const size = (shape) => shape.reduce((product, side) => product * side);
  const first = size(about.input_shape), each = size(about.target_shape);
  const images = [figure(pixels.subarray(0, first), about.input_shape, "input", 150)];
  about.runs.forEach((_, number) => images.push(figure(pixels.subarray(first + number * each, first + (number + 1) * each), about.target_shape, outputName(number), 150)));
  $("restored-images").replaceChildren(...images);
});
function showDrawn() {
  paint($("pad"), drawn, about.target_shape, 150);
  restore({ pixels: drawn.slice(), strengths: [...$("strengths").querySelectorAll("input")].map((input) => Number(input.value)) });
}
function buildStrengths() {
  about.strengths.forEach((strength) => {
    const node = document.createElement("div");
    node.className = "slider";
    node.innerHTML = '<span></span><div class="track"><input type="range"></div><output></output>';
    node.children[0].textContent = strength.name;
    const input = node.querySelector("input"), output = node.querySelector("output");
    Object.assign(input, { min: strength.low, max: strength.high, step: strength.step });
    input.value = strength.value;
    input.setAttribute("aria-label", strength.name);
    output.textContent = strength.value;
    input.addEventListener("input", () => { output.textContent = Number(input.value).toPrecision(3); showDrawn(); });
    $("strengths").append(node);
  });
}
function fromCanvas(canvas) {
  const [height, width, channels] = about.target_shape;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue] = data.subarray(4 * pixel, 4 * pixel + 3);
    if (channels === 1) drawn[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else drawn.set([red, green, blue], 3 * pixel);
  }
}
function stroke(from, to) {
  const [height, width] = about.target_shape, pad = $("pad"), brush = pad.getContext("2d", { willReadFrequently: true });
  brush.lineCap = "round";
  brush.lineWidth = Math.max(1, width / 13);
  brush.strokeStyle = $("pen").value;
  const scale = (event) => [event.offsetX / pad.clientWidth * width, event.offsetY / pad.clientHeight * height];
  brush.beginPath();
  brush.moveTo(...scale(from));
  brush.lineTo(...scale(to));
  brush.stroke();
  fromCanvas(pad);
  showDrawn();
}
async function upload(file) {
  const [height, width] = about.target_shape, picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas"), side = Math.max(width / picture.width, height / picture.height);
  Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, (width - side * picture.width) / 2, (height - side * picture.height) / 2, side * picture.width, side * picture.height);
  fromCanvas(canvas);
  showDrawn();
}

// --- what people do

function listen() {
  const frame = $("map-frame"), handle = $("handle");
  const inFrame = (event) => { const box = frame.getBoundingClientRect(); return placeAt(event.clientX - box.left, event.clientY - box.top); };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => { if (event.buttons) moveRing(inFrame(event)); });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const place = ring ?? placeOf(chosen);
    moveRing([0, 1].map((axis) => place[axis] + step[axis] * (shownRange(axis)[1] - shownRange(axis)[0]) / 60));
  });
  let hovered = null;
  $("map").on("plotly_hover", async (event) => {
    const index = hovered = event.points[0].customdata;
    const images = await imagesOf(index, 84).catch(failed);
    if (hovered !== index || !images) return;
    const title = document.createElement("div"), row = document.createElement("div");
    title.textContent = nameOf(index);
    row.className = "images";
    row.append(...images);
    $("hover").replaceChildren(title, row);
    $("hover").hidden = false;
    const [x, y] = pixelsOf(placeOf(index));
    $("hover").style.left = `${Math.max(0, x > frame.clientWidth / 2 ? x - $("hover").offsetWidth - 16 : x + 16)}px`;
    $("hover").style.top = `${Math.max(0, Math.min(y, frame.clientHeight - $("hover").offsetHeight))}px`;
  });
  $("map").on("plotly_unhover", () => { hovered = null; $("hover").hidden = true; });
  $("map").on("plotly_click", (event) => {
    const index = event.points[0].customdata;
    if (event.event.shiftKey) { second = index; placeRings(); showBetween().catch(failed); }
    else choose(index).catch(failed);
  });
  $("map").on("plotly_relayout", placeRings);
  new ResizeObserver(() => Plotly.Plots.resize($("map")).then(placeRings)).observe(frame);
  $("color").addEventListener("change", () => { colors = $("color").value; drawMap(); });
  $("reset").addEventListener("click", () => choose(chosen).catch(failed));
  if (!backend.restore) { $("draw").hidden = true; return; }
  let last = null;
  $("pad").addEventListener("pointerdown", (event) => { $("pad").setPointerCapture(event.pointerId); last = event; stroke(event, event); });
  $("pad").addEventListener("pointermove", (event) => { if (event.buttons && last) { stroke(last, event); last = event; } });
  $("pad").addEventListener("pointerup", () => { last = null; });
  $("clear").addEventListener("click", () => { drawn.fill(0); showDrawn(); });
  $("take").addEventListener("click", async () => { drawn = (await backend.image("target", chosen)).slice(); showDrawn(); });
  $("upload").addEventListener("change", () => { if ($("upload").files[0]) upload($("upload").files[0]).catch(() => failed("this file is no picture that the browser can read")); });
}

async function begin() {
  about = await backend.about();
  places = floats(about.places);
  errors = about.errors.map(floats);
  $("title").textContent = about.runs.map((run) => `${run.name} (${run.id})`).join(" beside ");
  $("source").textContent = `${about.data}${about.note ? ` · ${about.note}` : ""}`;
  $("map-label").textContent = about.map;
  const choices = [["none", "nothing"], ...about.runs.map((run, number) => [String(number), about.runs.length > 1 ? `error of ${run.id}` : "error"])];
  if (about.labels !== null) choices.unshift(["class", "class"]);
  $("color").replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
  colors = choices[0][0];
  $("pen-label").hidden = about.target_shape[2] === 1;
  drawn = new Uint8Array(about.target_shape.reduce((product, side) => product * side));
  buildSliders();
  buildStrengths();
  await drawMap();
  listen();
  await choose(0);
  if (backend.restore) { drawn = (await backend.image("target", 0)).slice(); showDrawn(); }
  explorer.isReady = true;
}

begin().catch(failed);
