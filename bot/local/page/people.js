// Who the page is: one of three people, with a language, remembered in the browser.

import { $, make } from "./parts.js";

const PERSONS = [
  { id: 1, first_name: "Ada", role: "user" },
  { id: 2, first_name: "Ben", role: "second user" },
  { id: 3, first_name: "Mira", role: "admin" },
];

let person = PERSONS.find(({ id }) => String(id) === localStorage.person) ?? PERSONS[0];

/** The user as the server wants it. */
export function me() {
  return { id: person.id, first_name: person.first_name, language_code: $("language").value };
}

/** Show the switch; `changed` is called after each choice. */
export function setUpPeople(changed) {
  const codes = [...$("language").options].map(({ value }) => value);
  const own = localStorage.language ?? navigator.language.slice(0, 2);
  $("language").value = codes.includes(own) ? own : "en";
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
  $("language").addEventListener("change", () => {
    localStorage.language = $("language").value;
    show();
    changed();
  });
  show();
}

function show() {
  $("log").lang = $("language").value; // for screen readers; the page itself is English
  $("me").textContent = person.first_name;
  $("me").setAttribute("aria-label", `You are ${person.first_name}, ${person.role}: change`);
}
