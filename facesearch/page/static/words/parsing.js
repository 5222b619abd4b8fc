// A sentence to a query, by rules and a vocabulary's tables; what is not understood is named.

import { anyOfGroups } from "./anyof.js";
import { complete } from "./completion.js";
import { Demands } from "./demands.js";
import { setSigns } from "./denial.js";
import { Reader } from "./reading.js";
import { casefold, stripped, tokens } from "./tokens.js";

/** What a text asks for: a query, the words that are not understood, and a sentence about words that
 *  are understood but can't be asked for, or null.
 *  @param {string} text @param {import("./tables.js").Tables} tables */
export function parse(text, tables) {
  const name = tables.whole.get(casefold(stripped(text)));
  if (name) return { wanted: [name], unwanted: [], ignored: [], problem: null };
  const reader = new Reader(tables, tokens(text, tables));
  const parts = reader.read();
  const phrases = setSigns(parts, tables);
  const demands = new Demands(tables, text, reader.tokens);
  const missed = demands.take(phrases, anyOfGroups(phrases, tables));
  demands.takePronouns(reader.pronouns);
  const query = demands.query();
  const unread = parts.filter(({ role, meaning }) => role === "?" && !meaning);
  const ignored = notUnderstood([...unread, ...missed], parts, text, reader.tokens, tables);
  return { ...query, ignored, problem: demands.problem };
}

/** What the page's box of words shows of a text, as `page/wording.py` says, or {error}.
 *  @param {string} text @param {import("./tables.js").Tables} tables @param {string[]} off names of
 *  attributes that can't be asked for */
export function readWords(text, tables, off) {
  const length = [...text].length;
  if (length > tables.longestText) {
    const [said, most] = [length, tables.longestText].map((count) => count.toLocaleString("en"));
    return { error: `The text has ${said} characters: say it in ${most} at the most.` };
  }
  const { wanted, unwanted, ignored, problem } = parse(text, tables);
  const there = (names) => names.filter((name) => !off.includes(name));
  const sets = wanted.map((part) => there([part].flat())).filter((names) => names.length);
  const asked = [...new Set([...wanted.flat(), ...unwanted])];
  return {
    wanted: sets.map((names) => (names.length > 1 ? names : names[0])),
    unwanted: there(unwanted),
    ignored,
    unavailable: asked.filter((name) => off.includes(name)).map((name) => tables.labels[name]),
    problem,
    suggestions: complete(text, tables).filter(
      (each) => there(each.names).length === each.names.length && fits(each.text, tables),
    ),
  };
}

function fits(text, { longestText }) {
  return [...text].length <= longestText;
}

/** The words of parts as typed, those with hyphens in one piece. */
function notUnderstood(unread, parts, text, said, { roles }) {
  const places = new Set(unread.flatMap((part) => part.tokens));
  const prefixes = new Set(
    parts.filter(({ role }) => role === "non").flatMap((part) => part.tokens),
  );
  const before = [...prefixes].filter((place) => places.has(place + 1));
  const found = [];
  let last = -2;
  for (const place of [...new Set([...places, ...before])].sort((a, b) => a - b)) {
    const { word, text: typed, start, end, glued } = said[place];
    if ("-_".includes(typed) || (roles.has(word) && !prefixes.has(place))) continue;
    if (place === last + 1 && glued && found.length) found.at(-1)[1] = end;
    else found.push([start, end]);
    last = place;
  }
  return found.map(([start, end]) => text.slice(start, end));
}
