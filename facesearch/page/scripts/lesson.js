// A lesson: what is learned from picked faces at once, then by questions with yes and no, until done.

import { node, say } from "./elements.js";
import { picture } from "./tile.js";
import { percent, plural } from "./words.js";

const KEYS = { y: "yes", n: "no", s: "skip" };
const MARKS = { yes: "like", no: "unlike", skip: "skipped" };

export class Lesson {
  /** `call(name, argument)` asks the app; `on` has learned(entry, first), told what is known by now,
   *  failed(sentence), and done(name). */
  constructor(box, call, on) {
    Object.assign(this, { box, call, on, name: null, marks: null, queue: [], running: null });
    this.find = (selector) => box.querySelector(selector);
    for (const way of Object.keys(MARKS))
      this.find(`.fs-lesson-${way}`).addEventListener("click", () => this.mark(way));
    this.find(".fs-lesson-done").addEventListener("click", () => this.end());
    box.addEventListener("keydown", (event) => {
      const way = KEYS[event.key.toLowerCase()];
      if (!way || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      event.preventDefault();
      this.mark(way);
    });
  }

  /** Teach an attribute by marks that are there. */
  async start(name, marks) {
    Object.assign(this, { name, marks, queue: [], entry: null });
    const entry = await this.learn();
    if (!entry || this.name !== name) return;
    this.box.hidden = false;
    this.find(".fs-lesson-yes").focus();
    this.box.scrollIntoView({ block: "nearest" });
  }

  /** Mark the face that is asked about, and learn from that: the next question is there already. */
  mark(way) {
    const face = this.queue.shift();
    if (!face) return;
    const side = MARKS[way];
    this.marks = { ...this.marks, [side]: [...this.marks[side], face.name] };
    this.show();
    this.learn();
  }

  /** Learn from the marks; while that is under way, only the last that are there count. */
  async learn() {
    const mine = {};
    this.running = mine;
    const { name, marks } = this;
    this.box.setAttribute("aria-busy", "true");
    const answer = await this.call("teach", { name, ...marks });
    if (mine !== this.running) return null;
    this.box.setAttribute("aria-busy", "false");
    if (this.name !== name) return null;
    if (answer.error) {
      this.on.failed(answer.error);
      if (!this.entry) this.name = null;
      return null;
    }
    const first = !this.entry;
    this.entry = { taught: answer.taught, rate: answer.rate, marks };
    // The face that is asked about stays, as an answer to it may be on its way to the key.
    const [now] = this.queue;
    const next = answer.ask.filter(({ name: each }) => each !== now?.name);
    this.queue = now ? [now, ...next] : next;
    this.show();
    this.on.learned(this.entry, first);
    return this.entry;
  }

  /** It is called otherwise from now on, or is gone (null). */
  rename(name, to) {
    if (this.name !== name) return;
    this.name = to;
    if (to === null) {
      this.end();
      return;
    }
    this.show();
    this.learn(); // what was on its way has the name of before
  }

  end() {
    const { name } = this;
    this.name = null;
    this.box.hidden = true;
    if (name) this.on.done(name);
  }

  show() {
    const { like, unlike } = this.marks;
    const [face] = this.queue;
    this.find("h2").textContent = `Teaching “${this.name}”`;
    const marks = `${plural(like.length, "face", "faces")} with it, ${unlike.length} without`;
    const { told_apart, rate } = this.entry ? { ...this.entry.taught, ...this.entry } : {};
    const known = this.entry
      ? `; ${percent(told_apart)} of them told apart when left out, and about ${percent(rate)} of all faces have it`
      : "";
    say(this.find(".fs-lesson-marks"), `${marks}${known}.`);
    this.find(".fs-lesson-question").textContent = face
      ? `Does this face have it? ${face.name}`
      : "Every face here is marked.";
    for (const way of Object.keys(MARKS)) this.find(`.fs-lesson-${way}`).disabled = !face;
    this.find(".fs-lesson-picture").replaceChildren(face ? picture(face) : node("span", ""));
  }
}
