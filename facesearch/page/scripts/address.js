// @ts-check
// The address that holds all of the state, so that a link shows the same elsewhere.

import { namesIn } from "./query.js";
import { MOST_MOVED, nothingAsked } from "./state.js";

/** @typedef {import("./state.js").State} State @typedef {import("./state.js").About} About */

const OURS = [
  ...["wanted", "unwanted", "like", "mix", "more", "fewer", "hidden"],
  ...["k", "shown", "face", "gallery"],
];

/** The state that an address's query string holds, and sentences about what of it can't be had.
 *  `state` is null where the address says nothing.
 *  @param {string} search @param {About} about
 *  @returns {{state: State | null, sentences: string[]}} */
export function readAddress(search, about) {
  const given = new URLSearchParams(search);
  /** @type {string[]} */
  const sentences = [];
  const says = (/** @type {string} */ field) => given.has(field);
  const gallery = given.get("gallery");
  const isBare = about.galleries?.includes(gallery ?? "") && !OURS.slice(0, -1).some(says);
  if (isBare || !OURS.some(says)) return { state: null, sentences };
  const state = nothingAsked(about);
  readQuery(search, state, about, sentences);
  const k = given.get("k");
  if (k !== null) {
    if (isCount(k, 1, about.most)) state.k = Number(k);
    else
      sentences.push(
        `This link asks for “${k.slice(0, 20)}” faces; from 1 to ${about.most} can be shown, so here are ${state.k}.`,
      );
  }
  const shown = given.get("shown") ?? "";
  if (isCount(shown, state.k + 1, about.most)) state.shown = Number(shown);
  const mix = Number(given.get("mix") ?? 0);
  if (mix >= 0 && mix <= 1) state.mix = mix;
  else
    sentences.push("This link's mix is not a number from 0 to 1; here is what is like the face.");
  state.more = faces(given, "more");
  state.fewer = faces(given, "fewer").filter((name) => !state.more.includes(name));
  state.hidden = given.get("hidden") === "1";
  state.like = given.get("like") || null;
  state.face = given.get("face") || null;
  if (gallery && ![about.version, ...ours(about)].includes(gallery)) {
    sentences.push(
      `This link was made in another gallery, so its faces may not be here. Its attributes are asked of this one, ${about.gallery}.`,
    );
  }
  return { state, sentences };
}

/** What an address calls this gallery, where the app has several: by name, and with its version.
 *  @param {About} about */
function ours({ named, version }) {
  return named === undefined ? [] : [named, `${named}@${version}`];
}

/** The gallery that an address names, of those that the app has; null where it names none.
 *  @param {string} search @param {string[]} galleries */
export function namedGallery(search, galleries = []) {
  const named = new URLSearchParams(search).get("gallery") ?? "";
  return galleries.find((name) => named === name || named.startsWith(`${name}@`)) ?? null;
}

/** The address of another gallery, with what was asked of this one but for what was taught here.
 *  @param {string} name @param {string} search @param {State} state @param {About} about */
export function otherGallery(name, search, state, about) {
  const asked = ["wanted", "unwanted"].some((field) => new URLSearchParams(search).has(field));
  const isTaught = (/** @type {string} */ each) => about.guessed?.includes(each);
  const wanted = state.wanted.filter((part) => ![part].flat().some(isTaught));
  const unwanted = state.unwanted.filter((each) => !isTaught(each));
  const query = asked ? { wanted, unwanted } : {};
  const empty = { ...nothingAsked(about), ...query };
  const address = new URLSearchParams(writeAddress(empty, about, search));
  address.set("gallery", name);
  return `?${address}`;
}

/** @param {string} search @param {State} state @param {About} about @param {string[]} sentences */
function readQuery(search, state, about, sentences) {
  for (const field of /** @type {const} */ (["wanted", "unwanted"])) {
    for (const set of listed(search, field, ",", about)) {
      const names = listed(`?${field}=${set}`, field, "|", about).map(decoded);
      const taken = names.filter((name) => usable(name, state, about, sentences));
      if (field === "unwanted") state.unwanted.push(...taken);
      else if (taken.length) state.wanted.push(taken.length === 1 ? taken[0] : taken);
    }
  }
}

/** Names of faces, each in a field of its own. @param {URLSearchParams} given @param {string} field */
function faces(given, field) {
  return [...new Set(given.getAll(field).filter(Boolean))].slice(0, MOST_MOVED);
}

/** The parts of a field, as the address spells them. What came with its separators escaped, as some
 *  programs pass links on, is parted too. @param {string} search @param {string} field
 *  @param {"," | "|"} separator @param {About} about */
function listed(search, field, separator, about) {
  const pairs = search.replace(/^\?/, "").split("&");
  const raw = pairs.find((pair) => pair.startsWith(`${field}=`))?.slice(field.length + 1) ?? "";
  const escaped = new RegExp(encodeURIComponent(separator), "i");
  return raw
    .split(separator)
    .flatMap((text) => (Object.hasOwn(about.labels, decoded(text)) ? [text] : text.split(escaped)))
    .filter(Boolean);
}

/** @param {string} text of an address */
function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text; // a percent sign that escapes nothing
  }
}

/** @param {string} name @param {State} state @param {About} about @param {string[]} sentences */
function usable(name, state, about, sentences) {
  if (!Object.hasOwn(about.labels, name)) {
    sentences.push(
      `This link asks for “${name.slice(0, 60)}”, which is none of this gallery's attributes; it is left out.`,
    );
  } else if (about.unavailable.includes(name)) {
    sentences.push(
      `${about.labels[name]} is not available here: this model was trained without labels of it. It is left out.`,
    );
  } else if (namesIn(state.wanted).includes(name) || state.unwanted.includes(name)) {
    sentences.push(`This link asks for ${about.labels[name]} twice; the first counts.`);
  } else return true;
  return false;
}

/** @param {string} text @param {number} least @param {number} most */
function isCount(text, least, most) {
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
}

/** The query string of a state; what others put there (such as Gradio's __theme) stays.
 *  @param {State} state @param {About} about @param {string} search */
export function writeAddress(state, about, search) {
  const others = [...new URLSearchParams(search)].filter(([field]) => !OURS.includes(field));
  /** @type {[string, string | number | import("./query.js").Part[] | null][]} */
  const fields = [
    ...others,
    ["wanted", state.wanted],
    ["unwanted", state.unwanted],
    ["like", state.like],
    ["mix", state.like && state.mix ? state.mix : null],
    ...state.more.map((name) => /** @type {[string, string]} */ (["more", name])),
    ...state.fewer.map((name) => /** @type {[string, string]} */ (["fewer", name])),
    ["hidden", state.hidden ? 1 : null],
    ["k", state.k === about.k ? null : state.k],
    ["shown", state.shown],
    ["face", state.face],
    ["gallery", ours(about).at(-1) ?? about.version],
  ];
  /** @param {string | number | import("./query.js").Part[]} value */
  const escaped = (value) =>
    [value]
      .flat()
      .map((part) => [part].flat().map(encodeURIComponent).join("|"))
      .join(",");
  const given = fields.flatMap(([field, value]) =>
    value === null || (Array.isArray(value) && !value.length)
      ? []
      : [`${encodeURIComponent(field)}=${escaped(value)}`],
  );
  return `?${given.join("&")}`;
}
