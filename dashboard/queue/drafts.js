// A draft is kept in this tab until it is used up: it outlives a reload and a lost connection, and nobody else sees it.
const DRAFT = "hearback:draft:";
const LOOKED_FOR_MS = 600_000; // between two questions whether the mentions of the drafts still stand
const boxes = {}; // the box's key -> the mention it belongs to
let used = {}; // mention -> how often its box was used up
let lookedAt = -Infinity;

const kept = (id) => {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFT + id));
  } catch {
    return null; // storage is switched off
  }
};
const keep = (id, text) => {
  try {
    if (text) sessionStorage.setItem(DRAFT + id, JSON.stringify({ text, used: used[id] ?? 0 }));
    else sessionStorage.removeItem(DRAFT + id);
  } catch {
    // switched off or full: the draft lives as long as the page
  }
};
const drafts = () => {
  try {
    return Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT)).map((key) => key.slice(DRAFT.length));
  } catch {
    return [];
  }
};

const keepTyped = (event) => {
  const box = event.target.matches?.("textarea") && event.target.closest('[class*="st-key-words_"]');
  const key = box && [...box.classList].find((name) => name.startsWith("st-key-words_"))?.slice("st-key-".length);
  if (boxes[key]) keep(boxes[key], event.target.value);
};

// The box of a mention, while it is on the page.
const boxOf = (id) => {
  const keys = Object.keys(boxes).filter((key) => boxes[key] === id);
  return keys.map((key) => document.querySelector(`.st-key-${key} textarea`)).find((area) => area);
};

const write = (area, text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.dispatchEvent(new FocusEvent("focusout", { bubbles: true })); // the page takes a text in when its box is left
};
const restore = (box, id) =>
  whenDrawn(`.st-key-${box} textarea`, (area) => {
    const draft = kept(id);
    if (area && draft && area.value === "" && area !== document.activeElement) write(area, draft.text);
  });

const followDrafts = (data, ask) => {
  used = data.used;
  for (const id of data.gone) keep(id, "");
  for (const [id, times] of Object.entries(used)) if (kept(id)?.used < times) keep(id, "");
  if (data.chosen) {
    boxes[data.box] = data.chosen;
    restore(data.box, data.chosen);
  }
  const left = drafts();
  if (left.length && performance.now() - lookedAt > LOOKED_FOR_MS) {
    lookedAt = performance.now();
    ask(left);
  }
};
