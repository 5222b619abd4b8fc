// Teaching on the page: from picked faces to a row of the panel, and what is done with it there.

import { save } from "./download.js";
import { say } from "./elements.js";
import { Lesson } from "./lesson.js";
import { Naming } from "./naming.js";
import { TaughtHere } from "./taught.js";

const LARGEST = 1024 * 1024; // bytes of a file of attributes
const UNKEPT =
  "This browser keeps nothing of this page, so what is taught is gone when it is closed.";

export class Teaching {
  /** `page` has the panel, the picks, and ways to change what is asked. */
  constructor(page) {
    const { about, asking, find, panel } = page;
    Object.assign(this, { page, taught: new TaughtHere(about, storage()), picked: [] });
    this.naming = new Naming(find(".fs-naming"), {
      refusal: (...names) => this.taught.refusal(...names),
      teach: (name) => this.lesson.start(name, { like: this.picked, unlike: [], skipped: [] }),
      rename: (name, to) => this.rename(name, to),
      further: (name) => this.lesson.start(name, this.taught.get(name).marks),
      remove: (name) => this.remove(name),
    });
    this.lesson = new Lesson(find(".fs-lesson"), (...call) => asking.call(...call), {
      learned: (entry, first) => this.learned(entry, first),
      failed: (sentence) => say(find(".fs-error"), sentence),
      done: (name) => panel.focus(name),
    });
    panel.change = (name) => this.naming.change(name, Boolean(this.taught.get(name).marks));
    find(".fs-taught").hidden = !asking.can("teach");
    find(".fs-taught-save").addEventListener("click", () =>
      save("taught.json", "application/json", this.taught.file()),
    );
    addEventListener("storage", ({ key }) => {
      if (key === this.taught.key || key === null) this.follow();
    });
    const input = find(".fs-taught-file");
    find(".fs-taught-bring").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.bring(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    });
  }

  /** Take up what the browser kept; sentences where the app has no use for it. */
  async begin() {
    const kept = this.page.asking.can("teach") ? this.taught.kept() : [];
    if (!kept.length) return [];
    const answer = await this.page.asking.call(
      "bring",
      kept.map(({ taught }) => taught),
    );
    if (answer.error) return [`What was taught here before can't be used: ${answer.error}`];
    this.taught.use(kept.map((entry, place) => ({ ...entry, rate: answer.rates[place] })));
    this.show();
    return [];
  }

  /** Another page of this browser taught something, or took it away. */
  follow() {
    const { page, taught } = this;
    const kept = taught.kept();
    const names = kept.map((entry) => entry.taught.name);
    for (const { taught: each } of taught.entries)
      if (!names.includes(each.name)) page.rename(each.name, null);
    taught.use(kept);
    this.show();
    page.show();
    page.ask();
  }

  /** Faces are picked that an attribute is to be taught by. */
  start(names) {
    this.picked = names;
    this.naming.teach(names.length);
  }

  learned(entry, first) {
    const { page } = this;
    const { name } = entry.taught;
    const isKept = this.taught.put(entry);
    this.show();
    if (first) {
      page.picks.clear(false);
      page.askElse({ wanted: [name], unwanted: [] });
    } else {
      page.show();
      page.ask();
    }
    if (!isKept) say(page.find(".fs-error"), UNKEPT);
  }

  rename(name, to) {
    this.taught.rename(name, to);
    this.lesson.rename(name, to);
    this.show();
    this.page.rename(name, to);
    this.page.show();
    this.page.ask();
    this.page.panel.focus(to);
  }

  remove(name) {
    this.page.rename(name, null);
    this.taught.remove(name);
    this.lesson.rename(name, null);
    this.show();
    this.page.show();
    this.page.ask();
  }

  /** Take attributes from a file; one that has the name of another takes its place. */
  async bring(file) {
    const { find, asking } = this.page;
    if (!file) return;
    const refuse = (sentence) => say(find(".fs-error"), `${file.name}: ${sentence}`);
    if (file.size > LARGEST) return refuse("is larger than 1 MB: that is no file of attributes.");
    let brought;
    try {
      brought = JSON.parse(await file.text())?.taught;
    } catch {
      // said below
    }
    if (!Array.isArray(brought) || !brought.length)
      return refuse("holds no taught attributes: give a file that this page, or another, saved.");
    const answer = await asking.call("bring", brought);
    if (answer.error) return refuse(answer.error);
    for (const [place, taught] of answer.taught.entries()) {
      const refusal = this.taught.get(taught.name) ? null : this.taught.refusal(taught.name);
      if (refusal) return refuse(refusal);
      this.taught.put({ taught, rate: answer.rates[place] });
    }
    this.show();
    say(find(".fs-error"), "");
    this.page.show();
    this.page.ask();
    this.page.panel.focus(answer.taught[0].name);
  }

  show() {
    this.page.panel.showTaught(this.taught.entries.map(({ taught }) => taught));
    this.page.find(".fs-taught-save").hidden = !this.taught.entries.length;
  }
}

/** Where the browser keeps things, or null where it may not. */
function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
