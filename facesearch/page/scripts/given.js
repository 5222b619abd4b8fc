// A picture that is asked by: dropped, pasted, chosen or taken; its faces are found by the app.

import { button, say } from "./elements.js";

const LARGEST = 20 * 1024 * 1024; // bytes

export class GivenPicture {
  /** `asking` asks the app; `on` has ask(name), told of the face that is asked by, start(names), told
   *  of what it has, and busy(sentence), told what is going on, with "" at its end. */
  constructor(find, asking, on) {
    Object.assign(this, { find, asking, on, picture: null, number: 0 });
    find(".fs-give").hidden = !asking.can("picture");
    const input = find(".fs-give-file");
    find(".fs-give").addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.take(input.files[0]);
      input.value = ""; // so that the same file can be chosen again
    });
    const page = find(".fs");
    page.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      page.classList.add("is-dropping");
    });
    page.addEventListener("dragleave", (event) => {
      if (!page.contains(event.relatedTarget)) page.classList.remove("is-dropping");
    });
    page.addEventListener("drop", (event) => {
      page.classList.remove("is-dropping");
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", ({ clipboardData }) => {
      const file = [...(clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
      if (file) this.take(file);
    });
    find(".fs-given-start").addEventListener("click", () => on.start(this.chosen.has));
  }

  /** Ask by a file; the last one that was given counts. */
  async take(file) {
    if (!file) return;
    const number = ++this.number;
    say(this.find(".fs-error"), "");
    if (!this.asking.can("picture")) {
      say(this.find(".fs-error"), "This page has no server, so it can't be asked by a picture.");
      return;
    }
    if (file.size > LARGEST) {
      say(this.find(".fs-error"), "This picture is larger than 20 MB: give a smaller one.");
      return;
    }
    this.on.busy("Looking for faces in the picture. The first one takes a few seconds.");
    const answer = await this.asking.call("picture", file);
    if (number !== this.number) return;
    this.on.busy("");
    if (answer.error) {
      say(this.find(".fs-error"), answer.error);
      return;
    }
    if (this.picture) URL.revokeObjectURL(this.picture.address);
    this.picture = { ...answer, address: URL.createObjectURL(file) };
    this.choose(answer.faces[0]);
  }

  choose(face) {
    this.chosen = face;
    this.on.ask(face.name);
  }

  /** Show the picture with its faces framed, the one that is asked by marked; each can be chosen. */
  show(name) {
    const frame = this.find(".fs-given");
    frame.hidden = !name || !this.picture;
    this.find(".fs-given-start").hidden = frame.hidden;
    if (frame.hidden) return;
    frame.style.aspectRatio = this.picture.size.join(" / ");
    const shown = new Image();
    shown.alt = "The picture that is asked by";
    shown.src = this.picture.address;
    const faces = this.picture.faces.map((face, place) => {
      const box = button("fs-photo-face", "");
      const [left, top, width, height] = face.box.map((share) => `${100 * share}%`);
      Object.assign(box.style, { left, top, width, height });
      box.setAttribute("aria-label", `Face ${place + 1} of ${this.picture.faces.length}`);
      box.setAttribute("aria-pressed", String(face.name === name));
      box.addEventListener("click", () => this.choose(face));
      return box;
    });
    frame.replaceChildren(shown, ...faces);
  }
}
