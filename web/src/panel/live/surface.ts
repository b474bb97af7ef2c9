import { html } from "../../element";
import type { Begun, Surface } from "./session";

type Colour = [number, number, number];

/** The colour that the page's style gives a custom property now, in light or in dark. */
function colour(name: string): Colour {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const numbers = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  probe.remove();
  const [red = 0, green = 0, blue = 0] = numbers.map(Number);
  return [red, green, blue];
}

const PALETTE = ["--train", "--validation", "--good", "--path", "--bad"];
const SIZE = 480;

const css = ([red, green, blue]: Colour) => `rgb(${red}, ${green}, ${blue})`;

/** A canvas with the examples and what the model says of the plane around them. */
export class Plane {
  readonly element: HTMLElement;
  private readonly canvas = html("canvas", { width: SIZE, height: SIZE, role: "img" });
  private readonly grid = document.createElement("canvas");
  private colours: Colour[] = [];
  private paper: Colour = [255, 255, 255];
  private last: Surface | null = null;

  constructor(
    title: string,
    private readonly begun: Begun,
  ) {
    this.canvas.setAttribute("aria-label", `${title}: the examples and the model's answers around them`);
    this.element = html("figure", { class: "plane" }, html("figcaption", {}, title), this.canvas);
    this.recolour();
  }

  /** Takes the colours of light or dark. */
  recolour(): void {
    this.colours = PALETTE.map(colour);
    this.paper = colour("--paper");
    this.draw(this.last);
  }

  draw(surface: Surface | null): void {
    this.last = surface;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, SIZE, SIZE);
    if (surface) this.background(surface, context);
    this.examples(context);
  }

  private of(kind: number): Colour {
    return this.colours[kind % this.colours.length] ?? [0, 0, 0];
  }

  /** From the paper, where the model is undecided, to the colour of the class. */
  private shade(surface: Surface, at: number): Colour {
    const level = (surface.level[at] ?? 0) / 255;
    const kind = surface.class ? (surface.class[at] ?? 0) : level > 0.5 ? 1 : 0;
    const sure = surface.class ? level : Math.abs(2 * level - 1);
    const full = this.of(kind);
    return full.map((part, index) => (this.paper[index] ?? 0) + 0.62 * sure * (part - (this.paper[index] ?? 0))) as Colour;
  }

  private background(surface: Surface, context: CanvasRenderingContext2D): void {
    const { side } = surface;
    this.grid.width = this.grid.height = side;
    const grid = this.grid.getContext("2d");
    if (!grid) return;
    const image = grid.createImageData(side, side);
    for (let at = 0; at < side * side; at++) {
      // The first row of the grid is the lowest.
      const place = 4 * ((side - 1 - Math.floor(at / side)) * side + (at % side));
      image.data.set([...this.shade(surface, at), 255], place);
    }
    grid.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.grid, 0, 0, SIZE, SIZE);
  }

  private examples(context: CanvasRenderingContext2D): void {
    const { points, range, classes } = this.begun;
    if (!points || !range) return;
    const place = (value: number, [low, high]: [number, number]) => ((value - low) / (high - low)) * SIZE;
    const targets = points.flat().map(([, , target]) => target);
    const middle = classes.length === 0 ? (Math.min(...targets) + Math.max(...targets)) / 2 : 0;
    points.forEach((part, number) => {
      for (const [x, y, target] of part) {
        const kind = classes.length > 0 ? target : target > middle ? 1 : 0;
        context.beginPath();
        context.arc(place(x, range[0]), SIZE - place(y, range[1]), number === 0 ? 4.5 : 4, 0, 2 * Math.PI);
        context.lineWidth = number === 0 ? 1 : 2;
        context.fillStyle = number === 0 ? css(this.of(kind)) : css(this.paper);
        context.strokeStyle = number === 0 ? css(this.paper) : css(this.of(kind));
        context.fill();
        context.stroke();
      }
    });
  }
}
