// Pairs by keys: J and K walk, and on the pair that has the focus A brings together and X says different people.
// Keys work only while a pair has the focus (Tab leads there); without this script every button is a plain form.
"use strict";
(() => {
const pairs = [...document.querySelectorAll("[data-pair]")];
if (!pairs.length) return;
pairs[0].tabIndex = 0;
document.querySelector("[data-keys-help]").hidden = false;

function go(index) {
  const pair = pairs[Math.max(0, Math.min(index, pairs.length - 1))];
  for (const other of pairs) other.tabIndex = other === pair ? 0 : -1;
  pair.focus();
}

function decide(pair, name) {
  const form = pair.querySelector(`[data-${name}]`);
  if (form?.reportValidity()) form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("[data-pair]")) return;
  const at = pairs.indexOf(event.target);
  const acts = {
    j: () => go(at + 1), k: () => go(at - 1),
    a: () => decide(pairs[at], "merge"), x: () => decide(pairs[at], "decline"),
  };
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
})();
