// The page's pure functions: state, address and trail, as Node runs them.

import assert from "node:assert/strict";
import { test } from "node:test";

const scripts = new URL("../../facesearch/page/scripts/", import.meta.url);
const { namedGallery, otherGallery, readAddress, writeAddress } = await import(
  new URL("address.js", scripts)
);
const { asking, keepingLoaded, moving, nothingAsked, question, ticked, ticking } = await import(
  new URL("state.js", scripts)
);
const { byLabel, eitherOf, joined, parted, resaid, sameQuery, says, withName, withoutName } =
  await import(new URL("query.js", scripts));
const { Trail } = await import(new URL("trail.js", scripts));
const { tellHub } = await import(new URL("frame.js", scripts));
const { TaughtHere, plainWords } = await import(new URL("taught.js", scripts));
const { Asking } = await import(new URL("asking.js", scripts));

const ABOUT = {
  labels: {
    ...{ Bald: "Bald", Smiling: "Smiling", Male: "Male", Attractive: "Attractive" },
    ...{ Black: "Black hair", Brown: "Brown hair", Grey: "Grey hair", "a, b|c": "Odd" },
  },
  unavailable: ["Attractive"],
  exclusive: [["Black", "Brown", "Grey"]],
  k: 24,
  most: 1000,
  gallery: "Drawn",
  version: "abcd1234",
};
const NOTHING = nothingAsked(ABOUT);

test("an address holds a state and gives it back", () => {
  const state = {
    ...{ wanted: ["Bald", "Smiling"], unwanted: ["Male"], like: "a,b&c=1/ü?.png", mix: 0.35 },
    hidden: true,
    picture: null, // never in an address
    ...{ more: ["x, y.png", "b&c.png"], fewer: ["z.png"] },
    ...{ k: 7, shown: 31, face: "holiday/IMG 1.jpg#2" },
  };
  const address = writeAddress(state, ABOUT, "?__theme=dark");
  assert.deepEqual(readAddress(address, ABOUT), { state, sentences: [] });
  assert.match(address, /__theme=dark/);
});

test("faces move a search on one side, as many as the app takes, until something else is asked", () => {
  let state = moving({ ...NOTHING, shown: 48 }, "more", ["a", "b"]);
  assert.deepEqual([state.more, state.fewer, state.shown], [["a", "b"], [], null]);
  state = moving(state, "fewer", ["b", "c"]);
  assert.deepEqual([state.more, state.fewer], [["a"], ["b", "c"]]);
  state = moving(state, null, ["b"]);
  assert.deepEqual([state.more, state.fewer], [["a"], ["c"]]);
  assert.deepEqual(ticked(state, "Bald", "wanted", ABOUT).more, ["a"]);
  assert.deepEqual(question(state, ABOUT).fewer, ["c"]);
  assert.deepEqual(asking(state, { wanted: ["Bald"] }).more, []);
  const many = Array.from({ length: 70 }, (_, at) => `${at}.png`);
  assert.deepEqual(moving(state, "more", many).more, many.slice(10));
  const twice = readAddress("?more=a&more=a&fewer=a&fewer=b", ABOUT).state;
  assert.deepEqual([twice.more, twice.fewer], [["a"], ["b"]]);
});

test("an address holds sets of which any is enough, and names with its own separators", () => {
  const wanted = ["Bald", ["Black", "Brown"], "a, b|c"];
  const address = writeAddress({ ...NOTHING, wanted, unwanted: ["Male"] }, ABOUT, "");
  assert.match(address, /wanted=Bald,Black\|Brown,a%2C%20b%7Cc&/);
  assert.deepEqual(readAddress(address, ABOUT).state.wanted, wanted);
  const escaped = address.replaceAll(",", "%2C").replaceAll("|", "%7C").replaceAll("%20", "+");
  const kept = readAddress(escaped.replace("%2Ca%2C+b%7Cc", ""), ABOUT);
  assert.deepEqual(kept.state.wanted, ["Bald", ["Black", "Brown"]]);
  const part = readAddress("?wanted=Black|Attractive|Bald|100%,Bald", ABOUT);
  assert.deepEqual(part.state.wanted, [["Black", "Bald"]]);
  assert.equal(part.sentences.length, 3);
});

test("of several galleries the address holds a name and a version", () => {
  const about = {
    ...ABOUT,
    named: "two",
    galleries: ["one", "two", "two@x"],
    guessed: ["Odd look"],
  };
  const address = writeAddress({ ...NOTHING, wanted: ["Bald"] }, about, "");
  assert.match(address, /gallery=two%40abcd1234$/);
  assert.deepEqual(readAddress(address, about).sentences, []);
  assert.equal(readAddress("?wanted=Bald&gallery=two", about).sentences.length, 0);
  assert.equal(readAddress("?wanted=Bald&gallery=abcd1234", about).sentences.length, 0);
  assert.match(readAddress("?gallery=two%40old", about).sentences[0], /another gallery/);
  assert.match(readAddress("?gallery=three", about).sentences[0], /another gallery/);
  assert.equal(readAddress("?gallery=two", about).state, null); // as where it says nothing
  assert.deepEqual(readAddress("?gallery=two%40abcd1234", about).state, NOTHING);
  assert.equal(namedGallery("?gallery=two%40abcd1234", about.galleries), "two");
  assert.equal(namedGallery("?gallery=abcd1234", about.galleries), null);
  assert.equal(namedGallery("?gallery=two"), null);
  const state = { ...NOTHING, wanted: ["Bald", "Odd look"], unwanted: ["Male"], face: "a", k: 7 };
  const other = otherGallery("one", "?wanted=Bald&__theme=dark", state, about);
  assert.deepEqual(
    [...new URLSearchParams(other)],
    [
      ["__theme", "dark"],
      ["wanted", "Bald"],
      ["unwanted", "Male"],
      ["gallery", "one"],
    ],
  );
  assert.equal(otherGallery("one", "", state, about), "?gallery=one");
});

test("what a face can't have together is any-of when two are ticked", () => {
  let state = ticked(NOTHING, "Black", "wanted", ABOUT);
  state = ticked(state, "Bald", "wanted", ABOUT);
  state = ticked(state, "Grey", "wanted", ABOUT);
  assert.deepEqual(state.wanted, [["Black", "Grey"], "Bald"]);
  assert.deepEqual(ticked(state, "Black", "unwanted", ABOUT).wanted, ["Grey", "Bald"]);
  assert.deepEqual(ticked(state, "Grey", null, ABOUT).wanted, ["Black", "Bald"]);
});

test("an or becomes an and, and an and an or", () => {
  const wanted = ["Bald", ["Black", "Brown", "Grey"], "Male"];
  assert.deepEqual(parted(wanted, 1, 1), ["Bald", "Black", ["Brown", "Grey"], "Male"]);
  assert.deepEqual(joined(parted(wanted, 1, 1), 1), wanted);
  assert.deepEqual(joined(["Bald", "Male"], 0), [["Bald", "Male"]]);
  assert.deepEqual(withoutName([["Bald", "Male"]], "Bald"), ["Male"]);
  assert.deepEqual(withName(["Black", "Brown"], "Grey", ABOUT.exclusive), [
    "Black",
    ["Brown", "Grey"],
  ]);
});

test("any-of is said with a shared word once", () => {
  assert.equal(eitherOf(["Black", "Brown"], ABOUT.labels), "Black or brown hair");
  assert.equal(eitherOf(["Black", "Bald"], ABOUT.labels), "Black hair or bald");
  assert.equal(eitherOf(["Black"], ABOUT.labels), "Black hair");
});

test("an address that says nothing of ours gives no state", () => {
  for (const search of ["", "?", "?__theme=dark"])
    assert.deepEqual(readAddress(search, ABOUT), { state: null, sentences: [] });
});

test("a name that every object has is no attribute", () => {
  for (const name of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    const { state, sentences } = readAddress(`?wanted=${name},Bald`, ABOUT);
    assert.deepEqual(state.wanted, ["Bald"]);
    assert.match(sentences[0], new RegExp(`“${name}”, which is none of this gallery's`));
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
  state = ticked({ ...state, shown: 31 }, "Smiling", "wanted", ABOUT);
  assert.deepEqual([state.k, state.shown, question(state, ABOUT).k], [7, null, 7]);
  state = asking({ ...state, shown: 31, face: "a" }, { unwanted: ["Male"] });
  assert.deepEqual([state.k, state.shown, state.face], [7, null, null]);
  assert.equal(question({ ...state, shown: 31 }, ABOUT).k, 31);
});

test("an attribute is wanted, unwanted or open, and never two of these", () => {
  let state = ticked(NOTHING, "Bald", "wanted", ABOUT);
  state = ticked(state, "Bald", "unwanted", ABOUT);
  assert.deepEqual([state.wanted, state.unwanted], [[], ["Bald"]]);
  state = ticked(state, "Bald", null, ABOUT);
  assert.deepEqual([state.wanted, state.unwanted], [[], []]);
});

test("a first tick beside a face takes the mix to the middle, and the last one takes it away", () => {
  const alike = { ...NOTHING, like: "a.png" };
  assert.equal(ticked(alike, "Bald", "wanted", ABOUT).mix, 0.5);
  assert.equal(ticked({ ...alike, mix: 0.2 }, "Bald", "wanted", ABOUT).mix, 0.2);
  assert.equal(ticking({ ...alike, mix: 0.2 }, { wanted: [], unwanted: [] }).mix, 0);
  assert.equal(ticked(NOTHING, "Bald", "wanted", ABOUT).mix, 0);
});

test("Back takes no face of the same ranking away", () => {
  const loaded = { ...NOTHING, shown: 72, face: "a.png" };
  assert.equal(keepingLoaded(loaded, NOTHING).shown, 72);
  assert.equal(keepingLoaded(loaded, NOTHING).face, null);
  assert.equal(keepingLoaded(loaded, { ...NOTHING, shown: 96 }).shown, 96);
  const other = ticked(NOTHING, "Bald", "wanted", ABOUT);
  assert.equal(keepingLoaded(loaded, other), other);
});

/** A browser's history that throws from the 101st call within ten seconds, and a clock to turn. */
function browser() {
  let [time, timers] = [0, []];
  const calls = [];
  const entries = [{ state: null, address: "?first" }];
  let at = 0;
  const count = () => {
    if (calls.filter((when) => time - when < 10_000).length >= 100)
      throw new Error("SecurityError");
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
  const trail = new Trail(tab, undefined, tab);
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
  const trail = new Trail(tab, undefined, tab);
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
  const trail = new Trail(tab, undefined, tab);
  for (let call = 0; call < 100; call++) tab.replaceState(null, "", "?other");
  trail.push("?mine");
  assert.equal(tab.entries.at(-1).address, "?other");
  tab.pass(11_000);
  assert.equal(tab.entries.at(-1).address, "?mine");
});

test("what waits is written before the next entry is added, and dropped when another is gone to", () => {
  const tab = browser();
  const trail = new Trail(tab, undefined, tab);
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
  const trail = new Trail(tab, undefined, tab);
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

test("queries are compared whatever the order, and sets of any-of as sets", () => {
  const a = { wanted: ["Bald", ["Smiling", "Male"]], unwanted: ["Young", "Blurry"] };
  const b = { wanted: [["Male", "Smiling"], "Bald"], unwanted: ["Blurry", "Young"] };
  assert.ok(sameQuery(a, b));
  assert.ok(says(a, { wanted: ["Bald"], unwanted: ["Young"] }));
  assert.ok(!says(a, { wanted: ["Smiling"], unwanted: [] }));
  assert.ok(!sameQuery(a, { ...b, unwanted: [] }));
  assert.deepEqual(a.wanted[1], ["Smiling", "Male"]); // as it was
});

test("what words ask for now takes the place of what they asked before, and ticks stay", () => {
  const ticked = { wanted: ["Bald"], unwanted: ["Blurry"] };
  const first = { wanted: [["Smiling", "Male"]], unwanted: [] };
  const second = { wanted: ["Smiling", "Blurry"], unwanted: ["Bald"] };
  const nothing = { wanted: [], unwanted: [] };
  const said = resaid(ticked, nothing, first);
  assert.deepEqual(said, { wanted: ["Bald", ["Smiling", "Male"]], unwanted: ["Blurry"] });
  assert.deepEqual(resaid(said, first, nothing), ticked);
  assert.deepEqual(resaid(said, first, second), second); // words win over ticks
});

/** A page in a frame, and what it posts. */
function framed(above, referrer = "") {
  const posted = [];
  const parent = { postMessage: (...message) => posted.push(message) };
  const location = { hash: "#x", ancestorOrigins: above };
  return { posted, parent, location, document: { referrer } };
}

test("the Hub's page is told the query, less what the Hub put there", () => {
  const page = framed(["https://huggingface.co"]);
  tellHub("?__theme=dark&wanted=Bald,Black|Grey&__sign=secret&k=7", page);
  const told = { queryString: "wanted=Bald,Black|Grey&k=7", hash: "#x" };
  assert.deepEqual(page.posted, [[told, "https://huggingface.co"]]);
});

test("where a browser does not say who frames a page, the referrer does", () => {
  const page = framed(undefined, "https://huggingface.co/");
  tellHub("?k=7", page);
  assert.equal(page.posted.length, 1);
});

test("no other page is told anything", () => {
  const others = ["https://example.org", "https://huggingface.co.example.org", "null"];
  const pages = others.flatMap((other) => [framed([other]), framed(undefined, `${other}/`)]);
  const deeper = framed(["https://example.org", "https://huggingface.co"]);
  const alone = framed(["https://huggingface.co"]);
  alone.parent = Object.assign(alone, { postMessage: () => assert.fail("it has no frame") });
  for (const page of [...pages, deeper, alone]) {
    tellHub("?k=7", page);
    assert.deepEqual(page.posted, []);
  }
});

test("who answers may lack a function, and one that is silent gives a sentence", async () => {
  const asking = new Asking({ face: async () => null }, () => {});
  assert.equal(asking.can("face"), true);
  assert.equal(asking.can("picture"), false);
  assert.match((await asking.call("face", "a")).error, /does not answer/);
});

/** A browser's storage. */
function storage(kept = {}) {
  return {
    kept,
    getItem: (key) => kept[key] ?? null,
    setItem: (key, value) => {
      kept[key] = value;
    },
    removeItem: (key) => {
      delete kept[key];
    },
  };
}

function entry(name, bias = 0) {
  const taught = { name, model: "m", weight: [1], bias, like: 3, unlike: 0, told_apart: 0.8 };
  return { taught, rate: 0.25, marks: { like: ["a"], unlike: [], skipped: [] } };
}

const TAUGHT_ABOUT = {
  ...{ attributes: ["Wearing_Hat"], labels: { Wearing_Hat: "Hat" }, rates: [0.5] },
  ...{ guessed: [], model: "m", counts_from: "labels" },
};

test("what is taught becomes part of the vocabulary, and stays in the browser for its model", () => {
  const about = { ...TAUGHT_ABOUT };
  const store = storage();
  const here = new TaughtHere(about, store);
  assert.deepEqual(about.taught, []);
  assert.equal(here.put(entry("in_profile Left")), true);
  assert.deepEqual(about.attributes, ["Wearing_Hat", "in_profile Left"]);
  assert.equal(about.labels["in_profile Left"], "In profile left");
  assert.deepEqual(about.rates, [0.5, 0.25]);
  assert.equal(byLabel(["Wearing_Hat"], about), true);
  assert.equal(byLabel(["Wearing_Hat", "in_profile Left"], about), false);
  here.put(entry("other"));
  here.put(entry("in_profile Left", 7)); // another lesson of the first one
  assert.deepEqual(here.file(), `${JSON.stringify({ taught: about.taught })}\n`);
  assert.deepEqual(
    about.taught.map(({ name, bias }) => [name, bias]),
    [
      ["in_profile Left", 7],
      ["other", 0],
    ],
  );
  assert.deepEqual(new TaughtHere({ ...TAUGHT_ABOUT }, store).kept(), here.entries);
  assert.deepEqual(new TaughtHere({ ...TAUGHT_ABOUT, model: "n" }, store).kept(), []);
  here.rename("other", "Another");
  here.remove("in_profile Left");
  assert.deepEqual(about.attributes, ["Wearing_Hat", "Another"]);
  here.remove("Another");
  assert.deepEqual(store.kept, {});
});

test("a name that is taken, and too many, are refused in a sentence", () => {
  const here = new TaughtHere({ ...TAUGHT_ABOUT }, storage());
  assert.match(here.refusal(""), /^Name the look/);
  for (const taken of ["wearing  hat", "HAT", "Wearing_Hat"])
    assert.match(here.refusal(taken), /already/);
  here.put(entry("one"));
  assert.match(here.refusal("One"), /“One” already/);
  assert.equal(here.refusal("One", "one"), null);
  assert.equal(here.refusal("constructor"), null);
  for (let place = 1; place < 20; place++) here.put(entry(`look ${place}`));
  assert.match(here.refusal("more"), /20 attributes are taught here already/);
});

test("a storage that is broken, full or forbidden leaves the page as it is", () => {
  for (const text of ["no JSON", "7", "[7]", "null"])
    assert.deepEqual(
      new TaughtHere({ ...TAUGHT_ABOUT }, storage({ "facesearch.taught.m": text })).kept(),
      [],
    );
  const own = storage({ "facesearch.taught.m": JSON.stringify([entry("hat"), entry("look")]) });
  const here = new TaughtHere({ ...TAUGHT_ABOUT }, own);
  assert.deepEqual(
    here.kept().map(({ taught }) => taught.name),
    ["look"],
  ); // the bundle has one by now
  const full = new TaughtHere(
    { ...TAUGHT_ABOUT },
    {
      getItem: () => {
        throw new Error("forbidden");
      },
      setItem: () => {
        throw new Error("full");
      },
    },
  );
  assert.deepEqual(full.kept(), []);
  assert.equal(full.put(entry("look")), false);
  assert.equal(new TaughtHere({ ...TAUGHT_ABOUT }, null).put(entry("look")), false);
  assert.equal(plainWords("in_profile"), "In profile");
});
