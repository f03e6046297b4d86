// Pictures and files from a picker, the camera, the clipboard or a drop -> a sheet -> sent.

import { $, button, make, toast, word } from "./parts.js";

const ALBUM_MAX = 10; // what one message takes

/** `send(files, caption, kind)` sends one message. */
export function setUpPicking(send) {
  let files = [];
  const offer = (more) => {
    files = [...files, ...more];
    if (!files.length) return;
    show();
    if (!$("sheet").open) $("sheet").showModal();
    $("caption").focus();
  };

  function show() {
    $("chosen").replaceChildren(...files.map((file, place) => {
      const remove = button("×", () => {
        files.splice(place, 1);
        if (files.length) show();
        else $("sheet").close();
      }, { className: "icon", ariaLabel: word("leave-out", { file: file.name }) });
      return make("li", {}, preview(file), remove);
    }));
    const pictures = files.every(isPicture);
    $("as-file").disabled = !pictures;
    $("as-file").checked ||= !pictures;
    const title = word(pictures ? "send-pictures" : "send-files");
    $("sheet-title").textContent = files.length > 1 ? `${title} (${files.length})` : title;
  }

  $("sheet").addEventListener("close", () => {
    files = [];
    $("as-file").checked = false;
    $("caption").value = "";
  });
  $("sheet").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = $("as-file").checked ? "document" : "photo";
    $("sheet-send").disabled = true;
    try {
      while (files.length) {
        await send(files.slice(0, ALBUM_MAX), $("caption").value, kind);
        files = files.slice(ALBUM_MAX); // sent; what follows may fail, and is then sent alone
        $("caption").value = "";
      }
      $("sheet").close();
    } catch (error) {
      show();
      toast(word("not-sent", { reason: error.message }));
    } finally {
      $("sheet-send").disabled = false;
    }
  });

  setUpInputs(offer);
  setUpDrop(offer);
}

function setUpInputs(offer) {
  for (const opener of document.querySelectorAll("[data-input]")) {
    opener.addEventListener("click", () => {
      $("sources").hidePopover();
      $(opener.dataset.input).click();
    });
  }
  for (const id of ["photos", "camera", "files"]) {
    $(id).addEventListener("change", () => {
      $("as-file").checked = id === "files";
      offer([...$(id).files]);
      $(id).value = "";
    });
  }
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault();
    offer(files);
  });
}

function setUpDrop(offer) {
  let depth = 0; // dragenter and dragleave also come from the elements inside
  const over = (change) => {
    depth = Math.max(0, depth + change);
    $("drop").hidden = !depth;
  };
  document.addEventListener("dragenter", () => over(1));
  document.addEventListener("dragleave", () => over(-1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    offer([...event.dataTransfer.files]);
  });
}

const isPicture = (file) => file.type.startsWith("image/");

function preview(file) {
  if (!isPicture(file)) return make("p", {}, file.name);
  const image = make("img", { src: URL.createObjectURL(file), alt: file.name });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  return image;
}
