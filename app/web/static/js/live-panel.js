// One question of the live screen: what is typed, what the server has acknowledged, and the road between.
"use strict";
(() => {
const PAUSE_MS = 800;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const TIMEOUT_MS = 15000;

const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

class Panel {
  constructor(section, screen) {
    this.section = section;
    this.screen = screen;
    this.id = section.dataset.panel;
    this.form = section.querySelector("form");
    this.answer = this.form.elements.answer;
    this.memo = this.form.elements.memo;
    this.mirror = section.querySelector(".mirror");
    this.version = Number(this.form.elements.version.value);
    this.seconds = Number(this.form.elements.seconds.value);
    this.marks = [];
    this.composing = false;
    this.clashing = section.querySelector(".clash") !== null;
    this.skipping = false;
    this.refused = "";
    this.failures = 0;
    this.signedOut = false;
    this.busy = null;
    this.attempt = { text: null, key: "" };
    this.sentSeconds = this.seconds;
    this.sent = this.clashing ? null : this.snapshot();
    this.listen();
  }

  listen() {
    for (const area of [this.answer, this.memo]) {
      area.addEventListener("compositionstart", () => { this.composing = true; clearTimeout(this.pause); });
      area.addEventListener("compositionend", () => { this.composing = false; this.changed(); });
      area.addEventListener("input", () => { this.showMirror(); this.changed(); });
      area.addEventListener("blur", () => { this.composing = false; this.save(); });
    }
    this.form.addEventListener("change", (event) => { if (event.target.name === "probes") this.changed(); });
  }

  get probes() { return [...this.form.querySelectorAll("input[name=probes]:checked")].map((box) => box.value); }

  snapshot() { return JSON.stringify([this.answer.value, this.memo.value, this.probes, this.marks, this.skipping]); }

  get unsaved() { return this.snapshot() !== this.sent; }

  // What the browser kept from before a crash comes back; a text that moved on meanwhile shows as a clash.
  restore(draft) {
    if (this.unsaved || (draft.answer === this.answer.value && draft.memo === this.memo.value)) return false;
    this.answer.value = draft.answer;
    this.memo.value = draft.memo;
    this.version = draft.version;
    this.showMirror();
    this.changed();
    return true;
  }

  changed() {
    this.screen.drafts?.keep(this);
    clearTimeout(this.pause);
    if (!this.composing) this.pause = setTimeout(() => this.save(), PAUSE_MS);
    this.screen.tell();
  }

  // Resolves to true when the server holds all that is typed. Silent while kana is being converted.
  async save({ force = false } = {}) {
    clearTimeout(this.pause);
    while (this.busy) {
      await this.busy;
      if (this.failures) return false;
    }
    if (this.composing || this.clashing) return false;
    const typed = this.snapshot();
    if (typed === this.sent && !force) return true;
    if (this.refused === typed) return false;
    this.busy = this.post(typed).finally(() => { this.busy = null; this.screen.tell(); });
    this.screen.tell();
    await this.busy;
    return !this.unsaved;
  }

  body(typed) {
    if (this.attempt.text !== typed) this.attempt = { text: typed, key: randomKey() };
    const data = new URLSearchParams({
      answer: this.answer.value, memo: this.memo.value, version: this.version, client_key: this.attempt.key, seconds: this.seconds,
    });
    for (const probe of this.probes) data.append("probes", probe);
    for (const mark of this.marks) data.append("marks", mark);
    return data;
  }

  async post(typed) {
    const target = this.skipping ? this.section.querySelector("[data-skip]").formAction : this.form.action;
    try {
      const reply = await fetch(target, {
        method: "POST", body: this.body(typed), headers: { "X-Autosave": "1" }, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await this.read(reply, typed);
    } catch {
      this.later();
    }
  }

  async read(reply, typed) {
    const html = reply.type === "opaqueredirect" ? "" : await reply.text();
    if (reply.ok && reply.headers.has("X-Answer-Version")) {
      this.stored(Number(reply.headers.get("X-Answer-Version")), reply.headers.get("X-Answer-State"), typed, html);
    } else if (reply.status === 409 && reply.headers.has("X-Answer-Conflict")) {
      this.showClash(html);
    } else if (reply.status >= 400 && reply.status < 500 && ![401, 408, 429].includes(reply.status)) {
      this.refused = typed;
    } else {
      this.signedOut = reply.type === "opaqueredirect" || reply.status === 401;
      this.later();
    }
  }

  stored(version, state, typed, html) {
    this.version = version;
    this.form.elements.version.value = version;
    this.failures = 0;
    this.signedOut = false;
    this.refused = "";
    this.attempt = { text: null, key: "" };
    this.sentSeconds = this.seconds;
    if (this.skipping) { typed = JSON.stringify([...JSON.parse(typed).slice(0, 4), false]); this.skipping = false; }
    this.sent = typed;
    this.screen.saved(this, state, html);
    if (this.unsaved) { this.changed(); } else { this.screen.drafts?.drop(this)?.catch(() => {}); }
    this.showTags();
  }

  later() {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.save(), wait);
  }

  showClash(html) {
    this.clashing = true;
    const place = this.section.querySelector("[data-conflict]");
    place.innerHTML = html;
    this.offerChoices();
    place.querySelector(".clash").focus();
  }

  offerChoices() {
    for (const button of this.section.querySelectorAll("[data-choose]")) {
      button.hidden = false;
      button.type = "button";
      button.onclick = () => this.choose(button.dataset.choose);
    }
  }

  choose(which) {
    const panel = this.section.querySelector(".clash");
    const [text, memo] = ["answer", "memo"].map((name) => panel.querySelector(`[data-stored-${name}]`)?.textContent ?? "");
    this.version = Number(panel.dataset.storedVersion);
    this.clashing = false;
    if (which === "stored") { this.answer.value = text; this.memo.value = memo; }
    if (which === "both") { this.answer.value = joined(text, this.answer.value); this.memo.value = joined(memo, this.memo.value); }
    panel.remove();
    this.sent = which === "stored" ? this.snapshot() : null;
    this.showMirror();
    this.answer.focus();
    if (which === "mine") { this.save(); } else { this.changed(); }
  }

  // Tagged spans stay as long as the text before them is unchanged; what is new follows plain.
  showMirror() {
    const text = this.answer.value;
    let at = 0;
    for (const span of [...this.mirror.children]) {
      const said = spoken(span);
      if (said && text.startsWith(said, at)) { at += said.length; } else { span.remove(); }
    }
    if (at < text.length) {
      const rest = document.createElement("span");
      rest.textContent = text.slice(at);
      this.mirror.append(rest);
    }
  }

  async showTags() {
    try {
      const reply = await fetch(this.form.dataset.tags, { headers: { "X-Autosave": "1" }, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
      const version = Number(reply.headers.get("X-Answer-Version") ?? this.version);
      if (!reply.ok || version < this.version) return;
      const wait = Number(reply.headers.get("Retry-After"));
      clearTimeout(this.asking);
      if (wait) {
        this.asking = setTimeout(() => this.showTags(), wait * 1000);
      } else {
        this.mirror.innerHTML = await reply.text();
        this.showMirror();
      }
      const said = this.section.querySelector("[data-tags-said]");
      const summary = decodeURIComponent(reply.headers.get("X-Tags-Summary") ?? "");
      if (said.textContent !== summary) said.textContent = summary; // a status written anew is read out again
    } catch {
      // The answer itself is safe; seals come with the next save, or when the server said to ask again.
    }
  }
}

const joined = (stored, typed) => (stored.includes(typed) ? stored : typed.includes(stored) ? typed : `${stored}\n${typed}`);

function spoken(span) {
  return [...span.childNodes].filter((node) => !(node instanceof Element && node.matches(".lab"))).map((node) => node.textContent).join("");
}

globalThis.InterviewPanel = Panel;
})();
