// @ts-check
// What the page shows, as one object, and the ways in which it changes. Nothing here touches the page.

/**
 * @typedef {object} State
 * @property {string[]} wanted names of attributes
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
 *  @param {State} state @param {{wanted: string[], unwanted: string[]}} query @returns {State} */
export function ticking(state, { wanted, unwanted }) {
  const counts = state.like !== null && wanted.length + unwanted.length > 0;
  const mix = counts ? state.mix || WHEN_TICKED : 0;
  return { ...state, wanted, unwanted, mix, shown: null };
}

/** An attribute becomes "wanted", "unwanted" or open (null).
 *  @param {State} state @param {string} name @param {"wanted" | "unwanted" | null} to */
export function ticked(state, name, to) {
  /** @param {"wanted" | "unwanted"} field */
  const names = (field) => [
    ...state[field].filter((other) => other !== name),
    ...(to === field ? [name] : []),
  ];
  return ticking(state, { wanted: names("wanted"), unwanted: names("unwanted") });
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
