// The page as a whole: it receives events and sends what the user does.

import { Commands } from "./commands.js";
import { setUpDrawing } from "./draw.js";
import { Log } from "./log.js";
import { $, notice, post, toast, word } from "./parts.js";
import { chat, isGroup, me, setUpPeople } from "./people.js";
import { setUpPicking } from "./pick.js";
import { summary } from "./words.js";

const ACTION_LASTS = 5000; // ms, as in Telegram
const RETRY = 2000; // ms
const ACTIONS = { typing: "typing", upload_photo: "sending-photo", upload_document: "sending-file" };

let stream = null;
let answering = null; // the message that the next one replies to
let quiet = 0; // the timer that ends "typing…"

const log = new Log({ say, tap, reply, jump });
const commands = new Commands(say);

async function send(files, text, kind = "photo") {
  const shared = { ...me(), reply_parameters: { message_id: answering?.message_id ?? 0 } };
  const media = files.map((_, place) => ({ type: kind, media: `attach://file${place}` }));
  if (!media.length) await post("/chat/sendMessage", { ...shared, text });
  else if (media.length === 1) {
    await post(`/chat/send${kind}`, { ...shared, [kind]: media[0].media, caption: text }, files);
  } else {
    media[0].caption = text;
    await post("/chat/sendMediaGroup", { ...shared, media }, files);
  }
  reply(null);
}

async function say(text) {
  if (text === "/draw") {
    $("draw").click(); // the page's own canvas instead of the white picture
    return true;
  }
  try {
    await send([], text);
    return true;
  } catch (error) {
    toast(word("not-sent", { reason: error.message }));
    return false;
  }
}

async function tap(message, { callback_data: data, url, copy_text: copied }, element) {
  if (copied) {
    await navigator.clipboard.writeText(copied.text);
    toast(word("copied", { text: copied.text }));
    return;
  }
  if (url) {
    window.open(url, "_blank", "noopener");
    return;
  }
  element.ariaBusy = "true";
  try {
    await post("/chat/tap", { ...me(), message_id: message.message_id, data });
  } catch (error) {
    toast(word("not-sent", { reason: error.message }));
  }
  setTimeout(() => (element.ariaBusy = "false"), 1000);
}

function reply(message) {
  answering = message;
  $("reply").hidden = !message;
  if (!message) return;
  $("reply-text").textContent = `${message.from.first_name}: ${summary(message)}`;
  $("text").focus();
}

function jump(id) {
  $(`m${id}`)?.scrollIntoView({ behavior: "smooth", block: "center" });
}

function status(text, busy = false) {
  $("status").textContent = text;
  $("status").classList.toggle("busy", busy);
  $("typing").hidden = !busy;
  clearTimeout(quiet);
  if (busy) quiet = setTimeout(() => status(word("bot")), ACTION_LASTS);
}

const EVENTS = {
  snapshot({ messages }) {
    log.reset(messages);
    $("welcome").hidden = messages.length > 0;
    status(word("bot"));
    showProfile();
  },
  message({ message }) {
    log.put(message);
    $("welcome").hidden = true;
    if (message.from.is_bot) status(word("bot"));
  },
  edit: ({ message }) => log.put(message),
  delete: ({ message_id: id }) => log.remove(id),
  reaction: ({ message_id: id, emoji }) => log.react(id, emoji),
  action: ({ action }) => status(word(ACTIONS[action] ?? "busy"), true),
  answer: ({ text, alert }) => text && (alert ? notice(text) : toast(text)),
  profile: () => showProfile(),
};

async function showProfile() {
  const profile = await post("/chat/profile", me());
  $("bot-name").textContent = profile.name;
  document.title = word("title", { name: profile.name });
  $("description").textContent = isGroup() ? word("group-hint") : profile.description;
  commands.all = profile.commands;
}

/** Receive the chat's events; the browser reconnects when the connection breaks. */
function open() {
  stream?.close();
  reply(null);
  status(word("connecting"));
  stream = new EventSource(`/chat/events?chat=${chat()}`);
  stream.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    EVENTS[event.type](event);
  };
  stream.onerror = () => {
    status(word("connecting"));
    if (stream.readyState === EventSource.CLOSED) setTimeout(open, RETRY); // some browsers give up
  };
}

setUpPeople(open);
setUpPicking(send);
setUpDrawing(send);
$("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text && (await say(text))) $("text").value = "";
  commands.close();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("compose").requestSubmit();
});
$("reply-off").addEventListener("click", () => reply(null));
$("start").addEventListener("click", () => say("/start"));
$("large").addEventListener("click", () => $("viewer").close());
open();
