// The messages of one chat on the screen: kept in order, edited in place, scrolled with care.

import { bubble } from "./bubble.js";
import { $ } from "./parts.js";
import { isMine } from "./people.js";

const NEAR_END = 120; // px from the end within which new messages keep the view at the end

export class Log {
  constructor(acts) {
    this.acts = acts;
    this.messages = new Map();
    this.resting = true;
    this.top = 0;
    $("scroll").addEventListener("scroll", () => this.#rest());
    new ResizeObserver(() => this.#follow()).observe($("log"));
    new ResizeObserver(() => this.#follow()).observe($("scroll"));
    $("down").addEventListener("click", () => this.toEnd());
  }

  /** Show these messages and no others. */
  reset(messages) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    $("log").replaceChildren();
    for (const message of messages) this.#draw(message);
    this.toEnd();
  }

  put(message) {
    this.messages.set(message.message_id, message);
    if (isMine(message)) this.resting = true;
    this.#draw(message);
  }

  remove(id) {
    const message = this.messages.get(id);
    this.messages.delete(id);
    const left = message ? this.#album(message) : [];
    if (left.length) this.#draw(left[0]);
    else $(`m${id}`)?.remove();
  }

  react(id, emoji) {
    const body = $(`m${id}`)?.querySelector(".bubble");
    body?.querySelector(".reaction")?.remove();
    if (emoji.length) {
      const mark = Object.assign(document.createElement("span"), { className: "reaction" });
      mark.textContent = emoji.join("");
      body?.append(mark);
    }
  }

  toEnd() {
    this.resting = true;
    this.#follow();
  }

  #album(message) {
    const group = message.media_group_id;
    if (!group) return this.messages.has(message.message_id) ? [message] : [];
    return [...this.messages.values()].filter((other) => other.media_group_id === group);
  }

  #draw(message) {
    const album = this.#album(message);
    const mine = isMine(message);
    const item = bubble(album, mine, this.acts);
    const old = $(item.id);
    const previous = old ? old.previousElementSibling : $("log").lastElementChild;
    if (previous && previous.classList.contains("mine") !== mine) item.classList.add("next");
    if (!old) {
      $("log").append(item);
      return;
    }
    const focused = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    old.replaceWith(item);
    if (focused >= 0) item.querySelectorAll("button, a")[focused]?.focus();
  }

  /** Only the user scrolls up; new content makes the log longer. */
  #rest() {
    const { scrollHeight, scrollTop, clientHeight } = $("scroll");
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.resting = true;
    else if (scrollTop < this.top) this.resting = false;
    this.top = scrollTop;
    $("down").hidden = this.resting;
  }

  #follow() {
    if (this.resting) $("scroll").scrollTop = $("scroll").scrollHeight;
  }
}
