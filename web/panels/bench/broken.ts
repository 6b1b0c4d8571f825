/**
 * Acting faults as signs on the parts of the drawing: where each stands, what it is called, whether it opens a lead.
 * Pure; it brings the fault catalogue and comes with the first fault that acts.
 */
import type { JsonObject } from '../../document.ts';
import { faultText, opensWire, partOfFault } from '../faults/catalogue.ts';
import { type BenchLayout, placeOfPart } from './layout.ts';

export interface Sign {
  part: string;
  title: string;
  isOpen: boolean;
  x: number;
  y: number;
}

export function signsOf(faults: readonly JsonObject[], acting: readonly number[], layout: BenchLayout): Sign[] {
  const byPart = new Map<string, { titles: string[]; isOpen: boolean }>();
  for (const index of acting) {
    const fault = faults[index];
    if (fault === undefined) continue;
    const part = partOfFault(fault, layout.wires.at(-1)!.tap);
    if (part === undefined) continue;
    const own = byPart.get(part) ?? { titles: [], isOpen: false };
    own.titles.push(faultText(fault));
    own.isOpen ||= part.startsWith('wire') && opensWire(fault);
    byPart.set(part, own);
  }
  return [...byPart].flatMap(([part, { titles, isOpen }]) => {
    const place = placeOfPart(layout, part);
    return place === undefined ? [] : [{ part, title: titles.join('\n'), isOpen, ...place }];
  });
}
