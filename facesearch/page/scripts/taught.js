// @ts-check
// Attributes taught on this page: kept by this browser for the model that they read, and sent along
// with what is asked. Nothing here touches the page.

/**
 * @typedef {{name: string, model: string, weight: number[], bias: number, like: number,
 *   unlike: number, told_apart: number}} Taught as `Taught.as_json` has it
 * @typedef {{like: string[], unlike: string[], skipped: string[]}} Marks names of faces
 * @typedef {{taught: Taught, rate: number, marks?: Marks}} Entry rate: the share of faces that has it
 */

export const MOST_TAUGHT = 20;
export const GROUP = "Taught here";

/** "in_profile" as people would write it, as `plain_words` of `facesearch/vocabulary.py` does.
 *  @param {string} name */
export function plainWords(name) {
  const [first, ...rest] = name.replaceAll("_", " ").split(" ").filter(Boolean);
  return [
    first.charAt(0).toUpperCase() + first.slice(1),
    ...rest.map((word) => word.toLowerCase()),
  ].join(" ");
}

export class TaughtHere {
  /** `about` is what the page knows of its gallery; the attributes become part of it.
   *  @param {any} about @param {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage */
  constructor(about, storage) {
    this.about = about;
    this.storage = storage;
    this.key = `facesearch.taught.${about.model}`;
    const { attributes, labels, rates, guessed } = about;
    this.before = { attributes, labels, rates, guessed };
    /** @type {Entry[]} */
    this.entries = [];
    this.use([]);
  }

  /** What the browser kept, less what the gallery's own attributes are called by now.
   *  @returns {Entry[]} */
  kept() {
    try {
      const entries = JSON.parse(this.storage?.getItem(this.key) ?? "[]");
      return entries.filter((each) => !this.isTaken(each.taught.name)).slice(0, MOST_TAUGHT);
    } catch {
      return [];
    }
  }

  /** Use these from now on, without keeping them. @param {Entry[]} entries */
  use(entries) {
    const { attributes, labels, rates, guessed } = this.before;
    const names = entries.map(({ taught }) => taught.name);
    this.entries = entries;
    Object.assign(this.about, {
      taught: entries.map(({ taught }) => taught),
      attributes: [...attributes, ...names],
      guessed: [...guessed, ...names],
      labels: { ...labels, ...Object.fromEntries(names.map((name) => [name, plainWords(name)])) },
      rates: [...rates, ...entries.map(({ rate }) => rate)],
    });
  }

  /** Use these, and keep them; false where the browser keeps nothing. @param {Entry[]} entries */
  keep(entries) {
    this.use(entries);
    try {
      if (entries.length) this.storage?.setItem(this.key, JSON.stringify(entries));
      else this.storage?.removeItem(this.key);
      return this.storage !== null;
    } catch {
      return false; // it is full, or forbidden
    }
  }

  /** Add an attribute, or another lesson of one. @param {Entry} entry */
  put(entry) {
    const place = this.entries.findIndex(({ taught }) => taught.name === entry.taught.name);
    const others = [...this.entries];
    others.splice(place < 0 ? others.length : place, place < 0 ? 0 : 1, entry);
    return this.keep(others);
  }

  /** @param {string} name @param {string} to */
  rename(name, to) {
    return this.keep(
      this.entries.map((entry) =>
        entry.taught.name === name ? { ...entry, taught: { ...entry.taught, name: to } } : entry,
      ),
    );
  }

  /** @param {string} name */
  remove(name) {
    return this.keep(this.entries.filter(({ taught }) => taught.name !== name));
  }

  /** @param {string} name */
  get(name) {
    return this.entries.find(({ taught }) => taught.name === name);
  }

  /** Whether one of the gallery's own attributes is called so. @param {string} name */
  isTaken(name) {
    const { attributes, labels } = this.before;
    const called = [...attributes, ...Object.values(labels)].map((each) => folded(each));
    return called.includes(folded(name));
  }

  /** A sentence on why an attribute can't be called so, or null; `now` is what it is called.
   *  @param {string} name @param {string | null} now */
  refusal(name, now = null) {
    const others = this.entries.filter(({ taught }) => taught.name !== now);
    if (!name) return "Name the look that these faces share.";
    if (this.isTaken(name) || others.some(({ taught }) => folded(taught.name) === folded(name)))
      return `There is an attribute “${plainWords(name)}” already: choose another name.`;
    if (now === null && others.length >= MOST_TAUGHT)
      return `${MOST_TAUGHT} attributes are taught here already: remove one first.`;
    return null;
  }

  /** The file that goes to somebody else, or to `facesearch teach --load`. */
  file() {
    return `${JSON.stringify({ taught: this.about.taught })}\n`;
  }
}

/** @param {string} name */
function folded(name) {
  return name.replaceAll("_", " ").trim().replace(/\s+/g, " ").toLowerCase();
}
