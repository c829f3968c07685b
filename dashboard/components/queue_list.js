// Draws the queue's rows. Everything a stranger wrote goes through textContent.
const piece = (name, className, text) => {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
};

const drawRow = (item, isChosen, pick) => {
  const row = piece("button", "row", "");
  row.type = "button";
  row.dataset.id = item.id;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(isChosen));
  row.tabIndex = isChosen ? 0 : -1;
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

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = parentElement.querySelector(".list");
  const pick = (id) => {
    for (const row of list.children) row.setAttribute("aria-selected", String(row.dataset.id === id));
    setTriggerValue("picked", id);
  };
  list.replaceChildren(...data.items.map((item) => drawRow(item, item.id === data.chosen, pick)));
  const chosen = list.querySelector('[aria-selected="true"]');
  if (chosen) chosen.scrollIntoView({ block: "nearest" });
  if (data.focus && data.focus !== window.hearbackFocus) {
    window.hearbackFocus = data.focus;
    putCursor(data.focus.split(" ")[1], 150);
  }
  document.addEventListener("keydown", leaveBox);
  return () => document.removeEventListener("keydown", leaveBox);
}
