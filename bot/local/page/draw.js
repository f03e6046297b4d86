// A sheet of paper: strokes with mouse, finger or pen -> a PNG.

import { $, toast } from "./parts.js";

const INK = "#1b2430";
const PICTURE_SIDE = 1000; // px, the picture's width whatever the screen

/** `send(files, caption, kind)` sends one message. */
export function setUpDrawing(send) {
  const paper = $("paper");
  const pencil = paper.getContext("2d");
  let strokes = [];

  const at = (event) => {
    const box = paper.getBoundingClientRect();
    const scale = paper.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };

  function redraw() {
    pencil.fillStyle = "#fff";
    pencil.fillRect(0, 0, paper.width, paper.height);
    for (const stroke of strokes) drawStroke(pencil, stroke);
    for (const id of ["undo", "wipe", "drawing-send"]) $(id).disabled = !strokes.length;
  }

  $("draw").addEventListener("click", () => {
    paper.width = PICTURE_SIDE;
    paper.height = (PICTURE_SIDE * 3) / 4;
    strokes = [];
    redraw();
    $("drawing").showModal();
  });
  paper.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    paper.setPointerCapture(event.pointerId);
    strokes.push({ width: 2 * $("pen").valueAsNumber, points: [at(event)] });
    redraw();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!paper.hasPointerCapture(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).points.push(...(passed.length ? passed : [event]).map(at));
    redraw();
  });
  $("undo").addEventListener("click", () => {
    strokes.pop();
    redraw();
  });
  $("wipe").addEventListener("click", () => {
    strokes = [];
    redraw();
  });
  $("drawing").querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const picture = await new Promise((done) => paper.toBlob(done, "image/png"));
    try {
      await send([picture], "", "photo");
      $("drawing").close();
    } catch (error) {
      toast(`Not sent: ${error.message}`);
    }
  });
}

/** Through the middles between points, so that a quick hand draws round and not in corners. */
function drawStroke(pencil, { width, points }) {
  Object.assign(pencil, { lineWidth: width, strokeStyle: INK, lineCap: "round", lineJoin: "round" });
  pencil.beginPath();
  pencil.moveTo(...points[0]);
  for (let i = 1; i < points.length; i += 1) {
    const [x, y] = points[i - 1];
    pencil.quadraticCurveTo(x, y, (x + points[i][0]) / 2, (y + points[i][1]) / 2);
  }
  pencil.lineTo(...points.at(-1));
  pencil.stroke();
}
