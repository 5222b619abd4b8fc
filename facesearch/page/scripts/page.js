// What is shown: one state that the address holds; controls, faces and sentences follow from it.

import { nothingAsked, readAddress, writeAddress } from "./address.js";
import { Asking } from "./asking.js";
import { markExample, showChips, showExamples } from "./chips.js";
import { say } from "./elements.js";
import { FaceDialog } from "./face.js";
import { Gallery } from "./gallery.js";
import { Likeness, mixAfter } from "./likeness.js";
import { Panel } from "./panel.js";
import { program } from "./program.js";
import { showStatus } from "./status.js";
import { number } from "./words.js";

const SLIDER = 96; // the most faces that an answer starts with
const SILENT =
  "The app does not answer. Check that it still runs; it is asked again every two seconds.";

export class Page {
  constructor(find, about, server) {
    Object.assign(this, { find, about, state: nothingAsked(about), answer: null });
    this.first = about.k; // how many faces an answer starts with; "more" adds to them
    this.slider = find(".fs-k input");
    this.slider.max = Math.min(SLIDER, about.most);
    this.slider.addEventListener("input", () => {
      this.first = Number(this.slider.value);
      this.go({ k: this.first }, "replaceState");
    });
    this.asking = new Asking(server, () => say(find(".fs-error"), SILENT));
    this.panel = new Panel(find(".fs-panel"), about, (name, to) => this.set(name, to));
    this.gallery = new Gallery(find(".fs-gallery"), about, (face) => this.go({ face }));
    this.likeness = new Likeness(find(".fs-like"), {
      mix: (mix) => this.go({ mix, k: this.first }, "replaceState"),
      stop: () => this.go({ like: null, mix: 0, k: this.first }),
    });
    this.dialog = new FaceDialog(find(".fs-face"), this.panel.groups(), about, {
      close: () => this.closeFace(),
      step: (direction) => this.step(direction),
      moreLike: (like) => {
        this.ask({ ...this.state, like, mix: 0 });
        find(".fs-unlike").focus();
      },
      startFrom: (wanted) => {
        this.ask({ wanted });
        find(".fs-chips button")?.focus();
      },
    });
    showExamples(find(".fs-examples"), about, {
      ask: ({ wanted, unwanted }) => this.ask({ wanted, unwanted }),
      surprise: () => this.surprise(),
    });
  }

  /** Take the state from the address; one that says nothing means the first example. `known` is the
   *  answer to that, where it is there already. */
  async read(known = null) {
    const { state, sentences } = readAddress(location.search, this.about);
    const [first] = this.about.examples;
    const before = this.question();
    this.state = state ?? {
      ...nothingAsked(this.about),
      ...(first && { wanted: [...first.wanted], unwanted: [...first.unwanted] }),
    };
    this.show();
    if (known && !state) this.showAnswer(known);
    else if (!this.answer || this.question() !== before || sentences.length)
      await this.search(sentences);
    this.showFace();
  }

  /** Change the state and the address, and what follows from them. */
  go(change, how = "pushState") {
    const { question, state } = { question: this.question(), state: this.state };
    this.state = { ...state, ...change };
    history[how](null, "", writeAddress(this.state, this.about, location.search));
    this.show();
    if (this.question() !== question) this.searched = this.search();
    if (this.state.face !== state.face) this.showFace();
  }

  /** Ask for something else altogether. */
  ask(change) {
    this.go({ ...nothingAsked(this.about), ...change, k: this.first, face: null });
  }

  /** Make an attribute "wanted", "unwanted" or open (null). */
  set(name, to) {
    const asked = {
      wanted: this.without("wanted", name),
      unwanted: this.without("unwanted", name),
    };
    if (to) asked[to].push(name);
    this.pick(asked);
  }

  pick(asked) {
    const mix = mixAfter(this.state, asked.wanted.length + asked.unwanted.length > 0);
    this.go({ ...asked, mix, k: this.first });
  }

  without(field, name) {
    return this.state[field].filter((other) => other !== name);
  }

  /** What the app is asked, as text. */
  question() {
    const { wanted, unwanted, like, mix, k } = this.state;
    return JSON.stringify({ wanted, unwanted, like, mix, k, gallery: this.about.version });
  }

  async search(sentences = []) {
    this.gallery.busy = true;
    const answer = await this.asking.search(JSON.parse(this.question()));
    if (!answer) return;
    this.gallery.busy = false;
    say(
      this.find(".fs-error"),
      [...sentences, answer.error, answer.notice].filter(Boolean).join(" "),
    );
    if (answer.notice) Object.assign(this.state, { like: null, mix: 0 }); // the face is gone
    if (!answer.error) this.showAnswer(answer);
  }

  /** The next faces of the same ranking. */
  async more() {
    await this.searched; // a click while an answer is on its way goes on from that answer
    const last = this.gallery.hits.at(-1);
    if (this.gallery.busy || !last || !this.answer.more) return;
    const question = { ...JSON.parse(this.question()), k: this.about.k, after: last.rank };
    this.gallery.busy = true;
    const answer = await this.asking.search(question);
    if (!answer) return;
    this.gallery.busy = false;
    say(this.find(".fs-error"), answer.error);
    if (answer.error) return;
    this.gallery.append(answer);
    this.answer = answer;
    this.state.k = this.gallery.hits.length;
    this.showK();
    history.replaceState(null, "", writeAddress(this.state, this.about, location.search));
    this.showStatus();
    if (!answer.more) this.gallery.focus(answer.hits[0]?.name);
  }

  async surprise() {
    const query = await this.asking.call("surprise");
    if (query.error) say(this.find(".fs-error"), query.error);
    else this.ask(query);
  }

  showK() {
    this.slider.value = this.state.k;
    this.find(".fs-k output").textContent = number(this.state.k);
  }

  show() {
    const { about, find, state } = this;
    this.panel.show(state);
    showChips(find(".fs-chips"), state, about, {
      drop: (name) => this.set(name, null),
      clear: () => {
        this.pick({ wanted: [], unwanted: [] });
        find(".fs-examples button").focus();
      },
    });
    markExample(find(".fs-examples"), state, about);
    this.showK();
    this.likeness.show(state, this.answer?.like);
    find(".fs-program pre").textContent = program(state);
  }

  showAnswer(answer) {
    this.answer = answer;
    this.gallery.show(answer);
    this.panel.showCounts(answer);
    this.likeness.show(this.state, answer.like);
    this.showStatus();
  }

  showStatus() {
    showStatus(this.find, this.answer, this.gallery.hits, this.state, this.about, (name) => {
      this.set(name, null);
      this.find(".fs-chips button")?.focus();
    });
  }

  /** Open the face that the state names, or close the dialog. */
  async showFace() {
    const name = this.state.face;
    if (!name) return this.dialog.hide();
    const face = await this.asking.call("face", name);
    if (this.state.face !== name) return;
    if (face.error) {
      this.go({ face: null }, "replaceState");
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
    this.go({ face: null });
    this.gallery.focus(face);
  }

  /** The face before or after the opened one; after the last one shown, more are fetched. */
  async step(direction) {
    const { face } = this.state;
    if (direction > 0 && this.gallery.hit(face) && !this.gallery.beside(face, 1)) await this.more();
    const hit = this.gallery.beside(face, direction);
    if (hit && this.state.face === face) this.go({ face: hit.name }, "replaceState");
  }
}
