// The sheet that opens for drawing, and its picture on the way into the chat.

import { setUpBars } from "./live.js";
import { setUpPaper } from "./paper.js";
import { $, post, toast, word } from "./parts.js";
import { isGroup, me } from "./people.js";


/** `send(files, caption, kind)` sends one message. */
export function setUpDrawing(send) {
  const [paper, pen, undo, wipe] = ["paper", "pen", "undo", "wipe"].map($);
  const look = (blob) => post("/chat/live", me(), [blob]);
  const changed = setUpBars({ paper, bars: $("bars"), look });
  const sheet = setUpPaper({ paper, pen, undo, wipe, others: [$("drawing-send")], changed });

  for (const opener of ["draw", "first-draw"]) {
    $(opener).addEventListener("click", () => {
      sheet.clear();
      $("drawing").showModal();
    });
  }
  const leave = (event) => {
    if (sheet.isBlank() || confirm(word("discard"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Escape: a second "cancel" in a row could not be prevented, a key can.
  $("drawing").addEventListener("keydown", (event) => event.key === "Escape" && leave(event));
  $("drawing").querySelector("[data-close]").addEventListener("click", leave, { capture: true });
  $("drawing").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    $("drawing-send").disabled = true; // a second press would send it twice
    try {
      // In a group the bot reads only what is for it.
      await send([await sheet.picture()], isGroup() ? $("drawing").dataset.read : "", "photo");
      $("drawing").close();
    } catch (error) {
      toast(word("not-sent", { reason: error.message }));
    } finally {
      $("drawing-send").disabled = false;
    }
  });
}
