// How the unfinished end of a text may go on, from a vocabulary's labels and phrases.

import { casefold, stripped, tokens } from "./tokens.js";

const MOST_WORDS = 4; // of the end of a text that one phrase may continue
const MOST_SHOWN = 2; // phrases that mean the same
const LIMIT = 8;
const SILENT = ["or", "and", "a", "comma", "break"]; // begin no phrase, nor does a denial

/** Phrases that begin as a text ends, most likely first; then those with such a word in them. None
 *  where its last word is a phrase as it stands.
 *  @param {string} text @param {import("./tables.js").Tables} tables */
export function complete(text, tables) {
  const said = tokens(text, tables).slice(-MOST_WORDS);
  if (!said.length) return [];
  const found = new Map();
  const shown = new Map();
  for (const [start, phrase, meaning] of matches(text, said, tables)) {
    const key = meaning.terms.join();
    const times = shown.get(key) ?? 0;
    if (found.has(phrase) || times >= MOST_SHOWN) continue;
    shown.set(key, times + 1);
    const names = meaning.terms.map((term) => term.slice(1));
    const suggestion = { phrase, meaning: inWords(meaning, tables), names };
    found.set(phrase, { ...suggestion, text: text.slice(0, start) + phrase });
    if (found.size === LIMIT) break;
  }
  return [...found.values()];
}

/** Where a phrase would begin in the text, the phrase, and what it means. */
function* matches(text, said, tables) {
  const space = text && !stripped(text.at(-1)) ? " " : "";
  let begun = "";
  for (let first = 0; first < said.length; first++) {
    // The last word may be half typed, so that its spelling is as it stands.
    const last = casefold(said.at(-1).text);
    begun = [...said.slice(first, -1).map(({ word }) => word), last].join(" ");
    const role = tables.roles.get(begun);
    const silent = SILENT.includes(role) || tables.denying.has(role);
    if (silent || (!space && tables.phrases.has(begun))) return;
    const found = tables.shown.filter(([key]) => key.startsWith(begun + space) && key !== begun);
    for (const [, phrase, meaning] of found) yield [said[first].start, phrase, meaning];
    if (found.length && first < said.length - 1) return;
  }
  if (space || [...begun].length < 2) return;
  for (const [key, phrase, meaning] of tables.shown)
    if (key.includes(` ${begun}`)) yield [said.at(-1).start, phrase, meaning];
}

function inWords({ terms, union }, { labels }) {
  const said = terms.map((term) => (term[0] === "+" ? "" : "without ") + labels[term.slice(1)]);
  return said.join(union ? " or " : ", ");
}
