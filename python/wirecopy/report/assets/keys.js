// Keys, and the start.
const move = (summary, key) => {
  const element = summary.parentElement;
  const to = {
    ArrowDown: element.nextElementSibling,
    ArrowUp: element.previousElementSibling,
    Home: list.firstElementChild,
    End: list.lastElementChild,
  }[key];
  if (key === "ArrowRight") element.open = true;
  else if (key === "ArrowLeft") element.open = false;
  else if (to === undefined) return false;
  else to?.querySelector("summary")?.focus();
  return true;
};
const escape = (target) => {
  const inner = target.closest(".panel, .reading");
  if (inner) inner.dispatchEvent(new Event("close"));
  else if (target === find && find.value) {
    find.value = "";
    update();
  } else {
    const group = target.closest(".group");
    if (!group) return false;
    group.open = false;
    group.querySelector("summary").focus();
  }
  return true;
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { target, key } = event;
  let done = false;
  if (key === "Escape") done = escape(target);
  else if (target.matches(".group > summary")) done = move(target, key);
  if (key === "/" && find && !target.closest("input, select, textarea")) {
    find.focus();
    done = true;
  }
  if (done) event.preventDefault();
});

for (const item of document.querySelectorAll(".bridges li[data-a]")) {
  const [a, b] = [Number(item.dataset.a), Number(item.dataset.b)];
  const button = el("button", { type: "button" }, "Compare");
  button.addEventListener("click", () => compareInto(item, a, b, button));
  item.append(el("span", { class: "actions" }, button));
}
if (box) {
  sources
    .map((name, i) => [name, i])
    .sort(([x], [y]) => x.localeCompare(y))
    .forEach(([name, i]) => source?.append(el("option", { value: String(i) }, name)));
  let waiting;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 120);
  });
  find.addEventListener("focus", () => ready().then(() => idle(function some() { if (foldSome(500)) idle(some); })));
  for (const control of [verdict, source, sorting]) control?.addEventListener("change", update);
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", () => draw(Infinity));
  box.hidden = false;
  update();
  reveal();
}
