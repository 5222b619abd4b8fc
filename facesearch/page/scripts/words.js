// Numbers and names as the page writes them.

import { eitherOf, lackOf } from "./query.js";

const whole = new Intl.NumberFormat("en");

export function number(value) {
  return whole.format(value);
}

export function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** "3 ms" */
export function milliseconds(value) {
  return value < 1 ? "under 1 ms" : `${Math.round(value)} ms`;
}

/** A chance from 0 to 1 in percent; never 100 %, which no model can be sure of. */
export function percent(chance) {
  return chance > 0.99
    ? "over 99 %"
    : chance < 0.01
      ? "under 1 %"
      : `${Math.round(100 * chance)} %`;
}

/** About so many, two digits of it: an estimate claims no more. */
export function about(count) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(count, 1))) - 1);
  return number(Math.round(count / step) * step);
}

/** "with Eyeglasses and Smiling, without Male" */
export function phrase({ wanted, unwanted }, labels) {
  const lacked = unwanted.map((name) => lackOf(labels[name])?.toLowerCase());
  const has = [...wanted.map((part) => eitherOf([part].flat(), labels)), ...lacked.filter(Boolean)];
  const lacks = unwanted.filter((_, place) => !lacked[place]).map((name) => labels[name]);
  return [
    has.length && `with ${has.join(" and ")}`,
    lacks.length && `without ${lacks.join(" and ")}`,
  ]
    .filter(Boolean)
    .join(", ");
}
