/**
 * What every part of the bench does at this moment, read from a run by the names of its channels.
 * Separate from the frames, which carry the course of the run: this is small, has no past and comes at most ten times a second.
 */
import { CHANNELS, channelNames, type ChannelRow } from '../../domain/channels.ts';
import { InputError } from '../../domain/errors.ts';
import { type LcdScreen, lcdLines } from '../../domain/lcd/screen.ts';
import { readLcd } from '../../engine/lcd.ts';
import { clampAround, ohmsBetween, type Point, pointOf, signedVolts } from '../../engine/meter.ts';
import type { Run } from '../../engine/run.ts';
import type { Probing } from '../meter.svelte.ts';
import { BENCH_CHANNELS } from './benchReader.ts';

export interface BenchState {
  runId: number;
  time_s: number;
  /** Values in the order of BENCH_CHANNELS. */
  values: Float64Array;
  /** What the multimeter shows. */
  meter: MeterReading;
  /** The LCD unit; undefined without a BMS. */
  lcd: LcdState | undefined;
}

/** What stands on the display, and what else the LCD unit tells. */
export interface LcdState {
  screen: LcdScreen;
  beeps: boolean;
  alarm: boolean;
  /** 0 off, 1 booting, 2 running, 3 asleep, 4 updating. */
  unit: number;
}

/** A figure in the unit of what is measured; null where there is no connection. A clamp has the mean and the RMS. */
export interface MeterReading {
  probing: Probing;
  value: number | null;
  rms_A?: number;
}

const LEAST_GAP_MS = 100;

/** Sends the state of one run as long as it changes; the next one only after the page has drawn the last. */
export class BenchReporter {
  private readonly read: () => Float64Array<ArrayBuffer>;
  private readonly timer: ReturnType<typeof setInterval>;
  private sentTick = -1;
  private pageIsReady = true;

  constructor(
    private readonly run: Run,
    private readonly runId: number,
    private readonly probing: () => Probing,
    private readonly send: (state: BenchState, transfer: Transferable[]) => void,
  ) {
    this.read = readerOf(run);
    this.timer = setInterval(() => this.report(), LEAST_GAP_MS);
  }

  /** Sends the state now, if the page waits for one and the run has gone on. */
  report(): void {
    const { tick, time_s } = this.run;
    if (!this.pageIsReady || tick === this.sentTick) return;
    this.pageIsReady = false;
    this.sentTick = tick;
    const values = this.read();
    const meter = meterReading(this.run, this.probing());
    this.send({ runId: this.runId, time_s, values, meter, lcd: lcdState(this.run) }, [values.buffer]);
  }

  /** Something else is to be told of the same moment. */
  again(): void {
    this.sentTick = -1;
  }

  pageReady(): void {
    this.pageIsReady = true;
  }

  end(): void {
    clearInterval(this.timer);
  }
}

function lcdState({ compiled, loaded }: Run): LcdState | undefined {
  if (loaded.scenario.bms === null) return undefined;
  const { unit, lamp, beeper } = compiled.scalars;
  return {
    screen: lcdLines(readLcd(compiled, loaded.scenario)),
    beeps: beeper.on !== 0,
    alarm: lamp.alarm !== 0,
    unit: unit.state,
  };
}

function meterReading({ compiled, loaded }: Run, probing: Probing): MeterReading {
  const { mode, red, black, around } = probing;
  if (mode === 'clamp') {
    const [value, square] = clampAround(compiled, around);
    return { probing, value, rms_A: Math.sqrt(square) };
  }
  try {
    const [from, to] = [red, black].map((name) => pointOf(name, loaded.scenario, 'meter')) as [Point, Point];
    if (mode === 'ohms') return { probing, value: ohmsBetween(compiled, loaded.scenario.pack.series, from, to) ?? null };
    return { probing, value: signedVolts(compiled, from, to) };
  } catch (error) {
    // A point that this pack does not have touches nothing.
    if (error instanceof InputError) return { probing, value: null };
    throw error;
  }
}

/** Reads all values at once; names are looked up only here. */
function readerOf(run: Run): () => Float64Array<ArrayBuffer> {
  const { pack, bms } = run.loaded.scenario;
  const channels = BENCH_CHANNELS.flatMap((name) => {
    const row: ChannelRow = CHANNELS[name];
    const isKnown = row.needs === undefined || (row.needs === 'unit' ? bms : pack.fuse) !== null;
    return channelNames(name, pack).map((each) => (isKnown ? run.channel(each) : undefined));
  });
  return () => Float64Array.from(channels, (channel) => (channel === undefined ? NaN : run.value(channel)));
}
