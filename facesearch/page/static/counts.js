// How many faces agree with a query, and would with one attribute more or less: expected counts, as
// `facesearch/gallery/counts.py` has them.

/** What is asked, part by part: a sign and the columns of which any holds, or which is lacked.
 *  @typedef {{sign: 1 | -1, columns: number[]}} Term */

export class Counter {
  /** @param {Float32Array} present (A, n) how likely each face has each attribute
   *  @param {number} n @param {boolean[]} known of each attribute, whether anybody can say
   *  @param {(columns: number[]) => number[]} excludedBy what a face can't have besides */
  constructor(present, n, known, excludedBy) {
    Object.assign(this, { present, n, known, excludedBy });
  }

  /** (n,) how likely each face has all that is asked. @param {Term[]} terms */
  chances(terms) {
    const product = new Float32Array(this.n).fill(1);
    for (const term of terms) multiply(product, this.holds(term));
    return product;
  }

  /** All counts of a query; one that excludes what is wanted joins it, where `joined`.
   *  @param {Term[]} terms @param {boolean} joined */
  count(terms, joined) {
    const everyone = this.chances(terms);
    const matching = sum(everyone);
    const wanted = this.known.map((known, at) => (known ? dot(this.column(at), everyone) : 0));
    const unwanted = wanted.map((count, at) => (this.known[at] ? matching - count : 0));
    const asked = new Set(terms.flatMap(({ columns }) => columns));
    const dropped = [];
    for (const term of terms) {
      const { sign, columns } = term;
      const others = this.chances(terms.filter((each) => each !== term));
      if (matching < 0.5) dropped.push({ ...term, count: sum(others) });
      for (const column of columns) {
        const rest = columns.filter((other) => other !== column);
        wanted[column] = sign > 0 ? matching : dot(others, this.holds(single(1, column)));
        const left = rest.length
          ? multiply(others.slice(), this.holds({ sign: 1, columns: rest }))
          : others;
        unwanted[column] = dot(left, this.holds(single(-1, column)));
      }
      if (sign > 0 && joined)
        for (const column of this.excludedBy(columns))
          if (!asked.has(column) && this.known[column])
            wanted[column] = dot(others, this.holds({ sign: 1, columns: [...columns, column] }));
    }
    return { matching, wanted, unwanted, dropped };
  }

  column(at) {
    return this.present.subarray(at * this.n, (at + 1) * this.n);
  }

  /** (n,) how likely each face has any of these, or, with sign -1, lacks the one. */
  holds({ sign, columns }) {
    if (!columns.every((at) => this.known[at])) return new Float32Array(this.n);
    if (sign > 0 && columns.length === 1) return this.column(columns[0]);
    const lacks = this.column(columns[0]).map((chance) => 1 - chance);
    for (const at of columns.slice(1)) {
      const column = this.column(at);
      for (let row = 0; row < this.n; row++) lacks[row] *= Math.fround(1 - column[row]);
    }
    return sign < 0 ? lacks : lacks.map((chance) => 1 - chance);
  }
}

function single(sign, column) {
  return { sign, columns: [column] };
}

function multiply(product, factor) {
  for (let row = 0; row < product.length; row++) product[row] *= factor[row];
  return product;
}

function sum(chances) {
  let total = 0;
  for (let row = 0; row < chances.length; row++) total += chances[row];
  return total;
}

function dot(a, b) {
  let total = 0;
  for (let row = 0; row < a.length; row++) total += a[row] * b[row];
  return total;
}
