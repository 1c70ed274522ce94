// A group: its line in the list, and what is made when it is opened.
const membersOf = (g) =>
  groups.docs[g].map((doc, k) => ({
    doc,
    keeper: k === 0,
    alike: k ? groups.alike[g][k - 1] : 1,
    verdict: k ? verdicts[groups.verdict[g][k - 1]] : "keeper",
  }));
const datesOf = (g) => groups.docs[g].map((doc) => docs.minute[doc]).filter((minute) => minute !== null);

// Who ran it when: a lane for each outlet, from the first to run it.
const timeline = (g) => {
  const dated = membersOf(g).filter(({ doc }) => docs.minute[doc] !== null);
  if (dated.length < 2) return null;
  dated.sort((x, y) => docs.minute[x.doc] - docs.minute[y.doc]);
  const first = docs.minute[dated[0].doc];
  const length = docs.minute[dated[dated.length - 1].doc] - first;
  const lanes = new Map();
  for (const member of dated) {
    let name = sourceOf(member.doc);
    if (!lanes.has(name) && lanes.size >= LANES) name = "others";
    if (lanes.has(name)) lanes.get(name).push(member);
    else lanes.set(name, [member]);
  }
  const dot = ({ doc, keeper, verdict }) => {
    const node = chip(keeper ? "kept" : verdict, null);
    node.className = node.className.replace("chip", "dot");
    node.title = `${named(doc)}, ${when(docs.minute[doc])}: ${verdict}`;
    node.style.left = `${length ? (100 * (docs.minute[doc] - first)) / length : 0}%`;
    return node;
  };
  const rows = Array.from(lanes, ([name, members]) => {
    const delay = docs.minute[members[0].doc] - first;
    const times = members.map(({ doc }) => when(docs.minute[doc])).join(", ");
    return el(
      "li",
      null,
      el("span", { class: "lane" }, isolated(name || "no outlet")),
      el("span", { class: "track", "aria-hidden": "true" }, members.map(dot)),
      el("span", { class: "delay" }, delay ? `+${span(delay)}` : "first"),
      el("span", { class: "unseen" }, times),
    );
  });
  const about = length
    ? `${when(first)} to ${when(first + length)}, ${span(length)}`
    : `all at ${when(first)}`;
  return el(
    "figure",
    { class: "timeline" },
    el("figcaption", null, "Who ran it when ", el("span", { class: "meta" }, about)),
    el("ol", null, rows),
  );
};

const chooser = (g, inside) => {
  const members = membersOf(g);
  const pick = (label, at) => {
    const select = el(
      "select",
      null,
      members.map(({ doc, keeper }, k) =>
        el("option", { value: String(k) }, `${k + 1}. ${named(doc)}${keeper ? " (keeper)" : ""}`),
      ),
    );
    select.selectedIndex = at;
    return [select, el("label", null, label, " ", select)];
  };
  const [left, leftLabel] = pick("Compare", 0);
  const [right, rightLabel] = pick("with", Math.min(1, members.length - 1));
  const button = el("button", { type: "button", class: "go" }, "Compare");
  const chosen = (select) => members[select.selectedIndex].doc;
  button.addEventListener("click", () => compareInto(inside, chosen(left), chosen(right), button));
  return el("div", { class: "chooser" }, leftLabel, rightLabel, button);
};

const reader = (doc, what) => {
  const button = el("button", { type: "button", "aria-expanded": "false" }, "Read");
  button.addEventListener("click", async () => {
    await ready();
    const open = what.querySelector(":scope > .reading");
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      open.remove();
      return;
    }
    const text = held(doc) ? textOf(doc).replace(/\n{3,}/g, "\n\n") : "";
    const body = el("div", { class: "body reading", dir: "auto", tabindex: "-1" }, text);
    if (!held(doc)) body.append(el("span", { class: "gap" }, absent));
    else if (Array.from(text).length >= data.longest) body.append(el("span", { class: "gap" }, "cut here"));
    body.addEventListener("close", () => {
      button.click();
      button.focus();
    });
    what.append(body);
  });
  return button;
};

const memberItem = ({ doc, keeper, alike, verdict }, k, keeperDoc) => {
  const bar = el("span", { class: `bar v-${verdict.replace(/[^a-z]+/g, "-")}` });
  bar.style.setProperty("--share", alike);
  const what = el("div", { class: "what" }, heading(doc), meta(doc, count(docs.words[doc], "word")));
  const item = el("li");
  const actions = el("span", { class: "actions" }, reader(doc, what));
  if (!keeper && verdict !== "identical") {
    const button = el("button", { type: "button" }, "Compare with keeper");
    button.addEventListener("click", () => compareInto(item, keeperDoc, doc, button));
    actions.append(button);
  }
  item.append(
    el("span", { class: "n" }, String(k + 1)),
    chip(keeper ? "kept" : verdict, verdict),
    keeper ? el("span") : el("span", { class: "alike" }, bar, el("b", null, similarity(alike))),
    what,
    actions,
  );
  return item;
};

const fill = (g, element) => {
  const inside = el("div", { class: "inside" });
  const members = membersOf(g);
  const items = (from, to) =>
    members.slice(from, to).map((member, k) => memberItem(member, from + k, members[0].doc));
  const ol = el("ol", { class: "members" }, items(0, SHOWN_MEMBERS));
  inside.append(timeline(g) ?? "", ol);
  if (members.length > SHOWN_MEMBERS) {
    const more = el("button", { type: "button" }, `Show all ${number(members.length)}`);
    more.addEventListener("click", () => {
      const fresh = items(SHOWN_MEMBERS, members.length);
      ol.append(...fresh);
      more.remove();
      fresh[0].querySelector("button").focus();
    });
    inside.append(more);
  }
  const hidden = groups.size[g] - members.length;
  if (hidden) {
    inside.append(
      el("p", { class: "note" }, `${count(hidden, "more member")} of this group left out here.`),
    );
  }
  if (members.length > 1) inside.append(chooser(g, inside));
  element.append(inside);
};

const elements = new Map();
const elementOf = (g) => {
  if (elements.has(g)) return elements.get(g);
  const [keeper] = groups.docs[g];
  const kinds = new Map();
  for (const v of groups.verdict[g]) kinds.set(v, (kinds.get(v) ?? 0) + 1);
  const chips = Array.from(kinds)
    .sort(([x], [y]) => x - y)
    .map(([v, n]) => chip(verdicts[v], `${number(n)} ${verdicts[v]}`));
  const telling = groups.telling[g].map(isolated);
  const size = el("span", { class: "size" }, number(groups.size[g]), el("i", { "aria-hidden": "true" }, "×"));
  size.title = `${groups.size[g]} articles in this group`;
  const element = el(
    "details",
    { class: "group", id: `g${groups.number[g]}` },
    el(
      "summary",
      null,
      size,
      el(
        "span",
        { class: "story" },
        heading(keeper),
        meta(keeper),
        telling.length ? el("span", { class: "words", title: "Words that set this story apart" }, telling) : null,
      ),
      el("span", { class: "chips" }, chips),
    ),
  );
  element.addEventListener("toggle", () => {
    if (element.open && !element.querySelector(":scope > .inside")) fill(g, element);
  });
  elements.set(g, element);
  return element;
};
