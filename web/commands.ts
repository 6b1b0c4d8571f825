/**
 * Everything that can be done from the keyboard, as rows: name, keys and what it does.
 * Palette, sheet and key handler read the same rows, so none of them can promise what another does not keep.
 */
import { SIDES } from './desk.svelte.ts';
import { DETAILED_KINDS, type DetailedKind, EXPORT_KINDS, type ExportKind } from './exports/kinds.ts';
import { exportDetailed, exportRun, saveScenario } from './exports/start.ts';
import { THEMES } from './preferences.ts';
import { WORDS } from './words.ts';
import { PACES, type Workbench } from './workbench.svelte.ts';

export interface Command {
  name: string;
  /** As people read them; `Mod` is Ctrl or the command key. The first that is pressed counts. */
  keys: readonly string[];
  run: (workbench: Workbench) => void;
  isReady?: (workbench: Workbench) => boolean;
}

const words = WORDS.commands;
/** How much longer a part of the run is shown, and by which share of it the chart moves. */
const ZOOM = 2;
const PAN_SHARE = 0.25;

function movePace(workbench: Workbench, by: number): void {
  const place = PACES.findIndex((pace) => pace === workbench.pace);
  const pace = PACES[Math.min(Math.max(place + by, 0), PACES.length - 1)]!;
  void workbench.setPace(pace);
}

const TIME: readonly Command[] = [
  {
    name: words.playOrPause,
    keys: ['Space'],
    run: (workbench) => void workbench.playOrPause(),
    isReady: ({ design }) => design.problem === undefined,
  },
  { name: words.step, keys: ['.'], run: (workbench) => void workbench.step(), isReady: ({ isActive }) => isActive },
  {
    name: words.nextEvent,
    keys: ['N'],
    run: (workbench) => void workbench.toNextEvent(),
    isReady: ({ isActive, events }) => isActive || events.length > 0,
  },
  { name: words.runAnew, keys: ['R'], run: (workbench) => void workbench.run(), isReady: ({ design }) => design.problem === undefined },
  { name: words.stop, keys: ['X'], run: (workbench) => void workbench.cancel(), isReady: ({ isActive }) => isActive },
  { name: words.faster, keys: ['+', '='], run: (workbench) => movePace(workbench, 1) },
  { name: words.slower, keys: ['-'], run: (workbench) => movePace(workbench, -1) },
];

const DESIGN: readonly Command[] = [
  {
    name: words.undo,
    keys: ['Mod+Z'],
    run: (workbench) => workbench.design.undo(),
    isReady: ({ design }) => design.history.past.length > 0,
  },
  {
    name: words.redo,
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    run: (workbench) => workbench.design.redo(),
    isReady: ({ design }) => design.history.future.length > 0,
  },
  { name: words.save, keys: ['Mod+S'], run: (workbench) => workbench.desk.showSide('designs') },
  {
    name: words.saveFile,
    keys: [],
    run: (workbench) => void saveScenario(workbench),
    isReady: ({ design }) => design.problem === undefined,
  },
  {
    name: words.share,
    keys: ['L'],
    run: (workbench) => workbench.desk.showDialog('share'),
    isReady: ({ design }) => design.problem === undefined,
  },
];

const hasRun = ({ result }: Workbench) => result !== undefined;
const exportOf = (kind: ExportKind, name: string): Command => ({
  name,
  keys: [],
  run: (workbench) => void exportRun(kind, workbench),
  isReady: hasRun,
});

const detailedOf = (kind: DetailedKind): Command => ({
  name: words.detailed(kind.toUpperCase()),
  keys: [],
  run: (workbench) => {
    const { currentRun } = workbench;
    if (currentRun !== undefined) void exportDetailed(kind, workbench, currentRun);
  },
  isReady: hasRun,
});

const hasChart = ({ plan }: Workbench) => plan !== undefined;

const CHART: readonly Command[] = [
  { name: words.zoomIn, keys: ['I'], run: ({ window }) => window.magnify(1 / ZOOM), isReady: hasChart },
  { name: words.zoomOut, keys: ['O'], run: ({ window }) => window.magnify(ZOOM), isReady: hasChart },
  { name: words.earlier, keys: ['J'], run: ({ window }) => window.move(-PAN_SHARE), isReady: hasChart },
  { name: words.later, keys: ['K'], run: ({ window }) => window.move(PAN_SHARE), isReady: hasChart },
  { name: words.wholeRun, keys: ['A'], run: ({ window }) => window.showAll(), isReady: hasChart },
  { name: words.cursors, keys: ['V'], run: ({ window }) => window.toggleCursors(), isReady: hasChart },
];

const VIEW: readonly Command[] = [
  ...SIDES.map((side, index): Command => ({
    name: words.show(WORDS.sides[side]),
    keys: [String(index + 1)],
    run: (workbench) => workbench.desk.showSide(side),
  })),
  {
    name: words.compare,
    keys: ['C'],
    run: (workbench) => workbench.desk.showDialog('compare'),
    isReady: ({ kept }) => kept.comparedRuns.length > 1,
  },
  { name: words.meter, keys: ['M'], run: ({ meter }) => meter.toggle() },
  ...THEMES.map((theme): Command => ({
    name: words.theme(WORDS.theme[theme]),
    keys: [],
    run: (workbench) => workbench.desk.setTheme(theme),
  })),
  { name: words.tour, keys: [], run: (workbench) => workbench.desk.setTour(0) },
  { name: words.palette, keys: ['Mod+K'], run: (workbench) => workbench.desk.showDialog('palette') },
  { name: words.keys, keys: ['?'], run: (workbench) => workbench.desk.showDialog('keys') },
];

export const COMMANDS: readonly { heading: string; commands: readonly Command[] }[] = [
  { heading: words.time, commands: TIME },
  { heading: words.design, commands: DESIGN },
  {
    heading: words.exports,
    commands: [...EXPORT_KINDS.map((kind) => exportOf(kind, words[kind])), ...DETAILED_KINDS.map(detailedOf)],
  },
  { heading: words.chart, commands: CHART },
  { heading: words.view, commands: VIEW },
];

/** Elements that need the plain keys themselves. */
const TYPES = 'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="application"]';
const PRESSES = 'button, a, summary, input, [role="button"]';

function keyOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if (!event.ctrlKey && !event.metaKey) return key;
  return `Mod+${event.shiftKey ? 'Shift+' : ''}${key}`;
}

/** The command of a key press, where it is ready and the focus leaves the key free. */
export function commandFor(event: KeyboardEvent, workbench: Workbench): Command | undefined {
  const pressed = keyOf(event);
  const target = event.target instanceof Element ? event.target : undefined;
  const isPlain = !pressed.startsWith('Mod+');
  if (event.altKey || workbench.desk.dialog !== undefined) return undefined;
  if (isPlain && target?.closest(TYPES) !== null && target !== undefined) return undefined;
  if (pressed === 'Space' && target !== undefined && target.closest(PRESSES) !== null) return undefined;

  const found = COMMANDS.flatMap(({ commands }) => commands).find(({ keys }) => keys.includes(pressed));
  return found !== undefined && (found.isReady?.(workbench) ?? true) ? found : undefined;
}
