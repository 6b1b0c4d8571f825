/**
 * What can be done now to a part of the bench while its run goes on, as commands of the scenario.
 * One entry for each kind of part; everything acts at the present time and is written into the design.
 */
import { FIRMWARES } from '../../../domain/firmwares.ts';
import { LEAST_TOOL_VERSION } from '../../../domain/update.ts';
import { hasUnit, type JsonObject, sourceKind, sourceList, valueOf } from '../../document.ts';
import { isSwitchedOn, type LiveChange, orders } from '../../live.ts';
import { wordFor, WORDS } from '../../words.ts';
import { FAULT_WORDS } from '../../words/faults.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import { sourcesAt } from '../bench/now.ts';

export interface LiveAction {
  name: string;
  change: LiveChange;
}

const words = FAULT_WORDS.live;

function switches(document: Json, place: 'charger' | 'load', time_s: number): LiveAction[] {
  return sourcesAt(document, place).map((index) => {
    const kind = sourceKind(sourceList(document)[index]!);
    const what = kind === undefined ? WORDS.bench.other : wordFor(WORDS.source.kinds, kind);
    const name = `${WORDS.source.one(index + 1)} (${what})`;
    return isSwitchedOn(document, index, time_s)
      ? { name: words.switchOff(name), change: orders({ do: 'sourceOff', source: index }) }
      : { name: words.switchOn(name), change: orders({ do: 'sourceOn', source: index }) };
  });
}

/** The steps of a firmware update of the main unit in their order; each can be left out. */
function updateActions(document: Json): LiveAction[] {
  const model = valueOf(document, 'bms.model') ?? '16T';
  const steps: (JsonObject & { do: keyof typeof words.update })[] = [
    { do: 'connectUsb', unit: 'main' },
    { do: 'startUpdateTool', version: LEAST_TOOL_VERSION },
    { do: 'openPort' },
    { do: 'openFile', model, for: 'main', firmware: FIRMWARES.at(-1)! },
    { do: 'update' },
    { do: 'disconnectUsb', unit: 'main' },
  ];
  return steps.map((step) => ({ name: words.update[step.do], change: orders(step) }));
}

export function liveActions(part: string, document: Json, time_s: number): LiveAction[] {
  if (part === 'charger' || part === 'load') return switches(document, part, time_s);
  if (!hasUnit(document)) return [];
  if (part === 'unit')
    return [
      { name: words.powerOff, change: orders({ do: 'powerOff' }) },
      { name: words.powerOn, change: orders({ do: 'powerOn' }) },
      { name: words.unplugLcd, change: orders({ do: 'unplugLcd' }) },
      { name: words.plugLcd, change: orders({ do: 'plugLcd' }) },
      ...updateActions(document),
    ];
  if (part === 'shunt') return [{ name: words.calibrateCurrent, change: orders({ do: 'calibrateCurrent' }) }];
  const cell = /^cell-(\d+)$/.exec(part);
  if (cell === null) return [];
  const group = Number(cell[1]);
  return [{ name: words.calibrateChannel(group + 1), change: orders({ do: 'calibrateChannel', channel: group }) }];
}
