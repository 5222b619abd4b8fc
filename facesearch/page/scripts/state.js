// @ts-check
// What the page shows, as one object, and the ways in which it changes. Nothing here touches the page.

/**
 * @typedef {object} State
 * @property {import("./query.js").Part[]} wanted names of attributes, and lists of which any is enough
 * @property {string[]} unwanted names of attributes
 * @property {string | null} like name of a face whose likes are shown
 * @property {string | null} picture name of a face of a picture that is asked by; never in an address
 * @property {number} mix how far what is ticked counts beside that face, 0 to 1
 * @property {string[]} more names of faces of which there should be more like these
 * @property {string[]} fewer names of faces of which there should be fewer
 * @property {boolean} hidden whether faces that are hidden by default are shown, too
 * @property {number} k how many faces an answer starts with
 * @property {number | null} shown how many are loaded, where that is more than `k`
 * @property {string | null} face name of the opened face
 *
 * @typedef {object} About what the page knows of its gallery beforehand (`View.about`)
 * @property {Record<string, string>} labels plain words of each attribute
 * @property {string[]} unavailable attributes that can't be asked for
 * @property {string[][]} exclusive sets of attributes of which a face has one at the most
 * @property {number} k how many faces an answer starts with, unless told otherwise
 * @property {number} most the most faces of one ranking
 * @property {string} gallery its name
 * @property {string} version which gallery it is
 * @property {boolean} [grows] whether more faces may come while it is shown
 * @property {string} [named] what the app calls it, where it has several
 * @property {string[]} [galleries] what it calls all of them
 * @property {string[]} [guessed] attributes of which there are no labels
 * @property {import("./taught.js").Taught[]} [taught] attributes that were taught on this page
 */

import { withName, withoutName } from "./query.js";

export const MOST_MOVED = 60; // faces on either side, as the app takes them
const WHEN_TICKED = 0.5; // where the slider of likes goes when a first tick is to count

/** @param {About} about @returns {State} */
export function nothingAsked(about) {
  return {
    ...{ wanted: [], unwanted: [], like: null, picture: null, mix: 0, more: [], fewer: [] },
    ...{ hidden: false, k: about.k, shown: null, face: null },
  };
}

/** Something else altogether is asked for; an answer starts with as many faces as before.
 *  @param {State} state @param {Partial<State>} query @returns {State} */
export function asking(
  state,
  { wanted = [], unwanted = [], like = null, picture = null, mix = 0 },
) {
  const { k, hidden } = state;
  const query = { wanted, unwanted, like, picture, mix, more: [], fewer: [] };
  return { ...query, hidden, k, shown: null, face: null };
}

/** The search moves towards faces ("more") or away from them ("fewer"), or neither any more (null).
 *  @param {State} state @param {"more" | "fewer" | null} side @param {string[]} names @returns {State} */
export function moving(state, side, names) {
  /** @param {"more" | "fewer"} which */
  const left = (which) => state[which].filter((name) => !names.includes(name));
  const moved = { more: left("more"), fewer: left("fewer") };
  if (side) moved[side] = [...moved[side], ...names].slice(-MOST_MOVED);
  return { ...state, ...moved, shown: null };
}

/** Other attributes, beside the same face: a first tick takes the mix to the middle, and with
 *  nothing ticked only the face counts.
 *  @param {State} state @param {Pick<State, "wanted" | "unwanted">} query @returns {State} */
export function ticking(state, { wanted, unwanted }) {
  const counts = (state.like ?? state.picture) !== null && wanted.length + unwanted.length > 0;
  const mix = counts ? state.mix || WHEN_TICKED : 0;
  return { ...state, wanted, unwanted, mix, shown: null };
}

/** An attribute is called otherwise. @param {State} state @param {string} name @param {string} to */
export function renamed(state, name, to) {
  /** @param {string} each */
  const now = (each) => (each === name ? to : each);
  const wanted = state.wanted.map((part) => (Array.isArray(part) ? part.map(now) : now(part)));
  return { ...state, wanted, unwanted: state.unwanted.map(now) };
}

/** An attribute becomes "wanted", "unwanted" or open (null).
 *  @param {State} state @param {string} name @param {"wanted" | "unwanted" | null} to
 *  @param {About} about */
export function ticked(state, name, to, about) {
  const rest = state.unwanted.filter((other) => other !== name);
  const wanted = withoutName(state.wanted, name);
  return ticking(state, {
    wanted: to === "wanted" ? withName(wanted, name, about.exclusive) : wanted,
    unwanted: to === "unwanted" ? [...rest, name] : rest,
  });
}

/** What the app is asked. @param {State} state @param {About} about */
export function question(state, about) {
  const { wanted, unwanted, like, picture, mix, more, fewer, hidden, k, shown } = state;
  const asked = { wanted, unwanted, like, picture, mix, more, fewer, hidden };
  const taught = about.taught?.length ? { taught: about.taught } : {};
  return { ...asked, k: shown ?? k, gallery: about.version, ...taught };
}

/** Whether two states show faces of one ranking, however many. @param {State} a @param {State} b */
export function sameRanking(a, b) {
  /** @param {State} state */
  const ranking = ({ wanted, unwanted, like, picture, mix, more, fewer, hidden, k }) =>
    JSON.stringify([wanted, unwanted, like, picture, mix, more, fewer, hidden, k]);
  return ranking(a) === ranking(b);
}

/** The state that Back or Forward leads to: of the same ranking, no face that is there is taken away.
 *  @param {State} before @param {State} after @returns {State} */
export function keepingLoaded(before, after) {
  const more = (before.shown ?? before.k) > (after.shown ?? after.k);
  return more && sameRanking(before, after) ? { ...after, shown: before.shown } : after;
}
