/**
 * Firmware updates over USB: the update tool's steps, the transfer, and the image slots of main unit and LCD unit.
 * It is separate because it runs beside the firmware: at tick starts, and only once somebody has touched cable or tool.
 *
 * Reads what commands and effects write to `update`; writes the rest of it, the image slots and the versions that run.
 * Steps that come at one tick count in the order of the FAQ: tool, port, file, UPDATE.
 */
import {
  assumed,
  eventCode,
  image,
  LEAST_TOOL_VERSION,
  lcdNotice,
  run,
  unit,
  unitState,
  update,
  updateState,
  updatePort,
} from '../generated/layout';
import { report } from '../time/events';
import { takeFirmware } from './currentSensor';
import { isConnected, noteOperation, refreshLcd } from './lcd';
import { leaveForOverview } from './pages';

const NO_CELL: i32 = -1;
const PRESSED: i32 = -1;
/** A byte that is due at a tick's very end has come. */
const SAME_BYTE: f64 = 1e-6;

function slotAt(whose: i32, slot: i32): usize {
  return <usize>image.base + <usize>(2 * (whose - updatePort.main) + slot) * <usize>image.bytes;
}

function bootSlot(whose: i32): i32 {
  return whose == updatePort.main ? load<i32>(update.mainSlot) : load<i32>(update.lcdSlot);
}

/** Where an image is written: never over the one that runs. */
function spareSlot(whose: i32): usize {
  return slotAt(whose, 1 - bootSlot(whose));
}

/** The unit that the USB cable connects. */
function cable(): i32 {
  if (load<f64>(update.cableBroken) != 0.0) return updatePort.none;
  if (load<f64>(update.mainCable) != 0.0) return updatePort.main;
  return load<f64>(update.lcdCable) != 0.0 ? updatePort.lcd : updatePort.none;
}

/** The LCD unit lives on the main unit's supply. */
function isPowered(whose: i32): bool {
  if (whose == updatePort.lcd && !isConnected()) return false;
  return load<i32>(unit.state) != unitState.off;
}

/** A main unit that boots, sleeps or hangs answers nobody, and passes nothing on to its LCD unit. */
function isAttentive(): bool {
  return load<i32>(unit.state) == unitState.running && load<f64>(unit.halted) == 0.0;
}

function tell(code: i32): void {
  const size = load<f64>(assumed.updateImage_count);
  const arrived = nearest<f64>(load<f64>(update.progress_ratio) * size);
  report(code, true, NO_CELL, arrived, arrived, size);
}

/** Whether a count of presses has changed since it was last looked at. */
function changed(count: usize, seen: usize): bool {
  const now = load<f64>(count);
  if (now == load<f64>(seen)) return false;
  store<f64>(seen, now);
  return true;
}

function enter(state: i32): void {
  store<i32>(update.state, state);
  store<i32>(update.stateTick, load<i32>(run.tick));
}

function waited_s(since: i32): f64 {
  return <f64>(load<i32>(run.tick) - since) * load<f64>(run.tick_s);
}

function hasWaited(): bool {
  return waited_s(load<i32>(update.stateTick)) >= load<f64>(assumed.updateTimeout_s);
}

/** The unit boots what its boot slot holds; an LCD unit begins anew as if it had been plugged in. */
function letGo(): void {
  const whose = load<i32>(update.unit);
  store<i32>(update.unit, updatePort.none);
  store<i32>(update.holdsMain, 0);
  if (whose != updatePort.lcd) return;
  leaveForOverview(lcdNotice.none);
  noteOperation();
  refreshLcd();
}

/** The cause, and what the tool shows of it. */
function end(cause: i32, shows: i32): void {
  tell(cause);
  tell(shows);
  letGo();
  enter(updateState.idle);
}

function refuse(cause: i32): void {
  end(cause, eventCode.updateRefused);
}

/** What the tool itself finds missing when UPDATE is pressed; 0 nothing. */
function refusedByTool(): i32 {
  if (load<f64>(update.tool) == 0.0) return eventCode.updateNoTool;
  if (load<i32>(update.port) == updatePort.none) return cable() == updatePort.none ? eventCode.updateNoCable : eventCode.updatePortClosed;
  return load<i32>(update.fileOpen) ? 0 : eventCode.updateNoFile;
}

/** Why nobody answers the tool; 0 somebody does. */
function silence(): i32 {
  if (load<f64>(update.tool) < LEAST_TOOL_VERSION) return eventCode.updateOldTool;
  if (!isPowered(cable()) || !isAttentive()) return eventCode.updateUnitOff;
  return load<i32>(update.port) == cable() ? 0 : eventCode.updateOtherPort;
}

/** What the unit finds wrong with the head of the file; 0 nothing. */
function refusedByUnit(): i32 {
  if (load<i32>(update.openUnit) != cable()) return eventCode.updateOtherUnit;
  return load<i32>(update.openModel) == load<i32>(update.model) ? 0 : eventCode.updateWrongModel;
}

/** A COM port goes with its cable, and with the tool that holds it. */
function followPort(): void {
  const port = load<i32>(update.port);
  const unplugged = (port == updatePort.main || port == updatePort.lcd) && port != cable();
  const restarted = changed(update.toolStarts, update.toolStartsSeen);
  if (restarted) store<i32>(update.fileOpen, 0);
  if (unplugged || restarted) store<i32>(update.port, updatePort.none);
}

function openPort(): void {
  if (load<f64>(update.tool) == 0.0) refuse(eventCode.updateNoTool);
  else if (cable() == updatePort.none) refuse(eventCode.updateNoCable);
  else {
    store<i32>(update.port, load<f64>(update.portElsewhere) != 0.0 ? updatePort.elsewhere : cable());
    store<i32>(update.portTick, load<i32>(run.tick));
  }
}

function openFile(): void {
  if (load<f64>(update.tool) == 0.0) {
    refuse(eventCode.updateNoTool);
    return;
  }
  store<i32>(update.fileOpen, 1);
  store<i32>(update.openModel, <i32>load<f64>(update.fileModel));
  store<i32>(update.openUnit, <i32>load<f64>(update.fileUnit));
  store<i32>(update.openFirmware, <i32>load<f64>(update.fileFirmware));
}

/** An open port that nobody uses times out. */
function awaitPress(): void {
  const since = load<i32>(update.portTick);
  if (load<i32>(update.port) == updatePort.none || since == PRESSED) return;
  if (waited_s(since) < load<f64>(assumed.updateIdle_s)) return;
  store<i32>(update.port, updatePort.none);
  end(eventCode.updateNotPressed, eventCode.updateTimeout);
}

function press(): void {
  store<f64>(update.progress_ratio, 0.0);
  store<i32>(update.portTick, PRESSED);
  const cause = refusedByTool();
  if (cause != 0) refuse(cause);
  else enter(updateState.asking);
}

function begin(whose: i32): void {
  const slot = spareSlot(whose);
  store<i32>(slot, load<i32>(update.openFirmware), image.firmware);
  store<i32>(slot, 0, image.whole);
  store<f64>(slot, 0.0, image.arrived_count);
  store<i32>(update.unit, whose);
  store<i32>(update.damaged, 0);
  store<i32>(update.holdsMain, whose == updatePort.main ? 1 : 0);
  if (whose == updatePort.lcd) refreshLcd();
  enter(updateState.sending);
  tell(eventCode.updateStarted);
}

function ask(): void {
  const silent = load<i32>(update.port) == updatePort.none ? eventCode.updateInterrupted : silence();
  if (silent != 0) {
    if (hasWaited()) end(silent, eventCode.updateTimeout);
    return;
  }
  const cause = refusedByUnit();
  if (cause != 0) refuse(cause);
  else begin(cable());
}

/** The image is there: only one with a right checksum takes the place of the old one. */
function finish(whose: i32): void {
  if (load<i32>(update.damaged)) {
    refuse(eventCode.updateDamaged);
    return;
  }
  const slot = spareSlot(whose);
  store<i32>(slot, 1, image.whole);
  if (whose == updatePort.main) store<i32>(update.mainSlot, 1 - load<i32>(update.mainSlot));
  else {
    store<i32>(update.lcdSlot, 1 - load<i32>(update.lcdSlot));
    store<i32>(update.lcdFirmware, load<i32>(slot, image.firmware));
  }
  tell(eventCode.updateDone);
  letGo();
  enter(updateState.idle);
}

/** Bytes that have come since the transfer began; whatever cuts it leaves a torn image in the spare slot. */
function send(): void {
  const whose = load<i32>(update.unit);
  if (load<i32>(update.port) != whose || !isPowered(whose)) {
    enter(updateState.stalled);
    wait();
    return;
  }
  if (load<f64>(update.linkNoisy) != 0.0) store<i32>(update.damaged, 1);
  const size = load<f64>(assumed.updateImage_count);
  const come = floor<f64>(waited_s(load<i32>(update.stateTick)) * load<f64>(assumed.updateSpeed_per_s) + SAME_BYTE);
  const arrived = min<f64>(come, size);
  store<f64>(spareSlot(whose), arrived, image.arrived_count);
  store<f64>(update.progress_ratio, arrived / size);
  if (arrived >= size) finish(whose);
}

/** Tool and unit wait for each other; a unit that loses its power forgets the tool. */
function wait(): void {
  const whose = load<i32>(update.unit);
  if (whose != updatePort.none && !isPowered(whose)) letGo();
  if (hasWaited()) end(eventCode.updateInterrupted, eventCode.updateTimeout);
}

/** What somebody does at the tool; while it works it takes nothing. */
function followPresses(): void {
  const opensPort = changed(update.portPresses, update.portPressesSeen);
  const opensFile = changed(update.filePresses, update.filePressesSeen);
  const presses = changed(update.presses, update.pressesSeen);
  if (load<i32>(update.state) != updateState.idle) return;
  if (opensPort) openPort();
  if (opensFile) openFile();
  if (presses) press();
  else awaitPress();
}

/** At a tick's start, after the commands and the unit's switch. */
export function followUpdate(): void {
  followPort();
  followPresses();
  const state = load<i32>(update.state);
  if (state == updateState.asking) ask();
  else if (state == updateState.sending) send();
  else if (state == updateState.stalled) wait();
}

/** The boot loader: the image in the boot slot runs from now on. */
export function bootImage(): void {
  const version = load<i32>(slotAt(updatePort.main, load<i32>(update.mainSlot)), image.firmware);
  if (version == load<i32>(unit.firmware)) return;
  store<i32>(unit.firmware, version);
  takeFirmware(version);
}
