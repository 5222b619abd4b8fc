// Who answers the page where there is no server: the same functions over the same faces, in the
// browser (see `scripts/app.js` for the other one). Asking by a picture is not among them.

import { Gallery } from "./gallery.js";
import { readTensors } from "./tensors.js";
import { CONTEXT, TermMaker } from "./terms.js";

const ENOUGH = 12; // matches of a random query

/** @param {any} about what the page knows of its gallery
 *  @param {(name: string) => Promise<ArrayBuffer>} load fetches one of the page's own files
 *  @param {() => number} random from 0 to 1 */
export function staticAnswers(about, load, random = Math.random) {
  const answers = kept(async () => new Answers(about, await load("gallery.safetensors")));
  const words = kept(async () => {
    const [{ Tables }, { readWords }, tables] = await Promise.all([
      import("./words/tables.js"),
      import("./words/parsing.js"),
      load("words.json"),
    ]);
    const read = new Tables(JSON.parse(new TextDecoder().decode(tables)));
    return (text) => readWords(text, read, about.unavailable);
  });
  return {
    answer: async (question) => (await answers())?.answer(question) ?? null,
    face: async (name) => (await answers())?.face(name) ?? null,
    surprise: async () => (await answers())?.surprise(random) ?? null,
    words: async (text) => (await words())?.(text) ?? null,
  };
}

/** What is made once, out of files; null while they can't be fetched: the page asks again. */
function kept(make) {
  let made = null;
  return async () => {
    try {
      made ??= make();
      return await made;
    } catch (error) {
      made = null;
      if (error instanceof TypeError) return null; // as `fetch` says it
      throw error;
    }
  };
}

class Answers {
  constructor(about, content) {
    const { metadata, tensors } = readTensors(content);
    const { names, pictures, model } = JSON.parse(metadata.about);
    tensors.columns = tensors.columns.map((each) => each * model.unit);
    const readout = { weight: tensors["readout.weight"], bias: tensors["readout.bias"] };
    Object.assign(this, { about, pictures });
    this.gallery = new Gallery({ names, ...tensors }, readout, about);
    const unavailable = about.unavailable.map((name) => this.column(name));
    this.maker = new TermMaker(tensors, model, unavailable);
  }

  /** As `View.answer`: what the page shows for a question. */
  answer({ wanted, unwanted, like, mix, more = [], fewer = [], hidden, k, after = 0 }) {
    const start = performance.now();
    const terms = this.terms(wanted, unwanted);
    const row = like === null ? null : (this.gallery.rows.get(like) ?? null);
    const { rows: known } = this.gallery;
    const gone = [...more, ...fewer].filter((name) => !known.has(name)).at(-1);
    const missed = like !== null && row === null ? like : gone;
    const notice = missed === undefined ? null : this.missing(missed);
    const moved = [more, fewer].map((names) => names.filter((name) => known.has(name)));
    const { rows, scores } = this.ranking(terms, row, mix, moved, hidden);
    const hits = [];
    let rank = after;
    for (; rank < rows.length && hits.length < k; rank++) {
      const name = this.gallery.names[rows[rank]];
      const image = this.image(rows[rank]);
      if (image || !this.pictures)
        hits.push({ rank: rank + 1, name, score: scores[rank], image, row: rows[rank] });
    }
    const chances = this.gallery.counterOf(hits.map((hit) => hit.row)).chances(terms);
    const counts = this.gallery.counter(hidden).count(terms, true);
    const parts = terms.map(({ sign, columns }) => ({
      names: columns.map((column) => this.about.attributes[column]),
      wanted: sign > 0,
    }));
    return {
      hits: hits.map(({ row: at, ...hit }, place) => ({
        ...hit,
        marks: terms.map(({ columns }) => columns.map((column) => this.mark(column, at))),
        chance: rounded(chances[place]),
        matches: chances[place] >= 0.5,
        copies: this.gallery.copies(at).length,
      })),
      more: rank < rows.length,
      asked: [...new Set(parts.flatMap(({ names }) => names))],
      parts,
      like: row === null ? null : this.seen(like),
      picture: null,
      notice,
      matching: Math.round(counts.matching),
      with: counts.wanted.map(Math.round),
      without: counts.unwanted.map(Math.round),
      moved: {
        more: moved[0].map((name) => this.seen(name)),
        fewer: moved[1].map((name) => this.seen(name)),
      },
      dropped: counts.dropped.map(({ columns, sign, count }) => ({
        names: columns.map((column) => this.about.attributes[column]),
        wanted: sign > 0,
        count: Math.round(count),
      })),
      ms: performance.now() - start,
    };
  }

  /** As `View.face`: all that is known of one face. */
  face(name) {
    const { gallery, about } = this;
    const row = gallery.rows.get(name);
    if (row === undefined) return { error: this.missing(name) };
    const columns = [...about.attributes.keys()];
    return {
      name,
      image: this.image(row),
      labels: gallery.labels ? columns.map((column) => gallery.label(column, row)) : null,
      predicted: columns.map((column) => rounded(gallery.predicted(column)[row])),
      photo: null, // the photographs themselves are not part of the page
      copies: gallery.copies(row).map((copy) => gallery.names[copy]),
    };
  }

  /** As `examples.surprise`: a random query of two or three attributes with matches. */
  surprise(random) {
    const { names, known, excludedBy } = this.gallery;
    const pick = (columns) => columns[Math.floor(random() * columns.length)];
    const enough = Math.min(ENOUGH, names.length);
    const terms = [];
    for (let more = pick([2, 3]); more > 0; more--) {
      const asked = terms.map(({ columns: [column] }) => column);
      const wishes = terms.filter(({ sign }) => sign > 0).map(({ columns: [column] }) => column);
      const counts = this.gallery.counter(false).count(terms, false);
      const [on, off] = [counts.wanted, counts.unwanted].map((added) =>
        [...known.keys()].filter(
          (column) =>
            known[column] &&
            ![...asked, ...excludedBy(wishes)].includes(column) &&
            Math.round(added[column]) >= enough &&
            added[column] < counts.matching,
        ),
      );
      const wanted = random() < 0.75 || !off.length ? on : [];
      if (wanted.length) terms.push({ sign: 1, columns: [pick(wanted)] });
      else if (off.length) terms.push({ sign: -1, columns: [pick(off)] });
    }
    const said = (wish) =>
      terms
        .filter(({ sign }) => sign === wish)
        .map(({ columns: [column] }) => column)
        .sort((a, b) => a - b)
        .map((column) => this.about.attributes[column]);
    return { wanted: said(1), unwanted: said(-1) };
  }

  /** The faces of a question in order, and their scores; kept, as "more" asks for them again. */
  ranking(terms, like, mix, moved, hidden) {
    const key = JSON.stringify([terms, like, mix, moved, hidden]);
    if (this.ranked?.key !== key) {
      const { gallery } = this;
      const vector = like === null ? null : gallery.vector(like);
      let asked = this.maker.terms(terms, vector, like === null ? 0 : mix);
      if (moved.some((names) => names.length)) {
        const context = gallery.top(asked, CONTEXT, { without: like, hidden: false }).rows;
        const [more, fewer] = moved.map((names) => names.map((name) => gallery.rows.get(name)));
        const vectors = [more, fewer, context].map((rows) => rows.map((at) => gallery.vector(at)));
        asked = this.maker.moved(asked, terms, ...vectors);
      }
      const { most } = this.about;
      this.ranked = { key, ...gallery.top(asked, most, { without: like, hidden }) };
    }
    return this.ranked;
  }

  /** A face's name and picture. */
  seen(name) {
    return { name, image: this.image(this.gallery.rows.get(name)) };
  }

  /** A query, part by part, in the vocabulary's order. */
  terms(wanted, unwanted) {
    const ascending = (a, b) => a - b;
    const columns = (part) =>
      [part]
        .flat()
        .map((name) => this.column(name))
        .sort(ascending);
    const parts = wanted.map(columns).sort((a, b) => {
      const at = a.findIndex((column, place) => column !== b[place]);
      return at < 0 ? -1 : a[at] - (b[at] ?? -1);
    });
    return [
      ...parts.map((part) => ({ sign: 1, columns: part })),
      ...columns(unwanted).map((column) => ({ sign: -1, columns: [column] })),
    ];
  }

  column(name) {
    return this.about.attributes.indexOf(name);
  }

  image(row) {
    const ending = this.pictures?.[row];
    return ending ? `faces/${row}${ending}?${this.about.version}` : null;
  }

  /** 1 where a face has an attribute and 0 where not, by label; 3 and 2 by the model's guess. */
  mark(column, row) {
    const label = this.gallery.label(column, row);
    return label >= 0 ? label : 2 + Number(this.gallery.predicted(column)[row] >= 0.5);
  }

  missing(name) {
    const { names } = this.gallery;
    const such = names.length ? `, such as '${names[0]}'` : "";
    return `There is no face '${name}' in this gallery of ${names.length.toLocaleString("en")}: give the name of one as a search returns it${such}.`;
  }
}

function rounded(chance) {
  return Math.round(chance * 1e4) / 1e4;
}
