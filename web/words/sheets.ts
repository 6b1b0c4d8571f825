/**
 * Words of what is opened now and then: saved designs, links, the command palette and the sheet of keys.
 * A part of the one catalogue that comes with the panels which use it.
 */

export const SHEET_WORDS = {
  designs: {
    name: 'Name of the design',
    save: 'Save',
    open: 'Take up this design',
    remove: (name: string) => `Remove ${name}`,
    none: 'No design has been saved.',
    file: 'As a scenario file',
    fileHelp: 'The command line runs it to the same result',
    steps: 'Steps of this visit',
    noSteps: 'Nothing has been changed.',
  },
  share: {
    heading: 'Share this design',
    explanation:
      'The link holds the design itself; nothing is sent to a server. Whoever opens it sees the design; nothing runs before it is asked to.',
    label: 'Link to this design',
    copy: 'Copy',
    copied: 'Copied',
    size: (length: number) => `${length} characters`,
    without: (files: string) => `The link does not hold your own files: ${files}`,
  },
  palette: {
    heading: 'Commands',
    label: 'Type what you want to do',
    none: 'Nothing of that name can be done now.',
    open: (name: string) => `Open: ${name}`,
    choose: (name: string) => `Choose: ${name}`,
  },
  keySheet: {
    heading: 'Keys',
    moving: 'Moving about',
    moves: [
      ['Next field or panel', 'Tab'],
      ['From part to part of the bench', 'Arrows'],
      ['Choose a part', 'Enter'],
      ['Move a cursor of the chart', '← →'],
      ['A number by its step', '↑ ↓'],
      ['Close what lies over the page', 'Esc'],
    ],
  },
} as const;
