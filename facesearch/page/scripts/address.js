// What the page shows, as one object, and the address that holds all of it.
//
// wanted, unwanted: names of attributes. like, mix: a face whose likes are shown, and how far what
// is ticked counts beside it (0 to 1). k: how many faces. face: the opened one. All faces by name.

const OURS = ["wanted", "unwanted", "like", "mix", "k", "face", "gallery"];

export function nothingAsked(about) {
  return { wanted: [], unwanted: [], like: null, mix: 0, k: about.k, face: null };
}

/** The state that an address's query string holds, and sentences about what of it can't be had.
 *  `state` is null where the address says nothing. */
export function readAddress(search, about) {
  const given = new URLSearchParams(search);
  const sentences = [];
  if (!OURS.some((field) => given.has(field))) return { state: null, sentences };
  const state = nothingAsked(about);
  for (const field of ["wanted", "unwanted"]) {
    for (const name of (given.get(field) ?? "").split(",").filter(Boolean)) {
      const twice = state.wanted.includes(name) || state.unwanted.includes(name);
      if (!(name in about.labels)) {
        sentences.push(
          `This link asks for “${name.slice(0, 60)}”, which is none of the forty attributes; it is left out.`,
        );
      } else if (about.unavailable.includes(name)) {
        sentences.push(
          `${about.labels[name]} is not available here: this model was trained without labels of it. It is left out.`,
        );
      } else if (twice) {
        sentences.push(`This link asks for ${about.labels[name]} twice; the first counts.`);
      } else {
        state[field].push(name);
      }
    }
  }
  const k = Number(given.get("k") ?? about.k);
  if (Number.isInteger(k) && k >= 1 && k <= about.most) state.k = k;
  else
    sentences.push(
      `This link asks for “${given.get("k").slice(0, 20)}” faces; from 1 to ${about.most} can be shown, so here are ${Math.min(about.k, about.most)}.`,
    );
  const mix = Number(given.get("mix") ?? 0);
  if (mix >= 0 && mix <= 1) state.mix = mix;
  else
    sentences.push("This link's mix is not a number from 0 to 1; here is what is like the face.");
  state.like = given.get("like") || null;
  state.face = given.get("face") || null;
  if (given.has("gallery") && given.get("gallery") !== about.version) {
    sentences.push(
      `This link was made in another gallery, so its faces may not be here. Its attributes are asked of this one, ${about.gallery}.`,
    );
  }
  return { state, sentences };
}

/** The query string of a state; what others put there (such as Gradio's __theme) stays. */
export function writeAddress(state, about, search) {
  const others = [...new URLSearchParams(search)].filter(([field]) => !OURS.includes(field));
  const fields = [
    ...others,
    ["wanted", state.wanted],
    ["unwanted", state.unwanted],
    ["like", state.like],
    ["mix", state.like && state.mix ? state.mix : null],
    ["k", state.k === about.k ? null : state.k],
    ["face", state.face],
    ["gallery", about.version],
  ];
  const escape = (value) => [value].flat().map(encodeURIComponent).join(",");
  const given = fields.filter(([, value]) => value !== null && value.length !== 0);
  return `?${given.map(([field, value]) => `${encodeURIComponent(field)}=${escape(value)}`).join("&")}`;
}
