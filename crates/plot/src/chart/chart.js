// Draws curves over one axis, answers the pointer with values, zooms, and lets lines be switched off:
// in the offline reports, and on the lab's page.
const SVG = 'http://www.w3.org/2000/svg';
const NARROWEST = 280, WIDEST = 860, LEFT = 62, RIGHT = 16, TOP = 24, BOTTOM = 40;

function element(parent, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  parent.appendChild(made);
  return made;
}

function html(parent, name, attributes, text) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  if (text !== undefined) made.append(text);
  parent.appendChild(made);
  return made;
}

/// About `most` round numbers between two ends.
function ticks(low, high, most) {
  const raw = (high - low) / most, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= raw * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return found;
}

/// The same for the decimal logarithms of two ends: 1, 2 and 5 times powers of ten while they are few.
function logTicks(low, high) {
  const found = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const lead of [0, Math.log10(2), Math.log10(5)]) found.push(power + lead);
  }
  const inside = found.filter(tick => tick >= low && tick <= high);
  if (inside.length < 2) return ticks(10 ** low, 10 ** high, 5).map(Math.log10);
  return inside.length > 8 ? inside.filter(Number.isInteger) : inside;
}

const shown = value => value === null ? 'not finite' : String(Number(value.toPrecision(4)));

/// A range with some air, never empty.
function range(values, air) {
  let low = Infinity, high = -Infinity;
  for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
  if (low > high) return [0, 1];
  const more = high > low ? air * (high - low) : air * (Math.abs(low) || 1);
  return [low - more, high + more];
}

/// What `chart` holds, drawn into `figure`.
export class Chart {
  constructor(figure, chart) {
    this.figure = figure;
    figure.tabIndex = 0;
    figure.setAttribute('aria-label', 'Curves. Arrows: values. + and -: zoom. 0: all.');
    figure.title = 'Drag to zoom, double-click for all. Keys: arrows, +, -, 0.';
    figure.addEventListener('pointermove', event => this.point(event));
    figure.addEventListener('pointerleave', () => this.hover(null));
    figure.addEventListener('keydown', event => this.key(event));
    this.show(chart);
    new ResizeObserver(() => this.fit()).observe(figure);
  }

  /// Shows other curves in the same place.
  show(chart) {
    this.chart = chart;
    this.off = new Set();
    this.log = false;
    this.at = null;
    this.from = null;
    this.figure.textContent = '';
    this.toggles();
    this.drawing = html(this.figure, 'div', {});
    this.tip = html(this.figure, 'div', { className: 'tip', hidden: true });
    const lines = chart.panels.flatMap(panel => panel.lines);
    this.epochs = [...new Set(lines.flatMap(line => line.points.map(point => point[0])))].sort((a, b) => a - b);
    this.whole = range(this.epochs, this.epochs.length > 1 ? 0 : 0.5);
    this.ends = this.whole;
    this.drawing.addEventListener('pointerdown', event => this.press(event));
    this.drawing.addEventListener('pointerup', event => this.release(event));
    this.drawing.addEventListener('pointercancel', () => this.select(null));
    this.drawing.addEventListener('dblclick', () => this.zoom(this.whole));
    this.width = this.room();
    this.draw();
  }

  /// As wide as its place: on a phone less stands side by side, in letters of the same size.
  room() {
    return Math.round(Math.max(NARROWEST, Math.min(WIDEST, this.figure.clientWidth || WIDEST)));
  }

  fit() {
    const width = this.room();
    if (width === this.width) return;
    this.width = width;
    this.draw();
  }

  toggles() {
    const box = html(this.figure, 'div', { className: 'toggles' });
    const toggle = (words, checked, change) => {
      const label = html(box, 'label', {});
      const input = html(label, 'input', { type: 'checkbox', checked });
      input.addEventListener('change', () => { change(input.checked); this.draw(); });
      label.append(words);
      return label;
    };
    const styles = new Map(this.chart.panels.flatMap(panel => panel.lines.map(line => [line.name, line.style])));
    for (const [name, style] of styles) {
      const label = toggle(name, true, on => on ? this.off.delete(name) : this.off.add(name));
      const sample = element(label, 'svg', { width: 30, height: 8 });
      element(sample, 'line', { x1: 0, x2: 30, y1: 4, y2: 4, class: 'line ' + style });
    }
    if (this.chart.panels.some(panel => panel.log)) toggle('log scale', false, on => { this.log = on; });
    this.reset = html(box, 'button', { type: 'button', hidden: true }, 'show all');
    this.reset.addEventListener('click', () => { this.zoom(this.whole); this.figure.focus(); });
  }

  x(epoch) {
    return LEFT + (this.width - LEFT - RIGHT) * (epoch - this.ends[0]) / (this.ends[1] - this.ends[0]);
  }

  draw() {
    this.drawing.textContent = '';
    this.panels = this.chart.panels.map((panel, number) => this.panel(panel, number + 1 === this.chart.panels.length));
    this.hover(this.at);
  }

  panel(panel, last) {
    const log = panel.log && this.log, place = log ? Math.log10 : value => value;
    const lines = panel.lines.filter(line => !this.off.has(line.name));
    const inside = point => point[1] !== null && point[0] >= this.ends[0] && point[0] <= this.ends[1];
    const values = lines.flatMap(line => line.points.filter(inside).map(point => point[1]));
    const [low, high] = range(values.map(place), 0.05), bottom = panel.height - (last ? BOTTOM : 12);
    const y = value => bottom - (bottom - TOP) * (place(value) - low) / (high - low);
    const svg = element(this.drawing, 'svg', { viewBox: `0 0 ${this.width} ${panel.height}`, width: this.width, role: 'img', 'aria-label': panel.title });
    element(svg, 'text', { x: LEFT, y: 14 }, panel.title + (log ? ' (log scale)' : ''));
    for (const tick of log ? logTicks(low, high) : ticks(low, high, 6)) {
      const at = bottom - (bottom - TOP) * (tick - low) / (high - low);
      element(svg, 'line', { x1: LEFT, x2: this.width - RIGHT, y1: at, y2: at, class: 'grid' });
      element(svg, 'text', { x: LEFT - 8, y: at + 4, 'text-anchor': 'end', class: 'quiet' }, shown(log ? 10 ** tick : tick));
    }
    element(svg, 'line', { x1: LEFT, x2: this.width - RIGHT, y1: bottom, y2: bottom, class: 'axis' });
    if (last) this.axis(svg, bottom);
    // A picture within the picture cuts off what lies outside of it, but for half a dot.
    const width = this.width - LEFT - RIGHT + 8, place0 = LEFT - 4;
    const plot = element(svg, 'svg', { x: place0, width, height: panel.height, viewBox: `${place0} 0 ${width} ${panel.height}` });
    this.marks(plot, bottom, panel === this.chart.panels[0]);
    lines.forEach(line => this.line(plot, line, y));
    const hover = element(svg, 'line', { y1: TOP, y2: bottom, class: 'hover' });
    const band = element(svg, 'rect', { y: TOP, height: bottom - TOP, class: 'band' });
    return { panel, lines, svg: plot, y, hover, band, dots: [] };
  }

  axis(svg, bottom) {
    const whole = this.epochs.every(Number.isInteger);
    for (const epoch of ticks(this.ends[0], this.ends[1], this.width / 86).filter(e => !whole || Number.isInteger(e))) {
      element(svg, 'text', { x: this.x(epoch), y: bottom + 16, 'text-anchor': 'middle', class: 'quiet' }, shown(epoch));
    }
    element(svg, 'text', { x: (LEFT + this.width - RIGHT) / 2, y: bottom + 34, 'text-anchor': 'middle', class: 'quiet' }, this.chart.axis);
  }

  marks(svg, bottom, named) {
    this.chart.marks.forEach(([words, epoch], number) => {
      const x = this.x(epoch), right = x > this.width / 2;
      element(svg, 'line', { x1: x, x2: x, y1: TOP - 6, y2: bottom, class: words.startsWith('best') ? 'axis' : 'mark' });
      if (named) element(svg, 'text', { x: x + (right ? -4 : 4), y: TOP + 6 + 14 * number, 'text-anchor': right ? 'end' : 'start', class: 'quiet' }, words);
    });
  }

  line(svg, line, y) {
    let path = '', pen = 'M';
    for (const [epoch, value] of line.points) {
      if (value === null) {
        element(svg, 'text', { x: this.x(epoch), y: TOP + 2, class: 'lost' }, '×');
        pen = 'M';
      } else {
        path += `${pen}${this.x(epoch).toFixed(2)} ${y(value).toFixed(2)}`;
        pen = 'L';
      }
    }
    element(svg, 'path', { d: path, class: 'line ' + line.style });
    const lone = line.points.length < 30;
    for (const [epoch, value] of lone ? line.points : []) {
      if (value !== null) element(svg, 'circle', { cx: this.x(epoch), cy: y(value), r: 2.5, class: 'dot ' + line.style });
    }
  }

  /// Where the pointer is, as a share of the width of the plot.
  share(event) {
    const box = this.drawing.firstChild.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width * this.width - LEFT) / (this.width - LEFT - RIGHT);
  }

  epoch(share) {
    return this.ends[0] + Math.max(0, Math.min(1, share)) * (this.ends[1] - this.ends[0]);
  }

  point(event) {
    const share = this.share(event);
    if (this.from !== null) return this.select(share);
    if (event.target.closest('.toggles') || share < -0.02 || share > 1.02) return this.hover(null);
    this.hover(this.nearest(this.epoch(share)));
  }

  press(event) {
    if (event.button !== 0) return;
    this.from = this.share(event);
    this.drawing.setPointerCapture(event.pointerId);
  }

  release(event) {
    const from = this.from, to = this.share(event);
    this.select(null);
    // A click is no selection.
    if (from !== null && Math.abs(to - from) > 0.01) this.zoom([this.epoch(from), this.epoch(to)].sort((a, b) => a - b));
  }

  /// Shows what a drag up to `to` has selected, or ends it.
  select(to) {
    if (to === null) this.from = null;
    else this.hover(null);
    const edges = to === null ? [0, 0] : [this.from, to].map(share => this.x(this.epoch(share))).sort((a, b) => a - b);
    for (const { band } of this.panels) {
      band.setAttribute('x', edges[0]);
      band.setAttribute('width', edges[1] - edges[0]);
    }
  }

  /// Shows the epochs between two ends, two of those that were logged at least.
  zoom([low, high]) {
    low = Math.max(low, this.whole[0]);
    high = Math.min(high, this.whole[1]);
    const seen = this.epochs.filter(epoch => epoch >= low && epoch <= high).length;
    if (seen < Math.min(2, this.epochs.length)) return;
    this.ends = [low, high];
    this.reset.hidden = low <= this.whole[0] && high >= this.whole[1];
    const epoch = this.epochs[this.at];
    if (epoch < low || epoch > high) this.at = null;
    this.draw();
  }

  /// Zooms about the epoch whose values are shown, or about the middle.
  closer(factor) {
    const middle = this.at === null ? (this.ends[0] + this.ends[1]) / 2 : this.epochs[this.at];
    this.zoom(this.ends.map(end => middle + (end - middle) * factor));
  }

  nearest(epoch) {
    let low = 0, high = this.epochs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.epochs[middle] < epoch) low = middle; else high = middle;
    }
    return epoch - this.epochs[low] < this.epochs[high] - epoch ? low : high;
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key], factor = { '+': 0.5, '=': 0.5, '-': 2 }[event.key];
    const known = step || factor || event.key === '0' || event.key === 'Escape';
    if (event.target !== this.figure || !known || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (factor) return this.closer(factor);
    if (event.key === '0') return this.zoom(this.whole);
    this.select(null);
    this.walk(step);
  }

  /// To the next epoch, which comes into sight where it is outside; to none without a step.
  walk(step) {
    if (!step) return this.hover(null);
    const first = this.epochs.findIndex(epoch => epoch >= this.ends[0]);
    const at = Math.max(0, Math.min(this.epochs.length - 1, this.at === null ? first : this.at + step));
    const out = Math.max(0, this.epochs[at] - this.ends[1]) + Math.min(0, this.epochs[at] - this.ends[0]);
    if (out) this.zoom(this.ends.map(end => end + out));
    this.hover(at);
  }

  /// Shows the values at an epoch, given by its number, or none.
  hover(at) {
    this.at = at;
    this.tip.hidden = at === null;
    for (const panel of this.panels) {
      panel.dots.splice(0).forEach(dot => dot.remove());
      panel.hover.style.visibility = at === null ? '' : 'visible';
    }
    if (at === null) return;
    const epoch = this.epochs[at], x = this.x(epoch), words = [`${this.chart.axis} ${shown(epoch)}`];
    for (const { panel, lines, svg, y, hover, dots } of this.panels) {
      hover.setAttribute('x1', x);
      hover.setAttribute('x2', x);
      words.push(panel.title);
      for (const line of lines) {
        const found = line.points.find(point => point[0] === epoch);
        if (!found) continue;
        words.push(`  ${line.name}: ${shown(found[1])}`);
        if (found[1] !== null) dots.push(element(svg, 'circle', { cx: x, cy: y(found[1]), r: 4, class: 'dot ' + line.style }));
      }
    }
    this.tip.textContent = words.join('\n');
    const scale = this.panels[0].svg.getBoundingClientRect().width / this.width, left = x * scale;
    const room = this.tip.offsetWidth + 14;
    this.tip.style.left = `${Math.max(0, left + room > this.width * scale ? left - room : left + 14)}px`;
    this.tip.style.top = `${this.drawing.offsetTop + 30}px`;
  }
}
