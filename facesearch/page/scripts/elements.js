// Making elements.

export function node(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function button(className, text) {
  const made = node("button", className, text);
  made.type = "button";
  return made;
}

/** Text that only a screen reader says. */
export function aloud(text) {
  return node("span", "fs-aloud", text);
}

/** Show a sentence in an element, or hide the element where there is none. */
export function say(element, sentence) {
  element.textContent = sentence ?? "";
  element.hidden = !sentence;
}
