// The queue: one element whatever the number of rows. Every text is a text node, never markup.

const PLACEHOLDER = /\[([A-Z][A-Z_]*)_(\d+)\]/g;

function make(tag, css, text) {
  const node = document.createElement(tag);
  if (css) node.className = css;
  if (text) node.textContent = text;
  return node;
}

function excerpt(row, personal) {
  const node = make("span", row.is_hidden ? "pv-excerpt pv-blur" : "pv-excerpt");
  let at = 0;
  for (const match of row.excerpt.matchAll(PLACEHOLDER)) {
    node.append(row.excerpt.slice(at, match.index));
    node.append(make("span", "pv-masked", `${personal[match[1]] ?? match[1]}\u00a0${match[2]}`));
    at = match.index + match[0].length;
  }
  node.append(row.excerpt.slice(at));
  return node;
}

function line(row, data, choose) {
  const button = make("button", `pv-item pv-edge-${row.tone}`);
  button.type = "button";
  button.dataset.item = row.id;
  if (row.id === data.selected) button.setAttribute("aria-current", "true");
  const head = make("span", "pv-item-head");
  head.append(make("b", "pv-item-who", row.who));
  const isNear = row.due_tone === "danger" || row.due_tone === "warn";
  const due = isNear ? `pv-badge pv-${row.due_tone}` : `pv-ink-${row.due_tone}`;
  head.append(make("span", `pv-item-due ${due}`, row.due));
  const badges = make("span", "pv-row");
  for (const [text, tone] of row.badges) badges.append(make("span", `pv-badge pv-${tone}`, text));
  button.append(head, excerpt(row, data.personal), badges);
  button.addEventListener("click", () => choose(row.id, button));
  const item = make("li");
  item.append(button);
  return item;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const list = parentElement.querySelector(".pv-queue");
  list.setAttribute("aria-label", data.label);
  const choose = (id, button) => {
    list.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    setTriggerValue("open", id);
  };
  const held = list.contains(document.activeElement) && document.activeElement.dataset.item;
  list.replaceChildren(...data.rows.map((row) => line(row, data, choose)));
  if (held) list.querySelector(`[data-item="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
}
