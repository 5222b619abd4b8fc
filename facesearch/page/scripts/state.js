// @ts-check
// What the page shows, as one object, and the ways in which it changes. Nothing here touches the page.

/**
 * @typedef {string | string[]} Part what is wanted: an attribute, or any of several
 * @typedef {{wanted: Part[], unwanted: string[]}} Query names of attributes
 *
 * @typedef {object} State
 * @property {Part[]} wanted
 * @property {string[]} unwanted names of attributes
 * @property {string | null} like name of a face whose likes are shown
 * @property {number} mix how far what is ticked counts beside that face, 0 to 1
 * @property {number} k how many faces an answer starts with
 * @property {number | null} shown how many are loaded, where that is more than `k`
 * @property {string | null} face name of the opened face
 *
 * @typedef {object} About what the page knows of its gallery beforehand (`View.about`)
 * @property {Record<string, string>} labels plain words of each attribute
 * @property {string[]} unavailable attributes that can't be asked for
 * @property {number} k how many faces an answer starts with, unless told otherwise
 * @property {number} most the most faces of one ranking
 * @property {string} gallery its name
 * @property {string} version which gallery it is
 */

const WHEN_TICKED = 0.5; // where the slider of likes goes when a first tick is to count

/** @param {About} about @returns {State} */
export function nothingAsked(about) {
  return { wanted: [], unwanted: [], like: null, mix: 0, k: about.k, shown: null, face: null };
}

/** Something else altogether is asked for; an answer starts with as many faces as before.
 *  @param {State} state @param {Partial<State>} query @returns {State} */
export function asking(state, { wanted = [], unwanted = [], like = null, mix = 0 }) {
  return { wanted, unwanted, like, mix, k: state.k, shown: null, face: null };
}

/** Other attributes, beside the same face: a first tick takes the mix to the middle, and with
 *  nothing ticked only the face counts.
 *  @param {State} state @param {Query} query @returns {State} */
export function ticking(state, { wanted, unwanted }) {
  const counts = state.like !== null && wanted.length + unwanted.length > 0;
  const mix = counts ? state.mix || WHEN_TICKED : 0;
  return { ...state, wanted, unwanted, mix, shown: null };
}

/** An attribute becomes "wanted", "unwanted" or open (null).
 *  @param {State} state @param {string} name @param {"wanted" | "unwanted" | null} to */
export function ticked(state, name, to) {
  const { wanted, unwanted } = without(state, [name]);
  return ticking(state, {
    wanted: to === "wanted" ? [...wanted, name] : wanted,
    unwanted: to === "unwanted" ? [...unwanted, name] : unwanted,
  });
}

/** One part of what is asked is left out. @param {State} state @param {Part} part */
export function dropped(state, part) {
  return ticking(state, {
    wanted: state.wanted.filter((other) => !same(other, part)),
    unwanted: state.unwanted.filter((other) => !same(other, part)),
  });
}

/** A query less some attributes; of any-of the others stay.
 *  @param {Query} query @param {string[]} names @returns {Query} */
export function without({ wanted, unwanted }, names) {
  const left = wanted.map((part) => [part].flat().filter((name) => !names.includes(name)));
  return {
    wanted: left.filter((part) => part.length).map((part) => (part.length > 1 ? part : part[0])),
    unwanted: unwanted.filter((name) => !names.includes(name)),
  };
}

/** All that two queries ask for, each part once. @param {Query} a @param {Query} b @returns {Query} */
export function joined(a, b) {
  return {
    wanted: [...a.wanted, ...b.wanted.filter((part) => !a.wanted.some((each) => same(each, part)))],
    unwanted: [...new Set([...a.unwanted, ...b.unwanted])],
  };
}

/** The names that a query speaks of. @param {Query} query */
export function namesOf({ wanted, unwanted }) {
  return [...wanted.flat(), ...unwanted];
}

/** Whether two parts ask the same. @param {Part} a @param {Part} b */
export function same(a, b) {
  return [a].flat().sort().join() === [b].flat().sort().join();
}

/** Whether two queries ask the same, in whatever order. @param {Query} a @param {Query} b */
export function sameQuery(a, b) {
  return says(a, b) && says(b, a);
}

/** Whether a query asks all that another one does. @param {Query} query @param {Query} other */
export function says(query, other) {
  return (
    other.wanted.every((part) => query.wanted.some((each) => same(each, part))) &&
    other.unwanted.every((name) => query.unwanted.includes(name))
  );
}

/** What the app is asked. @param {State} state @param {About} about */
export function question({ wanted, unwanted, like, mix, k, shown }, about) {
  return { wanted, unwanted, like, mix, k: shown ?? k, gallery: about.version };
}

/** Whether two states show faces of one ranking, however many. @param {State} a @param {State} b */
export function sameRanking(a, b) {
  /** @param {State} state */
  const ranking = ({ wanted, unwanted, like, mix, k }) =>
    JSON.stringify([wanted, unwanted, like, mix, k]);
  return ranking(a) === ranking(b);
}

/** The state that Back or Forward leads to: of the same ranking, no face that is there is taken away.
 *  @param {State} before @param {State} after @returns {State} */
export function keepingLoaded(before, after) {
  const more = (before.shown ?? before.k) > (after.shown ?? after.k);
  return more && sameRanking(before, after) ? { ...after, shown: before.shown } : after;
}
