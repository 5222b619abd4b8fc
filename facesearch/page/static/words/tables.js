// The tables of a vocabulary and of English, as `facesearch/words/tables.py` exports them. The modules
// beside this one do what those of the same names in `facesearch/words` do, for a page without a server.

/**
 * @typedef {object} Meaning what a phrase asks for
 * @property {string[]} terms "+Name" for presence, "-Name" for absence; all hold, or any of a union
 * @property {"thing" | "quality" | "person"} kind
 * @property {boolean} union
 */

export class Tables {
  /** @param {Record<string, any>} exported */
  constructor(exported) {
    const { meanings, phrases, denied, adjectives, shown, whole, ...sets } = exported;
    const meant = meanings.map(([terms, kind, union]) => ({ terms, kind, union }));
    const table = (rows) => new Map(Object.entries(rows).map(([key, at]) => [key, meant[at]]));
    this.phrases = table(phrases);
    this.denied = table(denied);
    this.adjectives = new Map(Object.entries(adjectives).map(([key, rows]) => [key, table(rows)]));
    this.shown = shown.map(([key, phrase, at]) => [key, phrase, meant[at]]);
    this.whole = new Map(Object.entries(whole));
    this.names = sets.names;
    this.labels = sets.labels;
    this.exclusive = sets.exclusive;
    this.roles = new Map(Object.entries(sets.roles));
    this.spellings = new Map(Object.entries(sets.spellings));
    this.longestRole = sets.longest_role;
    this.longestPhrase = sets.longest_phrase;
    this.longestText = sets.longest_text;
    this.mended = sets.mended; // words that slips are mended to, sorted
    for (const name of ["nouns", "denying", "pronouns", "shades", "modifiers", "others", "known"])
      this[name] = new Set(sets[name]);
  }

  index(name) {
    return this.names.indexOf(name);
  }

  /** The names of which a face has one at the most, this one among them, as one text; "" for none. */
  exclusiveSet(name) {
    return (this.exclusive.find((group) => group.includes(name)) ?? []).join();
  }
}

export function sameSet(a, b) {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
