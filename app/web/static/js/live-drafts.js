// Text that the server has not acknowledged, kept in this browser as AES-GCM; the key comes with the page.
"use strict";
(() => {
const NAME = "interview-drafts";
const WAIT_MS = 300;

const opened = () => new Promise((resolve, reject) => {
  const ask = indexedDB.open(NAME, 1);
  ask.onupgradeneeded = () => ask.result.createObjectStore("drafts");
  ask.onsuccess = () => resolve(ask.result);
  ask.onerror = () => reject(ask.error);
});

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

class Drafts {
  constructor(db, key, interview) {
    Object.assign(this, { db, key, interview, waiting: new Map(), turn: Promise.resolve() });
  }

  static async open({ interview, draftKey }) {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !draftKey) return null;
    const raw = Uint8Array.from(atob(draftKey), (char) => char.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    return new Drafts(await opened(), key, interview);
  }

  place(panel) { return `${this.interview}/${panel.id}`; }

  store(mode) { return this.db.transaction("drafts", mode).objectStore("drafts"); }

  // One after the other, so that a late write never comes back after a wipe.
  next(work) { this.turn = this.turn.then(work, work); return this.turn; }

  keep(panel) {
    clearTimeout(this.waiting.get(panel.id));
    this.waiting.set(panel.id, setTimeout(() => this.next(() => this.write(panel)), WAIT_MS));
  }

  async write(panel) {
    if (!panel.unsaved) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = JSON.stringify({ answer: panel.answer.value, memo: panel.memo.value, version: panel.version });
    const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, new TextEncoder().encode(text));
    await done(this.store("readwrite").put({ iv, box }, this.place(panel)));
  }

  drop(panel) {
    clearTimeout(this.waiting.get(panel.id));
    return this.next(() => done(this.store("readwrite").delete(this.place(panel))));
  }

  // A draft that cannot be opened belongs to somebody else, or to an earlier key: it is wiped.
  async read(panel) {
    const kept = await done(this.store("readonly").get(this.place(panel)));
    if (!kept) return null;
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, this.key, kept.box);
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      await this.drop(panel);
      return null;
    }
  }
}

globalThis.InterviewDrafts = Drafts;
})();
