// The user of the page: one of three, in a private chat or in a group, in one language. The browser
// stores the user and the language, which the server needs to know.

import { $, make, word } from "./parts.js";

const PERSONS = [
  { id: 1, first_name: "Ada", role: word("role-user") },
  { id: 2, first_name: "Ben", role: word("role-second") },
  { id: 3, first_name: "Mira", role: word("role-admin") },
];
const YEAR = 31_536_000; // s

let person = PERSONS.find(({ id }) => String(id) === localStorage.person) ?? PERSONS[0];

/** The user and the chat of a call, as the server expects them. */
export function me() {
  const { id, first_name } = person;
  return { user: { id, first_name, language_code: document.documentElement.lang }, chat_id: chat() };
}

/** The id of the chat that is shown: one's own, or the group's. */
export function chat() {
  return Number(document.querySelector("[name=chat]:checked").value) || person.id;
}

export const isGroup = () => chat() < 0;
export const isMine = (message) => message.from?.id === person.id;

/** Show the switch; `changed` is called after each choice. */
export function setUpPeople(changed) {
  $("language").value = document.documentElement.lang;
  for (const each of PERSONS) {
    const radio = make("input", { type: "radio", name: "person", checked: each === person });
    radio.addEventListener("change", () => {
      person = each;
      localStorage.person = each.id;
      show();
      changed();
    });
    $("persons").append(make("label", {}, radio, each.first_name, make("small", {}, each.role)));
  }
  for (const radio of document.querySelectorAll("[name=chat]")) {
    radio.addEventListener("change", () => {
      show();
      changed();
    });
  }
  $("language").addEventListener("change", () => {
    document.cookie = `digits_language=${$("language").value}; path=/; max-age=${YEAR}; samesite=strict`;
    location.reload();
  });
  show();
}

function show() {
  const { first_name: name, role } = person;
  $("me").textContent = isGroup() ? `${name} · ${word("group")}` : name;
  $("me").setAttribute("aria-label", word("you-are", { name, role }));
}
