// What is asked for, above the faces: queries to start from, and chips that change the query.

import { markExample, showChips, showExamples } from "./chips.js";
import { asking, ticking } from "./state.js";

export class AskedFor {
  /** `page` has the state, and ways to change it. */
  constructor(page) {
    this.page = page;
    this.chips = page.find(".fs-chips");
    this.examples = page.find(".fs-examples");
    showExamples(this.examples, page.about, {
      ask: ({ wanted, unwanted }) => page.go(asking(page.state, { wanted, unwanted })),
      surprise: () => page.surprise(),
    });
    this.on = {
      drop: (name) => page.set(name, null),
      set: (wanted) => this.set(wanted),
      stay: (names) => page.move(null, names),
      image: (name) => page.gallery.image(name),
      clear: () => {
        const none = ticking(page.state, { wanted: [], unwanted: [] });
        page.go({ ...none, more: [], fewer: [] });
        this.examples.querySelector("button").focus();
      },
    };
  }

  show() {
    const { state, about } = this.page;
    showChips(this.chips, state, about, this.on);
    markExample(this.examples, state, about);
  }

  /** Ask for other parts; the keyboard goes on from the same place. */
  set(wanted) {
    const { page, chips } = this;
    const place = [...chips.querySelectorAll("button")].indexOf(document.activeElement);
    page.go(ticking(page.state, { wanted, unwanted: page.state.unwanted }));
    chips.querySelectorAll("button")[place]?.focus();
  }

  /** Go on by keyboard from the chips of a side that moves the search, or else from the first one. */
  focus(side) {
    const sides = side ? `.fs-moved-${side} button` : ".fs-moved button";
    const [chip] = [sides, "button"].map((each) => this.chips.querySelector(each)).filter(Boolean);
    (chip ?? this.examples.querySelector("button")).focus();
  }
}
