/**
 * `npm run bench:page [-- --quick] [--json]`: the page's own figures against what it aims at.
 * A busy machine makes them worse, never better; a missed aim is said and is no error.
 */
import { bundleSizes, memoryOverPlay, memoryOverRuns, timeActions, timeFirstDrawing, timeInput } from './page/measures.ts';
import { openSite } from './page/site.ts';

const AIMS = {
  first_ms: 2000,
  input_ms: 100,
  action_ms: 500,
  growthPerRun_MB: 0.05,
  growthPerMinute_MB: 0.5,
  beforePlotly_kB: 130,
} as const;
const LONG = { visits: 5, presses: 500, actions: 10, runs: 100, play_s: 600 };
const SHORT = { visits: 3, presses: 100, actions: 5, runs: 15, play_s: 30 };

const isJson = process.argv.includes('--json');
const amounts = process.argv.includes('--quick') ? SHORT : LONG;
const say = (text: string) => void process.stderr.write(`${text}\n`);

const site = await openSite();
try {
  say(`first drawing, ${amounts.visits} visits …`);
  const first = await timeFirstDrawing(site, amounts.visits);
  say(`input delay, ${amounts.presses} presses while a year runs …`);
  const input = await timeInput(site, amounts.presses);
  say(`live actions, ${amounts.actions} while a year runs …`);
  const actions = await timeActions(site, amounts.actions);
  say(`memory, ${amounts.runs} runs …`);
  const runs = await memoryOverRuns(site, amounts.runs);
  say(`memory, ${amounts.play_s} s of live play …`);
  const play = await memoryOverPlay(site, amounts.play_s);
  const sizes = bundleSizes();
  const rows: [what: string, value: number, unit: string, aim?: number][] = [
    ['first drawing of a pack that runs', first.bench_ms, 'ms', AIMS.first_ms],
    ['first drawing of its chart', first.chart_ms, 'ms', AIMS.first_ms],
    ['input delay, 99th percentile', input.p99_ms, 'ms', AIMS.input_ms],
    ['input delay, worst', input.worst_ms, 'ms', AIMS.input_ms],
    [`live action, up to ${actions.passed_percent} % of a year`, actions.median_ms, 'ms', AIMS.action_ms],
    ['live action, worst', actions.worst_ms, 'ms', AIMS.action_ms],
    ['heap grows by each run', runs.perStep_MB, 'MB', AIMS.growthPerRun_MB],
    ['heap grows by each minute of play', play.perStep_MB, 'MB', AIMS.growthPerMinute_MB],
    ['loaded before Plotly', sizes.beforePlotly_kB, 'kB', AIMS.beforePlotly_kB],
    ['Plotly', sizes.plotly_kB, 'kB'],
    ['worker', sizes.worker_kB, 'kB'],
    ['kernel', sizes.kernel_kB, 'kB'],
  ];
  if (isJson) process.stdout.write(`${JSON.stringify({ amounts, aims: AIMS, first, input, actions, runs, play, sizes })}\n`);
  else {
    for (const [what, value, unit, aim] of rows) {
      const verdict = aim === undefined ? '' : value <= aim ? `  (aim ${aim}: kept)` : `  (aim ${aim}: missed)`;
      process.stdout.write(`${what.padEnd(36)} ${String(value).padStart(8)} ${unit}${verdict}\n`);
    }
    for (const [what, { before, after }] of [
      ['runs', runs],
      ['play', play],
    ] as const)
      process.stdout.write(
        `memory over ${what}: heap ${before.heap_MB} → ${after.heap_MB} MB, process ${before.process_MB} → ${after.process_MB} MB\n`,
      );
  }
} finally {
  await site.close();
}
