// From a query, and a face that results should be like, to what a gallery is ranked by, as
// `facesearch/bundle/asking.py` makes it.

export const CONTEXT = 200; // of what is found, from which faces that move a search are set apart
const MOVE = 0.5; // how far they move a query of length 1
const BEYOND = 0.002; // of a face's numbers beyond log-probabilities, in what it asks for

/**
 * @typedef {import("./counts.js").Term} Term
 * @typedef {{vector: Float32Array, anyOf: {weight: number, term: Term}[]}} Terms
 */

export class TermMaker {
  /** @param {Record<string, Float32Array>} tensors query encoder, readout, mean of the embeddings
   *  @param {{signed: boolean, evidence: boolean, beyond: boolean}} model
   *  @param {number[]} unavailable columns of attributes of which the model knows nothing */
  constructor(tensors, { signed, evidence, beyond }, unavailable) {
    const readout = matrix(tensors, "readout");
    Object.assign(this, { readout, signed, evidence, unavailable, mean: tensors.mean });
    this.layers = [matrix(tensors, "attributes.0"), matrix(tensors, "attributes.2")];
    this.dim = this.mean.length;
    const largest = readout.weight.reduce((most, each) => Math.max(most, Math.abs(each)), 0) || 1;
    this.scale = evidence ? 1 / largest : 1 / 80; // of a log-probability in an embedding
    const all = readout.bias.length;
    this.beyond = evidence && beyond ? [2 * all, this.dim - 1] : [0, 0];
  }

  /** @param {Term[]} asked @param {Float32Array | null} like an embedding @param {number} mix
   *  @returns {Terms} */
  terms(asked, like, mix) {
    if (!like) return this.asked(asked);
    const alike = this.seen(like);
    if (mix === 0) return { vector: alike, anyOf: [] };
    const { vector, anyOf } = this.asked(asked);
    const mixed = vector.map((each, at) => (1 - mix) * alike[at] + mix * each);
    const sets = mix * Math.sqrt(Math.max(0, 1 - squared(vector))); // the length of what is any-of
    const length = Math.hypot(Math.sqrt(squared(mixed)), sets) || 1;
    return {
      vector: mixed.map((each) => each / length),
      anyOf: anyOf.map(({ weight, term }) => ({ weight: (weight * mix) / length, term })),
    };
  }

  /** Terms moved towards faces of which there should be more, and away from others.
   *  @param {Terms} terms @param {Term[]} asked @param {Float32Array[]} more embeddings
   *  @param {Float32Array[]} fewer @param {Float32Array[]} found of what the terms find
   *  @returns {Terms} */
  moved({ vector, anyOf }, asked, more, fewer, found) {
    const signs = new Float32Array(this.readout.bias.length);
    const numbers = new Float32Array(this.dim);
    const add = (total, sign, faces) => {
      for (let at = 0; at < total.length; at++)
        for (const face of faces) total[at] += (sign * face[at]) / faces.length;
    };
    const shown = found.map((each) => this.shown(each));
    for (const [sign, faces] of /** @type {const} */ ([
      [1, more],
      [-1, fewer],
    ])) {
      if (!faces.length) continue;
      const theirs = faces.map((each) => this.shown(each));
      add(signs, sign, theirs);
      add(signs, -sign, shown);
      add(numbers, sign, faces);
      add(numbers, -sign, found);
    }
    for (const column of asked.flatMap(({ columns }) => columns)) signs[column] = 0;
    for (const column of this.unavailable) signs[column] = 0;
    if (!signs.some(Boolean)) return { vector, anyOf };
    const move = this.encode(signs.map((each) => Math.min(1, Math.max(-1, each))));
    this.goBeyond(move, numbers);
    const step = unit(move);
    const towards = vector.map((each, at) => each + MOVE * step[at]);
    const sets = Math.sqrt(Math.max(0, 1 - squared(vector)));
    const length = Math.hypot(Math.sqrt(squared(towards)), sets) || 1;
    return {
      vector: towards.map((each) => each / length),
      anyOf: anyOf.map(({ weight, term }) => ({ weight: weight / length, term })),
    };
  }

  /** The vector of what is asked singly, and the sets of which any is asked. */
  asked(terms) {
    const sets = terms.filter(({ columns }) => columns.length > 1);
    if (!terms.length) return { vector: unit(this.mean), anyOf: [] };
    if (!sets.length) return { vector: this.encode(signs(terms, this.readout)), anyOf: [] };
    const weight = this.scale / Math.sqrt(terms.length);
    const inSets = this.evidence ? sets : terms;
    const anyOf = inSets.map((term) => ({ weight, term }));
    const single = terms.filter((term) => !inSets.includes(term));
    if (!single.length) return { vector: new Float32Array(this.dim), anyOf };
    const share = Math.sqrt(1 - inSets.length / terms.length);
    const vector = this.encode(signs(single, this.readout)).map((each) => each * share);
    return { vector, anyOf };
  }

  /** Of unit length: what an embedding asks for, when others should be like it. */
  seen(embedding) {
    const shown = this.shown(embedding);
    for (const column of this.unavailable) shown[column] = 0;
    const asked = this.encode(shown);
    this.goBeyond(asked, embedding);
    return unit(asked);
  }

  /** 2 p - 1 of each attribute. */
  shown(embedding) {
    return apply(this.readout, embedding).map((logit) => Math.tanh(logit / 2));
  }

  /** Have an encoded query ask for an embedding's numbers beyond log-probabilities, too. */
  goBeyond(asked, embedding) {
    const [from, to] = this.beyond;
    for (let at = from; at < to; at++) asked[at] = (BEYOND / this.scale) * embedding[at];
  }

  /** The query encoder: signs of attributes to a vector of unit length. */
  encode(asked) {
    const known = this.signed ? asked : asked.map((sign) => Math.max(sign, 0));
    const hidden = apply(this.layers[0], known).map((each) => Math.max(each, 0));
    return unit(apply(this.layers[1], hidden));
  }
}

function matrix(tensors, name) {
  return { weight: tensors[`${name}.weight`], bias: tensors[`${name}.bias`] };
}

function signs(terms, { bias }) {
  const vector = new Float32Array(bias.length);
  for (const { sign, columns } of terms) vector[columns[0]] = sign;
  return vector;
}

function apply({ weight, bias }, vector) {
  return bias.map((start, at) => {
    const row = weight.subarray(at * vector.length, (at + 1) * vector.length);
    return row.reduce((total, each, place) => total + each * vector[place], start);
  });
}

function squared(vector) {
  return vector.reduce((total, each) => total + each * each, 0);
}

function unit(vector) {
  const length = Math.fround(Math.sqrt(squared(vector))) || 1;
  return vector.map((each) => each / length);
}
