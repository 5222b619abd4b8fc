// A gallery in the browser's memory: its faces searched, counted and told of, as
// `facesearch/gallery/memory.py` does it on a server.

import { Counter } from "./counts.js";
import { best, isPlain, preciseSum, weightedSum } from "./search.js";

const LEAST = 1e-12; // chance whose logarithm is still taken

export class Gallery {
  /** @param {{names: string[], columns: Float32Array, labels?: Int8Array, hidden?: Uint8Array,
   *    copy_of?: Int32Array}} faces columns are (D, N), labels (A, N), 1, 0, or -1 for unknown
   *  @param {{weight: Float32Array, bias: Float32Array}} readout (A, D) and (A,)
   *  @param {{attributes: string[], unavailable: string[], exclusive: string[][]}} about */
  constructor(faces, readout, about) {
    Object.assign(this, { ...faces, readout });
    this.n = faces.names.length;
    this.dim = faces.columns.length / this.n;
    this.known = about.attributes.map((name) => !about.unavailable.includes(name));
    const column = (name) => about.attributes.indexOf(name);
    const sets = about.exclusive.map((names) => names.map(column));
    this.excludedBy = (columns) =>
      sets
        .filter((set) => set.some((each) => columns.includes(each)))
        .flatMap((set) => set.filter((each) => !columns.includes(each)));
    this.rows = new Map(faces.names.map((name, row) => [name, row]));
    this.predictions = new Map(); // of a column that was asked for
    this.counters = new Map();
  }

  /** Rows that fit best, best first, and their scores. @param {import("./terms.js").Terms} terms
   *  @param {number} k @param {{without: number | null, hidden: boolean}} which */
  top({ vector, anyOf }, k, { without, hidden }) {
    const sum = !anyOf.length && isPlain(vector) ? weightedSum : preciseSum;
    const scores = sum(this.columns, this.n, vector);
    for (const { weight, term } of anyOf) this.addLogAny(scores, weight, term);
    if (without !== null) scores[without] = -Infinity;
    if (!hidden && this.hidden)
      for (let row = 0; row < this.n; row++) if (this.hidden[row]) scores[row] = -Infinity;
    const rows = best(scores, k);
    return { rows, scores: rows.map((row) => Math.fround(scores[row])) };
  }

  /** The counts of all faces, or, if not `hidden`, of those that are shown by default. */
  counter(hidden) {
    const all = hidden || !this.hidden;
    if (!this.counters.has(all)) {
      const rows = [...this.names.keys()].filter((row) => all || !this.hidden[row]);
      this.counters.set(all, this.counterOf(rows));
    }
    return this.counters.get(all);
  }

  /** @param {number[]} rows */
  counterOf(rows) {
    const present = new Float32Array(this.known.length * rows.length);
    this.known.forEach((known, column) => {
      if (!known) return;
      const start = column * rows.length;
      rows.forEach((row, at) => {
        const label = this.label(column, row);
        present[start + at] = label >= 0 ? label : this.predicted(column)[row];
      });
    });
    return new Counter(present, rows.length, this.known, this.excludedBy);
  }

  /** 1 or 0, or -1 where nobody has said. */
  label(column, row) {
    return this.labels ? this.labels[column * this.n + row] : -1;
  }

  /** An embedding. @param {number} row */
  vector(row) {
    return Float32Array.from({ length: this.dim }, (_, at) => this.columns[at * this.n + row]);
  }

  /** (N,) an attribute's predicted probability. @param {number} column */
  predicted(column) {
    if (!this.predictions.has(column)) {
      const weight = this.readout.weight.subarray(column * this.dim, (column + 1) * this.dim);
      const logits = new Float32Array(this.n).fill(this.readout.bias[column]);
      weight.forEach((each, at) => {
        if (!each) return;
        const from = this.columns.subarray(at * this.n, (at + 1) * this.n);
        for (let row = 0; row < this.n; row++) logits[row] += Math.fround(each * from[row]);
      });
      for (let row = 0; row < this.n; row++) logits[row] = 1 / (1 + Math.exp(-logits[row]));
      this.predictions.set(column, logits);
    }
    return this.predictions.get(column);
  }

  /** Rows of the near-copies that a face stands for. @param {number} row */
  copies(row) {
    const found = [];
    this.copy_of?.forEach((of, copy) => {
      if (of === row && copy !== row) found.push(copy);
    });
    return found;
  }

  /** Add the log-probability that any of these holds, at least log 1e-12. */
  addLogAny(scores, weight, { sign, columns }) {
    const any = new Float64Array(this.n);
    for (const column of columns) {
      const weights = this.readout.weight.subarray(column * this.dim, (column + 1) * this.dim);
      const logits = preciseSum(this.columns, this.n, weights, this.readout.bias[column]);
      for (let row = 0; row < this.n; row++) {
        const p = 1 / (1 + Math.exp(-sign * logits[row]));
        any[row] += p - any[row] * p;
      }
    }
    for (let row = 0; row < this.n; row++)
      scores[row] += weight * Math.log(Math.max(any[row], LEAST));
  }
}
