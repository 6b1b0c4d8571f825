/**
 * Firmware updates of a scenario: the image slots at the start, and what a person does at PC, cable and tool as writes of the command log.
 */
import { MODEL_NAMES } from '../domain/device.ts';
import { FIRMWARES } from '../domain/firmwares.ts';
import type { Bms, UpdateAction } from '../domain/scenario/schema.ts';
import { toolHundredths, UPDATE_PORTS } from '../domain/update.ts';
import { scalarAddress } from './addresses.ts';
import type { ScalarViews, StructureViews } from './kernel.ts';

type Write = [address: number, value: number];

/** Counts presses: the kernel sees that their number has changed. */
export interface Presses {
  next(address: number): Write;
}

const write = (column: string, value: number): Write => [scalarAddress(`update.${column}`), value];

/** Both units run the scenario's version from their first slot, and their second one is empty. */
export function writeImages({ scalars, structures }: { scalars: ScalarViews; structures: StructureViews }, bms: Bms): void {
  const version = FIRMWARES.indexOf(bms.firmware);
  scalars.unit.firmware = version;
  scalars.update.lcdFirmware = version;
  scalars.update.model = MODEL_NAMES.indexOf(bms.model);
  scalars.update.portTick = -1;
  structures.image.forEach((slot, index) => {
    if (index % 2 !== 0) return;
    slot.firmware = version;
    slot.arrived_count = scalars.assumed.updateImage_count;
    slot.whole = 1;
  });
}

/** There is one cable: plugged in at one unit it is out of the other. */
function cableWrites({ do: action, unit }: UpdateAction): Write[] {
  const [here, there] = unit === 'main' ? ['mainCable', 'lcdCable'] : ['lcdCable', 'mainCable'];
  return action === 'connectUsb' ? [write(here!, 1), write(there!, 0)] : [write(here!, 0)];
}

function toolWrites({ version }: UpdateAction, presses: Presses): Write[] {
  return [write('tool', toolHundredths(version!)!), presses.next(scalarAddress('update.toolStarts'))];
}

function fileWrites({ model, for: unit, firmware }: UpdateAction, presses: Presses): Write[] {
  return [
    write('fileModel', MODEL_NAMES.indexOf(model!)),
    write('fileUnit', UPDATE_PORTS.indexOf(unit!)),
    write('fileFirmware', FIRMWARES.indexOf(firmware!)),
    presses.next(scalarAddress('update.filePresses')),
  ];
}

function stepWrites(action: UpdateAction, presses: Presses): Write[] {
  switch (action.do) {
    case 'connectUsb':
    case 'disconnectUsb':
      return cableWrites(action);
    case 'startUpdateTool':
      return toolWrites(action, presses);
    case 'openPort':
      return [presses.next(scalarAddress('update.portPresses'))];
    case 'openFile':
      return fileWrites(action, presses);
    case 'update':
      return [presses.next(scalarAddress('update.presses'))];
  }
}

/** What a step of an update writes; from the first one on the kernel follows cable and tool. */
export function updateWrites(action: UpdateAction, presses: Presses): Write[] {
  return [write('inPlay', 1), ...stepWrites(action, presses)];
}
