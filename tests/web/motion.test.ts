/**
 * The lines of a run that goes on: drawn on a canvas where the figure has its own, and handed back to it when the run stands.
 */
import type { Data } from 'plotly.js-dist-min';
import { describe, expect, it } from 'vitest';
import { MARGIN } from '../../web/panels/plot/figure.ts';
import { fieldOf, fits } from '../../web/panels/plot/motion.ts';
import { isLeftOut } from './chromium.ts';
import { site } from './site.ts';

const LAYOUT = { xaxis: { range: [0, 10] }, yaxis: { range: [3, 3.5] }, yaxis2: { range: [-20, 20] } };
const line = (yaxis: string, ...y: (number | null)[]) => ({ x: y.map((_, index) => index), y, yaxis }) as unknown as Data;

it('axes lie one below the other, between the margins', () => {
  const field = fieldOf(LAYOUT, ['voltage', 'current'], 500, 300)!;
  const [voltage, current] = [field.panels.get('y')!, field.panels.get('y2')!];
  expect([field.left, field.width]).toEqual([MARGIN.l, 500 - MARGIN.l - MARGIN.r]);
  expect(voltage.top).toBeCloseTo(MARGIN.t, 9);
  expect(current.top).toBeGreaterThan(voltage.top + voltage.height);
  expect(current.top + current.height).toBeCloseTo(300 - MARGIN.b, 9);
  // An axis that the library has not set out yet has no place.
  expect(fieldOf(LAYOUT, ['voltage', 'soc'], 500, 300)).toBeUndefined();
});

it('a line that leaves its axis is seen, gaps and what is not known are not', () => {
  const field = fieldOf(LAYOUT, ['voltage', 'current'], 500, 300)!;
  expect(fits([line('y', 3.1, null, 3.5), line('y2', NaN, -20)], field)).toBe(true);
  expect(fits([line('y', 3.1, 3.2), line('y2', 20.1)], field)).toBe(false);
  expect(fits([line('y', 2.99)], field)).toBe(false);
});

/** Half a line's breadth, and what is rounded to whole pixels. */
const NEAR_PX = 4;

describe.skipIf(isLeftOut)('the chart of a run that goes on', () => {
  const pages = site();

  it('has its lines on the canvas, in the places where the figure has them when the run stands', async () => {
    const watched = await pages.open();
    await watched.part('pace').selectOption('1');
    await watched.part('scenario').selectOption('charge-to-over-charge');
    await watched.waitForStatus('running');
    await watched.part('next-event').click();
    await watched.waitForStatus('paused');
    await watched.part('pause').click();
    await watched.waitForStatus('running');
    const canvas = watched.part('moving-lines');
    await canvas.waitFor({ state: 'visible' });
    /** Left, right, upper and lower end of what is drawn there; undefined while there is nothing. */
    const drawnEnds = () =>
      canvas.evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
        const [xs, ys]: [number[], number[]] = [[], []];
        for (let at = 3; at < data.length; at += 4) {
          if (data[at] === 0) continue;
          xs.push(((at - 3) / 4) % width);
          ys.push(Math.floor((at - 3) / 4 / width));
        }
        if (xs.length === 0) return undefined;
        const ends = (all: number[]) => [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
        return [...ends(xs), ...ends(ys)].map((pixel) => pixel / devicePixelRatio);
      });
    let drawn: number[] | undefined;
    await expect.poll(async () => (drawn = await drawnEnds())).toBeDefined();
    await watched.part('pause').click();
    await watched.waitForStatus('paused');
    await canvas.waitFor({ state: 'hidden' });
    const farthest_px = async () => {
      const { x, y } = (await watched.part('figure').boundingBox())!;
      const lines = await watched.part('figure').locator('.scatterlayer path.js-line').all();
      const boxes = (await Promise.all(lines.map((each) => each.boundingBox()))).flatMap((box) => box ?? []);
      const standing = [
        Math.min(...boxes.map((box) => box.x)) - x,
        Math.max(...boxes.map((box) => box.x + box.width)) - x,
        Math.min(...boxes.map((box) => box.y)) - y,
        Math.max(...boxes.map((box) => box.y + box.height)) - y,
      ];
      return Math.max(...standing.map((pixel, side) => Math.abs(pixel - drawn![side]!)));
    };
    await expect.poll(farthest_px).toBeLessThan(NEAR_PX);
    await watched.close();
  });
});
