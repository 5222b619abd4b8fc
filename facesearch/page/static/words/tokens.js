// Text cut into words, each with its place, in the spelling that tables are looked up by.

// What Python's \s and \w are; those of JavaScript differ beyond ASCII.
const SPACE =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const WORD = "\\p{L}\\p{N}_";
const SIGNS =
  `${SPACE}!-\\/:-@\\[-\`\\{-~\\u00a0-\\u00a9\\u00ab-\\u00b1\\u00b4\\u00b6-\\u00b8\\u00bb\\u00bf` +
  "\\u2000-\\u206f\\u2190-\\u2bff\\u3000-\\u303f\\ufe00-\\ufe0f\\u{1f000}-\\u{1faff}";
const LETTERS = `[^${SIGNS}]+`;
const APOSTROPHE = "['`\\u2018\\u2019]";
const TOKEN = new RegExp(
  `w\\/o(?:ut)?(?![${WORD}])|w\\/(?![${WORD}]{2})|${LETTERS}(?:${APOSTROPHE}${LETTERS})*|\\n|[^${SPACE}]`,
  "giu",
);
const HYPHENS = "-_\u2010\u2011";
const DENYING = `${HYPHENS}!`;
const PUNCTUATION = /^[!-/:-@[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]$/u;
// Joiners, variation selectors and skin tones: an emoji means the same without them.
const SILENT = /^(?:[\u200b-\u200f]|\u2060|[\ufe00-\ufe0f]|[\u{1f3fb}-\u{1f3ff}])$/u;
const HAIRED = new RegExp(`^([${WORD}]{3,})(haired)$`, "iu");
const POSSESSIVE = new RegExp(`${APOSTROPHE}s$`, "u");
const APOSTROPHES = new RegExp(APOSTROPHE, "gu");
const SPACES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");

/**
 * @typedef {object} Token a word or sign of a text
 * @property {string} word as tables have it
 * @property {string} text as typed
 * @property {number} start
 * @property {number} end
 * @property {boolean} glued whether no space is between it and the word before it
 */

/** @param {string} text @param {import("./tables.js").Tables} tables @returns {Token[]} */
export function tokens(text, tables) {
  /** @type {Token[]} */
  const found = [];
  let end = -1; // of what was cut last, hyphens included
  const add = (word, typed, start, stop, glued = false) =>
    found.push({ word, text: typed, start, end: stop, glued });
  for (const match of text.matchAll(TOKEN)) {
    const [typed] = match;
    const start = match.index;
    const stop = start + typed.length;
    const after = String.fromCodePoint(...(stop < text.length ? [text.codePointAt(stop)] : []));
    if (HYPHENS.includes(typed) && start === end && stripped(after)) {
      end = stop;
      continue;
    }
    if (DENYING.includes(typed) && start !== end && stripped(after) && !DENYING.includes(after)) {
      add("non", typed, start, stop);
      continue;
    }
    if (HYPHENS.includes(typed)) {
      add(",", typed, start, stop);
      continue;
    }
    const haired = HAIRED.exec(typed); // "greyhaired" is "grey-haired"
    if (haired) {
      const middle = start + haired[1].length;
      add(folded(haired[1], tables), haired[1], start, middle);
      add(folded(haired[2], tables), haired[2], middle, stop, true);
    } else if (!SILENT.test(typed)) {
      const word = typed === "\n" ? "." : folded(typed, tables);
      if (tables.roles.has(word) || !PUNCTUATION.test(typed))
        add(word, typed, start, stop, start === end);
    }
    end = stop;
  }
  return found;
}

/** Without the spaces around it. @param {string} text */
export function stripped(text) {
  return text.replace(SPACES, "");
}

/** As Python's `str.casefold`. @param {string} text */
export function casefold(text) {
  const each = (letter) =>
    letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase();
  return [...text].map(each).join("");
}

function folded(typed, tables) {
  let word = typed.toLowerCase();
  if (!/^[A-Za-z]+$/.test(typed)) {
    word = casefold(typed.normalize("NFKC"));
    if ([...word].length > 1) word = word.replace(POSSESSIVE, "").replace(APOSTROPHES, "");
  }
  return tables.spellings.get(word) ?? word;
}
