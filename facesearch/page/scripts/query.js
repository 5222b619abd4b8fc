// @ts-check
// What is wanted, part by part: a name, or a list of names of which any is enough. All pure.

/**
 * @typedef {string | string[]} Part
 * @typedef {{wanted: Part[], unwanted: string[]}} Query
 */

/** @param {Part[]} wanted @returns {string[]} all names, in sets or not */
export function namesIn(wanted) {
  return wanted.flat();
}

/** @param {Part} part @returns {string[]} */
function members(part) {
  return [part].flat();
}

/** @param {string[]} names @returns {Part} */
function made(names) {
  return names.length === 1 ? names[0] : names;
}

/** Without an attribute, wherever it is. @param {Part[]} wanted @param {string} name */
export function withoutName(wanted, name) {
  return wanted
    .map((part) => members(part).filter((other) => other !== name))
    .filter((names) => names.length)
    .map(made);
}

/** With an attribute: in a set of any-of with what a face can't have besides it, or else by itself.
 *  @param {Part[]} wanted @param {string} name @param {string[][]} exclusive */
export function withName(wanted, name, exclusive) {
  const rest = withoutName(wanted, name);
  const set = exclusive.find((names) => names.includes(name)) ?? [];
  const place = rest.findLastIndex((part) => members(part).some((other) => set.includes(other)));
  if (place < 0) return [...rest, name];
  return rest.map((part, i) => (i === place ? [...members(part), name] : part));
}

/** With one set made of the parts at `place` and after it, of which any is enough.
 *  @param {Part[]} wanted @param {number} place */
export function joined(wanted, place) {
  const set = [...members(wanted[place]), ...members(wanted[place + 1])];
  return [...wanted.slice(0, place), set, ...wanted.slice(place + 2)];
}

/** With the set at `place` in two, the second from its name number `at`: both are wanted.
 *  @param {Part[]} wanted @param {number} place @param {number} at */
export function parted(wanted, place, at) {
  const names = members(wanted[place]);
  const two = [names.slice(0, at), names.slice(at)].map(made);
  return [...wanted.slice(0, place), ...two, ...wanted.slice(place + 1)];
}

/** Whether a query asks all that another one does. @param {Query} query @param {Query} other */
export function says(query, other) {
  /** @param {Query} asked */
  const sorted = ({ wanted }) => wanted.map((part) => members(part).sort().join());
  const there = sorted(query);
  return (
    sorted(other).every((part) => there.includes(part)) &&
    other.unwanted.every((name) => query.unwanted.includes(name))
  );
}

/** Whether two queries ask the same, in whatever order. @param {Query} a @param {Query} b */
export function sameQuery(a, b) {
  return says(a, b) && says(b, a);
}

/** A query less what words asked for before, with what they ask for now; now wins over ticks.
 *  @param {Query} query @param {Query} before @param {Query} now @returns {Query} */
export function resaid(query, before, now) {
  const names = [before, now].flatMap(({ wanted, unwanted }) => [...namesIn(wanted), ...unwanted]);
  const wanted = names.reduce(withoutName, query.wanted);
  const unwanted = query.unwanted.filter((name) => !names.includes(name));
  return { wanted: [...wanted, ...now.wanted], unwanted: [...unwanted, ...now.unwanted] };
}

/** Whether labels tell of every face whether it has these; of what was taught there are none.
 *  @param {string[]} names @param {{counts_from: string, guessed: string[]}} about */
export function byLabel(names, { counts_from, guessed }) {
  return counts_from === "labels" && !names.some((name) => guessed.includes(name));
}

/** "Black or brown hair": the words of names of which any is enough; a last word that all share is
 *  said once. @param {string[]} names @param {Record<string, string>} labels */
export function eitherOf(names, labels) {
  return shortened(names, labels)
    .map((words, place) => (place ? lower(words) : words))
    .join(" or ");
}

/** Each name's words; a last word that all share is only in the last one.
 *  @param {string[]} names @param {Record<string, string>} labels */
export function shortened(names, labels) {
  const words = names.map((name) => labels[name].split(" "));
  const last = words.at(-1)?.at(-1);
  const shared = words.every((each) => each.length > 1 && each.at(-1) === last);
  return words.map((each, place) =>
    (shared && place < words.length - 1 ? each.slice(0, -1) : each).join(" "),
  );
}

/** What a face lacks, or, of an attribute that is a lack itself, has: "without Hat", "with beard".
 *  @param {string} label */
export function lacking(label) {
  const lacked = lackOf(label);
  return lacked ? `with ${lower(lacked)}` : `without ${label}`;
}

/** What an attribute is the lack of: "beard" of "No beard"; null of most. @param {string} label */
export function lackOf(label) {
  return /^No (.+)/.exec(label)?.[1] ?? null;
}

/** @param {string} words */
function lower(words) {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
