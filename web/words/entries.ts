/**
 * Words of what happens in a scenario and of what is expected of it, of heat and of single leads.
 * A part of the one catalogue that comes with the panel; a field that is not named here is called by its name in the file.
 */

export const ENTRY_WORDS = {
  headings: { heat: 'Heat', leads: 'Leads one by one', commands: 'Timed commands', expect: 'Expectations' },
  heat: {
    mode: 'Temperature of the cells',
    modes: { own: 'as heat makes it', ambient: 'held at ambient' },
    /** What an empty field means, by its name in the file. */
    otherwise: {
      heatCapacity_J_per_K: 'cell’s',
      toAmbient_W_per_K: 'cell’s',
      initialTemperature_degC: 'ambient',
      neighbour_W_per_K: '0',
      rows: '1',
      rowGap_W_per_K: '0',
    } as Record<string, string>,
  },
  leads: {
    lead: (id: string) => `Lead ${id}`,
    help: 'Resistance of this lead with its contact; empty as all others',
  },
  /** By the name of a field in the file. */
  fields: {
    time_s: 'At',
    do: 'What happens',
    set: 'What is changed',
    value: 'To',
    for_s: 'Held for',
    event: 'Event',
    active: 'It begins (else it ends)',
    never: 'It must not come',
    channel: 'Channel',
    atLeast: 'At least',
    atMost: 'At most',
    at_s: 'Only at',
    within_s: 'Within',
    measurement: 'Measurement',
    plus: 'Plus',
    minus: 'Minus',
    over: 'Divided by',
  } as Record<string, string>,
  /** By the name of an action in the file. */
  actions: {
    start: 'Press START',
    press: 'Press a button',
    unplugLcd: 'Unplug the LCD unit',
    plugLcd: 'Plug in the LCD unit',
    powerOff: 'Switch the main unit off',
    powerOn: 'Switch the main unit on',
    sourceOn: 'Switch a source on',
    sourceOff: 'Switch a source off',
    repair: 'Repair a fault',
    connectUsb: 'Update: connect USB',
    disconnectUsb: 'Update: disconnect USB',
    startUpdateTool: 'Update: start the tool',
    openPort: 'Update: open the port',
    openFile: 'Update: open a file',
    update: 'Update: send it',
  } as Record<string, string>,
  change: 'Change a value',
  kinds: { event: 'An event', channel: 'A channel', measurement: 'A measurement' },
  kind: 'Kind',
  channelOf: (number: number, what: string) => `Channel of cell ${number}: ${what.toLowerCase()}`,
  sensorOf: (number: number, what: string) => `T${number}: ${what.toLowerCase()}`,
  bleedOf: (number: number) => `Bleed of cell ${number}`,
  any: '(none in particular)',
  from: 'From',
  until: 'Until',
  add: { commands: 'Add a command', expect: 'Add an expectation' },
  added: { commands: 'New command', expect: 'New expectation' },
  removed: { commands: 'Without command', expect: 'Without expectation' },
  changed: {
    commands: (number: number, field: string) => `Command ${number}, ${field}`,
    expect: (number: number, field: string) => `Expectation ${number}, ${field}`,
  },
  remove: (text: string) => `Remove: ${text}`,
  none: { commands: 'Nothing is done while the run goes on.', expect: 'Nothing in particular is expected.' },
} as const;
