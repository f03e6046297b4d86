// Ten bars beside a drawing: the probabilities of what is drawn so far.

const SCALE = 0.5; // of the canvas's size: enough for the networks, and sent in less time
const TOP = 3; // bars with a percentage
const WAIT = 60; // ms until a state that was refused is sent again

/**
 * `bars` gets the ten bars. `look(blob)` answers {digits: [{digit, unsure, box, probabilities}]},
 * or null where this state was refused. Returns `update(point)`, to be called after each change of
 * the paper with the pen's place on it, or with null where nothing is drawn.
 */
export function setUpBars({ paper, bars, look }) {
  const columns = Array.from({ length: 10 }, (_, digit) => {
    const [column, share, track, fill, name] = ["div", "small", "span", "i", "b"].map((tag) => document.createElement(tag));
    name.textContent = digit;
    track.append(fill);
    column.append(share, track, name);
    return { column, share, fill };
  });
  bars.replaceChildren(...columns.map(({ column }) => column));
  const small = document.createElement("canvas");
  let wanted = null; // the place of the pen in the newest state that was not sent yet
  let busy = false;
  let blank = true;

  function show(digit) {
    const probabilities = digit?.probabilities ?? Array(10).fill(0);
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    columns.forEach(({ column, share, fill }, number) => {
      const rank = order.indexOf(number);
      fill.style.height = `${100 * probabilities[number]}%`;
      column.className = digit && !rank ? (digit.unsure ? "best unsure" : "best") : "";
      share.textContent = digit && rank < TOP ? written(probabilities[number]) : "";
    });
    bars.dataset.digit = digit?.digit ?? "";
  }

  async function send() {
    busy = true;
    while (wanted) {
      const [x, y] = wanted.map((side) => side * SCALE);
      wanted = null;
      Object.assign(small, { width: paper.width * SCALE, height: paper.height * SCALE });
      const pencil = small.getContext("2d", { alpha: false });
      pencil.drawImage(paper, 0, 0, small.width, small.height);
      const blob = await new Promise((done) => small.toBlob(done, "image/png"));
      const found = await look(blob).catch(() => null);
      if (!found) await new Promise((done) => setTimeout(done, WAIT));
      else if (!blank) show(nearest(found.digits, x, y));
    }
    busy = false;
  }

  show(null);
  return (point) => {
    wanted = point;
    blank = !point;
    if (!point) show(null);
    else if (!busy) send();
  };
}

/** A percentage, below 100 as in the answers. */
function written(probability) {
  if (probability < 0.01) return "<1%";
  return `${Math.min(99, Math.round(100 * probability))}%`;
}

/** The digit under the pen, or the one nearest to it. */
function nearest(digits, x, y) {
  const away = ({ box: [left, top, width, height] }) =>
    Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
  return digits.toSorted((one, other) => away(one) - away(other))[0] ?? null;
}
