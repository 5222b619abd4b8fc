// The answers of a page without a server, under Node: calls as JSON on stdin, one a line, as
// [function, argument], and an answer a line on stdout. The page's folder is the one argument.

import { readdir, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [room] = await readdir(`${process.argv[2]}/page`);
const folder = `${process.argv[2]}/page/${room}`;
const { staticAnswers } = await import(pathToFileURL(`${folder}/static/answers.js`));
const content = async (name) => {
  const bytes = await readFile(`${folder}/${name}`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const about = JSON.parse(await readFile(`${folder}/about.json`, "utf-8"));
const answers = staticAnswers(about, content);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  console.log(JSON.stringify(await answers[name](argument)));
}
