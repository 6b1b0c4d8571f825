/**
 * Which part of the drawing an arrow key leads to: the nearest one in that direction.
 * Separate because it works on what is drawn, whatever parts there are.
 */

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Being off to the side counts more than being far away. */
const SIDEWAYS = 3;

function centreOf(element: Element): readonly [number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

export function nextPart(drawing: SVGSVGElement, event: KeyboardEvent): SVGGElement | undefined {
  const direction = DIRECTIONS[event.key];
  const from = (event.target as Element).closest('[data-part]');
  if (direction === undefined || from === null) return undefined;
  const [x, y] = centreOf(from);
  let best: { element: SVGGElement; cost: number } | undefined;
  for (const element of drawing.querySelectorAll<SVGGElement>('[data-part]')) {
    const [otherX, otherY] = centreOf(element);
    const [dx, dy] = [otherX - x, otherY - y];
    const ahead = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    const cost = ahead + SIDEWAYS * aside;
    if (element !== from && ahead > 1 && (best === undefined || cost < best.cost)) best = { element, cost };
  }
  return best?.element;
}
