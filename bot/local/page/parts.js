// Functions that all other files use.

export const $ = (id) => document.getElementById(id);

const WORDS = JSON.parse($("words").textContent);

/** A sentence of the page, by its key in the bot's texts without "page-", with values filled in. */
export function word(key, values = {}) {
  return WORDS[key].replace(/\{(\w+)\}/g, (slot, name) => values[name] ?? slot);
}

/** An element with properties and children; strings become text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(Boolean));
  return element;
}

export function button(label, act, properties = {}) {
  const element = make("button", { type: "button", textContent: label, ...properties });
  element.addEventListener("click", act);
  return element;
}

/** POST to the server; returns its answer, or throws an Error with its description. */
export async function post(path, fields, files = []) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, typeof value === "object" ? JSON.stringify(value) : value);
  }
  files.forEach((file, number) => form.append(`file${number}`, file, file.name ?? "drawing.png"));
  const answer = await fetch(path, { method: "POST", body: form }).catch(() => {
    throw new Error(word("not-running"));
  });
  const body = await answer.json().catch(() => ({ description: answer.statusText }));
  if (!answer.ok) throw new Error(body.description);
  return body;
}

let fading = 0;

/** A line that disappears by itself; a popover, to be above an open dialog. */
export function toast(text) {
  clearTimeout(fading);
  $("toast").hidePopover();
  $("toast").showPopover();
  $("toast").textContent = text;
  fading = setTimeout(() => $("toast").hidePopover(), 4000);
}

/** A message that stays until OK is pressed. */
export function notice(text) {
  $("notice-text").textContent = text;
  $("notice").showModal();
}

for (const closer of document.querySelectorAll("[data-close]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}
