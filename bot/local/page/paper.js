// A sheet of paper to draw on with mouse, finger or pen -> a PNG.

const INK = "#1b2430";
const PICTURE_SIDE = 1000; // px, the picture's width whatever the screen

/**
 * `paper` is the canvas, `pen` a range of widths, `undo` and `wipe` are buttons; these two and
 * all of `others` are disabled while nothing is drawn. `changed` hears after each change where the
 * pen is (px of the picture), or null where nothing is drawn.
 */
export function setUpPaper({ paper, pen, undo, wipe, others = [], changed = () => {} }) {
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
    for (const button of [undo, wipe, ...others]) button.disabled = !strokes.length;
    changed(strokes.at(-1)?.points.at(-1) ?? null);
  }

  function clear() {
    paper.width = PICTURE_SIDE;
    paper.height = (PICTURE_SIDE * 3) / 4;
    strokes = [];
    redraw();
  }

  paper.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    paper.setPointerCapture(event.pointerId);
    strokes.push({ width: 2 * pen.valueAsNumber, points: [at(event)] });
    redraw();
  });
  paper.addEventListener("pointermove", (event) => {
    if (!paper.hasPointerCapture(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).points.push(...(passed.length ? passed : [event]).map(at));
    redraw();
  });
  undo.addEventListener("click", () => {
    strokes.pop();
    redraw();
  });
  wipe.addEventListener("click", clear);
  clear();
  return { clear, isBlank: () => !strokes.length, picture: () => new Promise((done) => paper.toBlob(done, "image/png")) };
}

/** A curve through the midpoints of the points: fast strokes have no corners. */
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
