// A mark opens the evidence it points to, brings it into view and moves the focus there.
document.addEventListener("click", (event) => {
  const mark = event.target instanceof Element && event.target.closest("a.mark");
  if (!mark) return;
  const source = document.getElementById(mark.getAttribute("href").slice(1));
  if (!source) return;
  event.preventDefault();
  source.open = true;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  source.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
  source.querySelector("summary").focus({ preventScroll: true });
});
