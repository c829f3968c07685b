// Draws the queue's rows. Everything a stranger wrote goes through textContent.
const piece = (name, className, text) => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
};

const drawRow = (item, pick) => {
  const row = piece("button", "row", "");
  row.type = "button";
  row.dataset.id = item.id;
  row.setAttribute("role", "option");
  const points = piece("span", "points", item.points);
  const sign = piece("span", "sign", item.sign);
  sign.title = item.label;
  sign.setAttribute("aria-label", item.label);
  points.append(sign);
  const meta = piece("span", "meta", "");
  meta.append(piece("span", "about", item.about));
  if (item.alike) meta.append(piece("span", "alike", item.alike));
  if (item.who) meta.append(piece("span", "who", item.who));
  meta.append(piece("span", item.late ? "when late" : "when", item.late ? `${item.when} · late` : item.when));
  const said = piece("span", "said", item.said);
  said.dir = "auto";
  row.append(points, said, meta);
  row.onclick = () => pick(item.id);
  return row;
};

// A box may not be on the page yet when the list is drawn: look again for a moment.
const putCursor = (key, triesLeft) => {
  const box = document.querySelector(`.st-key-${key} textarea, .st-key-${key} input`);
  if (box) box.focus();
  else if (triesLeft > 0) setTimeout(() => putCursor(key, triesLeft - 1), 30);
};

// Escape leaves a box, so that the single keys work again.
const leaveBox = (event) => {
  const box = document.activeElement;
  if (event.key === "Escape" && box && (box.tagName === "TEXTAREA" || box.tagName === "INPUT")) box.blur();
};

const mark = (list, id) => {
  for (const row of list.children) {
    const isChosen = row.dataset.id === id;
    row.setAttribute("aria-selected", String(isChosen));
    row.tabIndex = isChosen ? 0 : -1;
    if (isChosen) row.scrollIntoView({ block: "nearest" });
  }
};

// J and K are felt at once: the mark moves here and says where to; the answer, a moment later, brings what belongs to it.
const STEPS = { j: 1, k: -1 };
const HOLDS_MS = 500; // an answer to the key before the last one does not take the mark back meanwhile
const isTyping = (event) => event.composedPath()[0].matches?.("input, textarea, select, [contenteditable]");
const neighbour = (event, list) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return undefined;
  const rows = [...list.children];
  const place = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  return place < 0 ? undefined : rows[place + step];
};

// What the answer chose, or where somebody has moved on to since it was asked for.
const standsOn = (data) => {
  const picked = window.hearbackPicked;
  const isFresh = picked && performance.now() - picked.at < HOLDS_MS;
  return isFresh && data.items.some((item) => item.id === picked.id) ? picked.id : data.chosen;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = parentElement.querySelector(".list");
  const pick = (id) => {
    mark(list, id);
    window.hearbackPicked = { id, at: performance.now() };
    setTriggerValue("picked", { id, at: performance.timeOrigin + performance.now() });
  };
  // Before the buttons' own keys: those act where this list ends, and the page turns.
  const onKey = (event) => {
    const row = neighbour(event, list);
    if (row) {
      event.stopPropagation();
      pick(row.dataset.id);
    } else if (!isTyping(event)) window.hearbackPicked = null; // a verb: what comes next is not ours to say
  };
  list.replaceChildren(...data.items.map((item) => drawRow(item, pick)));
  mark(list, standsOn(data));
  if (data.focus && data.focus !== window.hearbackFocus) {
    window.hearbackFocus = data.focus;
    putCursor(data.focus.split(" ")[1], 150);
  }
  document.addEventListener("keydown", leaveBox);
  // Drawn anew after each answer, and told to leave only at the very end: the one before must not hear the key, too.
  window.removeEventListener("keydown", window.hearbackOnKey, true);
  window.hearbackOnKey = onKey;
  window.addEventListener("keydown", onKey, true);
  return () => {
    document.removeEventListener("keydown", leaveBox);
    window.removeEventListener("keydown", onKey, true);
  };
}
