// Reads a safetensors file: https://huggingface.co/docs/safetensors

const KINDS = { F32: Float32Array, I32: Int32Array, I8: Int8Array, U8: Uint8Array };

/** What a file holds: `metadata`, texts by name, and `tensors`, typed arrays by name.
 *  @param {ArrayBuffer} buffer */
export function readTensors(buffer) {
  const start = 8 + Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, start - 8)));
  const { __metadata__: metadata, ...entries } = header;
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        data_offsets: [from, to],
      },
    ]) => {
      const content = buffer.slice(start + from, start + to);
      return [name, dtype === "F16" ? halves(content) : new KINDS[dtype](content)];
    },
  );
  return { metadata, tensors: Object.fromEntries(tensors) };
}

/** Numbers of half precision, of which each has one of 65,536 values. */
function halves(content) {
  const values = new Float32Array(1 << 16);
  for (let bits = 0; bits < values.length; bits++) {
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction;
    values[bits] = bits >> 15 ? -size : size;
  }
  return new Float32Array(new Uint16Array(content)).map((bits) => values[bits]);
}
