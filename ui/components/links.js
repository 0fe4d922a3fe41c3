// Words that belong together light up together: a sentence of the draft, its line in the ledger and
// the words of the passage that carry it; a finding and its evidence; a failed check and its words.
//
// Everything that belongs to something says so in `data-link`. A text area cannot hold marks, so a
// layer of the same letters, invisible, lies under it and carries them. What is typed moves the
// marks behind it; marks under what changed go until the server has read the new text.

const SCOPE = "[data-link]";
const state = (window.__portevoixLinks ??= { layers: new Map(), chosen: "", held: "", on: false });
const LATE = [60, 300, 1000, 2500];
const COPIED = [
  "font", "letterSpacing", "lineHeight", "textIndent", "tabSize", "paddingTop", "paddingRight",
  "paddingBottom", "paddingLeft", "borderTopWidth", "borderLeftWidth", "direction",
];

function light() {
  const wanted = new Set(`${state.held} ${state.chosen}`.split(" ").filter(Boolean));
  for (const node of document.querySelectorAll(SCOPE)) {
    const isLit = node.dataset.link.split(" ").some((link) => wanted.has(link));
    if (isLit !== node.classList.contains("pv-lit")) node.classList.toggle("pv-lit", isLit);
  }
}

function hold(links) {
  if (links === state.held) return;
  state.held = links;
  light();
}

function choose(links, isShown) {
  if (links === state.chosen) return;
  state.chosen = links;
  light();
  if (isShown && links) reveal();
}

// A mark outside the view of its own pane is brought into it; the page itself never moves.
function reveal() {
  const lit = [...document.querySelectorAll(".pv-support.pv-lit")][0];
  const pane = lit?.closest('[class*="st-key-pane_"]');
  if (!pane) return;
  const [inner, outer] = [lit.getBoundingClientRect(), pane.getBoundingClientRect()];
  if (inner.top < outer.top) pane.scrollTop += inner.top - outer.top - 24;
  else if (inner.bottom > outer.bottom) pane.scrollTop += inner.bottom - outer.bottom + 24;
}

// -- the layer under a text area --------------------------------------------------------------

function shifted(marks, before, after) {
  if (before === after) return marks;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const by = after.length - before.length;
  const kept = [];
  for (const mark of marks) {
    if (mark.end <= head) kept.push(mark);
    else if (mark.start >= before.length - tail) kept.push({ ...mark, start: mark.start + by, end: mark.end + by });
  }
  return kept;
}

function piece(text, marks) {
  if (!marks.length) return document.createTextNode(text);
  const node = document.createElement("mark");
  node.className = [...new Set(marks.flatMap((mark) => mark.css.split(" ").filter(Boolean)))].join(" ");
  node.dataset.link = [...new Set(marks.map((mark) => mark.link))].join(" ");
  node.textContent = text;
  return node;
}

function fill(layer) {
  const text = layer.area.value;
  const marks = shifted(layer.marks, layer.text, text);
  layer.shown = marks;
  const cuts = [...new Set([0, text.length, ...marks.flatMap((m) => [m.start, m.end])])].sort((a, b) => a - b);
  const nodes = [];
  for (let at = 0; at + 1 < cuts.length; at += 1) {
    const [start, end] = [cuts[at], cuts[at + 1]];
    nodes.push(piece(text.slice(start, end), marks.filter((m) => m.start <= start && end <= m.end)));
  }
  layer.node.replaceChildren(...nodes, document.createTextNode("\n"));
  fit(layer);
  light();
}

function fit(layer) {
  const { area, node } = layer;
  const look = getComputedStyle(area);
  for (const name of COPIED) node.style[name] = look[name];
  node.style.left = `${area.offsetLeft}px`;
  node.style.top = `${area.offsetTop}px`;
  node.style.width = `${area.clientWidth}px`;
  node.style.height = `${area.clientHeight}px`;
  node.scrollTop = area.scrollTop;
}

function mount(area) {
  const node = document.createElement("div");
  node.className = "pv-under";
  node.setAttribute("aria-hidden", "true");
  area.parentElement.insertBefore(node, area);
  const layer = { area, node, marks: [], text: "", shown: [] };
  area.addEventListener("scroll", () => fit(layer), { passive: true });
  area.addEventListener("input", () => fill(layer));
  area.addEventListener("mousemove", (event) => hold(under(layer, event.clientX, event.clientY)));
  area.addEventListener("mouseleave", () => hold(""));
  area.addEventListener("blur", () => choose("", false));
  new ResizeObserver(() => fit(layer)).observe(area);
  state.layers.set(area, layer);
  return layer;
}

function under(layer, x, y) {
  for (const node of layer.node.querySelectorAll(SCOPE)) {
    for (const box of node.getClientRects()) {
      if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return node.dataset.link;
    }
  }
  return "";
}

function atCaret() {
  const layer = state.layers.get(document.activeElement);
  if (!layer) return;
  const at = layer.area.selectionStart;
  const here = layer.shown.filter((mark) => mark.start <= at && at <= mark.end);
  choose(here.map((mark) => mark.link).join(" "), true);
}

function draw(editors) {
  for (const [area, layer] of state.layers) {
    if (area.isConnected) continue;
    layer.node.remove();
    state.layers.delete(area);
  }
  for (const editor of editors) {
    const area = document.querySelector(`.st-key-${CSS.escape(editor.key)} textarea`);
    if (!area) continue;
    const layer = state.layers.get(area) ?? mount(area);
    layer.text = editor.text;
    layer.marks = editor.marks;
    fill(layer);
  }
}

function holdAt(node) {
  if (!node || node instanceof HTMLTextAreaElement) return;
  hold(node.closest?.(SCOPE)?.dataset.link ?? "");
}

function listen() {
  document.addEventListener("mouseover", (event) => holdAt(event.target));
  document.addEventListener("selectionchange", atCaret);
  document.addEventListener("click", (event) => {
    const linked = event.target.closest?.(SCOPE);
    if (linked && !(document.activeElement instanceof HTMLTextAreaElement)) choose(linked.dataset.link, true);
  });
}

export default function ({ data }) {
  if (!state.on) {
    state.on = true;
    listen();
  }
  // The text areas of this run, and the words in them, may come after this element.
  state.run = (state.run ?? 0) + 1;
  const run = state.run;
  draw(data.editors);
  for (const wait of LATE) {
    setTimeout(() => {
      if (run !== state.run) return;
      draw(data.editors);
      // The page may have been drawn under a pointer that has not moved since.
      holdAt([...document.querySelectorAll(":hover")].pop());
      atCaret();
      light();
    }, wait);
  }
}
