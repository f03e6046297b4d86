// A message, or the messages of an album -> one item of the log.

import { $, button, make, word } from "./parts.js";
import { isGroup } from "./people.js";
import { summary, words } from "./words.js";

const REPLY_ARROW = "↩";

/** An <li>; `acts` has say(text), tap(message, data, button), reply(message), jump(id). */
export function bubble(messages, mine, acts) {
  const [first] = messages;
  const said = messages.find((message) => message.text ?? message.caption);
  const photos = messages.filter((message) => message.photo);
  const body = make("div", { className: photos.length ? "bubble picture" : "bubble" });
  body.append(
    isGroup() && !mine ? make("b", { className: "author" }, author(first)) : "",
    first.reply_to_message ? quote(first.reply_to_message, acts) : "",
    pictures(photos),
    ...messages.map(file),
    said ? text(said, acts) : "",
    meta(messages.at(-1)),
    button(REPLY_ARROW, () => acts.reply(first), { className: "icon answer-it", ariaLabel: word("reply") }),
  );
  body.addEventListener("dblclick", () => acts.reply(first));
  const rows = messages.at(-1).reply_markup?.inline_keyboard;
  const keys = rows ? buttons(messages.at(-1), rows, acts) : "";
  const stack = make("div", { className: keys ? "stack wide" : "stack" }, body, keys);
  return make("li", { id: `m${first.message_id}`, className: mine ? "mine" : "" }, stack);
}

function text(message, acts) {
  const marks = message.entities ?? message.caption_entities;
  const content = words(message.text ?? message.caption, marks, acts.say);
  return make("div", { className: "words" }, content);
}

function quote(message, acts) {
  const about = make("span", {}, make("b", {}, author(message)), summary(message));
  const act = () => acts.jump(message.message_id);
  const element = button("", act, { className: "quote" });
  if (message.photo) element.append(make("img", { src: source(message.photo[0]), alt: "" }));
  element.append(about);
  return element;
}

function author({ from: { is_bot: isBot, first_name: name } }) {
  return isBot ? $("bot-name").textContent : name;
}

function pictures(messages) {
  const shown = messages.map((message) => {
    const size = message.photo.find(({ width }) => width >= 600) ?? message.photo.at(-1);
    const { width, height } = size;
    const image = make("img", { src: source(size), width, height, alt: "" });
    const open = button("", () => view(message), { className: "photo", ariaLabel: word("open-photo") });
    open.append(image);
    return open;
  });
  return shown.length > 1 ? make("div", { className: "album" }, ...shown) : (shown[0] ?? "");
}

function view(message) {
  $("large").src = source(message.photo.at(-1));
  $("large").alt = message.caption ?? word("photo");
  $("viewer").showModal();
}

function file({ document: about }) {
  if (!about) return "";
  const size = make("small", {}, `${Math.ceil(about.file_size / 1024)} kB`);
  const name = about.file_name ?? word("file");
  const label = make("span", {}, name, size);
  return make("a", { className: "file", href: source(about), download: name }, label);
}

function source({ file_id: id }) {
  return `/chat/file/${encodeURIComponent(id)}`;
}

function meta(message) {
  const time = new Date(message.date * 1000);
  const clock = time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const edited = message.edit_date ? `${word("edited")} ` : "";
  return make("time", { className: "meta", dateTime: time.toISOString() }, edited + clock);
}

function buttons(message, rows, acts) {
  const lines = rows.map((row) =>
    make("div", {}, ...row.map((each) => {
      const act = (event) => acts.tap(message, each, event.currentTarget);
      return button(each.text, act);
    })),
  );
  return make("div", { className: "buttons", role: "group", ariaLabel: word("answers") }, ...lines);
}
