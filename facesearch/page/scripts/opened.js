// The face that the state names, opened: asked for, stepped from, and closed by going back.

import { say } from "./elements.js";
import { FaceDialog } from "./face.js";

export class OpenedFace {
  /** `page` has the state, its ways to change it, and the gallery that faces are opened from. */
  constructor(page) {
    this.page = page;
    const { about, asking, find } = page;
    this.dialog = new FaceDialog(find(".fs-face"), page.panel, about, {
      close: () => this.close(),
      step: (direction) => this.step(direction),
      open: (face) => {
        page.go({ face }, "replace");
        page.trail.settle();
      },
      moreLike: (like) => {
        page.askElse({ like });
        find(".fs-unlike").focus();
      },
      startFrom: (wanted) => {
        page.askElse({ wanted, unwanted: [] });
        find(".fs-chips button")?.focus();
      },
    });
    this.asking = asking;
  }

  /** Open the face that the state names, or close the dialog. */
  async show() {
    const { page } = this;
    const name = page.state.face;
    if (!name) return this.dialog.hide();
    const face = await this.asking.call("face", name);
    if (page.state.face !== name) return;
    if (face.error) {
      this.close();
      say(page.find(".fs-error"), face.error);
      return;
    }
    const { gallery, answer } = page;
    const next = gallery.beside(name, 1) || (gallery.hit(name) && answer.more);
    this.dialog.show(face, gallery.hit(name), answer?.asked ?? [], {
      previous: gallery.beside(name, -1),
      next,
    });
  }

  close() {
    const { page } = this;
    const { face } = page.state;
    page.state = { ...page.state, face: null };
    if (page.trail.onDetour) page.trail.leave();
    else page.trail.replace(page.address());
    this.dialog.hide();
    page.gallery.focus(face);
  }

  /** The face before or after the opened one; after the last one shown, more are fetched. */
  async step(direction) {
    const { page } = this;
    const { face } = page.state;
    const { gallery } = page;
    if (direction > 0 && gallery.hit(face) && !gallery.beside(face, 1)) await page.more();
    const hit = gallery.beside(face, direction);
    if (hit && page.state.face === face) page.go({ face: hit.name }, "replace");
  }
}
