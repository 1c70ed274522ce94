// Two texts word by word, by the rules of _compare.py: the same tokens, the same alignment (Ratcliff and
// Obershelp, as Python's difflib has it), the same joining of changes. Tests hold the two to one answer.
const comparing = (rules) => {
  const token = new RegExp(rules.token, "gu");
  const alike = new Map(Object.entries(rules.alike));

  const tokens = (text) => {
    const found = [];
    for (const [, word, space] of text.matchAll(token)) {
      found.push([word, space.split("\n").length > 2 ? "\n\n" : space]);
    }
    return [found.slice(0, rules.words), Math.max(0, found.length - rules.words)];
  };

  const same = (word) => {
    let folded = word;
    if (/[^\x00-\x7f]/.test(word)) {
      folded = Array.from(word.normalize("NFKC"), (char) => alike.get(char) ?? char).join("");
    }
    return folded === "--" || folded === "---" ? "-" : folded;
  };

  // The longest run that old[a, b) and new[c, d) share: the first of equals in old, then in new.
  const longest = (old, places, a, b, c, d) => {
    let [besti, bestj, size] = [a, c, 0];
    let ends = new Map();
    for (let i = a; i < b; i++) {
      const next = new Map();
      for (const j of places.get(old[i]) ?? []) {
        if (j < c) continue;
        if (j >= d) break;
        const k = (ends.get(j - 1) ?? 0) + 1;
        next.set(j, k);
        if (k > size) [besti, bestj, size] = [i - k + 1, j - k + 1, k];
      }
      ends = next;
    }
    return [besti, bestj, size];
  };

  const matching = (old, fresh) => {
    const places = new Map();
    fresh.forEach((word, j) => {
      if (places.has(word)) places.get(word).push(j);
      else places.set(word, [j]);
    });
    const waiting = [[0, old.length, 0, fresh.length]];
    const blocks = [];
    while (waiting.length) {
      const [a, b, c, d] = waiting.pop();
      const [i, j, k] = longest(old, places, a, b, c, d);
      if (!k) continue;
      blocks.push([i, j, k]);
      if (a < i && c < j) waiting.push([a, i, c, j]);
      if (i + k < b && j + k < d) waiting.push([i + k, b, j + k, d]);
    }
    blocks.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
    const joined = [];
    for (const [i, j, k] of blocks) {
      const last = joined[joined.length - 1];
      if (last && last[0] + last[2] === i && last[1] + last[2] === j) last[2] += k;
      else joined.push([i, j, k]);
    }
    return joined;
  };

  const operations = (old, fresh) => {
    const shorter = Math.min(old.length, fresh.length);
    let head = 0;
    while (head < shorter && old[head] === fresh[head]) head++;
    let tail = 0;
    while (tail < shorter - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
    const ops = head ? [["equal", 0, head, 0, head]] : [];
    let [a, c] = [head, head];
    const until = (b, d) => {
      if (a < b && c < d) ops.push(["replace", a, b, c, d]);
      else if (a < b) ops.push(["delete", a, b, c, d]);
      else if (c < d) ops.push(["insert", a, b, c, d]);
      [a, c] = [b, d];
    };
    const middle = (words) => words.slice(head, words.length - tail);
    for (const [i, j, k] of matching(middle(old), middle(fresh))) {
      until(i + head, j + head);
      ops.push(["equal", a, a + k, c, c + k]);
      [a, c] = [a + k, c + k];
    }
    until(old.length - tail, fresh.length - tail);
    if (tail) ops.push(["equal", old.length - tail, old.length, fresh.length - tail, fresh.length]);
    return ops;
  };

  // A lone "the" between two longer changes is no common ground.
  const smooth = (ops) => {
    const long = ([, a, b, c, d]) => Math.max(b - a, d - c) > 2;
    const joined = [];
    ops.forEach((op, at) => {
      let [tag, , b, c, d] = op;
      const island = tag === "equal" && d - c <= 2 && at > 0 && at < ops.length - 1;
      if (island && long(ops[at - 1]) && long(ops[at + 1])) tag = "island";
      const last = joined[joined.length - 1];
      if (last && last[0] !== "equal" && tag !== "equal") {
        joined[joined.length - 1] = ["replace", last[1], b, last[3], d];
      } else {
        joined.push(op);
      }
    });
    return joined;
  };

  const words = (list) => list.reduce((n, [word]) => n + /[\p{L}\p{N}]/u.test(word), 0);

  const align = (left, right) => {
    const [old, moreOld] = tokens(left);
    const [fresh, moreNew] = tokens(right);
    const ops = smooth(operations(old.map(([w]) => same(w)), fresh.map(([w]) => same(w))));
    let [added, removed] = [0, 0];
    for (const [tag, a, b, c, d] of ops) {
      if (tag === "equal") continue;
      removed += words(old.slice(a, b));
      added += words(fresh.slice(c, d));
    }
    return { old, new: fresh, ops, added, removed, leftOut: moreOld + moreNew };
  };

  return { align, words };
};
