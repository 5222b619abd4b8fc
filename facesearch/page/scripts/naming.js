// The dialog that names a look, or changes one that was taught: renames, teaches further, removes.

import { prepareDialog } from "./dialog.js";
import { say } from "./elements.js";

export const FEWEST = 3; // faces that an attribute is taught by

export class Naming {
  /** `on` has refusal(name, now), a sentence or null; teach(name), rename(now, name), further(now)
   *  and remove(now). */
  constructor(dialog, on) {
    Object.assign(this, { dialog, on, now: null });
    const find = (selector) => dialog.querySelector(selector);
    this.find = find;
    this.input = find("input");
    prepareDialog(dialog);
    find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => say(find(".fs-naming-error"), ""));
    for (const way of ["further", "remove"])
      find(`.fs-naming-${way}`).addEventListener("click", () => {
        dialog.close();
        on[way](this.now);
      });
  }

  /** Name a look by so many picked faces. */
  teach(count) {
    const short = FEWEST - count;
    const those = `${short} more ${short === 1 ? "face" : "faces"} that ${short === 1 ? "has" : "have"} it`;
    this.open(null, "", {
      title: "Teach an attribute",
      about:
        short > 0
          ? `Pick ${those}: it is learned from ${FEWEST} or more, best of different people.`
          : `The ${count} picked faces share a look. What is it called?`,
      submit: "Teach",
      able: short <= 0,
      more: false,
    });
  }

  /** Change one that was taught; `can` tells whether its marks are here. */
  change(name, can) {
    this.open(name, name, {
      title: "Change what you taught",
      about: "It is kept in this browser. Save it to a file to give it to somebody else.",
      submit: "Rename",
      able: true,
      more: true,
    });
    this.find(".fs-naming-further").hidden = !can;
  }

  open(now, name, { title, about, submit, able, more }) {
    this.now = now;
    this.find("h2").textContent = title;
    this.find(".fs-naming-about").textContent = about;
    this.find(".fs-naming-submit").textContent = submit;
    this.find(".fs-naming-submit").disabled = !able;
    this.find("label").hidden = !able;
    this.find(".fs-naming-looks").hidden = !able;
    this.find(".fs-naming-further").hidden = this.find(".fs-naming-remove").hidden = !more;
    this.input.value = name;
    say(this.find(".fs-naming-error"), "");
    this.dialog.showModal();
    if (able) this.input.select();
  }

  submit() {
    const name = this.input.value.trim().replace(/\s+/g, " ");
    const refusal = this.on.refusal(name, this.now);
    if (refusal) {
      say(this.find(".fs-naming-error"), refusal);
      this.input.focus();
      return;
    }
    this.dialog.close();
    if (this.now === null) this.on.teach(name);
    else if (name !== this.now) this.on.rename(this.now, name);
  }
}
