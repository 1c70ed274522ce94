// The list of groups: drawn, searched, sorted.
const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 1));
const all = groups.number.map((_, g) => g);
let order = all;
let drawn = 0;
let job = 0;

const draw = (most) => {
  const end = Math.min(order.length, drawn + most);
  list.append(...order.slice(drawn, end).map(elementOf));
  drawn = end;
  list.setAttribute("aria-busy", String(drawn < order.length));
};
// The first groups at once, the others while nothing else is to be done.
const render = () => {
  const mine = ++job;
  drawn = 0;
  list.replaceChildren();
  draw(40);
  const more = () => {
    if (mine !== job) return;
    if (drawn >= order.length) {
      ready();
      return;
    }
    draw(200);
    idle(more);
  };
  idle(more);
};

const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
const about = new Map();
const aboutOf = (g) => {
  if (!about.has(g)) {
    const parts = groups.docs[g].flatMap((doc) => [
      docs.headline[doc],
      sourceOf(doc),
      docs.name[doc],
      docs.minute[doc] === null ? "" : when(docs.minute[doc]),
    ]);
    about.set(g, fold([...parts, ...groups.telling[g]].join("\n")));
  }
  return about.get(g);
};
const folded = [];
const foldSome = (most) => {
  const { paragraphs } = store;
  const end = Math.min(paragraphs.length, folded.length + most);
  while (folded.length < end) folded.push(fold(paragraphs[folded.length]));
  return folded.length < paragraphs.length;
};

const find = byId("q");
const verdict = byId("verdict");
const source = byId("source");
const sorting = byId("order");

const matching = (wanted) => {
  if (wanted.length) foldSome(Infinity);
  const hits = wanted.map((word) => folded.map((text) => text.includes(word)));
  const kind = verdicts.indexOf(verdict.value);
  const outlet = source && source.value !== "" ? Number(source.value) : null;
  return all.filter(
    (g) =>
      (kind < 0 || groups.verdict[g].includes(kind)) &&
      (outlet === null || groups.docs[g].some((doc) => docs.source[doc] === outlet)) &&
      wanted.every(
        (word, w) =>
          aboutOf(g).includes(word) ||
          groups.docs[g].some((doc) => store.texts[doc].some((n) => hits[w][n])),
      ),
  );
};

const values = {
  size: () => 0,
  low: (g) => groups.low[g],
  first: (g) => Math.min(...datesOf(g)),
  last: (g) => -Math.max(...datesOf(g)),
  span: (g) => (datesOf(g).length ? Math.min(...datesOf(g)) - Math.max(...datesOf(g)) : 1),
  outlets: (g) => -new Set(groups.docs[g].map((doc) => docs.source[doc]).filter((s) => s >= 0)).size,
};
const update = async () => {
  const wanted = fold(find.value).split(/\s+/).filter(Boolean);
  const typed = find.value;
  if (wanted.length) await ready();
  if (typed !== find.value) return; // a later call has more to go by
  const found = matching(wanted);
  const keys = new Map(found.map((g) => [g, values[sorting.value](g)]));
  const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
  found.sort((a, b) => compare(keys.get(a), keys.get(b)) || a - b);
  order = found;
  byId("count").textContent =
    order.length === all.length
      ? count(all.length, "group")
      : `${number(order.length)} of ${count(all.length, "group")}`;
  render();
  if (!order.length) list.append(el("p", { class: "note" }, "No group matches."));
};

const reveal = async () => {
  const wanted = /^#g(\d+)$/.exec(location.hash);
  const g = wanted ? groups.number.indexOf(Number(wanted[1])) : -1;
  if (g < 0) return;
  if (!order.includes(g)) {
    find.value = verdict.value = "";
    if (source) source.value = "";
    await update();
  }
  draw(Infinity);
  const element = elementOf(g);
  element.open = true;
  element.scrollIntoView();
  element.querySelector("summary").focus({ preventScroll: true });
};
