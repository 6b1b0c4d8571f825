/**
 * Columns of a firmware update: what stands ready at the PC, how far the transfer is, and the image slots of both units.
 * They are a part of domain/memory.ts, where the rules stand. An image is a version, a count of bytes and whether its checksum is right.
 */
import { type Column, f64, i32 } from './column.ts';

export const UPDATE_COLUMNS = {
  inPlay: f64('command', 'somebody has touched cable or update tool'),
  mainCable: f64('command', 'the USB cable is plugged into the main unit'),
  lcdCable: f64('command', 'the USB cable is plugged into the LCD unit'),
  cableBroken: f64('compile', 'nothing passes through the cable'),
  portElsewhere: f64('compile', 'OPEN locks a COM port that is not that of the cable'),
  linkNoisy: f64('compile', 'bytes change on their way'),
  tool: f64('command', 'version of the update tool in hundredths, 0 none running'),
  toolStarts: f64('command', 'how often the tool was started'),
  portPresses: f64('command', 'how often OPEN was pressed'),
  filePresses: f64('command', 'how often a file was opened'),
  presses: f64('command', 'how often UPDATE was pressed'),
  fileModel: f64('command', 'model that the file at hand is for, row of MODELS'),
  fileUnit: f64('command', 'unit that the file is for, row of UPDATE_PORTS'),
  fileFirmware: f64('command', 'version in the file, row of FIRMWARES'),
  model: i32('compile', 'model of this device, row of MODELS'),
  toolStartsSeen: f64('firmware/update', 'starts of the tool handled'),
  portPressesSeen: f64('firmware/update', 'presses of OPEN handled'),
  filePressesSeen: f64('firmware/update', 'opened files handled'),
  pressesSeen: f64('firmware/update', 'presses of UPDATE handled'),
  port: i32('firmware/update', 'COM port that the tool holds, row of UPDATE_PORTS'),
  portTick: i32('firmware/update', 'tick at which it was opened, -1 where UPDATE has been pressed since'),
  fileOpen: i32('firmware/update', 'the tool has a file open'),
  openModel: i32('firmware/update', 'model that the open file is for, row of MODELS'),
  openUnit: i32('firmware/update', 'unit that it is for, row of UPDATE_PORTS'),
  openFirmware: i32('firmware/update', 'version in it, row of FIRMWARES'),
  state: i32('firmware/update', 'row of UPDATE_STATES'),
  stateTick: i32('firmware/update', 'tick at which that state began'),
  unit: i32('firmware/update', 'unit that takes an image, row of UPDATE_PORTS'),
  damaged: i32('firmware/update', 'some byte of the image has changed on its way'),
  progress_ratio: f64('firmware/update', 'bytes of the image that have arrived over its size'),
  holdsMain: i32('firmware/update', 'the main unit takes an image and does nothing else'),
  lcdFirmware: i32('firmware/update', 'version that the LCD unit runs, row of FIRMWARES'),
  mainSlot: i32('firmware/update', 'image slot that the main unit boots from'),
  lcdSlot: i32('firmware/update', 'image slot that the LCD unit boots from'),
} as const satisfies Record<string, Column>;

/** Two slots of the main unit, then two of the LCD unit: an image is written to the one that the unit does not boot from. */
export const IMAGE_STRUCTURE = {
  count: 4,
  columns: {
    arrived_count: f64('firmware/update', 'bytes that have arrived'),
    firmware: i32('firmware/update', 'version, row of FIRMWARES'),
    whole: i32('firmware/update', 'all bytes are there and the checksum is right'),
  },
} as const satisfies { count: number; columns: Record<string, Column> };
