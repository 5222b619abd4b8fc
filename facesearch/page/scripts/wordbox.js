// The box of words: a text that the query follows while it is typed, with completion below it.

import { node, say } from "./elements.js";
import { resaid, sameQuery, says } from "./query.js";

const PAUSE = 90; // milliseconds of rest before the app is asked what a text means
const UNFINISHED = 1200; // and before a last word is called not understood, as it may go on
const NOTHING = { wanted: [], unwanted: [] };

export class WordBox {
  /** `find` finds the box's elements; `call(name, argument)` asks the app; `on.change(query, first)`
   *  is told of another query, `first` where the one before was not made by typing; `on.query()` is
   *  the present one, `on.isExample(query)` tells whether one was offered to start from. */
  constructor(find, call, on) {
    Object.assign(this, { call, on, said: NOTHING, asked: 0, options: [], active: -1 });
    this.resting = null; // a timer, while a text is not read yet
    this.answer = { ignored: [], unavailable: [] };
    this.box = find(".fs-ask");
    this.input = find(".fs-ask-input");
    this.list = find(".fs-ask-list");
    this.clear = find(".fs-ask-clear");
    this.note = find(".fs-ask-said");
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.clear.addEventListener("click", () => {
      this.write("");
      this.input.focus();
    });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.take(this.options[[...this.list.children].indexOf(option)]);
    });
  }

  /** The query was changed, by typing or otherwise: a text that no longer says it is taken away. */
  follow(query) {
    if (this.changing || says(query, this.said)) return;
    this.asked += 1; // what is on its way comes too late
    clearTimeout(this.resting);
    this.resting = null;
    this.input.value = "";
    this.said = NOTHING;
    this.show({});
  }

  write(text) {
    this.input.value = text;
    this.input.scrollLeft = this.input.scrollWidth; // so that its end is in sight
    this.typed();
  }

  typed() {
    this.box.setAttribute("aria-busy", "true");
    this.clear.hidden = !this.input.value;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = null;
      this.read();
    }, PAUSE);
  }

  async read() {
    const mine = ++this.asked;
    const text = this.input.value;
    const answer = text.trim() ? await this.call("words", text) : NOTHING;
    if (mine !== this.asked) return;
    if (!answer.error) this.ask({ wanted: answer.wanted, unwanted: answer.unwanted });
    this.show(answer);
  }

  /** Ask for what the text says, beside what was ticked; a query to start from gives way to it. */
  ask(said) {
    const before = this.on.query();
    const first = sameQuery(this.said, NOTHING);
    const start = first && this.on.isExample(before) ? NOTHING : before;
    const query = resaid(start, this.said, said);
    if (first && sameQuery(said, NOTHING)) return; // so far nothing is understood
    this.said = said;
    this.changing = true;
    if (!sameQuery(query, before)) this.on.change(query, first);
    this.changing = false;
  }

  /** Show what is to be said of a text that is read. */
  show({ ignored = [], unavailable = [], problem, error, suggestions = [] }) {
    this.answer = { ignored, unavailable, problem, error };
    this.box.setAttribute("aria-busy", String(this.resting !== null)); // more was typed since
    this.clear.hidden = !this.input.value;
    this.showNotes(false);
    this.offer(document.activeElement === this.input ? suggestions : []);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.showNotes(true), UNFINISHED);
  }

  /** Name what is not understood; a last word that may not be finished only once all is said. */
  showNotes(finished) {
    const { ignored, unavailable, problem, error } = this.answer;
    const last = ignored.length > 0 && this.input.value.endsWith(ignored.at(-1));
    const unknown = last && !finished ? ignored.slice(0, -1) : ignored;
    const notes = [
      error,
      problem,
      unknown.length && `Not understood: ${unknown.join(", ")}.`,
      unavailable.length && `Not available here: ${unavailable.join(", ")}.`,
    ];
    say(this.note, notes.filter(Boolean).join(" "));
  }

  offer(suggestions) {
    this.options = suggestions;
    this.list.replaceChildren(
      ...suggestions.map(({ phrase, meaning }, place) => {
        const option = node("li", "fs-ask-option");
        option.id = `fs-ask-option-${place}`;
        option.setAttribute("role", "option");
        option.append(node("span", "", phrase));
        if (meaning.toLowerCase() !== phrase.toLowerCase())
          option.append(node("span", "fs-ask-meaning", meaning));
        return option;
      }),
    );
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point(-1);
  }

  close() {
    this.offer([]);
  }

  /** Point at an option, or at none (-1). */
  point(place) {
    this.active = place;
    for (const [at, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(at === place));
    }
    const option = this.list.children[place];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  take(suggestion) {
    this.write(`${suggestion.text} `);
    this.close();
  }

  key(event) {
    const { length } = this.options;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || (step && !length)) return;
    if (step) {
      // Past either end comes the text itself.
      this.point(((this.active + 1 + step + length + 1) % (length + 1)) - 1);
    } else if (event.key === "Enter") {
      if (this.active >= 0) this.take(this.options[this.active]);
      else {
        this.close();
        this.showNotes(true);
      }
    } else if (event.key === "Escape" && length) this.close();
    else if (event.key === "Escape") this.write("");
    else return;
    event.preventDefault();
  }
}
