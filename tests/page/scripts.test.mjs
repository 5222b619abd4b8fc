// The page's pure functions: state, address and trail, as Node runs them.

import assert from "node:assert/strict";
import { test } from "node:test";

const scripts = new URL("../../facesearch/page/scripts/", import.meta.url);
const { readAddress, writeAddress } = await import(new URL("address.js", scripts));
const { asking, keepingLoaded, nothingAsked, question, ticked, ticking } = await import(
  new URL("state.js", scripts)
);
const { Trail } = await import(new URL("trail.js", scripts));

const ABOUT = {
  labels: { Bald: "Bald", Smiling: "Smiling", Male: "Male", Attractive: "Attractive" },
  unavailable: ["Attractive"],
  k: 24,
  most: 1000,
  gallery: "Drawn",
  version: "abcd1234",
};
const NOTHING = nothingAsked(ABOUT);

test("an address holds a state and gives it back", () => {
  const state = {
    ...{ wanted: ["Bald", "Smiling"], unwanted: ["Male"], like: "a,b&c=1/ü?.png", mix: 0.35 },
    ...{ k: 7, shown: 31, face: "holiday/IMG 1.jpg#2" },
  };
  const address = writeAddress(state, ABOUT, "?__theme=dark");
  assert.deepEqual(readAddress(address, ABOUT), { state, sentences: [] });
  assert.match(address, /__theme=dark/);
});

test("an address that says nothing of ours gives no state", () => {
  for (const search of ["", "?", "?__theme=dark"])
    assert.deepEqual(readAddress(search, ABOUT), { state: null, sentences: [] });
});

test("a name that every object has is no attribute", () => {
  for (const name of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    const { state, sentences } = readAddress(`?wanted=${name},Bald`, ABOUT);
    assert.deepEqual(state.wanted, ["Bald"]);
    assert.match(sentences[0], new RegExp(`“${name}”, which is none of the forty`));
  }
});

test("counts that can't be had are said, and the usual one counts", () => {
  for (const k of ["0", "1001", "2.5", "many", "", "1e2", "-3", "٣"]) {
    const { state, sentences } = readAddress(`?k=${encodeURIComponent(k)}`, ABOUT);
    assert.equal(state.k, 24);
    assert.match(sentences[0], /faces; from 1 to 1000 can be shown, so here are 24/);
  }
  for (const shown of ["7", "3", "x", "5000"])
    assert.equal(readAddress(`?k=7&shown=${shown}`, ABOUT).state.shown, null);
});

test("how many an answer starts with stays through whatever is asked", () => {
  let state = readAddress("?wanted=Bald&k=7", ABOUT).state;
  state = ticked({ ...state, shown: 31 }, "Smiling", "wanted");
  assert.deepEqual([state.k, state.shown, question(state, ABOUT).k], [7, null, 7]);
  state = asking({ ...state, shown: 31, face: "a" }, { unwanted: ["Male"] });
  assert.deepEqual([state.k, state.shown, state.face], [7, null, null]);
  assert.equal(question({ ...state, shown: 31 }, ABOUT).k, 31);
});

test("an attribute is wanted, unwanted or open, and never two of these", () => {
  let state = ticked(NOTHING, "Bald", "wanted");
  state = ticked(state, "Bald", "unwanted");
  assert.deepEqual([state.wanted, state.unwanted], [[], ["Bald"]]);
  state = ticked(state, "Bald", null);
  assert.deepEqual([state.wanted, state.unwanted], [[], []]);
});

test("a first tick beside a face takes the mix to the middle, and the last one takes it away", () => {
  const alike = { ...NOTHING, like: "a.png" };
  assert.equal(ticked(alike, "Bald", "wanted").mix, 0.5);
  assert.equal(ticked({ ...alike, mix: 0.2 }, "Bald", "wanted").mix, 0.2);
  assert.equal(ticking({ ...alike, mix: 0.2 }, { wanted: [], unwanted: [] }).mix, 0);
  assert.equal(ticked(NOTHING, "Bald", "wanted").mix, 0);
});

test("Back takes no face of the same ranking away", () => {
  const loaded = { ...NOTHING, shown: 72, face: "a.png" };
  assert.equal(keepingLoaded(loaded, NOTHING).shown, 72);
  assert.equal(keepingLoaded(loaded, NOTHING).face, null);
  assert.equal(keepingLoaded(loaded, { ...NOTHING, shown: 96 }).shown, 96);
  const other = ticked(NOTHING, "Bald", "wanted");
  assert.equal(keepingLoaded(loaded, other), other);
});

/** A browser's history that throws from the 101st call within ten seconds, and a clock to turn. */
function browser() {
  let [time, timers] = [0, []];
  const calls = [];
  const entries = [{ state: null, address: "?first" }];
  let at = 0;
  const count = () => {
    if (calls.filter((when) => time - when < 10_000).length >= 100) throw new Error("SecurityError");
    calls.push(time);
  };
  return {
    entries,
    calls,
    get at() {
      return at;
    },
    get state() {
      return entries[at].state;
    },
    pushState(state, _, address) {
      count();
      entries.splice(++at, Infinity, { state, address });
    },
    replaceState(state, _, address) {
      count();
      entries[at] = { state, address };
    },
    back() {
      at -= 1;
    },
    now: () => time,
    later(act, ms) {
      const timer = { act, when: time + ms };
      timers.push(timer);
      return timer;
    },
    cancel(timer) {
      timers = timers.filter((other) => other !== timer);
    },
    pass(ms) {
      for (const until = time + ms; ; ) {
        const next = timers.filter(({ when }) => when <= until).sort((a, b) => a.when - b.when)[0];
        time = next ? next.when : until;
        if (!next) return;
        this.cancel(next);
        next.act();
      }
    },
  };
}

test("a slider that is dragged for long ends in the address, within what browsers bear", () => {
  const tab = browser();
  const trail = new Trail(tab, tab);
  for (let k = 1; k <= 1000; k++) {
    trail.replace(`?k=${k}`);
    tab.pass(16);
  }
  trail.settle();
  assert.equal(tab.entries[0].address, "?k=1000");
  assert.ok(tab.calls.length < 5);
});

test("two hundred clicks in ten seconds throw nothing and end in the address", () => {
  const tab = browser();
  const trail = new Trail(tab, tab);
  for (let click = 1; click <= 200; click++) {
    trail.push(`?click=${click}`);
    tab.pass(50);
  }
  tab.pass(11_000);
  assert.equal(tab.entries.at(-1).address, "?click=200");
  assert.ok(tab.calls.length <= 101);
});

test("a browser whose patience others have used up gets the address later", () => {
  const tab = browser();
  const trail = new Trail(tab, tab);
  for (let call = 0; call < 100; call++) tab.replaceState(null, "", "?other");
  trail.push("?mine");
  assert.equal(tab.entries.at(-1).address, "?other");
  tab.pass(11_000);
  assert.equal(tab.entries.at(-1).address, "?mine");
});

test("what waits is written before the next entry is added, and dropped when another is gone to", () => {
  const tab = browser();
  const trail = new Trail(tab, tab);
  trail.replace("?k=9");
  trail.push("?wanted=Bald");
  assert.deepEqual(
    tab.entries.map(({ address }) => address),
    ["?k=9", "?wanted=Bald"],
  );
  trail.replace("?wanted=Bald&k=3");
  tab.back();
  assert.equal(trail.arrived(), false);
  tab.pass(1000);
  assert.equal(tab.entries[0].address, "?k=9");
});

test("a detour is left by going back, and what is pushed meanwhile is added after it", () => {
  const tab = browser();
  const trail = new Trail(tab, tab);
  assert.equal(trail.onDetour, false);
  trail.push("?face=a", true);
  trail.replace("?face=b"); // a detour stays one
  trail.settle();
  assert.equal(trail.onDetour, true);
  trail.leave();
  assert.equal(trail.onDetour, false);
  trail.push("?wanted=Bald");
  assert.equal(tab.entries.length, 2);
  assert.equal(trail.arrived(), true);
  assert.deepEqual(
    tab.entries.map(({ address }) => address),
    ["?first", "?wanted=Bald"],
  );
  assert.equal(trail.arrived(), false);
});
