// "More like this": which face it is, and the slider from it to what is ticked.

const WHEN_TICKED = 0.5; // where the slider goes when a first tick is to count

export class Likeness {
  /** `on` has mix(value) and stop(). */
  constructor(element, on) {
    this.element = element;
    this.slider = element.querySelector("input");
    this.slider.addEventListener("input", () => on.mix(Number(this.slider.value)));
    element.querySelector(".fs-unlike").addEventListener("click", on.stop);
  }

  /** Show the state's face; `known` has its picture's address, once it is known. */
  show({ like, mix, wanted, unwanted }, known) {
    this.element.hidden = !like;
    if (!like) return;
    const ticked = wanted.length + unwanted.length > 0;
    const picture = this.element.querySelector("img");
    picture.hidden = known?.name !== like || !known.image;
    if (!picture.hidden) picture.src = known.image;
    this.element.querySelector(".fs-like-name").textContent = `More like ${like}`;
    this.slider.value = mix;
    this.slider.disabled = !ticked;
    this.slider.title = ticked ? "" : "Tick something to mix it in.";
    this.slider.setAttribute("aria-valuetext", `${Math.round(mix * 100)} % what I ticked`);
  }
}

/** The mix after attributes changed: a tick while only the face counts takes the slider to the
 *  middle, and with nothing ticked only the face counts. */
export function mixAfter({ like, mix }, ticked) {
  if (!like || !ticked) return 0;
  return mix || WHEN_TICKED;
}
