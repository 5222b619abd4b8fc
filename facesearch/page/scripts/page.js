// The page around its state: what changes it, the address that holds it, and what follows from it.

import { readAddress, writeAddress } from "./address.js";
import { Asking } from "./asking.js";
import { markExample, showChips, showExamples } from "./chips.js";
import { say } from "./elements.js";
import { FaceDialog } from "./face.js";
import { tellHub } from "./frame.js";
import { Gallery } from "./gallery.js";
import { GivenPicture } from "./given.js";
import { Likeness } from "./likeness.js";
import { Panel } from "./panel.js";
import { program } from "./program.js";
import { sameQuery } from "./query.js";
import { asking, keepingLoaded, nothingAsked, question, ticked, ticking } from "./state.js";
import { showStatus } from "./status.js";
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
    this.likeness = new Likeness(find(".fs-like"), {
      mix: (mix) => this.slide({ mix, shown: null }),
      settle: () => this.settle(),
      stop: () => this.go({ like: null, picture: null, mix: 0, shown: null }),
    });
    this.given = new GivenPicture(find, this.asking, {
      ask: (picture) => {
        const { wanted, unwanted } = this.state;
        this.go(asking(this.state, { wanted, unwanted, picture }));
      },
      start: (wanted) => this.go(asking(this.state, { wanted })),
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
    this.dialog = new FaceDialog(find(".fs-face"), this.panel.groups(), about, {
      close: () => this.closeFace(),
      step: (direction) => this.step(direction),
      open: (face) => {
        this.go({ face }, "replace");
        this.trail.settle();
      },
      moreLike: (like) => {
        const { wanted, unwanted } = this.state;
        this.go(asking(this.state, { wanted, unwanted, like }));
        find(".fs-unlike").focus();
      },
      startFrom: (wanted) => {
        this.go(asking(this.state, { wanted }));
        find(".fs-chips button")?.focus();
      },
    });
    this.words = new WordBox(find, (...call) => this.asking.call(...call), {
      query: () => this.state,
      isExample: (query) => about.examples.some((example) => sameQuery(example, query)),
      change: (query, first) => this.go(ticking(this.state, query), first ? "push" : "replace"),
    });
    showExamples(find(".fs-examples"), about, {
      ask: ({ wanted, unwanted }) => this.go(asking(this.state, { wanted, unwanted })),
      surprise: () => this.surprise(),
    });
  }

  // What changes the state.

  /** Take the state from the address; one that says nothing means the first example. `known` is the
   *  answer to that, where it is there already. */
  async read(known = null) {
    const { state, sentences } = readAddress(location.search, this.about);
    const [first] = this.about.examples;
    this.state = state ?? asking(nothingAsked(this.about), first ?? {});
    if (known && !state) {
      this.show();
      this.asked = this.question();
      this.showAnswer(known, this.state);
    } else await this.follow(sentences);
  }

  /** Another entry of the browser's trail is the present one: by Back, by Forward, or by `closeFace`. */
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
    if (this.state.face !== before.face) this.showFace();
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
    if (!this.state.face) this.showFace();
    await this.ask(sentences);
    if (this.state.face) this.showFace();
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
    if (answer.notice) state = this.forgetLiked(state);
    this.showAnswer(answer, state);
    this.gallery.busy = this.question() !== this.asked; // a slider moved on
  }

  /** The face whose likes were asked for is gone. */
  forgetLiked(state) {
    const gone = { like: null, picture: null, mix: 0 };
    if (this.state.like === state.like && this.state.picture === state.picture) {
      const upToDate = this.question() === this.asked;
      this.state = { ...this.state, ...gone };
      if (upToDate) this.asked = this.question();
      this.trail.replace(this.address());
      this.trail.settle();
      this.show();
    }
    return { ...state, ...gone };
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
    showChips(find(".fs-chips"), state, about, {
      drop: (name) => this.set(name, null),
      set: (wanted) => {
        const place = [...find(".fs-chips").querySelectorAll("button")].indexOf(
          document.activeElement,
        );
        this.go(ticking(this.state, { wanted, unwanted: this.state.unwanted }));
        find(".fs-chips").querySelectorAll("button")[place]?.focus();
      },
      clear: () => {
        this.go(ticking(this.state, { wanted: [], unwanted: [] }));
        find(".fs-examples button").focus();
      },
    });
    markExample(find(".fs-examples"), state, about);
    this.words.follow(state);
    this.slider.value = state.k;
    this.hidden.checked = state.hidden;
    find(".fs-k output").textContent = number(state.k);
    this.likeness.show(state, this.answer?.like);
    this.given.show(state.picture);
    find(".fs-program pre").textContent = program(question(state, about));
  }

  showAnswer(answer, state) {
    this.answer = answer;
    this.answered = state;
    this.gallery.show(answer);
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

  // The opened face.

  /** Open the face that the state names, or close the dialog. */
  async showFace() {
    const name = this.state.face;
    if (!name) return this.dialog.hide();
    const face = await this.asking.call("face", name);
    if (this.state.face !== name) return;
    if (face.error) {
      this.closeFace();
      say(this.find(".fs-error"), face.error);
      return;
    }
    const next = this.gallery.beside(name, 1) || (this.gallery.hit(name) && this.answer.more);
    this.dialog.show(face, this.gallery.hit(name), this.answer?.asked ?? [], {
      previous: this.gallery.beside(name, -1),
      next,
    });
  }

  closeFace() {
    const { face } = this.state;
    this.state = { ...this.state, face: null };
    if (this.trail.onDetour) this.trail.leave();
    else this.trail.replace(this.address());
    this.dialog.hide();
    this.gallery.focus(face);
  }

  /** The face before or after the opened one; after the last one shown, more are fetched. */
  async step(direction) {
    const { face } = this.state;
    if (direction > 0 && this.gallery.hit(face) && !this.gallery.beside(face, 1)) await this.more();
    const hit = this.gallery.beside(face, direction);
    if (hit && this.state.face === face) this.go({ face: hit.name }, "replace");
  }
}
