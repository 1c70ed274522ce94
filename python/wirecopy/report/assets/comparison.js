// Comparisons as people see them: beside each other, or in one text.
const plain = (tokens) => tokens.map(([word, space]) => word + space).join("");
// Line breaks stay outside of what is marked, and so does the space at its end.
const marked = (tag, text) => {
  const inner = text.trimEnd();
  const lines = inner.split(/(\n+)/).map((line, i) => (i % 2 || !line ? line : el(tag, null, line)));
  return [...lines, text.slice(inner.length)];
};
const gap = (hidden, what) => {
  const button = el("button", { type: "button", class: "gap" }, `${count(hidden, "word")} unchanged`);
  button.title = "Show them";
  button.addEventListener("click", () => button.closest(".fold").replaceWith(...what()));
  return button;
};

const inOneText = (found) => {
  const { context, hidden: least } = data.rules;
  const body = el("div", { class: "body", dir: "auto" });
  found.ops.forEach(([tag, a, b, c, d], at) => {
    if (tag !== "equal") {
      if (b > a) body.append(...marked("del", plain(found.old.slice(a, b))), c < d ? " " : "");
      if (d > c) body.append(...marked("ins", plain(found.new.slice(c, d))), " ");
      return;
    }
    const same = found.new.slice(c, d);
    const last = same[same.length - 1];
    same[same.length - 1] = [last[0], last[1] || found.old[b - 1][1]];
    const before = at === 0 ? 0 : context;
    const after = at === found.ops.length - 1 ? 0 : context;
    if (same.length - before - after < least) {
      body.append(plain(same));
      return;
    }
    const middle = same.slice(before, same.length - after);
    body.append(
      plain(same.slice(0, before)),
      el("span", { class: "fold" }, gap(countWords(middle), () => [plain(middle)])),
      plain(same.slice(same.length - after)),
    );
  });
  return body;
};

// Rows end where both texts have a line break, or a sentence ends after a while.
const rowsOf = (found) => {
  const rows = [];
  let row;
  const fresh = () => (row = { left: [], right: [], changed: false, tokens: [], size: 0 });
  const put = (side, tag, text) => {
    const last = side[side.length - 1];
    if (last && last[0] === tag) last[1] += text;
    else side.push([tag, text]);
  };
  fresh();
  for (const [tag, a, b, c, d] of found.ops) {
    if (tag !== "equal") {
      if (b > a) put(row.left, "del", plain(found.old.slice(a, b)));
      if (d > c) put(row.right, "ins", plain(found.new.slice(c, d)));
      row.changed = true;
      row.size += b - a + d - c;
      continue;
    }
    for (let k = 0; k < b - a; k++) {
      const [left, right] = [found.old[a + k], found.new[c + k]];
      put(row.left, "", left[0] + left[1]);
      put(row.right, "", right[0] + right[1]);
      row.tokens.push(right);
      row.size++;
      const line = left[1].includes("\n") && right[1].includes("\n");
      const sentence = row.size > 40 && /^[.!?。！？।]$/u.test(left[0]);
      if (line || sentence) {
        rows.push(row);
        fresh();
      }
    }
  }
  if (row.size) rows.push(row);
  return rows;
};

const sideBySide = (found, left, right) => {
  const cell = (pieces) => {
    const td = el("td", { dir: "auto" });
    for (const [tag, text] of pieces) td.append(...(tag ? marked(tag, text) : [text]));
    return td;
  };
  const line = (row) => el("tr", row.changed ? { class: "changed" } : null, cell(row.left), cell(row.right));
  const body = el("tbody");
  let same = [];
  const flush = () => {
    const hidden = countWords(same.flatMap((row) => row.tokens));
    if (hidden < data.rules.hidden) {
      body.append(...same.map(line));
    } else {
      const rows = same;
      body.append(
        el("tr", { class: "fold" }, el("td", { colspan: "2" }, gap(hidden, () => rows.map(line)))),
      );
    }
    same = [];
  };
  for (const row of rowsOf(found)) {
    if (!row.changed) {
      same.push(row);
      continue;
    }
    flush();
    body.append(line(row));
  }
  flush();
  const head = (doc) => el("th", { scope: "col" }, isolated(named(doc)));
  return el(
    "table",
    { class: "sides" },
    el("thead", null, el("tr", null, head(left), head(right))),
    body,
  );
};

let serial = 0;
const comparison = (left, right, opener) => {
  const id = `c${++serial}`;
  const panel = el("section", { class: "panel", "aria-labelledby": id });
  const title = el(
    "h3",
    { id, tabindex: "-1" },
    isolated(named(left)),
    " and ",
    isolated(named(right)),
  );
  const close = () => {
    panel.remove();
    opener.focus();
  };
  panel.addEventListener("close", close);
  const button = el("button", { type: "button", onclick: close }, "Close");
  panel.append(el("div", { class: "bar-of-panel" }, title, button));
  if (!held(left) || !held(right)) {
    panel.append(el("p", { class: "note" }, `The text of one of them is not here: ${absent}.`));
    return [panel, title];
  }
  const found = align(textOf(left), textOf(right));
  const summary =
    found.added || found.removed
      ? `${count(found.removed, "word")} only in the first, ${number(found.added)} only in the second`
      : "No word differs.";
  const view = el(
    "select",
    null,
    el("option", { value: "sides" }, "side by side"),
    el("option", { value: "one" }, "in one text"),
  );
  if (window.matchMedia("(max-width: 44rem)").matches) view.value = "one";
  const shown = el("div", { class: "compared" });
  const draw = () =>
    shown.replaceChildren(view.value === "one" ? inOneText(found) : sideBySide(found, left, right));
  view.addEventListener("change", draw);
  draw();
  panel.append(el("p", { class: "note" }, el("span", null, summary), el("label", null, "View ", view)), shown);
  if (found.leftOut) {
    const most = number(data.rules.words);
    panel.append(
      el(
        "p",
        { class: "note" },
        `Compared up to ${most} words and marks of each text; ${number(found.leftOut)} further down were not.`,
      ),
    );
  }
  return [panel, title];
};

const compareInto = async (place, left, right, opener) => {
  await ready();
  for (const open of place.querySelectorAll(":scope > .panel")) open.remove();
  const [panel, title] = comparison(left, right, opener);
  place.append(panel);
  title.focus();
};
