"use strict";
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
root.dataset.theme = dark.matches ? "dark" : "light";
if ((navigator.language || "").toLowerCase().startsWith("fr")) root.dataset.lang = "fr";
root.lang = root.dataset.lang;

function on(id, event, act) { document.getElementById(id).addEventListener(event, act); }
on("theme", "click", () => { root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; });
on("lang", "click", () => { root.dataset.lang = root.dataset.lang === "fr" ? "en" : "fr"; root.lang = root.dataset.lang; });

const cases = [...document.querySelectorAll("details.case")];
const shown = document.getElementById("shown");
function filter() {
  const wanted = document.getElementById("words").value.trim().toLowerCase();
  const verdict = document.getElementById("verdict").value;
  const criterion = document.getElementById("criterion").value;
  let count = 0;
  for (const one of cases) {
    const fits = (!criterion || one.dataset.criterion === criterion)
      && (!verdict || one.dataset.verdict === verdict || (verdict === "changed" && one.dataset.changed === "yes"))
      && (!wanted || one.textContent.toLowerCase().includes(wanted));
    one.hidden = !fits;
    if (fits) count += 1;
  }
  shown.textContent = `${count} / ${cases.length}`;
}
for (const id of ["words", "verdict", "criterion"]) on(id, "input", filter);
filter();

function follow() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one && one.matches("details")) { one.hidden = false; one.open = true; one.scrollIntoView(); }
}
window.addEventListener("hashchange", follow);
follow();
