// From the words of a text to its parts: phrases of a vocabulary, and what joins or denies them.

import { mended } from "./spelling.js";

const COPULAS = new Set(["is", "are", "was", "were"]);
const PUNCTUATION = new Set(["comma", "break"]);
const LISTS = ["or", "comma", "and"];

/** A step of a sentence: `role` is what a little word does, null for a phrase, "?" for what is not
 *  understood. What `sign`, `before` and `attached` are, `denial.js` finds. */
export class Part {
  /** @param {string | null} role @param {number[]} tokens places of its words
   *  @param {import("./tables.js").Meaning | null} meaning @param {number | null} noun */
  constructor(role, tokens, meaning = null, noun = null) {
    Object.assign(this, { role, tokens, meaning, noun, denied: null, sign: 1, attached: false });
    this.before = new Set();
  }

  get kind() {
    return this.meaning?.kind ?? "thing";
  }

  /** What it asks for; ruled out, a phrase of several asks for the contrary of its first. */
  get terms() {
    if (!this.meaning || this.sign === 0) return [];
    const { terms, union } = this.meaning;
    if (this.sign > 0) return terms;
    return (union ? terms : terms.slice(0, 1)).map(opposite);
  }

  typed(text, said) {
    return text.slice(said[this.tokens[0]].start, said[this.tokens.at(-1)].end);
  }
}

export function opposite(term) {
  return (term[0] === "+" ? "-" : "+") + term.slice(1);
}

/** Reads the tokens of a text, from left to right; `parts` are in its order, `pronouns` apart. */
export class Reader {
  constructor(tables, tokens) {
    Object.assign(this, { tables, tokens, parts: [], pronouns: [] });
    this.taken = new Set(); // nouns that an adjective before them has
    this.noun = null; // the last one, which an adjective may follow
  }

  read() {
    let place = 0;
    while (place < this.tokens.length) place = this.step(place);
    return this.parts;
  }

  /** Read one part at a place; the place after it. */
  step(place) {
    const { tables, tokens } = this;
    const token = tokens[place];
    if (this.taken.has(place)) return place + 1;
    if (tables.pronouns.has(token.word) && tables.phrases.has(token.word)) {
      this.pronouns.push(new Part(null, [place], tables.phrases.get(token.word)));
      return place + 1;
    }
    const phrase = this.phrase(place);
    const role = this.role(place);
    const adjective = this.adjective(place);
    if (adjective && (!phrase || phrase[1] <= adjective[1])) {
      const [meaning, after, noun] = adjective;
      if (!meaning?.terms.length) return this.unknown(place, after);
      this.parts.push(new Part(null, range(place, after), meaning, noun));
      this.foundNoun(noun);
      return after;
    }
    if (role && (!phrase || role[1] > phrase[1])) {
      this.parts.push(new Part(role[0], range(place, role[1])));
      if (role[0] === "break" && !/^\p{L}+$/u.test(token.word)) this.noun = null;
      return role[1];
    }
    if (phrase) {
      const [meaning, after] = phrase;
      if (!meaning.terms.length) return this.unknown(place, after);
      this.parts.push(new Part(null, range(place, after), meaning));
      this.noun = null;
      return after;
    }
    const words = mended(token.word, tables);
    for (const word of words) {
      tokens[place] = { ...token, word };
      if (words.length === 1 || this.alike(words)) return this.step(place);
    }
    tokens[place] = token;
    return this.unknown(place, place + 1);
  }

  alike(words) {
    const said = words.map((word) => this.tables.phrases.get(word)?.terms.join());
    return said.every((each) => each !== undefined && each === said[0]);
  }

  unknown(place, after) {
    const part = new Part("?", range(place, after));
    const { word } = this.tokens[after - 1];
    if (after === place + 1) part.denied = this.tables.denied.get(word) ?? null;
    this.parts.push(part);
    this.noun = this.tables.nouns.has(word) ? part : null;
    return after;
  }

  /** The longest phrase that starts at a place, and the place after it. */
  phrase(place) {
    const { phrases, roles, longestPhrase } = this.tables;
    let [key, length] = ["", 0];
    let found = null;
    for (let at = place; at < this.tokens.length; at++) {
      const { word, glued } = this.tokens[at];
      const role = roles.get(word);
      if (PUNCTUATION.has(role) || length >= longestPhrase) break;
      const meaning = phrases.get(key + word);
      if (!role || word === "and") {
        key += word;
        length += 1;
      } else if (
        at === place ||
        (role !== "a" && role !== "little" && !COPULAS.has(word) && (!meaning || !glued))
      )
        break; // but "hat-less" is a word
      if (meaning) found = [meaning, at + 1];
    }
    return found;
  }

  role(place) {
    const { roles, longestRole } = this.tables;
    let key = "";
    let found = null;
    for (let at = place; at < Math.min(place + longestRole, this.tokens.length); at++) {
      key += this.tokens[at].word;
      if (roles.has(key)) found = [roles.get(key), at + 1];
    }
    return found;
  }

  /** What an adjective with its noun means; the place after the adjective, or after the noun where
   *  that is next; the noun's place, null where it was said before. No meaning where the noun is of
   *  something else. */
  adjective(place) {
    const { adjectives, others, roles } = this.tables;
    let key = "";
    let found = null;
    for (let at = place; at < Math.min(place + 4, this.tokens.length); at++) {
      const { word } = this.tokens[at];
      if (at > place && roles.has(word)) break;
      key += word;
      const nouns = adjectives.get(key);
      if (!nouns) continue;
      const noun = this.nounAhead(at + 1, nouns);
      if (noun !== null) {
        const after = at + 1 + Number(noun === at + 1);
        found = [nouns.get(this.tokens[noun].word), after, noun];
      } else if (this.ofAnother(at + 1) && [...nouns.keys()].some((each) => others.has(each)))
        found ??= [null, at + 1, null];
      else if (this.noun && this.ends(at + 1)) {
        const { word: last } = this.tokens[this.noun.tokens.at(-1)];
        if (nouns.has(last)) found = [nouns.get(last), at + 1, null];
      }
      found ??= this.sibling(at + 1, nouns);
    }
    return found;
  }

  /** What an adjective without a noun means in a list of others: "blonde or black". */
  sibling(after, nouns) {
    if (!this.ends(after)) return null;
    const small = (role) => role === "a" || role === "little" || this.tables.denying.has(role);
    const before = this.parts.slice(-5).filter(({ role }) => !small(role));
    const near = LISTS.includes(before.at(-1)?.role) ? before.slice(-2, -1) : [];
    let ahead = after;
    while (ahead < this.tokens.length && this.joins(ahead)) ahead += 1;
    if (ahead === this.tokens.length) ahead = after;
    const follows = ahead > after ? this.phrase(ahead) : null;
    const meanings = [...near.map(({ meaning }) => meaning), follows?.[0]];
    for (const sets of meanings.filter(Boolean).map((meaning) => this.sets(meaning))) {
      for (const meaning of nouns.values())
        if (sets && this.sets(meaning) === sets) return [meaning, after, null];
    }
    return null;
  }

  joins(at) {
    const role = this.tables.roles.get(this.tokens[at].word);
    return LISTS.includes(role) || role === "a" || role === "little";
  }

  /** The set of names that exclude each other which all that a meaning asks for is of, or "". */
  sets(meaning) {
    const sets = new Set(meaning.terms.map((term) => this.tables.exclusiveSet(term.slice(1))));
    return sets.size === 1 ? [...sets][0] : "";
  }

  /** An adjective has its noun, at a place, or the last one that was said. */
  foundNoun(place) {
    if (place !== null) {
      this.taken.add(place);
      this.noun = new Part("?", [place]);
    } else if (this.parts.includes(this.noun)) this.parts.splice(this.parts.indexOf(this.noun), 1);
  }

  /** The place of one of the nouns, if adjectives up to it share it: "black or brown hair". */
  nounAhead(start, nouns) {
    const { adjectives, denying, modifiers, others, roles } = this.tables;
    const joining = new Set([...LISTS, "nor", "a", "little", ...denying]);
    let afterAdjective = true;
    for (let at = start; at < this.tokens.length; at++) {
      const { word } = this.tokens[at];
      if (nouns.has(word) && afterAdjective) return at;
      if (others.has(word)) return null;
      if (adjectives.has(word) || modifiers.has(word)) afterAdjective = true;
      else if (joining.has(roles.get(word)) || word === "but") afterAdjective = false;
      else return null;
    }
    return null;
  }

  /** Whether a noun that is no face's follows, or a shade: "pale blue", "blonde moustache". */
  ofAnother(start) {
    const { modifiers, others, shades } = this.tables;
    let at = start;
    for (; at < this.tokens.length && modifiers.has(this.tokens[at].word); at++)
      if (shades.has(this.tokens[at].word)) return true;
    return at < this.tokens.length && others.has(this.tokens[at].word);
  }

  /** Whether nothing follows that an adjective could belong to. */
  ends(at) {
    return at >= this.tokens.length || this.tables.roles.has(this.tokens[at].word);
  }
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
