// The live screen: all questions are on the page, one is open; keys, clock, lit orders, save state.
"use strict";
(() => {
const Panel = globalThis.InterviewPanel;
const TICK_MS = 10000;
const SLOW_MS = 600;
const WORTH_SECONDS = 15;
const main = document.querySelector("main[data-interview]");
const words = document.getElementById("words").dataset;
const state = document.getElementById("save-state");
const timer = document.getElementById("timer");
const bar = document.getElementById("timer-bar");
const startedAt = performance.now() - Number(timer.dataset.began) * 1000;
const elapsed = () => Math.floor((performance.now() - startedAt) / 1000);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

const screen = { tell, saved, drafts: null };
const panels = [...document.querySelectorAll("[data-panel]")].map((section) => new Panel(section, screen));
let current = panels.find((panel) => !panel.section.hidden) ?? panels[0];
let savedHtml = state.innerHTML;
let shown = "";

// --- save state -------------------------------------------------------------
function tell() {
  const open = panels.filter((panel) => panel.unsaved);
  const say = () => {
    if (panels.some((panel) => panel.clashing)) return words.clash;
    if (open.some((panel) => panel.signedOut)) return words.signedOut;
    if (open.some((panel) => panel.refused === panel.snapshot())) return words.refused;
    if (open.some((panel) => panel.failures)) return words.retrying;
    return open.length ? words.unsaved : "";
  };
  show(say());
  clearTimeout(tell.slow);
  if (panels.some((panel) => panel.busy && !panel.failures)) tell.slow = setTimeout(() => show(words.saving), SLOW_MS);
  for (const panel of panels) stepOf(panel).classList.toggle("clashing", panel.clashing);
}

function show(text) {
  if (text === shown) return;
  shown = text;
  if (!text) { state.innerHTML = savedHtml; return; }
  state.textContent = text;
  if (text === words.signedOut) {
    const link = Object.assign(document.createElement("a"), { href: words.signInUrl, target: "_blank", rel: "noopener", textContent: words.signIn });
    state.append(" ", link);
  }
}

function saved(panel, answerState, html) {
  savedHtml = html;
  shown = null;
  stepOf(panel).dataset.was = { asked: "done", skipped: "passed" }[answerState] ?? "todo";
  steps();
  tell();
}

async function saveAll(options) {
  const done = await Promise.all(panels.map((panel) => panel.save(options)));
  return done.every(Boolean);
}

// --- questions --------------------------------------------------------------
const stepOf = (panel) => document.querySelector(`[data-step="${panel.id}"]`);

function steps() {
  for (const panel of panels) {
    const step = stepOf(panel);
    const here = panel === current;
    const was = step.dataset.was;
    step.classList.remove("now", "done", "passed", "todo");
    step.classList.add(here ? "now" : was);
    const link = step.querySelector("a");
    if (here) { link.setAttribute("aria-current", "step"); } else { link.removeAttribute("aria-current"); }
    const minutes = Math.max(1, Math.round(panel.seconds / 60));
    const spent = panel.seconds >= 30 ? ` ${words.minutes.replace("{n}", minutes)}` : "";
    const word = { now: words.now, done: words.asked, passed: words.skipped, todo: words.todo }[here ? "now" : was];
    step.querySelector(".q-s").textContent = here || was === "done" ? word + spent : word;
  }
}

function open(panel, { push = true } = {}) {
  if (!panel) return;
  if (panel !== current) {
    const left = current;
    left.section.hidden = true;
    left.save({ force: left.version > 0 && left.seconds - left.sentSeconds >= WORTH_SECONDS });
    panel.section.hidden = false;
    current = panel;
    if (push) history.pushState({}, "", stepOf(panel).querySelector("a").href);
    if (panel.answer.value && !panel.mirror.querySelector(".sent")) panel.showTags();
  }
  steps();
  lightNow();
  panel.answer.focus();
  window.scrollTo({ top: 0 });
}

const byId = (id) => panels.find((panel) => panel.id === id);

async function onward(panel, target) {
  if (target !== "closing") { panel.save(); open(byId(target)); return; }
  if (await saveAll({ force: false })) window.location.href = document.getElementById("end").href;
}

function skip(panel) {
  panel.skipping = true;
  panel.save();
  onward(panel, panel.section.dataset.next || "closing");
}

function mark(panel) {
  panel.marks.push(elapsed());
  const chip = Object.assign(document.createElement("span"), { className: "tag", textContent: clock(elapsed()) });
  panel.section.querySelector("[data-mark-list]").append(chip, " ");
  panel.section.querySelector("[data-marks]").hidden = false;
  panel.changed();
}

// --- lit orders and follow-ups ------------------------------------------------
function light(range) {
  const [first, last] = (range ?? "").split(" ").filter(Boolean).map(Number);
  const lit = (number) => first !== undefined && number >= first && number <= last;
  let before = 0;
  for (const row of document.querySelectorAll("#timeline .vl > li")) {
    const number = row.id.startsWith("o") ? Number(row.id.slice(1)) : 0;
    if (number) before = number;
    row.classList.toggle("lit", number ? lit(number) : row.classList.contains("gap") && before > 0 && lit(before) && lit(before + 1));
  }
  for (const more of document.querySelectorAll("#timeline details")) if (more.querySelector("li.lit")) more.open = true;
  for (const card of document.querySelectorAll(".fc li")) {
    card.classList.toggle("lit", card.dataset.orders.split(" ").filter(Boolean).some((number) => lit(Number(number))));
  }
}

function lightNow() {
  const probe = current.section.querySelector("[data-probe].now");
  light((probe ?? current.section).dataset.lit ?? current.section.dataset.lit);
  const record = probe?.querySelector("[data-record]");
  const line = current.section.querySelector("[data-lit-now]");
  if (record && line) line.replaceChildren(...[...record.childNodes].map((node) => node.cloneNode(true)));
}

function follow(step) {
  const probes = [...current.section.querySelectorAll("[data-probe]")];
  if (!probes.length) return;
  const at = probes.findIndex((probe) => probe.classList.contains("now"));
  const next = probes[Math.min(Math.max(at + step, 0), probes.length - 1)];
  for (const probe of probes) probe.classList.toggle("now", probe === next);
  const more = next.closest("details");
  if (more) more.open = true;
  next.scrollIntoView({ block: "nearest" });
  lightNow();
}

function toggleProbe() {
  const box = current.section.querySelector("[data-probe].now input");
  if (box) box.click();
}

// --- events -------------------------------------------------------------------
const KEYS = {
  KeyS: () => skip(current),
  KeyM: () => mark(current),
  KeyT: () => { const line = document.getElementById("timeline"); (document.activeElement === line ? current.answer : line).focus(); },
  ArrowUp: () => follow(-1),
  ArrowDown: () => follow(1),
  Enter: toggleProbe,
};

function actionOf(event) {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const digit = /^Digit([1-9])$/.exec(event.code);
    return digit ? () => open(panels[Number(digit[1]) - 1]) : KEYS[event.code];
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.code === "Enter") return () => onward(current, current.section.dataset.next || "closing");
    return event.code === "KeyS" ? () => current.save() : undefined;
  }
  const typing = event.target instanceof Element && event.target.matches("textarea, input, select");
  return event.key === "?" && !typing ? () => document.getElementById("keys").showModal() : undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || current.composing) return;
  const action = actionOf(event);
  if (action) { event.preventDefault(); action(); }
});

main.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const panel = byId(event.target.closest("[data-panel]").dataset.panel);
  if (button?.matches("[data-skip]")) { skip(panel); } else if (button?.matches("[data-mark]")) { mark(panel); } else { onward(panel, button?.value || panel.id); }
});

main.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step] a");
  if (step && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); open(byId(step.closest("[data-step]").dataset.step)); }
});

main.addEventListener("change", (event) => {
  const probe = event.target.closest("[data-probe]");
  if (!probe) return;
  probe.classList.toggle("done", event.target.checked);
  if (event.target.checked) { probe.classList.remove("now"); const next = current.section.querySelector("[data-probe]:not(.done)"); next?.classList.add("now"); }
  lightNow();
});

main.addEventListener("focusin", (event) => {
  const probe = event.target.closest("[data-probe]");
  if (!probe) return;
  for (const other of current.section.querySelectorAll("[data-probe]")) other.classList.toggle("now", other === probe);
  lightNow();
});

document.getElementById("end").addEventListener("click", async (event) => {
  event.preventDefault();
  onward(current, "closing");
});

window.addEventListener("popstate", () => open(byId(new URLSearchParams(location.search).get("q")) ?? panels[0], { push: false }));
window.addEventListener("online", () => saveAll());
window.addEventListener("beforeunload", (event) => { if (panels.some((panel) => panel.unsaved)) event.preventDefault(); });

setInterval(() => saveAll(), TICK_MS);
setInterval(() => {
  current.seconds += 1;
  if (!("runs" in timer.dataset)) return;
  const seconds = elapsed();
  timer.firstElementChild.textContent = clock(seconds);
  bar.setAttribute("width", Math.min(120, (120 * seconds) / Number(bar.dataset.planned)));
}, 1000);

if ("BroadcastChannel" in window) {
  const others = new BroadcastChannel(`interview-${main.dataset.interview}`);
  others.onmessage = (event) => {
    if (event.data === "bye") { document.getElementById("second-tab")?.remove(); others.postMessage("hello"); return; }
    if (event.data === "hello") others.postMessage("here");
    if (document.getElementById("second-tab")) return;
    const note = Object.assign(document.createElement("p"), { id: "second-tab", className: "notice warn", textContent: words.second });
    note.setAttribute("role", "status");
    document.querySelector(".l-panels").prepend(note);
  };
  others.postMessage("hello");
  window.addEventListener("pagehide", () => others.postMessage("bye"));
}

async function openDrafts() {
  const drafts = await globalThis.InterviewDrafts.open(main.dataset);
  if (!drafts) return;
  screen.drafts = drafts;
  for (const panel of panels) {
    const draft = await drafts.read(panel);
    if (draft && !panel.restore(draft) && !panel.unsaved) await drafts.drop(panel);
  }
}

openDrafts().catch(() => { screen.drafts = null; });
for (const panel of panels) if (panel.clashing) panel.offerChoices();
for (const panel of panels) panel.showMirror();
if (current.answer.value) current.showTags();
steps();
lightNow();
current.answer.focus();
})();
