// Guards in front of the page's shortcuts: what a person did not mean must not be decided.
// - a held key repeats: only its first press counts;
// - a decision key within the bounce of another key, or of itself, is no decision: nobody has seen
//   yet what the first one did, and it may be about to open a dialog;
// - while a dialog or the sheet of keys is open, no key acts outside it.
// It also brings what a server cannot: E puts the caret in the draft, Escape leaves it or the search
// box, and a pause in writing hands the text to the server, so that the checks follow without
// leaving the field.

const BOUNCE_MS = 350;
const PAUSE_MS = 700;
const SEARCH = 'input[type="search"]';
const state = (window.__portevoix ??= { decisions: new Set(), editor: "", on: false });

function isPress(event) {
  return (event.key === "Enter" || event.key === " ") && !event.ctrlKey && !event.metaKey;
}

function isEditable(node) {
  return node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function combination(event) {
  const key = event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

function isGuarded(event, key) {
  if (event.altKey) return false;
  if (key.startsWith("ctrl+")) return state.decisions.has(key);
  return key.length === 1 && !isEditable(event.target);
}

function isBounce(key) {
  const now = performance.now();
  const before = state.pressed ?? -Infinity;
  state.pressed = now;
  return state.decisions.has(key) && now - before < BOUNCE_MS;
}

function onKey(event) {
  if (state.open) return onSheetKey(event);
  const dialog = document.querySelector('[role="dialog"]');
  if (event.key === "Escape" && !dialog && event.target.matches?.(`${state.editor}, ${SEARCH}`)) {
    event.target.blur();
    return stop(event);
  }
  const key = combination(event);
  if (!isGuarded(event, key)) return undefined;
  if (dialog && !dialog.contains(event.target)) return stop(event);
  if (event.repeat || isBounce(key)) return stop(event);
  if (key === "?" && !dialog) return openSheet(event);
  if (key === "ctrl+enter" && dialog) return confirm(event, dialog);
  if (key === "e" && !dialog) return focusEditor(event);
  return undefined;
}

// The radio buttons of a dialog keep Enter for themselves, so its shortcut would never hear it. A text
// field is left alone: there the key also hands over what was written.
function confirm(event, dialog) {
  if (event.target.matches?.("textarea, input:not([type=radio])")) return undefined;
  stop(event);
  dialog.querySelector('[class*="st-key-dialog_confirm"] button:not(:disabled)')?.click();
  return undefined;
}

function focusEditor(event) {
  const editor = document.querySelector(state.editor);
  if (!editor || editor.disabled) return undefined;
  stop(event);
  editor.focus();
  editor.setSelectionRange(editor.value.length, editor.value.length);
  return undefined;
}

function make(tag, css, text) {
  const node = document.createElement(tag);
  if (css) node.className = css;
  if (text) node.textContent = text;
  return node;
}

function openSheet(event) {
  stop(event);
  const cover = make("div", "pv-cover");
  const sheet = make("div", "pv-sheet");
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-label", state.sheet.title], ["tabindex", "-1"]]) {
    sheet.setAttribute(name, value);
  }
  const table = make("table", "pv-keys");
  for (const [keys, text] of state.sheet.rows) {
    const cell = make("td");
    cell.append(make("kbd", "", keys));
    const line = make("tr");
    line.append(cell, make("td", "", text));
    table.append(line);
  }
  const close = make("button", "pv-sheet-close", state.sheet.close);
  close.type = "button";
  close.addEventListener("click", closeSheet);
  sheet.append(make("h2", "", state.sheet.title), table, close);
  cover.append(sheet);
  cover.addEventListener("click", (click) => click.target === cover && closeSheet());
  (document.querySelector(".stApp") ?? document.body).append(cover);
  state.open = { cover, before: document.activeElement };
  sheet.focus();
}

function closeSheet() {
  state.open?.cover.remove();
  state.open?.before?.focus?.({ preventScroll: true });
  state.open = null;
}

// Nothing behind the sheet hears a key; Tab and Enter stay inside, on its one button.
function onSheetKey(event) {
  if (event.key === "Escape" || event.key === "?") closeSheet();
  else if (isPress(event) && document.activeElement.matches(".pv-sheet-close")) closeSheet();
  else if (event.key === "Tab") state.open.cover.querySelector("button").focus();
  return stop(event);
}

let pause = 0;

function onInput(event) {
  if (!event.target.matches?.(state.editor)) return;
  clearTimeout(pause);
  pause = setTimeout(() => commit(event.target), PAUSE_MS);
}

// Streamlit commits a text area when it loses the focus; the caret itself never moves.
function commit(editor) {
  if (document.activeElement !== editor) return;
  for (const kind of ["focusout", "focusin"]) {
    editor.dispatchEvent(new FocusEvent(kind, { bubbles: true }));
  }
}

export default function ({ data }) {
  state.decisions = new Set(data.decisions);
  state.editor = data.editor;
  state.sheet = data.sheet;
  if (!state.on) {
    state.on = true;
    window.addEventListener("keydown", onKey, true);
    document.addEventListener("input", onInput, true);
  }
}
