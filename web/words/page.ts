/**
 * Words around the bench: toolbar, lists, commands, notices, links, runs and their comparison.
 * A part of the one catalogue in words.ts, separate only for its length.
 */

export const PAGE_WORDS = {
  toolbar: {
    bench: 'Bench',
    ready: 'Ready benches',
    examples: 'Examples',
    undo: (name: string) => (name === '' ? 'Nothing to undo' : `Undo: ${name}`),
    redo: (name: string) => (name === '' ? 'Nothing to redo' : `Redo: ${name}`),
    commands: 'Commands',
    palette: 'All commands (Ctrl+K)',
    keys: 'Keys (?)',
  },
  sidesLabel: 'Lists beside the bench',
  sides: { events: 'Events', faults: 'Faults', guide: 'Guide', result: 'Result', check: 'Check', runs: 'Runs', designs: 'Saved' },
  commands: {
    time: 'Time',
    design: 'Design',
    exports: 'Export',
    view: 'View',
    playOrPause: 'Play or pause',
    step: 'One time step',
    nextEvent: 'Go to the next event',
    runAnew: 'Run from the start',
    stop: 'End the run',
    faster: 'Faster',
    slower: 'Slower',
    undo: 'Undo',
    redo: 'Redo',
    save: 'Save the design',
    saveFile: 'Save the design as a scenario file',
    share: 'Share as a link',
    compare: 'Compare the chosen runs',
    csv: 'Export the run as CSV',
    json: 'Export the run as JSON',
    png: 'Export the chart as PNG',
    svg: 'Export the chart as SVG',
    show: (side: string) => `Show: ${side}`,
    theme: (name: string) => `Theme: ${name}`,
    tour: 'Show the tour',
    palette: 'All commands',
    keys: 'Keys',
  },
  notices: {
    found: 'Your work of an earlier visit is here:',
    restore: 'Restore',
    discard: 'Discard',
    forgetful: 'This browser keeps nothing: what you do here is lost when the page is closed. Export what you need.',
  },
  tour: {
    next: 'Next',
    skip: 'Skip',
    end: 'Done',
    steps: [
      {
        title: 'A pack is running.',
        text: 'The bench shows every cell, lead and relay as it is. Click any part to see its figures beside what the BMS makes of them.',
      },
      {
        title: 'Change something.',
        text: 'Every setting of the BMS is on the left. Run starts anew; the finished run stays, so that you can compare the two under Runs.',
      },
      {
        title: 'Ask why.',
        text: 'Every stop is an event with its limit, its measured and true value. Click one to see it in the chart. Press ? for all keys.',
      },
    ],
  },
  history: {
    nothing: 'none',
    on: 'on',
    off: 'off',
    changed: (label: string) => `${label} changed`,
    opened: (name: string) => `Open ${name}`,
    link: 'Open a link',
    at: (name: string, time: string) => `${name} (${time})`,
    cell: (name: string) => `Cell ${name}`,
  },
  link: {
    opened: 'This design came with a link. Nothing runs until you press Run.',
    broken: 'the link cannot be read',
    tooLarge: 'the design does not fit into a link',
    limits: (packed: number, unpacked: number) => `at most ${packed} bytes packed and ${unpacked} bytes unpacked`,
  },
  check: {
    none: 'Nothing stands against this design.',
    waits: 'The check waits until the design is correct.',
    severity: { problem: 'Problem', advice: 'Advice', note: 'Note' },
  },
} as const;
