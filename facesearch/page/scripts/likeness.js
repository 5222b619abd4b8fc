// "More like this": which face it is, and the slider from it to what is ticked.

export class Likeness {
  /** `on` has mix(value), settle() once the slider rests, and stop(). */
  constructor(element, on) {
    this.element = element;
    this.slider = element.querySelector("input");
    this.slider.addEventListener("input", () => on.mix(Number(this.slider.value)));
    this.slider.addEventListener("change", on.settle);
    element.querySelector(".fs-unlike").addEventListener("click", on.stop);
  }

  /** Show the state's face; `known` has its picture's address, once it is known. */
  show({ like, picture: given, mix, wanted, unwanted }, known) {
    this.element.hidden = !like && !given;
    if (this.element.hidden) return;
    const ticked = wanted.length + unwanted.length > 0;
    const picture = this.element.querySelector("img");
    picture.hidden = !like || known?.name !== like || !known.image;
    if (!picture.hidden) picture.src = known.image;
    this.element.querySelector(".fs-like-name").textContent = like
      ? `More like ${like}`
      : "More like this face";
    this.slider.value = mix;
    this.slider.disabled = !ticked;
    this.slider.title = ticked ? "" : "Tick something to mix it in.";
    this.slider.setAttribute("aria-valuetext", `${Math.round(mix * 100)} % what I ticked`);
  }
}
