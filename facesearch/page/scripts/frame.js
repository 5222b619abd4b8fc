// @ts-check
// In the Hub's frame, the query is told to the Hub's page, so that its address can be copied:
// https://huggingface.co/docs/hub/spaces-handle-url-parameters

const HUB = "https://huggingface.co";

/** Whether the page is in a frame of the Hub's. @param {Window} page */
export function isInHub(page) {
  if (page.parent === page) return false;
  const above = page.location.ancestorOrigins; // which Firefox does not have
  if (above) return above[0] === HUB;
  return page.document.referrer === HUB || page.document.referrer.startsWith(`${HUB}/`);
}

/** Tell the Hub's page an address's query string; any other page is told nothing. What the Hub itself
 *  put there, such as a private Space's __sign, is no part of what is to be copied.
 *  @param {string} search @param {Window} page */
export function tellHub(search, page = window) {
  if (!isInHub(page)) return;
  const fields = search.replace(/^\?/, "").split("&");
  const queryString = fields.filter((field) => !field.startsWith("__")).join("&");
  page.parent.postMessage({ queryString, hash: page.location.hash }, HUB);
}
