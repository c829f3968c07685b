// What pages with keys share: which presses count. A mention that came by itself is read before it is acted on, so for
// a moment after it stands there no verb counts, and the repeats of a held key never do.
const READING_MS = 400;
const LOST_MS = 10_000; // what the server did not answer for so long is not waited for any more

const isTyping = (event) => event.composedPath()[0].matches?.("input, textarea, select, [contenteditable]");
const isInMenu = (event) =>
  event.composedPath().some((one) => one.matches?.('[role="menu"], [role="dialog"], [role="listbox"]:not(.list)'));
const isSingleKey = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event) && !isInMenu(event);
const isHeldDown = (event) => event.repeat && isSingleKey(event) && event.key.length === 1 && event.key !== " ";

const stop = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

const buttonOf = (name) => document.querySelector(`.st-key-${name} button:not(:disabled)`);
const pressed = (event, names) => {
  const isButton = (one) => one.matches?.("button, a");
  const button = event.composedPath().find(isButton);
  return button && names.find((name) => button.closest(`.st-key-${name}`));
};

// An element may not be on the page yet: look again for a moment.
const whenDrawn = (wanted, then, triesLeft = 150) => {
  const found = document.querySelector(wanted);
  if (found) then(found);
  else if (triesLeft > 0) setTimeout(() => whenDrawn(wanted, then, triesLeft - 1), 30);
  else then(null);
};

// Listeners on the window, once each: a component is drawn anew after each answer and told to leave only at the end,
// and the one before must not hear a key, too.
const heard = {};
const listen = (type, act) => {
  if (heard[type]) window.removeEventListener(type, heard[type], true);
  heard[type] = act;
  if (act) window.addEventListener(type, act, true);
};
