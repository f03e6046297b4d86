// A text with Telegram's entities -> nodes. Offsets count UTF-16 units, as JavaScript does.

import { button, make, word } from "./parts.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s",
  code: "code", pre: "pre", blockquote: "blockquote",
};

/** A fragment; `say` is called with a command that is clicked. */
export function words(text, entities = [], say) {
  const nodes = document.createDocumentFragment();
  fill(nodes, text, 0, text.length, entities, say);
  return nodes;
}

function fill(parent, text, start, end, entities, say) {
  let at = start;
  for (let i = 0; i < entities.length; i += 1) {
    const { offset, length } = entities[i];
    if (offset < at) continue;
    const inner = entities.slice(i + 1).filter((other) => other.offset < offset + length);
    parent.append(text.slice(at, offset));
    const element = marked(entities[i], text.slice(offset, offset + length), say);
    if (!element.hasChildNodes()) fill(element, text, offset, offset + length, inner, say);
    parent.append(element);
    at = offset + length;
  }
  parent.append(text.slice(at, end));
}

function marked({ type, url }, text, say) {
  if (type === "bot_command") return button(text, () => say(text), { className: "command" });
  if (type === "text_link") return make("a", { href: safe(url), target: "_blank", rel: "noopener" });
  if (type === "spoiler") return make("span", { className: "spoiler", tabIndex: 0 });
  const scrolls = type === "pre" ? { tabIndex: 0 } : {};
  return make(TAGS[type] ?? "span", scrolls);
}

function safe(url) {
  return /^(https?|tg|mailto):/i.test(url) ? url : "#";
}

/** What a message is about, in one line. */
export function summary(message) {
  const file = message.document?.file_name ?? (message.photo && word("photo"));
  return message.text ?? message.caption ?? file ?? word("message");
}
