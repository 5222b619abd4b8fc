// Exact search over columns, which reads only the coordinates that a query holds: in the precision
// and in the order of `search.py` and `precise.py` of `facesearch/gallery/`, so that faces tie alike.

/** The dot product of each of N rows with a vector, whose zeros are never read.
 *  @param {Float32Array} columns (D, N) @param {number} n @param {Float32Array} vector (D,) */
export function weightedSum(columns, n, vector) {
  const scores = new Float32Array(n);
  const used = [...vector.keys()].filter((at) => vector[at]);
  if (!used.length) return scores;
  const first = vector[used[0]];
  const equal = used.every((at) => vector[at] === first);
  for (const at of used) {
    const column = columns.subarray(at * n, (at + 1) * n);
    const weight = equal ? 1 : vector[at];
    for (let row = 0; row < n; row++) scores[row] += Math.fround(weight * column[row]);
  }
  if (equal) for (let row = 0; row < n; row++) scores[row] *= first; // a sum, weighed once
  return scores;
}

/** The same of any columns, in double precision and in their order, as `precise.py` does it.
 *  @param {Float32Array} columns @param {number} n @param {Float32Array} vector
 *  @param {number} start what is added to each */
export function preciseSum(columns, n, vector, start = 0) {
  const scores = new Float64Array(n).fill(start);
  vector.forEach((weight, at) => {
    if (!weight) return;
    const column = columns.subarray(at * n, (at + 1) * n);
    for (let row = 0; row < n; row++) scores[row] += weight * column[row];
  });
  return scores;
}

/** Whether most of a vector is zero, so that single precision is the same on all machines.
 *  @param {Float32Array} vector */
export function isPlain(vector) {
  return 2 * vector.filter((weight) => weight).length < vector.length;
}

/** Rows of the k largest scores, best first; equal scores rank by row; -Infinity never.
 *  @param {Float32Array | Float64Array} scores @param {number} k @returns {number[]} */
export function best(scores, k) {
  const sorted = scores.slice().sort();
  const bound = sorted[Math.max(0, sorted.length - k)];
  const rows = [];
  for (let row = 0; row < scores.length; row++)
    if (scores[row] >= bound && scores[row] > -Infinity) rows.push(row);
  return rows.sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);
}
