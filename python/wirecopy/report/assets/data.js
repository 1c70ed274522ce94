// The list of groups, made from the page's data. Article text is set as text, never as HTML. The texts,
// by far the most of the data, lie packed (deflate, base64) until the list stands.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("index").textContent);
const { docs, groups, sources, verdicts } = data;
const { align, words: countWords } = comparing(data.rules);
const list = byId("groups");
const box = document.querySelector(".controls");
const SHOWN_MEMBERS = 40;
const LANES = 12;

let store = null;
let unpacking = null;
let absent = "left out of this file"; // why a text is not there
const unpack = async () => {
  if (!("DecompressionStream" in window)) {
    absent = "this browser is too old to unpack texts";
    store = { paragraphs: [], texts: docs.name.map(() => []) };
    return;
  }
  const packed = atob(byId("texts").textContent);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  store = JSON.parse(await new Response(stream).text());
  byId("texts").remove();
};
// To be awaited before the texts are used; it takes its time once.
const ready = () => (unpacking ??= unpack());
const held = (doc) => store.texts[doc].length > 0;
const textOf = (doc) => store.texts[doc].map((n) => store.paragraphs[n]).join("\n");

const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const count = (n, one, many = one + "s") => `${number(n)} ${n === 1 ? one : many}`;
const similarity = (value) => (value >= 1 ? value : Math.min(value, 0.99)).toFixed(2);
const when = (minute) => {
  const time = new Date(minute * 60000);
  if (Number.isNaN(time.getTime())) return "";
  return time.toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "");
};
const span = (minutes) => {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = days ? [days, "d", hours, "h"] : hours ? [hours, "h", rest, "min"] : [rest, "min"];
  const text = `${number(parts[0])} ${parts[1]}`;
  return parts.length > 2 && parts[2] ? `${text} ${parts[2]} ${parts[3]}` : text;
};

// An element; strings among its children become text.
const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === false) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
};
const isolated = (text) => el("bdi", { dir: "auto" }, text);
const chip = (kind, text) =>
  el("span", { class: `chip v-${kind.toLowerCase().replace(/[^a-z]+/g, "-")}` }, text ?? "");
const heading = (doc) => el("span", { class: "headline", dir: "auto" }, docs.headline[doc]);
const sourceOf = (doc) => sources[docs.source[doc]] ?? "";
const named = (doc) => [sourceOf(doc), docs.name[doc]].filter(Boolean).join(" · ");
const meta = (doc, ...more) => {
  const time = docs.minute[doc] === null ? "" : when(docs.minute[doc]);
  const parts = [sourceOf(doc), time, docs.name[doc]].filter(Boolean).map(isolated);
  return el("span", { class: "meta" }, [...parts, ...more].map((part) => el("span", null, part)));
};
