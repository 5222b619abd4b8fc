// Numbers and names as the page writes them.

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

/** The share of a gallery that fits less well than the face at a rank, in percent. */
export function percentile(rank, faces) {
  return (100 * (faces - rank)) / faces;
}

/** Rounded down, as 100 % would claim to be better than itself. */
export function percent(value, digits = 1) {
  const step = 10 ** digits;
  return `${(Math.floor(value * step + 1e-9) / step).toFixed(digits)} %`;
}

/** "with Eyeglasses and Smiling, without Male" */
export function phrase({ wanted, unwanted }, labels) {
  const list = (names) => names.map((name) => labels[name]).join(" and ");
  return [wanted.length && `with ${list(wanted)}`, unwanted.length && `without ${list(unwanted)}`]
    .filter(Boolean)
    .join(", ");
}
