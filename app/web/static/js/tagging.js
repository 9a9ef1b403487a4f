// Review of stages: decisions without a page load, and single keys that can be switched off.
// Without this script every button is a plain form.

const said = document.querySelector("[data-said]");
const keysSwitch = document.querySelector("[data-keys-switch]");
const keys = document.querySelector("[data-keys]");
const help = document.querySelector("[data-keys-help]");
const STORED = "n1-review-keys";
let adding = false;

function say(text) { if (said) said.textContent = text; }

// The places the keys walk through: every tag, and a sentence that has none.
function stops() { return [...document.querySelectorAll("[data-tag], .rv-none")]; }

function here() { return stops().findIndex((stop) => stop.closest("[data-sentence]").classList.contains("here") && stop.dataset.here); }

function go(index) {
  const all = stops();
  if (!all.length) return;
  const stop = all[Math.max(0, Math.min(index, all.length - 1))];
  for (const other of all) { delete other.dataset.here; other.closest("[data-sentence]").classList.remove("here"); }
  stop.dataset.here = "1";
  stop.tabIndex = -1;
  const row = stop.closest("[data-sentence]");
  row.classList.add("here");
  stop.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

async function post(form, fields) {
  const row = form.closest("[data-sentence]");
  const body = new URLSearchParams([...new FormData(form), ...fields]);
  const address = form.getAttribute("action") + location.search;
  try {
    const reply = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!reply.ok) throw new Error(String(reply.status));
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const place = stops().findIndex((stop) => row.contains(stop));
    const at = Math.max(here(), place);
    document.getElementById("progress").replaceWith(fresh.getElementById("progress"));
    const done = fresh.querySelector("[data-answer-done]");
    row.closest("section").querySelector("[data-answer-done]").replaceWith(done);
    row.replaceWith(fresh.getElementById(row.id));
    say(said.dataset.saved);
    return at;
  } catch {
    say(said.dataset.failed);
    return -1;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-decide], [data-change], [data-add]")) return;
  event.preventDefault();
  const button = event.submitter;
  const at = await post(form, button?.name ? [[button.name, button.value]] : []);
  if (at >= 0) go(at);
});

function marked(row) {
  const chosen = getSelection();
  const words = row.querySelector("[data-words]");
  return chosen && !chosen.isCollapsed && words.contains(chosen.anchorNode) && words.contains(chosen.focusNode) ? chosen.toString() : "";
}

async function add(row, stage) {
  const form = row.querySelector("[data-add]");
  const words = marked(row);
  form.elements.stage.value = stage;
  form.elements.evidence.value = words;
  adding = false;
  const at = await post(form, []);
  if (at >= 0) go(at);
}

async function byKey(key, stop) {
  const row = stop.closest("[data-sentence]");
  const decide = stop.querySelector("[data-decide]");
  if (key === "n") { adding = true; say(said.dataset.whole); return true; }
  if (/^[1-9]$/.test(key)) {
    const stage = row.querySelector("[data-add] select").options[Number(key) - 1].value;
    if (adding || !decide || marked(row)) { await add(row, stage); return true; }
    const change = stop.querySelector("[data-change]");
    change.elements.stage.value = stage;
    const at = await post(change, []);
    if (at >= 0) go(at + 1);
    return true;
  }
  if (decide && (key === "a" || key === "x")) {
    const at = await post(decide, [["action", key === "a" ? "accept" : "reject"]]);
    if (at >= 0) go(at + 1);
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (!keys?.checked || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, summary")) return;
  const key = event.key.toLowerCase();
  const at = here();
  if (key === "j") { event.preventDefault(); adding = false; go(at + 1); return; }
  if (key === "k") { event.preventDefault(); adding = false; go(at < 0 ? 0 : at - 1); return; }
  if (at < 0 || !/^[axn1-9]$/.test(key)) return;
  event.preventDefault();
  byKey(key, stops()[at]);
});

if (keys) {
  keysSwitch.hidden = false;
  keys.checked = localStorage.getItem(STORED) !== "off";
  help.hidden = !keys.checked;
  keys.addEventListener("change", () => {
    localStorage.setItem(STORED, keys.checked ? "on" : "off");
    help.hidden = !keys.checked;
  });
}
