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

const putCursor = (key) => whenDrawn(`.st-key-${key} :is(textarea, input)`, (box) => box?.focus());

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

const STEPS = { j: 1, k: -1 };
const neighbour = (key, list) => {
  const rows = [...list.children];
  const place = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  return STEPS[key] && place >= 0 ? rows[place + STEPS[key]] : undefined;
};

// What hands did and the server has not answered yet, first to last. All of it goes with every message: of several that
// wait the server reads only the newest.
let waiting = [];
let newest = 0; // the number of the latest: milliseconds, ever larger, through a reload too
let standing = null; // the mention that verbs are meant for: marked in the list, and as a rule beside it
let readFrom = 0; // verbs count from this instant on
let last = {}; // the latest verb that counted, and when
let focused = ""; // the latest box that the cursor was put into

const tell = (did, component) => {
  newest = Math.max(newest + 1, Math.round(performance.timeOrigin + performance.now()));
  waiting = [...waiting.filter((one) => newest - one.n < LOST_MS), { ...did, n: newest }];
  component.setTriggerValue("did", waiting);
};

// Whether a verb is one press too many: the second of two, or meant for what nobody can have read yet. What came before
// can be taken back at once.
const isTooSoon = (verb, moves) => {
  const now = performance.now();
  const isAgain = last.verb === verb && now - last.at < READING_MS;
  if (verb === "undo") return isAgain || waiting.some((one) => one.verb === verb);
  const isOpen = (one) => one.verb && one.id === standing && (one.verb === verb || moves.includes(one.verb));
  return isAgain || now < readFrom || waiting.some(isOpen);
};

// The list says whether verbs are heard: data-held.
const release = (list) => {
  readFrom = 0;
  delete list.dataset.held;
};
const awaitReading = (list, box) => {
  readFrom = Infinity;
  list.dataset.held = "";
  const awaited = standing;
  whenDrawn(`.st-key-${box}`, () => {
    if (standing !== awaited || readFrom !== Infinity) return;
    readFrom = performance.now() + READING_MS;
    setTimeout(() => performance.now() >= readFrom && release(list), READING_MS + 10);
  });
};

export default function (component) {
  const { data, parentElement } = component;
  const list = parentElement.querySelector(".list");
  const names = Object.values(data.verbs);
  const version = (id) => (id === data.chosen ? data.version : data.items.find((item) => item.id === id)?.version);

  const pick = (id) => {
    mark(list, id); // felt at once; the answer, a moment later, brings what belongs to it
    standing = id;
    release(list); // whoever goes to it knows what it is
    tell({ id }, component);
  };
  const press = (verb) => {
    const area = data.writes.includes(verb) && boxOf(standing);
    if (area && !area.value.trim()) return area.focus(); // nothing to write down yet
    if (isTooSoon(verb, data.moves)) return;
    last = { verb, at: performance.now() };
    const text = area ? area.value : null; // the page may not have told the server yet what was typed last
    tell({ verb, id: standing, version: version(standing) ?? null, text }, component);
  };
  // Before the buttons' own keys and clicks: a verb goes out with the mention that was on the screen.
  const onKey = (event) => {
    const verb = data.verbs[event.key.toLowerCase()];
    const held = event.repeat && (event.key === "Enter" || event.key === " ") && pressed(event, names);
    if (held) stop(event);
    if (held || !isSingleKey(event)) return;
    const row = neighbour(event.key.toLowerCase(), list);
    if (row) {
      stop(event);
      pick(row.dataset.id);
    } else if (isHeldDown(event)) stop(event);
    else if (verb && buttonOf(verb)) {
      stop(event);
      press(verb);
    }
  };
  const onClick = (event) => {
    const verb = pressed(event, names);
    if (!verb) return;
    stop(event);
    press(verb);
  };

  waiting = waiting.filter((one) => one.n > data.done);
  list.replaceChildren(...data.items.map((item) => drawRow(item, pick)));
  const told = waiting.findLast((one) => one.id && data.items.some((item) => item.id === one.id));
  const stands = told ? told.id : data.chosen;
  if (stands !== standing) {
    const isFirst = standing === null;
    standing = stands;
    if (isFirst) release(list);
    else awaitReading(list, data.box);
  }
  mark(list, stands);
  if (data.focus && data.focus !== focused) {
    focused = data.focus;
    putCursor(data.focus.split(" ")[1]);
  }
  followDrafts(data, (ids) => tell({ drafts: ids }, component));
  document.addEventListener("keydown", leaveBox);
  listen("keydown", onKey);
  listen("click", onClick);
  listen("input", keepTyped);
  return () => {
    document.removeEventListener("keydown", leaveBox);
    for (const type of ["keydown", "click", "input"]) listen(type, null);
  };
}
