// Rest for a page that nobody touches. Runs before Gradio's modules, which keep what they find here.
//
// Gradio's sign of loading has a clock that asks for frame after frame, also once the sign is gone
// (6.31, on any page of Gradio's), and so keeps the browser busy for as long as the page is open. A
// frame that it is refused is its last.
(() => {
  const ask = window.requestAnimationFrame.bind(window);
  const SOON = 1000; // ms in which the clock asks again, many times
  let ending = false;

  const isClock = () => {
    // after this function and the one that calls it; some browsers head the list with a word
    const [, , caller] = new Error().stack.split("\n").filter((line) => /:\d+:\d+/.test(line));
    return caller?.includes("/statustracker-");
  };

  window.requestAnimationFrame = (draw) => {
    if (!(ending && isClock())) return ask(draw);
    ending = false;
    return 0;
  };

  const end = () => {
    ending = true;
    setTimeout(() => {
      ending = false;
    }, SOON);
  };
  window.addEventListener("facesearch:started", end, { once: true });
})();
