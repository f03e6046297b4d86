// The command menu: all commands from the button, or those that fit what is typed after "/".

import { $, make } from "./parts.js";

export class Commands {
  constructor(say) {
    this.say = say;
    this.all = [];
    this.chosen = -1;
    $("menu").addEventListener("click", ({ detail }) => {
      if (this.#open()) return this.close();
      this.#show(this.all, 0);
      // Opened by a key: only the text field tells a screen reader which command is chosen.
      if (!detail) $("text").focus();
    });
    $("text").addEventListener("input", () => this.#complete());
    document.addEventListener("pointerdown", ({ target }) => {
      if (!target.closest("#commands, #menu")) this.close();
    });
    for (const id of ["text", "menu"]) $(id).addEventListener("keydown", (event) => this.#key(event));
  }

  close() {
    $("commands").hidden = true;
    this.chosen = -1;
    $("menu").ariaExpanded = "false";
    $("text").removeAttribute("aria-activedescendant");
  }

  #open() {
    return !$("commands").hidden;
  }

  #complete() {
    const typed = /^\/(\w*)$/.exec($("text").value);
    const fitting = typed ? this.all.filter(({ command }) => command.startsWith(typed[1])) : [];
    if (fitting.length) this.#show(fitting, 0);
    else this.close();
  }

  #show(commands, chosen) {
    const items = commands.map(({ command, description }, number) => {
      const name = make("b", {}, `/${command}`);
      const item = make("li", { id: `c${number}`, role: "option" }, name, make("span", {}, description));
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => this.#take(number));
      return item;
    });
    if (!items.length) return;
    $("commands").replaceChildren(...items);
    $("commands").hidden = false;
    $("menu").ariaExpanded = "true";
    this.#choose(chosen);
  }

  #choose(number) {
    const items = [...$("commands").children];
    this.chosen = (number + items.length) % items.length;
    items.forEach((item, place) => (item.ariaSelected = String(place === this.chosen)));
    items[this.chosen].scrollIntoView({ block: "nearest" });
    $("text").setAttribute("aria-activedescendant", items[this.chosen].id);
  }

  #take(number) {
    const text = this.#name(number);
    this.close();
    if ($("text").value.startsWith("/")) $("text").value = "";
    $("text").focus();
    this.say(text);
  }

  /** Complete the command in the text field; only Enter or a click sends it. */
  #fill(number) {
    $("text").value = `${this.#name(number)} `;
    this.close();
  }

  #name(number) {
    return $("commands").children[number].querySelector("b").textContent;
  }

  #key(event) {
    if (!this.#open()) return;
    // With nothing to complete, Tab moves the focus as usual.
    if (event.key === "Tab" && !$("text").value.startsWith("/")) return this.close();
    const acts = {
      ArrowDown: () => this.#choose(this.chosen + 1),
      ArrowUp: () => this.#choose(this.chosen - 1),
      Enter: () => this.#take(this.chosen),
      Tab: () => this.#fill(this.chosen),
      Escape: () => this.close(),
    };
    if (!(event.key in acts) || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    acts[event.key]();
  }
}
