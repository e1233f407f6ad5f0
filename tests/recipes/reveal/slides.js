// The recipe for reveal.js, as docs/recipes.md has it: a run begins to play when its slide is shown, and stops when it is left.

Reveal.on("ready", ({ currentSlide }) => show(currentSlide));
Reveal.on("slidechanged", ({ previousSlide, currentSlide }) => {
  for (const run of runs(previousSlide)) if (run.state) run.pause();
  // Whoever clicked into the run gave it the keys; the deck takes them back.
  document.activeElement?.blur();
  show(currentSlide);
});
Reveal.initialize({ hash: true });

function show(slide) {
  for (const run of runs(slide)) run.play();
}

function runs(slide) {
  return slide ? slide.querySelectorAll("split-brain") : [];
}

// The keys of a run's own button are no clicks of the deck.
for (const run of document.querySelectorAll("split-brain")) run.addEventListener("keydown", (event) => event.stopPropagation());
