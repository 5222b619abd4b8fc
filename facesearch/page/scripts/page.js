// The page around its state: what changes it, the address that holds it, and what follows from it.

import { readAddress, writeAddress } from "./address.js";
import { AskedFor } from "./asked.js";
import { Asking } from "./asking.js";
import { say } from "./elements.js";
import { tellHub } from "./frame.js";
import { Gallery } from "./gallery.js";
import { GivenPicture } from "./given.js";
import { Likeness } from "./likeness.js";
import { OpenedFace } from "./opened.js";
import { Panel } from "./panel.js";
import { Picks } from "./picks.js";
import { program } from "./program.js";
import { namesIn, sameQuery } from "./query.js";
import {
  asking,
  keepingLoaded,
  moving,
  nothingAsked,
  question,
  renamed,
  ticked,
  ticking,
} from "./state.js";
import { showStatus } from "./status.js";
import { Teaching } from "./teaching.js";
import { Trail } from "./trail.js";
import { WordBox } from "./wordbox.js";
import { number } from "./words.js";

const SLIDER = 96; // the most faces that the slider lets an answer start with
const PAUSE = 120; // milliseconds that a slider rests before the app is asked
const SILENT =
  "The app does not answer. Check that it still runs; it is asked again every two seconds.";

export class Page {
  constructor(find, about, answers) {
    Object.assign(this, { find, about, state: nothingAsked(about) });
    this.answer = null; // the last one that is shown,
    this.answered = this.state; // and the state that it answers
    this.asked = ""; // the last question, as text
    this.waiting = false; // for its answer
    this.searched = Promise.resolve();
    this.trail = new Trail(history, tellHub);
    this.asking = new Asking(answers, () => say(find(".fs-error"), SILENT));
    this.panel = new Panel(find(".fs-panel"), about, (name, to) => this.set(name, to));
    this.gallery = new Gallery(find(".fs-gallery"), about, (face) => this.go({ face }));
    this.picks = new Picks(
      find,
      this.gallery,
      {
        more: (names) => this.move("more", names),
        fewer: (names) => this.move("fewer", names),
        teach: (names) => this.teaching.start(names),
      },
      (way) => way !== "teach" || this.asking.can("teach"),
    );
    this.teaching = new Teaching(this);
    this.likeness = new Likeness(find(".fs-like"), {
      mix: (mix) => this.slide({ mix, shown: null }),
      settle: () => this.settle(),
      stop: () => this.go({ like: null, picture: null, mix: 0, shown: null }),
    });
    this.given = new GivenPicture(find, this.asking, {
      ask: (picture) => this.askElse({ picture }),
      start: (wanted) => this.askElse({ wanted, unwanted: [] }),
      busy: (sentence) => say(find(".fs-give-said"), sentence),
    });
    this.hidden = find(".fs-hidden input");
    find(".fs-hidden").hidden = !about.hidden;
    this.hidden.addEventListener("change", () =>
      this.go({ hidden: this.hidden.checked, shown: null }),
    );
    this.slider = find(".fs-k input");
    this.slider.max = Math.min(SLIDER, about.most);
    this.slider.addEventListener("input", () =>
      this.slide({ k: Number(this.slider.value), shown: null }),
    );
    this.slider.addEventListener("change", () => this.settle());
    this.opened = new OpenedFace(this);
    this.words = new WordBox(find, (...call) => this.asking.call(...call), {
      query: () => this.state,
      isExample: (query) => about.examples.some((example) => sameQuery(example, query)),
      change: (query, first) => this.go(ticking(this.state, query), first ? "push" : "replace"),
    });
    this.askedFor = new AskedFor(this);
  }

  // What changes the state.

  /** Take the state from the address; one that says nothing means the first example. `known` is the
   *  answer to that, where it is there already. */
  async read(known = null) {
    const unusable = await this.teaching.begin();
    const { state, sentences } = readAddress(location.search, this.about);
    const [first] = this.about.examples;
    this.state = state ?? asking(nothingAsked(this.about), first ?? {});
    if (known && !state && !unusable.length && !this.about.taught.length) {
      this.show();
      this.asked = this.question();
      this.showAnswer(known, this.state);
    } else await this.follow([...unusable, ...sentences]);
  }

  /** Another entry of the browser's trail is the present one: by Back, by Forward, or by closing a face. */
  arrive() {
    tellHub(location.search);
    const returned = this.trail.arrived();
    const { state, sentences } = readAddress(location.search, this.about);
    const [first] = this.about.examples;
    const there = state ?? asking(nothingAsked(this.about), first ?? {});
    const kept = returned ? this.state : keepingLoaded(this.state, there);
    if (kept !== there && this.address(kept) !== this.address(there))
      this.trail.replace(this.address(kept));
    if (returned) return;
    this.state = kept;
    this.follow(sentences);
  }

  /** Change the state and the address, and what follows from them. */
  go(change, how = "push") {
    const before = this.state;
    this.state = { ...before, ...change };
    if (how === "push") this.trail.push(this.address(), Boolean(this.state.face));
    else this.trail.replace(this.address());
    this.show();
    this.ask();
    if (this.state.face !== before.face) this.opened.show();
  }

  /** Change the state as a slider does, many times a second: the app is asked once it rests. */
  slide(change) {
    this.state = { ...this.state, ...change };
    this.trail.replace(this.address());
    this.show();
    this.gallery.busy = this.waiting || this.question() !== this.asked;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.ask(), PAUSE);
  }

  settle() {
    this.trail.settle();
    return this.ask();
  }

  /** Make an attribute "wanted", "unwanted" or open (null). */
  set(name, to) {
    this.go(ticked(this.state, name, to, this.about));
  }

  /** Ask for something else, beside what is ticked unless the query says otherwise. */
  askElse(query) {
    const { wanted, unwanted } = this.state;
    this.go(asking(this.state, { wanted, unwanted, ...query }));
  }

  /** Have the search find "more" or "fewer" faces like some, or as it would without them (null). */
  move(side, names) {
    this.go(moving(this.state, side, names));
    this.askedFor.focus(side);
  }

  /** A taught attribute is called otherwise, or is gone (null). */
  rename(name, to) {
    const { state } = this;
    if (!namesIn(state.wanted).includes(name) && !state.unwanted.includes(name)) return;
    if (to === null) this.set(name, null);
    else this.go(renamed(state, name, to), "replace");
  }

  async surprise() {
    const before = this.state;
    const query = await this.asking.call("surprise");
    if (this.state !== before) return; // something else was asked for meanwhile
    if (query.error) say(this.find(".fs-error"), query.error);
    else this.go(asking(this.state, query));
  }

  // What follows from the state.

  address(state = this.state) {
    return writeAddress(state, this.about, location.search);
  }

  question() {
    return JSON.stringify(question(this.state, this.about));
  }

  /** Bring everything in line with a state that came from the address. */
  async follow(sentences) {
    this.show();
    if (!this.state.face) this.opened.show();
    await this.ask(sentences);
    if (this.state.face) this.opened.show();
  }

  /** Ask the app, if it was asked something else last. */
  ask(sentences = []) {
    clearTimeout(this.resting);
    const asked = this.question();
    if (asked !== this.asked || sentences.length) {
      this.asked = asked;
      this.searched = this.search(this.state, sentences);
    } else this.gallery.busy = this.waiting;
    return this.searched;
  }

  async search(state, sentences) {
    this.waiting = this.gallery.busy = true;
    const answer = await this.asking.search(question(state, this.about));
    if (!answer) return;
    this.waiting = this.gallery.busy = false;
    say(
      this.find(".fs-error"),
      [...sentences, answer.error, answer.notice, answer.slow].filter(Boolean).join(" "),
    );
    if (answer.error) return;
    if (answer.notice) state = this.forgetGone(state, answer);
    this.showAnswer(answer, state);
    this.gallery.busy = this.question() !== this.asked; // a slider moved on
  }

  /** Faces that were asked by are gone: those that the answer still knows stay. */
  forgetGone(state, { like, picture, moved }) {
    const there = { like: like?.name ?? null, picture, mix: like || picture ? state.mix : 0 };
    for (const side of ["more", "fewer"]) there[side] = moved[side].map(({ name }) => name);
    if (this.question() === JSON.stringify(question(state, this.about))) {
      this.state = { ...this.state, ...there };
      this.asked = this.question();
      this.trail.replace(this.address());
      this.trail.settle();
      this.show();
    }
    return { ...state, ...there };
  }

  /** The next faces of the same ranking. */
  more() {
    this.loading ??= this.loadMore().finally(() => (this.loading = null));
    return this.loading;
  }

  async loadMore() {
    let searched; // a click while an answer is on its way goes on from that answer
    do {
      searched = this.settle();
      await searched;
    } while (searched !== this.searched);
    const last = this.gallery.hits.at(-1);
    if (!last || !this.answer.more) return;
    const asked = this.asked;
    this.waiting = this.gallery.busy = true;
    const answer = await this.asking.search({
      ...question(this.state, this.about),
      k: this.about.k,
      after: last.rank,
    });
    if (!answer) return;
    this.waiting = false;
    this.gallery.busy = this.question() !== asked;
    if (this.gallery.busy) return; // a slider moved on: what it asks for comes next
    say(this.find(".fs-error"), answer.error);
    if (answer.error) return;
    this.gallery.append(answer);
    this.picks.show();
    this.state = { ...this.state, shown: this.gallery.hits.length };
    this.asked = this.question();
    this.answered = { ...this.answered, shown: this.state.shown };
    this.answer = answer;
    this.trail.replace(this.address());
    this.trail.settle();
    this.show();
    this.showStatus();
    if (!answer.more) this.gallery.focus(answer.hits[0]?.name);
  }

  show() {
    const { about, find, state } = this;
    this.panel.show(state);
    this.askedFor.show();
    this.words.follow(state);
    this.slider.value = state.k;
    this.hidden.checked = state.hidden;
    find(".fs-k output").textContent = number(state.k);
    this.likeness.show(state, this.answer?.like);
    this.given.show(state.picture);
    find(".fs-program pre").textContent = program(question(state, about), about);
  }

  showAnswer(answer, state) {
    this.answer = answer;
    this.answered = state;
    this.gallery.show(answer);
    this.picks.show();
    this.askedFor.show();
    this.panel.showCounts(answer);
    this.likeness.show(this.state, answer.like);
    this.showStatus();
  }

  showStatus() {
    showStatus(this.find, this.answer, this.gallery.hits, this.about, (names) => {
      const open = names.reduce((state, name) => ticked(state, name, null, this.about), this.state);
      this.go(open);
      this.find(".fs-chips button")?.focus();
    });
  }
}
